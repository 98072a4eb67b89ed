import type { Ipv4Address, Prefix } from '../wire/address.ts'
import { attributesBytes, prefixBytes } from '../wire/bgp/length.ts'
import type { BgpUpdate } from '../wire/bgp/message.ts'
import type { ExportedRoute } from './export.ts'
import type { SentState } from './sent-routes.ts'

/** Header, lengths of withdrawn routes and of attributes. */
const UPDATE_FRAME_BYTES = 23

/** Size and style of the messages that a peer takes. */
export interface UpdateLimits {
  readonly maximumBytes: number
  readonly fourOctetAsn: boolean
}

/** Routes that go out with the same attributes. */
export interface RouteGroup {
  /** Any of them. */
  readonly route: ExportedRoute
  readonly prefixes: Prefix[]
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

/** What is in an emptied queue, and what the peer has then. */
export class BatchOutcome {
  readonly after: SentState
  readonly size: number
  readonly #withdrawn: readonly Prefix[]
  readonly #groups: readonly RouteGroup[]
  /** How withdrawals and each group are cut into messages, for the limits that were asked for last. */
  #limits: UpdateLimits | undefined
  #cuts: readonly (readonly (readonly Prefix[])[])[] = []

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

  /** The messages for one peer: withdrawals first. Peers differ in the next hop alone; they get the same lists of prefixes. */
  messages(limits: UpdateLimits, nextHopOf: (route: ExportedRoute) => Ipv4Address): BgpUpdate[] {
    const { maximumBytes, fourOctetAsn } = limits
    if (this.#limits?.maximumBytes !== maximumBytes || this.#limits.fourOctetAsn !== fourOctetAsn) {
      this.#limits = { maximumBytes, fourOctetAsn }
      this.#cuts = [cutWithdrawals(this.#withdrawn, limits), ...this.#groups.map(group => cutGroup(group, limits))]
    }
    const messages: BgpUpdate[] = []
    // written out: copying by spreading costs more than all the rest
    for (const withdrawn of this.#cuts[0]!) {
      messages.push({ protocol: 'bgp', type: 'update', withdrawn, announced: [], fourOctetAsn })
    }
    for (let index = 0; index < this.#groups.length; index += 1) {
      const { route } = this.#groups[index]!
      const nextHop = nextHopOf(route)
      const attributes = route.template
      for (const announced of this.#cuts[index + 1]!) {
        messages.push({ protocol: 'bgp', type: 'update', withdrawn: [], attributes, nextHop, announced, fourOctetAsn })
      }
    }
    return messages
  }
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
function cutGroup({ route, prefixes }: RouteGroup, limits: UpdateLimits): readonly (readonly Prefix[])[] {
  const attributes = attributesBytes(route.template, limits.fourOctetAsn) // whatever the next hop: it is as long
  const room = limits.maximumBytes - UPDATE_FRAME_BYTES - attributes
  const cuts: Prefix[][] = []
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
    cuts.push(announced)
  }
  return cuts
}
