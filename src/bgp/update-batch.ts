import type { Prefix } from '../wire/address.ts'
import { attributesBytes, prefixBytes } from '../wire/bgp/length.ts'
import type { BgpUpdate, UpdateNextHop } from '../wire/bgp/message.ts'
import type { ExportedRoute } from './export.ts'
import type { NumberedPrefixes, PrefixNumbers } from './prefix-numbers.ts'
import { isSameList } from './same-list.ts'
import type { SentState } from './sent-routes.ts'
import { UpdateBurst } from './update-burst.ts'

/** Header, lengths of withdrawn routes and of attributes. */
const UPDATE_FRAME_BYTES = 23
const NONE: readonly Prefix[] = []

/** Size and style of the messages that a peer takes. */
export interface UpdateLimits {
  readonly maximumBytes: number
  readonly fourOctetAsn: boolean
}

/** Routes that go out with the same attributes. */
export class RouteGroup {
  /** Any of them. */
  readonly route: ExportedRoute
  readonly numbers: number[] = []
  readonly #table: PrefixNumbers
  /** For the limits that were asked for last: peers with other next hops get the same lists of prefixes all the same. */
  #limits: UpdateLimits | undefined
  #cuts: readonly NumberedPrefixes[] = []

  constructor(route: ExportedRoute, table: PrefixNumbers) {
    this.route = route
    this.#table = table
  }

  /** The prefixes message by message. */
  cut(limits: UpdateLimits): readonly NumberedPrefixes[] {
    if (this.#limits === undefined || !isSameLimits(this.#limits, limits)) {
      this.#limits = limits
      this.#cuts = cutGroup(this.route, this.numbers, this.#table, limits)
    }
    return this.#cuts
  }
}

/**
 * The changes that one decision run, or the first table, has for the peers of an update group, in their order. What becomes of
 * them, messages and the peer's table afterwards, is worked out for one peer; those who had been told the same before, mostly
 * all others, take it over.
 */
export class UpdateBatch {
  /** Numbers of the prefixes, and their routes; undefined: none any more. */
  readonly numbers: number[] = []
  readonly routes: (ExportedRoute | undefined)[] = []
  readonly #outcomes = new Map<SentState, BatchOutcome>()

  add(number: number, route: ExportedRoute | undefined): void {
    this.numbers.push(number)
    this.routes.push(route)
  }

  /** What was worked out for a peer that had been told the same. */
  outcomeAfter(before: SentState): BatchOutcome | undefined {
    return this.#outcomes.get(before)
  }

  remember(before: SentState, outcome: BatchOutcome): void {
    this.#outcomes.set(before, outcome)
  }
}

/** How a peer is written to. */
export interface UpdateReceiver {
  readonly limits: UpdateLimits
  /** End-of-RIB goes behind the routes. */
  readonly withEndOfRib: boolean
  /** The next hop that a route shows to the peer, as an UPDATE has it. */
  readonly nextHopOf: (route: ExportedRoute) => UpdateNextHop
}

/** What is in an emptied queue, and what the peer has then. */
export class BatchOutcome {
  readonly after: SentState
  readonly size: number
  readonly #withdrawn: readonly Prefix[]
  readonly #groups: readonly RouteGroup[]
  /** What was written last, and to whom: mostly the next peer gets the very same. */
  #last:
    | { readonly burst: UpdateBurst; readonly receiver: UpdateReceiver; readonly nextHops: UpdateNextHop[] }
    | undefined

  constructor(
    contents: { readonly withdrawn: readonly Prefix[]; readonly groups: readonly RouteGroup[] },
    after: SentState,
    size: number,
  ) {
    this.#withdrawn = contents.withdrawn
    this.#groups = contents.groups
    this.after = after
    this.size = size
  }

  get isEmpty(): boolean {
    return this.#withdrawn.length === 0 && this.#groups.length === 0
  }

