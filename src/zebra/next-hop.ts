import type { Ipv4Address } from '../wire/address.ts'

/** FRR's kinds of next hop (`enum nexthop_types_t`, lib/nexthop.h), without IPv6. */
export type NextHopType = 'interface' | 'gateway' | 'gateway-interface' | 'blackhole'

/**
 * One next hop of a route inside zebra (`struct nexthop`). Values are immutable: resolution makes new ones, so that
 * entries of the next-hop store can share them.
 */
export interface NextHop {
  readonly type: NextHopType
  /** 0 for interface and blackhole next hops. */
  readonly gateway: Ipv4Address
  /** 0 while unknown: a `gateway` gets one when it resolves over a connected network. */
  readonly interfaceIndex: number
  /** 0 where FRR prints none: connected and single-path kernel routes. */
  readonly weight: number
  readonly isOnlink: boolean
  readonly isActive: boolean
  /** Of a blackhole: silently, or answered with ICMP. */
  readonly blackhole?: 'blackhole' | 'unreachable'
  /** From `ip protocol … route-map` with `set src`. */
  readonly preferredSource?: Ipv4Address
  /** What a recursive next hop resolves to; empty otherwise. */
  readonly resolved: readonly NextHop[]
}

/** A next hop of a list, with those it resolves to behind it (`ALL_NEXTHOPS`). */
export interface FlatNextHop {
  readonly nextHop: NextHop
  readonly level: number
  /** An earlier one of the list leads to the same first hop. */
  readonly isDuplicate: boolean
}

const TYPE_RANK: Record<NextHopType, number> = { interface: 1, gateway: 2, 'gateway-interface': 3, blackhole: 6 }

/** Completes a next hop that has not been looked at yet: not active, not resolved. */
export function newNextHop(values: Partial<NextHop> & { readonly type: NextHopType }): NextHop {
  return {
    gateway: 0 as Ipv4Address,
    interfaceIndex: 0,
    weight: 1,
    isOnlink: false,
    isActive: false,
    resolved: [],
    ...values,
  }
}

export function isRecursive(nextHop: NextHop): boolean {
  return nextHop.resolved.length > 0
}

/** FRR's order of a next-hop list: type, weight, address, interface (`nexthop_cmp`, lib/nexthop.c). */
export function compareNextHops(a: NextHop, b: NextHop): number {
  return (
    TYPE_RANK[a.type] - TYPE_RANK[b.type] ||
    a.weight - b.weight ||
    a.gateway - b.gateway ||
    a.interfaceIndex - b.interfaceIndex
  )
}

/** Text that is equal exactly for next hops which are one to the store of groups (`zebra_nhg_hash_equal`). */
export function nextHopKey(hop: NextHop): string {
  const flags = `${hop.isOnlink ? 'o' : ''}${hop.isActive ? 'a' : ''}`
  const head = `${TYPE_RANK[hop.type]},${hop.gateway},${hop.interfaceIndex},${hop.weight},${flags}`
  const tail = `${hop.blackhole ?? ''},${hop.preferredSource ?? ''}`
  return `${head},${tail}(${hop.resolved.map(nextHopKey).join('|')})`
}

/** Whether lists share an entry of the store of groups. */
export function areSameNextHops(list: readonly NextHop[], other: readonly NextHop[]): boolean {
  if (list.length !== other.length) return false
  for (let index = 0; index < list.length; index += 1) if (!isSameNextHop(list[index]!, other[index]!)) return false
  return true
}

/** What `nextHopKey` tells apart, without the text: a route of a fabric is compared each time it is looked at. */
function isSameNextHop(a: NextHop, b: NextHop): boolean {
  if (a === b) return true
  return (
    a.type === b.type &&
    a.gateway === b.gateway &&
    a.interfaceIndex === b.interfaceIndex &&
    a.weight === b.weight &&
    a.isOnlink === b.isOnlink &&
    a.isActive === b.isActive &&
    a.blackhole === b.blackhole &&
    a.preferredSource === b.preferredSource &&
    areSameNextHops(a.resolved, b.resolved)
  )
}

/** The list with resolved next hops behind their parents; duplicates are marked, not left out. */
export function flattenNextHops(nextHops: readonly NextHop[]): readonly FlatNextHop[] {
  const flat: FlatNextHop[] = []
  const visit = (list: readonly NextHop[], level: number): void => {
    for (const nextHop of list) {
      const isDuplicate = flat.some(earlier => leadsTheSameWay(earlier.nextHop, nextHop))
      flat.push({ nextHop, level, isDuplicate })
      visit(nextHop.resolved, level + 1)
    }
  }
  visit(nextHops, 0)
  return flat
}

/** `nexthop_same_firsthop`, lib/nexthop.c: with and without an interface given are one kind. */
function leadsTheSameWay(a: NextHop, b: NextHop): boolean {
  const isGateway = (hop: NextHop): boolean => hop.gateway !== 0
  if (a.type === 'blackhole' || b.type === 'blackhole') return a.type === b.type
  return isGateway(a) === isGateway(b) && a.gateway === b.gateway && a.interfaceIndex === b.interfaceIndex
}

/** Number of top-level next hops that can be used. */
export function activeCount(nextHops: readonly NextHop[]): number {
  return nextHops.reduce((count, hop) => count + (hop.isActive ? 1 : 0), 0)
}
