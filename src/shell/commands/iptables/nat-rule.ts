import type { Match, SourceNatRule, SourceNatTarget } from '../../../host/nat/source-nat-rule.ts'
import { DEFAULT_ROUTE, formatIpv4, formatPrefix, type Prefix, parseIpv4, parsePrefix } from '../../../wire/address.ts'

type ParsedRule =
  | { readonly ok: true; readonly rule: SourceNatRule }
  /** The text behind `iptables v…: `. */
  | { readonly ok: false; readonly message: string }
  | undefined

type Draft = { -readonly [Key in keyof SourceNatRule]?: SourceNatRule[Key] } & { jump?: string; toSource?: string }

const OPTIONS: Readonly<Record<string, 'o' | 's' | 'd' | 'j' | 'to-source'>> = {
  '-o': 'o',
  '--out-interface': 'o',
  '-s': 's',
  '--source': 's',
  '--src': 's',
  '-d': 'd',
  '--destination': 'd',
  '--dst': 'd',
  '-j': 'j',
  '--jump': 'j',
  '--to-source': 'to-source',
}

/**
 * Reads a rule of POSTROUTING: `[!] -o IF`, `[!] -s P`, `[!] -d P`, `-j MASQUERADE|SNAT --to-source A|ACCEPT|RETURN`.
 * Undefined when a part of it is not modelled.
 */
export function parseNatRule(words: readonly string[]): ParsedRule {
  const draft: Draft = {}
  for (let at = 0; at < words.length; at += 2) {
    const isNegated = words[at] === '!'
    if (isNegated) at += 1
    const name = words[at] ?? ''
    const option = OPTIONS[name]
    if (option === undefined) return name === '-i' ? cannot("Can't use -i with POSTROUTING\n") : undefined
    const value = words[at + 1]
    if (value === undefined) return cannot(`option "${name}" requires an argument`)
    if (isNegated && (option === 'j' || option === 'to-source')) return cannot(`unexpected ! flag before ${name}`)
    const message = take(draft, option, value, isNegated)
    if (message === 'not modelled') return undefined
    if (message !== undefined) return cannot(message)
  }
  return finish(draft)
}

/** Undefined when all is well. */
function take(draft: Draft, option: string, value: string, isNegated: boolean): string | undefined {
  if (option === 'o') draft.outputInterface = { value, isNegated }
  else if (option === 'j') draft.jump = value
  else if (option === 'to-source') draft.toSource = value
  else {
    if (!/^[\d.]+(\/[\d.]+)?$/.test(value)) return 'not modelled'
    const [address, mask = '32'] = value.split('/')
    if (!isMask(mask)) return mask.includes('.') ? 'not modelled' : `invalid mask \`${mask}' specified`
    if (parseIpv4(address!) === undefined) return `host/network \`${address}' not found`
    const match = { value: parsePrefix(`${address}/${mask}`)!, isNegated }
    if (option === 's') draft.source = match
    else draft.destination = match
  }
  return undefined
}

function isMask(text: string): boolean {
  return /^\d{1,2}$/.test(text) && Number(text) <= 32
}

function finish(draft: Draft): ParsedRule {
  const { outputInterface, source, destination, jump, toSource } = draft
  const target = targetOf(jump, toSource)
  if (target === undefined) return undefined
  if (typeof target === 'string') return cannot(target)
  return {
    ok: true,
    rule: {
      ...(outputInterface === undefined ? {} : { outputInterface }),
      ...(source === undefined || isEverything(source) ? {} : { source }),
      ...(destination === undefined || isEverything(destination) ? {} : { destination }),
      target,
      packets: 0,
      bytes: 0,
    },
  }
}

/** A message when the target is not what iptables takes. */
function targetOf(jump: string | undefined, toSource: string | undefined): SourceNatTarget | string | undefined {
  if (jump === 'SNAT') {
    if (toSource === undefined) return 'SNAT: option "--to-source" must be specified\n'
    const address = parseIpv4(toSource)
    if (address !== undefined) return { kind: 'snat', address }
    return /^[\d.]+[-:]/.test(toSource) ? undefined : `Bad IP address "${toSource}"`
  }
  if (toSource !== undefined) return 'unknown option "--to-source"'
  if (jump === 'MASQUERADE') return { kind: 'masquerade' }
  if (jump === 'ACCEPT') return { kind: 'accept' }
  return jump === 'RETURN' ? { kind: 'return' } : undefined
}

function isEverything({ value, isNegated }: Match<Prefix>): boolean {
  return value === DEFAULT_ROUTE && !isNegated
}

function cannot(message: string): ParsedRule {
  return { ok: false, message }
}

/** The rule as `iptables -S` prints it, behind `-A POSTROUTING `. */
export function specificationOf(rule: SourceNatRule): string {
  return [
    part('-s', rule.source, formatPrefix),
    part('-d', rule.destination, formatPrefix),
    part('-o', rule.outputInterface, name => name),
    `-j ${rule.target.kind.toUpperCase()}${rule.target.kind === 'snat' ? ` --to-source ${formatIpv4(rule.target.address)}` : ''}`,
  ].join('')
}

function part<Value>(option: string, match: Match<Value> | undefined, format: (value: Value) => string): string {
  return match === undefined ? '' : `${match.isNegated ? '! ' : ''}${option} ${format(match.value)} `
}