  /** The messages for a peer: withdrawals first. Peers differ in next hops alone. */
  burst(receiver: UpdateReceiver): UpdateBurst {
    const nextHops = this.#groups.map(({ route }) => receiver.nextHopOf(route))
    const last = this.#last
    if (last !== undefined && isAlike(last.receiver, receiver) && isSameList(last.nextHops, nextHops)) return last.burst
    const burst = this.#write(receiver, nextHops)
    this.#last = { burst, receiver, nextHops }
    return burst
  }

  #write({ limits, withEndOfRib }: UpdateReceiver, nextHops: readonly UpdateNextHop[]): UpdateBurst {
    const { fourOctetAsn } = limits
    const messages = cutWithdrawals(this.#withdrawn, limits).map(each => updateOf({ withdrawn: each, fourOctetAsn }))
    let prefixes = this.#withdrawn.length
    for (const [at, group] of this.#groups.entries()) {
      const attributes = group.route.template
      const nextHop = nextHops[at]!
      for (const cut of group.cut(limits)) messages.push(updateOf({ attributes, nextHop, list: cut, fourOctetAsn }))
      prefixes += group.numbers.length
    }
    if (withEndOfRib) messages.push(updateOf({ fourOctetAsn }))
    return new UpdateBurst(messages, prefixes)
  }
}

interface UpdateParts {
  readonly withdrawn?: readonly Prefix[]
  readonly attributes?: BgpUpdate['attributes']
  readonly nextHop?: UpdateNextHop
  readonly list?: NumberedPrefixes
  readonly fourOctetAsn: boolean
}

/** Every UPDATE has all fields, in one order: the engine is quick with objects of one kind only, and there are millions. */
function updateOf({ withdrawn = NONE, attributes, nextHop, list, fourOctetAsn }: UpdateParts): BgpUpdate {
  const { announced = NONE, numbers } = list ?? {}
  return { protocol: 'bgp', type: 'update', withdrawn, attributes, nextHop, announced, numbers, fourOctetAsn }
}

function isAlike(a: UpdateReceiver, b: UpdateReceiver): boolean {
  return a.withEndOfRib === b.withEndOfRib && isSameLimits(a.limits, b.limits)
}

function isSameLimits(a: UpdateLimits, b: UpdateLimits): boolean {
  return a.maximumBytes === b.maximumBytes && a.fourOctetAsn === b.fourOctetAsn
}

function cutWithdrawals(prefixes: readonly Prefix[], { maximumBytes }: UpdateLimits): readonly (readonly Prefix[])[] {
  const cuts: Prefix[][] = []
  let bytes = maximumBytes
  for (const prefix of prefixes) {
    const length = prefixBytes(prefix)
    if (cuts.length === 0 || bytes + length > maximumBytes) {
      cuts.push([])
      bytes = UPDATE_FRAME_BYTES
    }
    cuts.at(-1)!.push(prefix)
    bytes += length
  }
  return cuts
}

/** Routes of one attribute set: the first queued, then backwards from the last; the next message begins anew like that. */
function cutGroup(
  route: ExportedRoute,
  all: readonly number[],
  table: PrefixNumbers,
  limits: UpdateLimits,
): readonly NumberedPrefixes[] {
  const attributes = attributesBytes(route.template, limits.fourOctetAsn) // whatever the next hop: it is as long
  const room = limits.maximumBytes - UPDATE_FRAME_BYTES - attributes
  const cuts: NumberedPrefixes[] = []
  let first = 0
  let last = all.length - 1
  while (first <= last) {
    const numbers = [all[first]!]
    let bytes = prefixBytes(table.prefixOf(all[first]!))
    first += 1
    while (last >= first) {
      const length = prefixBytes(table.prefixOf(all[last]!))
      if (bytes + length > room) break
      numbers.push(all[last]!)
      bytes += length
      last -= 1
    }
    cuts.push(table.listOf(numbers))
  }
  return cuts
}
