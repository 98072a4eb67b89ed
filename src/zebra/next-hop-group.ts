import { assert } from '../assert.ts'
import type { Origin } from '../sim/origin.ts'
import type { Simulator } from '../sim/simulator.ts'
import { Timer } from '../sim/timer.ts'
import { compareNextHops, isRecursive, type NextHop, nextHopKey } from './next-hop.ts'

/** A numbered set of next hops (`struct nhg_hash_entry`): a single one, a group, or a recursive one. */
export interface NextHopGroupEntry {
  readonly id: number
  /** Sorted; at least one. */
  readonly nextHops: readonly NextHop[]
  /** Members of a group, or what a recursive next hop leads to, by ascending id. */
  readonly members: readonly NextHopGroupEntry[]
  /** A single next hop that resolves through its one member. */
  readonly isRecursive: boolean
  /** At least one next hop in it can be used. */
  readonly isValid: boolean
  /** zebra believes it to be in the kernel. */
  readonly isInstalled: boolean
  /** A route that uses the entry has reached the kernel: FRR marks its next hops `fib`, for every user of the entry. */
  readonly isInFib: boolean
}

/** Where entries become kernel nexthop objects. */
export interface NextHopObjectSink {
  /** Adds or replaces one next hop. False when the kernel refused. */
  installSingle(id: number, nextHop: NextHop): boolean
  /** Adds or replaces a group; members in the order given. False when the kernel refused. */
  installGroup(id: number, members: readonly { readonly id: number; readonly weight: number }[]): boolean
  remove(id: number): void
}

export interface NextHopGroupsOptions {
  readonly simulator: Simulator
  readonly origin: Origin
  readonly sink: NextHopObjectSink
  /** How long an entry that nobody uses is kept: `zebra nexthop-group keep`. */
  readonly keepSeconds: number
  /** Objects are put back into the kernel when their interface comes up: FRR 8.5 and later. */
  readonly reinstallsAtInterfaceUp: boolean
}

interface Entry extends NextHopGroupEntry {
  members: Entry[]
  readonly users: Set<Entry>
  readonly key: string
  isRecursive: boolean
  isValid: boolean
  isInstalled: boolean
  isInFib: boolean
  /** Routes, and entries in use that have it as a member. */
  references: number
  /** State of the store in which the entry, with its members, was found usable and installed as far as it can be. */
  soundIn: number
  isKept: boolean
  keepTimer: Timer | undefined
}

/**
 * The store of next-hop entries, as zebra/zebra_nhg.c of FRR 8.4.4 keeps it. What one sees of it is the order of a
 * multipath route in the kernel, which is the order of ids and hence of first use:
 *
 * 1. One counter numbers everything: next hops as received, their resolved forms, groups.
 * 2. A group takes its number before its members; missing members follow in sorted order (`zebra_nhe_find`).
 * 3. The kernel's group lists the members by ascending number (`zebra_nhg_nhe2grp`).
 * 4. An installed entry that nobody uses is kept for a while under its number; one that never reached the kernel goes at
 *    once (`zebra_nhg_decrement_ref`).
 *
 * An interface that goes down takes the kernel's objects with it. zebra notes it for single next hops only; a group that
 * has another usable member still counts as installed, so up to 8.4 the kernel's group stays short when the interface is
 * back.
 */
export class NextHopGroups {
  readonly #options: NextHopGroupsOptions
  readonly #byKey = new Map<string, Entry>()
  /** What was found for a list: lists are shared by many routes, and the text of their key is long. */
  readonly #byList = new WeakMap<readonly NextHop[], Entry>()
  /** Small numbers of next hops, by their text, and by themselves where it is known: keys of groups are made of them. */
  readonly #hopsByText = new Map<string, number>()
  readonly #hops = new WeakMap<NextHop, number>()
  #lastId = 0
  /** Rises when what was sound may be so no longer. */
  #state = 0
  #isStopped = false

  constructor(options: NextHopGroupsOptions) {
    this.#options = options
  }

