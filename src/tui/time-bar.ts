import { type Line, type Role, type Span, span } from './line.ts'
import type { MarkIndex } from './mark-index.ts'
import type { Symbols } from './theme.ts'

/** Something that happened, for the bar. */
export interface BarMark {
  readonly atNs: number
  readonly kind: string
}

export interface TimeBarInput {
  readonly nowNs: number
  /** First and last instant of the bar. */
  readonly fromNs: number
  readonly toNs: number
  readonly marks: Pick<MarkIndex, 'has'>
  readonly width: number
  readonly symbols: Symbols
}

/** Letter and look of each kind of mark; the later in the list the more it matters where several fall on one column. */
export const MARK_LOOKS: readonly { readonly kind: string; readonly letter: string; readonly role: Role }[] = [
  { kind: 'arp', letter: 'a', role: 'dim' },
  { kind: 'pod', letter: 'p', role: 'dim' },
  { kind: 'routing', letter: 'r', role: 'accent' },
  { kind: 'lease', letter: 'l', role: 'warn' },
  { kind: 'session', letter: 's', role: 'good' },
  { kind: 'node', letter: 'n', role: 'warn' },
  { kind: 'carrier', letter: 'c', role: 'bad' },
  { kind: 'act', letter: 'A', role: 'bad' },
]

/** What of the run the bar shows: all of it, or so much round the present instant, nanoseconds. */
export const ZOOMS: readonly (number | undefined)[] = [undefined, 60e9, 10e9, 1e9, 100e6]

/** First and last instant of a bar. */
export function barSpan(
  nowNs: number,
  endNs: number,
  zoomNs: number | undefined,
): { readonly fromNs: number; readonly toNs: number } {
  if (zoomNs === undefined || zoomNs >= endNs) return { fromNs: 0, toNs: endNs }
  const fromNs = Math.max(0, Math.min(Math.round(nowNs - zoomNs / 2), endNs - zoomNs))
  return { fromNs, toNs: fromNs + zoomNs }
}

/** One line: a letter where something happened, and where one stands. */
export function timeBar({ nowNs, fromNs, toNs, marks, width, symbols }: TimeBarInput): Line {
  const start = ` ${shortTime(fromNs)} `
  const end = ` ${shortTime(toNs)} `
  const room = Math.max(1, width - start.length - end.length)
  const spanNs = Math.max(1, toNs - fromNs)
  const columnOf = (atNs: number): number => Math.min(room - 1, Math.floor(((atNs - fromNs) / spanNs) * room))
  const lookOf = (column: number): (typeof MARK_LOOKS)[number] | undefined => {
    const startNs = fromNs + (column / room) * spanNs
    const beforeNs = column === room - 1 ? toNs + 1 : fromNs + ((column + 1) / room) * spanNs
    return MARK_LOOKS.findLast(({ kind }) => marks.has(kind, startNs, beforeNs))
  }
  const here = columnOf(nowNs)
  const spans: Span[] = [span(start, 'dim')]
  for (let column = 0; column < room; column += 1) {
    const look = lookOf(column)
    if (column === here)
      spans.push({ text: look?.letter ?? symbols.barDone, role: look?.role ?? 'bold', isSelected: true })
    else if (look !== undefined) spans.push(span(look.letter, look.role))
    else spans.push(column < here ? span(symbols.barDone, 'accent') : span(symbols.bar, 'dim'))
  }
  return { spans: [...joined(spans), span(end, 'dim')] }
}

/** Seconds as people read them: `61.204s`, `1h02m03.500s`. */
export function shortTime(atNs: number): string {
  const seconds = atNs / 1e9
  if (seconds < 60) return `${trimmed(seconds)}s`
  const minutes = Math.floor(seconds / 60)
  const rest = trimmed(seconds - minutes * 60)
  if (minutes < 60) return `${minutes}m${rest}s`
  return `${Math.floor(minutes / 60)}h${minutes % 60}m${rest}s`
}

function trimmed(seconds: number): string {
  return seconds.toFixed(3).replace(/\.?0+$/, '')
}

/** Neighbours of one look become one span: fewer sequences for the terminal. */
function joined(spans: readonly Span[]): readonly Span[] {
  const result: Span[] = []
  for (const one of spans) {
    const last = result.at(-1)
    if (last !== undefined && last.role === one.role && !last.isSelected && !one.isSelected)
      result[result.length - 1] = { ...last, text: last.text + one.text }
    else result.push(one)
  }
  return result
}
