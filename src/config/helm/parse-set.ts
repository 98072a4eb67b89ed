/**
 * `--set` of Helm: `a.b=c,d={x,y},e[0].f=g`, with `\` before a comma, dot, bracket, brace or equals sign that is text.
 * Source: Helm v3 pkg/strvals/parser.go.
 */
import type { HelmValue, HelmValues } from './values.ts'

/** The values, or Helm's complaint about the text. */
export type SetOutcome = { readonly values: HelmValues } | { readonly error: string }

/** How deep names and how long lists may be (MaxNestedNameLevel, MaxIndex). */
const MAX_LEVEL = 30
const MAX_INDEX = 65_536

type Holder = Record<string, HelmValue | undefined>

/**
 * Adds what the text says to `base`; `base` itself is not changed.
 * @param isText `--set-string`: values stay text
 */
export function parseHelmSet(text: string, base: HelmValues, isText = false): SetOutcome {
  const values = structuredClone(base) as Holder
  const parser = new SetParser(text, isText)
  const error = parser.parseInto(values)
  return error === undefined ? { values } : { error: `failed parsing --set data: ${error}` }
}

/** The dotted paths that the text sets; none when it is wrong. */
export function helmSetPaths(text: string): readonly string[] {
  const parser = new SetParser(text, false)
  return parser.parseInto({}) === undefined ? parser.paths : []
}

class SetParser {
  /** Of the values that were set, dotted. */
  readonly paths: string[] = []
  readonly #text: string
  readonly #isText: boolean
  #position = 0

  constructor(text: string, isText: boolean) {
    this.#text = text
    this.#isText = isText
  }

  parseInto(values: Holder): string | undefined {
    while (this.#position < this.#text.length) {
      const error = this.#parseAssignment(values)
      if (error !== undefined) return error
    }
    return undefined
  }

  /** One `path=value` and the comma behind it. */
  #parseAssignment(values: Holder): string | undefined {
    const path = this.#readPath()
    if (typeof path === 'string') return path
    if (path.length === 0) return undefined
    const value = this.#readValue()
    if (typeof value === 'object' && value !== null && 'failure' in value) return value.failure as string
    store(values, path, value as HelmValue)
    this.paths.push(path.join('.'))
    return undefined
  }

  #readPath(): (string | number)[] | string {
    const path: (string | number)[] = []
    for (;;) {
      const { text, stop } = this.#readUntil('.=,[')
      if (text !== '') path.push(text)
      if (path.length > MAX_LEVEL)
        return `value name nested level is greater than maximum supported nested level of ${MAX_LEVEL}`
      if (stop === '=') return path.length === 0 ? `key map "" has no value` : path
      if (stop === '[') {
        const index = this.#readIndex()
        if (typeof index === 'string') return index
        path.push(index)
        const next = this.#text[this.#position]
        if (next === '=' || next === '.' || next === '[') {
          if (next !== '[') this.#position += 1
          if (next === '=') return path
        } else return `key ${JSON.stringify(path.join('.'))} has no value`
      } else if (stop !== '.') {
        if (path.length === 0) return path
        return stop === ','
          ? `key ${JSON.stringify(text)} has no value (cannot end with ,)`
          : `key ${JSON.stringify(text)} has no value`
      }
    }
  }

  #readIndex(): number | string {
    const { text, stop } = this.#readUntil(']')
    if (stop !== ']') return 'missing closing ]'
    const index = Number(text)
    if (!/^\d+$/.test(text)) return `error parsing index: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`
    return index > MAX_INDEX ? `index of ${index} is greater than maximum supported index of ${MAX_INDEX}` : index
  }

  #readValue(): HelmValue | { failure: string } {
    if (this.#text[this.#position] !== '{') {
      const { text } = this.#readUntil(',')
      return this.#typed(text)
    }
    this.#position += 1
    const items: HelmValue[] = []
    for (;;) {
      const { text, stop } = this.#readUntil(',}')
      if (stop === undefined) return { failure: "list must terminate with '}'" }
      if (text !== '' || stop === ',' || items.length > 0) items.push(this.#typed(text))
      if (stop === '}') break
    }
    if (this.#text[this.#position] === ',') this.#position += 1
    return items
  }

  /** Reads up to one of the stop characters and past it; a backslash takes the next character as text. */
  #readUntil(stops: string): { text: string; stop: string | undefined } {
    let text = ''
    while (this.#position < this.#text.length) {
      const character = this.#text[this.#position]!
      this.#position += 1
      if (character === '\\' && this.#position < this.#text.length) {
        text += this.#text[this.#position]!
        this.#position += 1
      } else if (stops.includes(character)) return { text, stop: character }
      else text += character
    }
    return { text, stop: undefined }
  }

  #typed(text: string): HelmValue {
    if (this.#isText) return text
    if (text.toLowerCase() === 'true') return true
    if (text.toLowerCase() === 'false') return false
    if (text === 'null') return null
    if (text === '0') return 0
    // a leading zero keeps it text: 0123 is no number to Helm
    if (/^-?[1-9]\d*$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text)
    return text
  }
}

function store(values: Holder, path: readonly (string | number)[], value: HelmValue): void {
  let holder: Record<string | number, unknown> = values
  for (const [index, step] of path.slice(0, -1).entries()) {
    const isList = typeof path[index + 1] === 'number'
    const existing = holder[step]
    const fits = typeof existing === 'object' && existing !== null && Array.isArray(existing) === isList
    fillUpTo(holder, step)
    if (!fits) holder[step] = isList ? [] : {}
    holder = holder[step] as Record<string | number, unknown>
  }
  const last = path.at(-1)!
  fillUpTo(holder, last)
  holder[last] = value
}

/** Items of a list that were skipped are null. */
function fillUpTo(holder: object, step: string | number): void {
  if (Array.isArray(holder)) while (holder.length < Number(step)) holder.push(null)
}
