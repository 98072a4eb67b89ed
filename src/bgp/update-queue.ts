/*
 * What a peer has been told and what it is still to be told. Packing as FRR's update groups do it (bgpd/bgp_updgrp_adv.c,
 * bgp_advertise.c, bgp_updgrp_packet.c): withdrawals first; routes with equal attributes share an UPDATE; inside one the
 * first route queued comes first, then the others from the last queued to the second.
 */
import type { Ipv4Address, Prefix } from '../wire/address.ts'
import { attributesBytes, prefixBytes } from '../wire/bgp/length.ts'
import type { BgpUpdate } from '../wire/bgp/message.ts'
import type { Attributes } from './attributes.ts'
import { type ExportedRoute, withNextHop } from './export.ts'
import type { PrefixNumbers } from './prefix-numbers.ts'
import { SentRoutes, type SharedPages } from './sent-routes.ts'

/** Header, lengths of withdrawn routes and of attributes. */
const UPDATE_FRAME_BYTES = 23

/** Routes that go out with the same attributes. */
interface Group {
  readonly template: Attributes
  readonly nextHop: Ipv4Address
  readonly prefixes: Prefix[]
}

export class UpdateQueue {
  readonly #numbers: PrefixNumbers
  readonly #nextHopOf: (route: ExportedRoute) => Ipv4Address
  /** What the peer has; what is waiting comes on top. */
  readonly #sent = new SentRoutes()
  /** Numbers; insertion order is queueing order. */
  readonly #updates = new Map<number, ExportedRoute>()
  readonly #withdrawals = new Set<number>()
  #size = 0

  /** @param nextHopOf the next hop that a route shows to this peer */
  constructor(numbers: PrefixNumbers, nextHopOf: (route: ExportedRoute) => Ipv4Address) {
    this.#numbers = numbers
    this.#nextHopOf = nextHopOf
  }

  /** The peer is told what those are told who have these pages. */
  shareWith(pages: SharedPages): void {
    this.#sent.shareWith(pages)
  }

  /** Adj-RIB-Out: the routes that the peer has, or will have once the queue is sent. */
  get announced(): Pick<UpdateQueue, 'size' | 'has'> {
    return this
  }

  /** How many routes the peer has, or will have. */
  get size(): number {
    return this.#size
  }

  /** Whether the prefix is among them. */
  has(prefix: Prefix): boolean {
    const number = this.#numbers.find(prefix)
    return number !== undefined && this.#routeOf(number) !== undefined
  }

