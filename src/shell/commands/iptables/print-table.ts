import type { SourceNatChain } from '../../../host/nat/source-nat.ts'
import type { Match, SourceNatRule } from '../../../host/nat/source-nat-rule.ts'
import { formatIpv4, formatPrefix, type Prefix, prefixAddress, prefixLength } from '../../../wire/address.ts'
import type { IptablesWords } from './read-words.ts'

type Layout = Pick<IptablesWords, 'isNumeric' | 'isVerbose' | 'hasLineNumbers'>

/**
 * `iptables -L`: the chains, a blank line between them (print_rule_details and others of iptables/xshared.c; 1.8.9 prints
 * the protocol "all" as 0 with -n).
 * Differs from iptables: addresses are not looked up as names without -n.
 *
 * @param rulesOf undefined for a chain that is always empty
 */
export function printTable(
  chains: readonly string[],
  layout: Layout,
  rulesOf: (chain: string) => SourceNatChain | undefined,
): string {
  return chains.map(name => printChain(name, rulesOf(name), layout)).join('\n')
}

function printChain(name: string, chain: SourceNatChain | undefined, layout: Layout): string {
  const { packets = 0, bytes = 0, rules = [] } = chain ?? {}
  const counters = layout.isVerbose ? ` ${short(packets)} packets, ${short(bytes)} bytes` : ''
  const number = layout.hasLineNumbers ? 'num  ' : ''
  const [before, between] = layout.isVerbose ? [' pkts bytes ', 'in     out     '] : ['', '']
  const lines = [
    `Chain ${name} (policy ACCEPT${counters})`,
    `${number}${before}target     prot opt ${between}source               destination         `,
    ...rules.map((rule, index) => (layout.hasLineNumbers ? `${index + 1}`.padEnd(5) : '') + printRule(rule, layout)),
  ]
  return `${lines.join('\n')}\n`
}

function printRule(rule: SourceNatRule, { isNumeric, isVerbose }: Layout): string {
  const { target } = rule
  const counters = isVerbose ? `${short(rule.packets).padStart(5)} ${short(rule.bytes).padStart(5)} ` : ''
  const output = `${sign(rule.outputInterface).trim()}${rule.outputInterface?.value ?? anyDevice(isNumeric)}`
  const devices = isVerbose ? ` ${anyDevice(isNumeric).padEnd(6)} ${output.padEnd(6)} ` : ''
  const protocol = (isNumeric ? '0' : 'all').padEnd(4)
  const source = sign(rule.source) + network(rule.source, isNumeric).padEnd(19)
  const destination = sign(rule.destination) + network(rule.destination, isNumeric).padEnd(19)
  const translation = target.kind === 'snat' ? ` to:${formatIpv4(target.address)}` : ''
  return `${counters}${target.kind.toUpperCase().padEnd(9)}  ${protocol} -- ${devices}${source} ${destination} ${translation}`
}

function sign(match: Match<unknown> | undefined): string {
  return match?.isNegated ? '!' : ' '
}

function anyDevice(isNumeric: boolean): string {
  return isNumeric ? '*' : 'any'
}

function network(match: Match<Prefix> | undefined, isNumeric: boolean): string {
  if (match === undefined) return isNumeric ? '0.0.0.0/0' : 'anywhere'
  return prefixLength(match.value) === 32 ? formatIpv4(prefixAddress(match.value)) : formatPrefix(match.value)
}

/** Five digits at most, then thousands, millions and so on (xtables_print_num). */
function short(count: number): string {
  let value = count
  if (value <= 99999) return `${value}`
  for (const unit of ['K', 'M', 'G']) {
    value = Math.floor((value + 500) / 1000)
    if (value <= 9999) return `${value}${unit}`
  }
  return `${Math.floor((value + 500) / 1000)}T`
}
