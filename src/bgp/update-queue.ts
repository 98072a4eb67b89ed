/*
 * What a peer has been told and what it is still to be told. Packing as FRR's update groups do it (bgpd/bgp_updgrp_adv.c,
 * bgp_advertise.c, bgp_updgrp_packet.c): withdrawals first; routes with equal attributes share an UPDATE; inside one the
 * first route queued comes first, then the others from the last queued to the second.
 */
import type { Prefix } from '../wire/address.ts'
import type { UpdateNextHop } from '../wire/bgp/message.ts'
import type { Attributes } from './attributes.ts'
import { areAlike, type ExportedRoute } from './export.ts'
import type { PrefixNumbers } from './prefix-numbers.ts'
import { SentRoutes, type SharedPages } from './sent-routes.ts'
import { BatchOutcome, RouteGroup, type UpdateBatch, type UpdateLimits } from './update-batch.ts'
import type { UpdateBurst } from './update-burst.ts'

export class UpdateQueue {
  readonly #numbers: PrefixNumbers
  readonly #nextHopOf: (route: ExportedRoute) => UpdateNextHop
  /** What the peer has; what is waiting comes on top. */
  readonly #sent = new SentRoutes()
  /** Numbers; insertion order is queueing order. */
  readonly #updates = new Map<number, ExportedRoute>()
  readonly #withdrawals = new Set<number>()
  #size = 0
  /** Something was asked of which the answer depends on the peer's own next hop. */
  #isPeculiar = false

  /** @param nextHopOf the next hop that a route shows to this peer */
  constructor(numbers: PrefixNumbers, nextHopOf: (route: ExportedRoute) => UpdateNextHop) {
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

  /** Empties the queue into messages; undefined when there is nothing to write. */
  take(limits: UpdateLimits, withEndOfRib = false): UpdateBurst | undefined {
    return this.#write(this.#empty(), limits, withEndOfRib)
  }

  /** Queues what a batch has, or the first so many of its changes. */
  follow({ numbers, routes }: UpdateBatch, count = numbers.length): void {
    for (let index = 0; index < count; index += 1) {
      const route = routes[index]
      if (route === undefined) this.withdraw(numbers[index]!)
      else this.announce(numbers[index]!, route)
    }
  }

  /** The messages that a batch makes for the peer; the queue must be empty. */
  takeBatch(batch: UpdateBatch, limits: UpdateLimits, withEndOfRib = false): UpdateBurst | undefined {
    const before = this.#sent.state
    let outcome = batch.outcomeAfter(before)
    if (outcome === undefined) {
      this.#isPeculiar = false
      this.follow(batch)
      outcome = this.#empty()
      if (!this.#isPeculiar) batch.remember(before, outcome)
    } else {
      this.#sent.adopt(outcome.after)
      this.#size = outcome.size
    }
    return this.#write(outcome, limits, withEndOfRib)
  }

  #write(outcome: BatchOutcome, limits: UpdateLimits, withEndOfRib: boolean): UpdateBurst | undefined {
    if (outcome.isEmpty && !withEndOfRib) return undefined
    return outcome.burst({ limits, withEndOfRib, nextHopOf: this.#nextHopOf })
  }

  #routeOf(number: number): ExportedRoute | undefined {
    const waiting = this.#updates.get(number)
    if (waiting !== undefined) return waiting
    return this.#withdrawals.size > 0 && this.#withdrawals.has(number) ? undefined : this.#sent.get(number)
  }

  /** Whether one need not be sent after the other. */
  #looksTheSame(a: ExportedRoute, b: ExportedRoute): boolean {
    if (a === b) return true
    if (!areAlike(a, b)) return false
    this.#isPeculiar = true
    return this.#nextHopOf(a) === this.#nextHopOf(b)
  }

  #empty(): BatchOutcome {
    const withdrawn: Prefix[] = []
    for (const number of this.#withdrawals) {
      withdrawn.push(this.#numbers.prefixOf(number))
      this.#sent.set(number, undefined)
    }
    this.#withdrawals.clear()
    const groups = this.#takeGroups()
    return new BatchOutcome({ withdrawn, groups }, this.#sent.state, this.#size)
  }

  #takeGroups(): readonly RouteGroup[] {
    const groups: RouteGroup[] = []
    const byAttributes = new Map<Attributes, RouteGroup[]>()
    let last: ExportedRoute | undefined
    let group: RouteGroup | undefined
    for (const [number, route] of this.#updates) {
      if (group === undefined || route !== last) {
        group = this.#groupOf(route, byAttributes, groups)
        last = route
      }
      group.numbers.push(number)
      this.#sent.set(number, route)
    }
    this.#updates.clear()
    return groups
  }

  /** The group of routes that go out together; made, and put behind the others, where there is none. */
  #groupOf(route: ExportedRoute, byAttributes: Map<Attributes, RouteGroup[]>, groups: RouteGroup[]): RouteGroup {
    const alike = byAttributes.get(route.comparedBy)
    const known = alike?.find(group => this.#looksTheSame(group.route, route))
    if (known !== undefined) return known
    const made = new RouteGroup(route, this.#numbers)
    groups.push(made)
    if (alike === undefined) byAttributes.set(route.comparedBy, [made])
    else alike.push(made)
    return made
  }
}