  /** Those routes by prefix. */
  routes(): { readonly prefix: Prefix; readonly route: ExportedRoute }[] {
    const rows: { prefix: Prefix; route: ExportedRoute }[] = []
    const add = (route: ExportedRoute | undefined, number: number): void => {
      if (route !== undefined) rows.push({ prefix: this.#numbers.prefixOf(number), route })
    }
    this.#updates.forEach(add)
    this.#sent.forEach((route, number) => {
      if (!this.#updates.has(number) && !this.#withdrawals.has(number)) add(route, number)
    })
    return rows.sort((a, b) => a.prefix - b.prefix)
  }

  get isEmpty(): boolean {
    return this.#updates.size === 0 && this.#withdrawals.size === 0
  }

  /**
   * Queues the route unless the peer has the very same. `force` repeats it (route refresh, `no bgp suppress-duplicates`).
   * Returns whether anything was queued.
   */
  announce(number: number, route: ExportedRoute, force = false): boolean {
    const before = this.#routeOf(number)
    if (before === undefined) this.#size += 1
    else if (!force && this.#looksTheSame(before, route)) return false
    this.#withdrawals.delete(number)
    if (before !== undefined) this.#updates.delete(number) // to the end of the queue
    this.#updates.set(number, route)
    return true
  }

  /** Queues the withdrawal of what the peer was told. Returns whether anything was queued. */
  withdraw(number: number): boolean {
    if (this.#routeOf(number) === undefined) return false
    this.#size -= 1
    this.#updates.delete(number)
    if (this.#sent.get(number) === undefined) return false
    this.#withdrawals.add(number)
    return true
  }

  /** Forgets everything: the session is gone. */
  clear(): void {
    this.#sent.clear()
    this.#updates.clear()
    this.#withdrawals.clear()
    this.#size = 0
  }

  /** Empties the queue into messages of at most `maximumBytes`. */
  take(maximumBytes: number, fourOctetAsn: boolean): BgpUpdate[] {
    const messages: BgpUpdate[] = []
    this.#takeWithdrawals(messages, maximumBytes, fourOctetAsn)
    for (const group of this.#takeGroups()) packGroup(group, { maximumBytes, fourOctetAsn }, messages)
    this.#sent.commit()
    return messages
  }

  #routeOf(number: number): ExportedRoute | undefined {
    const waiting = this.#updates.get(number)
    if (waiting !== undefined) return waiting
    return this.#withdrawals.size > 0 && this.#withdrawals.has(number) ? undefined : this.#sent.get(number)
  }

  /** Whether the peer would see no difference. */
  #looksTheSame(a: ExportedRoute, b: ExportedRoute): boolean {
    return a === b || (a.template === b.template && this.#nextHopOf(a) === this.#nextHopOf(b))
  }

  #takeGroups(): readonly Group[] {
    const groups: Group[] = []
    const byTemplate = new Map<Attributes, Group[]>()
    let last: ExportedRoute | undefined
    let group: Group | undefined
    for (const [number, route] of this.#updates) {
      if (group === undefined || route !== last) {
        group = groupOf(route.template, this.#nextHopOf(route), byTemplate, groups)
        last = route
      }
      group.prefixes.push(this.#numbers.prefixOf(number))
      this.#sent.set(number, route)
    }
    this.#updates.clear()
    return groups
  }

  #takeWithdrawals(messages: BgpUpdate[], maximumBytes: number, fourOctetAsn: boolean): void {
    let withdrawn: Prefix[] = []
    let bytes = UPDATE_FRAME_BYTES
    const flush = (): void => {
      if (withdrawn.length === 0) return
      messages.push({ protocol: 'bgp', type: 'update', withdrawn, announced: [], fourOctetAsn })
      withdrawn = []
      bytes = UPDATE_FRAME_BYTES
    }
    for (const number of this.#withdrawals) {
      const prefix = this.#numbers.prefixOf(number)
      const length = prefixBytes(prefix)
      if (bytes + length > maximumBytes) flush()
      withdrawn.push(prefix)
      bytes += length
      this.#sent.set(number, undefined)
    }
    flush()
    this.#withdrawals.clear()
  }
}

function groupOf(
  template: Attributes,
  nextHop: Ipv4Address,
  byTemplate: Map<Attributes, Group[]>,
  groups: Group[],
): Group {
  const alike = byTemplate.get(template)
  const known = alike?.find(group => group.nextHop === nextHop)
  if (known !== undefined) return known
  const made = { template, nextHop, prefixes: [] }
  groups.push(made)
  if (alike === undefined) byTemplate.set(template, [made])
  else alike.push(made)
  return made
}

/** Routes of one attribute set: the first queued, then backwards from the last; the next message begins anew like that. */
function packGroup(
  { template, nextHop, prefixes }: Group,
  limits: { readonly maximumBytes: number; readonly fourOctetAsn: boolean },
  messages: BgpUpdate[],
): void {
  const { maximumBytes, fourOctetAsn } = limits
  const attributes = withNextHop(template, nextHop)
  const room = maximumBytes - UPDATE_FRAME_BYTES - attributesBytes(attributes, fourOctetAsn)
  let first = 0
  let last = prefixes.length - 1
  while (first <= last) {
    const announced: Prefix[] = [prefixes[first]!]
    let bytes = prefixBytes(prefixes[first]!)
    first += 1
    while (last >= first) {
      const length = prefixBytes(prefixes[last]!)
      if (bytes + length > room) break
      announced.push(prefixes[last]!)
      bytes += length
      last -= 1
    }
    messages.push({ protocol: 'bgp', type: 'update', withdrawn: [], attributes, announced, fourOctetAsn })
  }
}
