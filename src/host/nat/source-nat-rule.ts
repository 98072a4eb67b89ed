import { type Ipv4Address, type Prefix, prefixContains } from '../../wire/address.ts'
import type { Ipv4Packet } from '../../wire/ipv4.ts'

/** What a rule asks of a packet; `isNegated`: it must not be so. */
export interface Match<Value> {
  readonly value: Value
  readonly isNegated: boolean
}

/** Where a rule leads. `accept` and `return` both leave the source as it is: only built-in chains are modelled. */
export type SourceNatTarget =
  | { readonly kind: 'masquerade' | 'accept' | 'return' }
  | { readonly kind: 'snat'; readonly address: Ipv4Address }

/** A rule of a source NAT chain. It is asked for the first packet of a flow only, and counts that one. */
export interface SourceNatRule {
  /** Device name; one that ends in `+` stands for all that begin so. */
  readonly outputInterface?: Match<string>
  readonly source?: Match<Prefix>
  readonly destination?: Match<Prefix>
  readonly target: SourceNatTarget
  packets: number
  bytes: number
}

/** Whether a packet that leaves through a device is one of the rule's. */
export function matchesRule(rule: SourceNatRule, packet: Ipv4Packet, outputName: string): boolean {
  return (
    holds(rule.outputInterface, name => isNamed(outputName, name)) &&
    holds(rule.source, prefix => prefixContains(prefix, packet.source)) &&
    holds(rule.destination, prefix => prefixContains(prefix, packet.destination))
  )
}

function holds<Value>(match: Match<Value> | undefined, test: (value: Value) => boolean): boolean {
  return match === undefined || test(match.value) !== match.isNegated
}

function isNamed(name: string, pattern: string): boolean {
  return pattern.endsWith('+') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}
