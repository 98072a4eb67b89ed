/*
 * What a peer has been told and what it is still to be told. Packing as FRR's update groups do it (bgpd/bgp_updgrp_adv.c,
 * bgp_advertise.c, bgp_updgrp_packet.c): withdrawals first; routes with equal attributes share an UPDATE; inside one the
 * first route queued comes first, then the others from the last queued to the second.
 */
import type { Prefix } from '../wire/address.ts'
import { attributesBytes, prefixesBytes } from '../wire/bgp/length.ts'
import type { BgpUpdate } from '../wire/bgp/message.ts'
import type { Attributes } from './attributes.ts'
import type { ExportedRoute } from './export.ts'

/** Header, lengths of withdrawn routes and of attributes. */
const UPDATE_FRAME_BYTES = 23

export class UpdateQueue {
  /** Adj-RIB-Out: what the peer has, or will have once the queue is sent. */
  readonly #announced = new Map<Prefix, ExportedRoute>()
  readonly #sent = new Set<Prefix>()
  /** Insertion order is queueing order. */
  readonly #updates = new Map<Prefix, ExportedRoute>()
  readonly #withdrawals = new Set<Prefix>()

  /** Routes told to the peer (or on their way). */
  get announced(): ReadonlyMap<Prefix, ExportedRoute> {
    return this.#announced
  }

  get isEmpty(): boolean {
    return this.#updates.size === 0 && this.#withdrawals.size === 0
  }

  /**
   * Queues the route unless the peer has the very same. `force` repeats it (route refresh, `no bgp suppress-duplicates`).
   * Returns whether anything was queued.
   */
  announce(prefix: Prefix, route: ExportedRoute, force = false): boolean {
    const before = this.#announced.get(prefix)
    if (!force && before !== undefined && before.wire === route.wire) return false
    this.#announced.set(prefix, route)
    this.#withdrawals.delete(prefix)
    this.#updates.delete(prefix)
    this.#updates.set(prefix, route)
    return true
  }

  /** Queues the withdrawal of what the peer was told. Returns whether anything was queued. */
  withdraw(prefix: Prefix): boolean {
    if (!this.#announced.delete(prefix)) return false
    this.#updates.delete(prefix)
    if (!this.#sent.has(prefix)) return false
    this.#withdrawals.add(prefix)
    return true
  }

  /** Forgets everything: the session is gone. */
  clear(): void {
    this.#announced.clear()
    this.#sent.clear()
    this.#updates.clear()
    this.#withdrawals.clear()
  }

  /** Empties the queue into messages of at most `maximumBytes`. */
  take(maximumBytes: number, fourOctetAsn: boolean): BgpUpdate[] {
    const messages: BgpUpdate[] = []
    this.#takeWithdrawals(messages, maximumBytes, fourOctetAsn)
    const groups = new Map<Attributes, Prefix[]>()
    for (const [prefix, route] of this.#updates) {
      const group = groups.get(route.wire)
      if (group === undefined) groups.set(route.wire, [prefix])
      else group.push(prefix)
      this.#sent.add(prefix)
    }
    this.#updates.clear()
    for (const [attributes, prefixes] of groups) {
      packGroup(attributes, prefixes, { maximumBytes, fourOctetAsn }, messages)
    }
    return messages
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
    for (const prefix of this.#withdrawals) {
      const length = prefixesBytes([prefix])
      if (bytes + length > maximumBytes) flush()
      withdrawn.push(prefix)
      bytes += length
      this.#sent.delete(prefix)
    }
    flush()
    this.#withdrawals.clear()
  }
}

/** Routes of one attribute set: the first queued, then backwards from the last; the next message begins anew like that. */
function packGroup(
  attributes: Attributes,
  prefixes: readonly Prefix[],
  limits: { readonly maximumBytes: number; readonly fourOctetAsn: boolean },
  messages: BgpUpdate[],
): void {
  const room = limits.maximumBytes - UPDATE_FRAME_BYTES - attributesBytes(attributes, limits.fourOctetAsn)
  let first = 0
  let last = prefixes.length - 1
  while (first <= last) {
    const announced: Prefix[] = [prefixes[first]!]
    let bytes = prefixesBytes(announced)
    first += 1
    while (last >= first) {
      const length = prefixesBytes([prefixes[last]!])
      if (bytes + length > room) break
      announced.push(prefixes[last]!)
      bytes += length
      last -= 1
    }
    messages.push({
      protocol: 'bgp',
      type: 'update',
      withdrawn: [],
      attributes,
      announced,
      fourOctetAsn: limits.fourOctetAsn,
    })
  }
}
