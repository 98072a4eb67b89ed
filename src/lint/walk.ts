import type { Host } from '../host/host.ts'
import type { Interface } from '../host/interface.ts'
import { validateSource } from '../host/source-validation.ts'
import type { Ipv4Address } from '../wire/address.ts'
import type { Wires } from './wires.ts'

/** How one way through the routing tables ends. */
export interface WalkEnd {
  readonly kind: 'arrived' | 'loop' | 'no-route' | 'refused' | 'no-forwarding' | 'nobody-there' | 'reverse-path'
  /** Where it ends. */
  readonly host: Host
  /** Hosts passed before, the sender first. */
  readonly passed: readonly Host[]
  /** The device it came in by; undefined at the sender. */
  readonly device: Interface | undefined
  /** Some host on the way changes addresses, so that answers go another way. */
  readonly isTranslated: boolean
}

export interface Journey {
  readonly from: Host
  readonly source: Ipv4Address
  readonly destination: Ipv4Address
  /** Hosts that take the packet although the address is none of theirs: Cilium's nodes for a service or a pod. */
  readonly takes?: (host: Host) => boolean
}

/**
 * Every end of every way that a packet may take by the routing tables of this instant, over all members of multipath
 * routes. Nothing is sent; each host is looked at once per device that the packet comes in by.
 *
 * Differs from a packet: neighbour entries, MTUs and filters are not looked at, and source NAT only ends the walk's claim
 * on the way back (`isTranslated`).
 */
export function walk(wires: Wires, journey: Journey): readonly WalkEnd[] {
  const ends: WalkEnd[] = []
  const seen = new Map<Host, Set<Interface | undefined>>()
  const { source, destination } = journey
  const step = (host: Host, device: Interface | undefined, passed: readonly Host[], isTranslated: boolean): unknown => {
    const end = (kind: WalkEnd['kind']): number => ends.push({ kind, host, passed, device, isTranslated })
    if (passed.includes(host)) return end('loop')
    const known = seen.get(host) ?? new Set()
    if (known.has(device)) return undefined
    seen.set(host, known.add(device))
    const isOwn = host.isLocalAddress(destination)
    if (device !== undefined && !isTranslated && isFiltered(host, device, source)) return end('reverse-path')
    if (isOwn || journey.takes?.(host) === true) return end('arrived')
    if (device !== undefined && host.sysctl.ipv4.ip_forward === 0) return end('no-forwarding')
    const route = host.fib.lookup(destination)
    if (route === undefined) return end('no-route')
    if (route.type !== 'unicast') return end('refused')
    const translates = isTranslated || hasSourceNat(host)
    for (const hop of route.nextHops) {
      if (hop.isDead || hop.isLinkDown || hop.interface === undefined) continue
      const next = wires.ownerBehind(hop.interface, hop.gateway ?? destination)
      if (next === undefined) ends.push({ kind: 'nobody-there', host, passed, device, isTranslated })
      else step(next.host, arrivalDevice(wires, hop.interface, next.host), [...passed, host], translates)
    }
    return undefined
  }
  step(journey.from, undefined, [], false)
  return ends
}

function isFiltered(host: Host, device: Interface, source: Ipv4Address): boolean {
  const verdict = validateSource(host, device, source)
  return !verdict.ok && verdict.reason === 'reverse-path-filter'
}

/** The next host's device on the network that the packet left by; its address may be on another one. */
function arrivalDevice(wires: Wires, sent: Interface, host: Host): Interface | undefined {
  return wires.onNetworkOf(sent).find(station => station.host === host)?.device
}

function hasSourceNat({ sourceNat }: Host): boolean {
  return sourceNat.router.rules.length + sourceNat.iptables.rules.length > 0
}