  /** All entries by ascending id. */
  entries(): readonly NextHopGroupEntry[] {
    return [...this.#byKey.values()].sort((a, b) => a.id - b.id)
  }

  /** Takes numbers out of circulation: other address families use the same counter. */
  skipIds(count: number): void {
    this.#lastId += count
  }

  /** The entry for these next hops, made if need be. It has no user until `acquire`. */
  find(nextHops: readonly NextHop[]): NextHopGroupEntry {
    assert(nextHops.length > 0, 'a next-hop entry without next hops')
    const known = this.#byList.get(nextHops)
    if (known !== undefined && this.#byKey.get(known.key) === known) return known
    const entry = this.#find([...nextHops].sort(compareNextHops))
    this.#byList.set(nextHops, entry)
    return entry
  }

  /** A route begins to use the entry. */
  acquire(entry: NextHopGroupEntry): void {
    this.#increment(entry as Entry)
  }

  /** A route ceases to use it. */
  release(entry: NextHopGroupEntry): void {
    this.#decrement(entry as Entry)
  }

  /** Marks the entry and its members usable where their next hops are active (`zebra_nhg_set_valid_if_active`). */
  validate(entry: NextHopGroupEntry): boolean {
    const own = entry as Entry
    if (own.soundIn === this.#state) return own.isValid
    let isValid = own.members.length === 0 && own.nextHops[0]!.isActive
    for (const member of own.members) if (this.validate(member)) isValid = true
    if (isValid) own.isValid = true
    return isValid
  }

  /** Puts the entry and what it needs into the kernel, unless zebra believes it there (`zebra_nhg_install_kernel`). */
  install(entry: NextHopGroupEntry): void {
    const own = resolveEntry(entry as Entry)
    if (own.soundIn === this.#state) return
    for (const member of own.members) this.install(member)
    if (own.isValid && !own.isInstalled && this.#send(own)) {
      own.isInstalled = true
      this.#markUsersValid(own)
    }
    const isSound = own.isInstalled && own.members.every(member => resolveEntry(member).soundIn === this.#state)
    if (isSound) own.soundIn = this.#state
  }

  /** A route with this entry is in the kernel (`NEXTHOP_FLAG_FIB`, which stays). */
  markInFib(entry: NextHopGroupEntry): void {
    const own = entry as Entry
    own.isInFib = true
  }

  /** The number a kernel route names for this entry. */
  installedId(entry: NextHopGroupEntry): number {
    return resolveEntry(entry as Entry).id
  }

  /** The interface is down or lost its carrier: the kernel has dropped its objects (`if_down_nhg_dependents`). */
  interfaceDown(interfaceIndex: number): void {
    for (const entry of this.#singlesOf(interfaceIndex)) this.#checkValid(entry)
  }

  /** The interface is usable again (`zebra_interface_nhg_reinstall`, FRR 8.5 and later). */
  interfaceUp(interfaceIndex: number): void {
    if (!this.#options.reinstallsAtInterfaceUp) return
    for (const entry of this.#singlesOf(interfaceIndex)) {
      entry.isValid = true
      entry.isInstalled = false
      this.#state += 1
      this.install(entry)
      for (const user of sortedById(entry.users)) {
        if (user.isRecursive) continue
        user.isInstalled = false
        this.#state += 1
        this.install(user)
      }
    }
  }

  #singlesOf(interfaceIndex: number): readonly Entry[] {
    const found = [...this.#byKey.values()].filter(
      entry =>
        entry.nextHops.length === 1 &&
        entry.members.length === 0 &&
        entry.nextHops[0]!.interfaceIndex === interfaceIndex,
    )
    return found.sort((a, b) => a.id - b.id)
  }

  #find(nextHops: readonly NextHop[]): Entry {
    const key = this.#keyOf(nextHops)
    const known = this.#byKey.get(key)
    if (known !== undefined) return known
    const entry = this.#create(key, nextHops)
    const first = nextHops[0]!
    entry.isRecursive = nextHops.length === 1 && isRecursive(first)
    if (entry.isRecursive) entry.members = [this.#find(first.resolved)]
    else if (nextHops.length > 1) entry.members = sortedById(new Set(nextHops.map(hop => this.#find([hop]))))
    for (const member of entry.members) member.users.add(entry)
    return entry
  }

  #keyOf(nextHops: readonly NextHop[]): string {
    return nextHops.map(hop => this.#hops.get(hop) ?? this.#numberOf(hop)).join()
  }

  #numberOf(hop: NextHop): number {
    const text = nextHopKey(hop)
    const number = this.#hopsByText.get(text) ?? this.#hopsByText.size
    this.#hopsByText.set(text, number)
    this.#hops.set(hop, number)
    return number
  }

  #create(key: string, nextHops: readonly NextHop[]): Entry {
    this.#lastId += 1
    const entry: Entry = {
      id: this.#lastId,
      nextHops,
      members: [],
      users: new Set(),
      key,
      isRecursive: false,
      isValid: nextHops[0]!.isActive,
      isInstalled: false,
      isInFib: false,
      references: 0,
      soundIn: -1,
      isKept: false,
      keepTimer: undefined,
    }
    this.#byKey.set(key, entry)
    return entry
  }

  /**
   * The first user of an entry makes the entry a user of its members; FRR counts each user there again, which comes to the same.
   * A revived entry becomes their user a second time, so members of such groups outlive the keep time, as in
   * `zebra_nhg_increment_ref`.
   */
  #increment(entry: Entry): void {
    const isRevived = entry.keepTimer !== undefined
    if (isRevived) {
      entry.keepTimer!.stop()
      entry.keepTimer = undefined
      entry.isKept = false
    } else {
      entry.references += 1
    }
    if (isRevived || entry.references === 1) for (const member of entry.members) this.#increment(member)
  }

  #decrement(entry: Entry): void {
    entry.references -= 1
    if (entry.references > 0) return
    if (entry.isInstalled && !entry.isKept) {
      this.#keep(entry)
      return
    }
    for (const member of entry.members) this.#decrement(member)
    this.#remove(entry)
  }

  /** zebra has ended: nothing that it kept may touch the kernel any more. */
  stop(): void {
    this.#isStopped = true
    for (const entry of this.#byKey.values()) {
      entry.keepTimer?.stop()
      entry.keepTimer = undefined
    }
  }

  #keep(entry: Entry): void {
    entry.references = 1
    entry.isKept = true
    const { simulator, origin, keepSeconds } = this.#options
    entry.keepTimer = new Timer(simulator, origin, 'background', () => {
      entry.keepTimer = undefined
      if (entry.references === 1) this.#decrement(entry)
    })
    entry.keepTimer.restart(keepSeconds * 1e9)
  }

  #remove(entry: Entry): void {
    if (this.#byKey.get(entry.key) !== entry) return
    if (entry.isInstalled && !this.#isStopped) this.#options.sink.remove(entry.id)
    entry.isInstalled = false
    this.#state += 1
    this.#byKey.delete(entry.key)
    for (const member of entry.members) member.users.delete(entry)
  }

  #send(entry: Entry): boolean {
    if (entry.members.length === 0) return this.#options.sink.installSingle(entry.id, entry.nextHops[0]!)
    return this.#options.sink.installGroup(entry.id, groupMembers(entry))
  }

  #checkValid(entry: Entry): void {
    if (entry.members.some(member => member.isValid)) {
      entry.isValid = true
      this.#markUsersValid(entry)
      return
    }
    entry.isValid = false
    entry.isInstalled = false
    this.#state += 1
    for (const user of sortedById(entry.users)) this.#checkValid(user)
  }

  #markUsersValid(entry: Entry): void {
    for (const user of entry.users) {
      if (!user.isValid) this.#state += 1
      user.isValid = true
      this.#markUsersValid(user)
    }
  }
}

/** A recursive entry stands for what it leads to (`zebra_nhg_resolve`). */
function resolveEntry(entry: Entry): Entry {
  return entry.isRecursive && entry.members.length > 0 ? resolveEntry(entry.members[0]!) : entry
}

/**
 * Members of the kernel's group: groups inside are spread out, unusable and repeated ones left out. A member that the kernel
 * has just refused is named all the same, because it still counts as on its way (`NEXTHOP_GROUP_QUEUED`): the kernel then
 * refuses the group, and every route with it.
 */
function groupMembers(entry: Entry, found = new Map<number, number>()): readonly { id: number; weight: number }[] {
  for (const member of entry.members) {
    const leaf = resolveEntry(member)
    if (leaf.members.length > 0) groupMembers(leaf, found)
    else if (leaf.isValid && !found.has(leaf.id)) found.set(leaf.id, leaf.nextHops[0]!.weight || 1)
  }
  return [...found].map(([id, weight]) => ({ id, weight }))
}

function sortedById(entries: ReadonlySet<Entry>): Entry[] {
  return [...entries].sort((a, b) => a.id - b.id)
}
