import type { Ipv4Address, Prefix } from '../wire/address.ts'
import { FibEntry, RouteKinds } from './fib-entry.ts'
import type { Interface } from './interface.ts'
import { PrefixTable } from './prefix-table.ts'
import { type Failure, failure } from './result.ts'
import type { RouteProtocol } from './route-protocol.ts'

/** What happens to packets that a route takes (RTN_*, include/uapi/linux/rtnetlink.h). */
export type RouteType = 'unicast' | 'blackhole' | 'unreachable' | 'prohibit' | 'throw' | 'local' | 'broadcast'

/** Distance to the destination; numbers as in the kernel: global 0, link 253, host 254, nowhere 255. */
export type RouteScope = 'global' | 'link' | 'host' | 'nowhere'

/** Number of the main table. */
export const TABLE_MAIN = 254
const TABLE_LOCAL = 255

/** One way out of a route. The flags follow the device. */
export interface FibNextHop {
  readonly gateway?: Ipv4Address
  readonly interface?: Interface
  readonly weight: number
  readonly onlink: boolean
  /** RTNH_F_DEAD: the device is down. */
  isDead: boolean
  /** RTNH_F_LINKDOWN: the device has no carrier. */
  isLinkDown: boolean
}

/** A route as the kernel holds it. Make one with `fibRoute`, which fills in what iproute2 does. */
export interface FibRoute {
  readonly prefix: Prefix
  readonly type: RouteType
  /** 254 main, 255 local. */
  readonly table: number
  readonly tos: number
  readonly metric: number
  readonly protocol: RouteProtocol
  readonly scope: RouteScope
  readonly preferredSource?: Ipv4Address | undefined
  readonly nextHops: readonly FibNextHop[]
  /** Kernel nexthop object that the route uses instead of next hops of its own. */
  readonly nextHopId?: number | undefined
  readonly mtuBytes?: number | undefined
  readonly isMtuLocked?: boolean | undefined
  readonly advertisedMssBytes?: number | undefined
  /** The other RTAX_* metrics by iproute2's name, only shown. */
  readonly otherMetrics?: ReadonlyMap<string, number> | undefined
}

/** What identifies the route to delete; what is undefined matches everything (`fib_table_delete`). */
export interface RouteMatch {
  readonly prefix: Prefix
  /** Default 254. */
  readonly table?: number
  readonly tos?: number
  readonly metric?: number
  readonly type?: RouteType
  readonly protocol?: RouteProtocol
  readonly scope?: RouteScope
  readonly preferredSource?: Ipv4Address
  readonly nextHopId?: number
  /** Gateways and devices that must all be among the route's next hops. */
  readonly nextHops?: readonly { readonly gateway?: Ipv4Address; readonly interface?: Interface }[]
}

/** How a route is added beside those of its prefix, as the flags of RTM_NEWROUTE say. */
export type RouteMode = 'add' | 'replace' | 'append' | 'prepend' | 'change'

const NO_BOUNDS: readonly number[] = []

const SCOPE_NUMBERS = { global: 0, link: 253, host: 254, nowhere: 255 } as const

/** A route with the defaults of `ip route add`: table main, protocol boot, scope by type and gateway. */
export function fibRoute(
  route: Pick<FibRoute, 'prefix'> &
    Partial<Omit<FibRoute, 'nextHops'>> & {
      readonly nextHops?: readonly (Partial<FibNextHop> & { readonly interface?: Interface })[]
    },
): FibRoute {
  const type = route.type ?? 'unicast'
  const hops = (route.nextHops ?? []).map(hop => ({
    weight: 1,
    onlink: false,
    isDead: false,
    isLinkDown: false,
    ...hop,
  }))
  const isDirect = hops.length > 0 && hops.every(hop => hop.gateway === undefined)
  const scope = type === 'local' ? 'host' : type === 'broadcast' || (type === 'unicast' && isDirect) ? 'link' : 'global'
  return {
    table: type === 'local' || type === 'broadcast' ? TABLE_LOCAL : TABLE_MAIN,
    tos: 0,
    metric: 0,
    protocol: 'boot',
    scope,
    ...route,
    type,
    nextHops: hops,
  }
}

/**
 * The routing tables of a namespace. Local and main are searched as one, as the kernel does without own rules: the
 * longest prefix wins over both, then local. Other tables can be filled and listed; nothing looks into them.
 *
 * Differs from Linux: policy rules (`ip rule`) are not modelled, so tables other than local and main are never searched.
 * Sources: net/ipv4/fib_trie.c (fib_table_lookup, fib_table_insert, fib_table_delete), fib_semantics.c (fib_rebalance).
 */
export class Fib {
  readonly #tables = new Map<number, PrefixTable<FibEntry[]>>()
  /** Local and main together. */
  readonly #merged = new PrefixTable<readonly FibEntry[]>()
  /** How many routes use a nexthop object, by its number. */
  readonly #userCounts = new Map<number, number>()
  readonly #kinds = new RouteKinds()
  /** Rises with every change, silent ones too. */
  version = 0

  constructor() {
    this.#tables.set(TABLE_LOCAL, new PrefixTable())
    this.#tables.set(TABLE_MAIN, new PrefixTable())
  }

  /**
   * The route for a destination; undefined when there is none (or a throw route says so). With `output` only routes with a
   * next hop on that device count, with `lowestScope` only routes of at least that scope.
   */
  lookup(destination: Ipv4Address, tos = 0, output?: Interface, lowestScope = 0): FibEntry | undefined {
    return search(this.#merged, destination, tos, output, lowestScope)
  }

  /** The same inside one table only. */
  lookupIn(table: number, destination: Ipv4Address, output?: Interface, lowestScope = 0): FibEntry | undefined {
    const entries = this.#tables.get(table)
    return entries === undefined ? undefined : search(entries, destination, 0, output, lowestScope)
  }

  /** Type that the local table gives an address: RTN_LOCAL, RTN_BROADCAST, else unicast (`inet_addr_type`). */
  addressType(address: Ipv4Address): 'local' | 'broadcast' | 'unicast' {
    const entry = search(this.#tables.get(TABLE_LOCAL)!, address, 0, undefined, 0)
    return entry === undefined ? 'unicast' : entry.type === 'broadcast' ? 'broadcast' : 'local'
  }

  isLocal(address: Ipv4Address): boolean {
    return this.addressType(address) === 'local'
  }

  /** The routes of a table in the order of `ip route show table N`. */
  routes(table: number = TABLE_MAIN): readonly FibRoute[] {
    const entries = this.#tables.get(table)
    return entries === undefined ? [] : entries.prefixes().flatMap(prefix => entries.get(prefix)!)
  }

  /** How many routes a table has. */
  count(table: number = TABLE_MAIN): number {
    let count = 0
    for (const list of this.#tables.get(table)?.values() ?? []) count += list.length
    return count
  }

  /** Numbers of the tables that hold routes, ascending. */
  tables(): readonly number[] {
    return [...this.#tables]
      .filter(([, table]) => table.size > 0)
      .map(([number]) => number)
      .sort((a, b) => a - b)
  }

  /** Routes of one exact prefix, first choice first. */
  routesOf(prefix: Prefix, table: number = TABLE_MAIN): readonly FibRoute[] {
    return this.#tables.get(table)?.get(prefix) ?? []
  }

  /**
   * Puts a checked route in, with this type and these next hops where they are given. EEXIST, ENOENT as netlink answers;
   * `replaced` is the route that went. Use `Host.addRoute`, which checks next hops and announces the change.
   */
  insert(
    route: FibRoute,
    mode: RouteMode,
    type: RouteType = route.type,
    nextHops: readonly FibNextHop[] = route.nextHops,
  ): Failure | { ok: true; replaced?: FibEntry; entry: FibEntry } {
    const table = this.#table(route.table)
    const bounds = route.nextHopId === undefined ? multipathBounds(nextHops) : NO_BOUNDS
    const entry = new FibEntry(route, this.#kinds.of(route, type), nextHops, bounds)
    const list = table.get(route.prefix)
    if (list === undefined && mode !== 'change') {
      this.#store(table, route.prefix, [entry])
      this.#register(entry)
      return { ok: true, entry }
    }
    const only = list?.length === 1 ? list[0] : undefined
    if (mode === 'replace' && only?.tos === route.tos && only.metric === route.metric) {
      this.#replaceOnly(list!, entry)
      return { ok: true, replaced: only, entry }
    }
    return this.#insertBeside(table, list ?? [], entry, mode)
  }

  /** The commonest change by far: a routing daemon gives its route of a prefix other next hops. */
  #replaceOnly(list: FibEntry[], entry: FibEntry): void {
    const replaced = list[0]!
    const isShared = this.#merged.get(entry.prefix) === list
    list[0] = entry
    this.#release(replaced)
    this.#register(entry)
    if (isShared) this.version += 1
    else this.#store(this.#table(entry.table), entry.prefix, list)
  }

  #insertBeside(
    table: PrefixTable<FibEntry[]>,
    list: readonly FibEntry[],
    entry: FibEntry,
    mode: RouteMode,
  ): Failure | { ok: true; replaced?: FibEntry; entry: FibEntry } {
    const route: FibRoute = entry
    const equals = list.filter(other => other.tos === route.tos && other.metric === route.metric)
    if (equals.length === 0) {
      if (mode === 'change') return failure('ENOENT')
    } else if (mode === 'add') {
      return failure('EEXIST')
    } else if (mode === 'replace' || mode === 'change') {
      const replaced = equals[0]!
      if (equals.some(other => other !== replaced && isSameRoute(other, route))) return failure('EEXIST')
      this.#store(
        table,
        route.prefix,
        list.map(other => (other === replaced ? entry : other)),
      )
      this.#release(replaced)
      this.#register(entry)
      return { ok: true, replaced, entry }
    } else if (equals.some(other => isSameRoute(other, route))) {
      return failure('EEXIST')
    }
    const isAfter = (other: FibEntry): boolean =>
      other.tos < route.tos ||
      (other.tos === route.tos && (mode === 'prepend' ? other.metric >= route.metric : other.metric > route.metric))
    const position = list.findIndex(isAfter)
    const index = position < 0 ? list.length : position
    this.#store(table, route.prefix, [...list.slice(0, index), entry, ...list.slice(index)])
    this.#register(entry)
    return { ok: true, entry }
  }

  /** Takes the first matching route out; undefined when there is none. */
  delete(match: RouteMatch): FibEntry | undefined {
    const list = this.#tables.get(match.table ?? TABLE_MAIN)?.get(match.prefix)
    const entry = list?.find(other => isMatch(other, match))
    if (entry !== undefined) this.remove(entry)
    return entry
  }

  /** Takes all routes out for which the test holds; returns them. */
  deleteWhere(test: (entry: FibEntry) => boolean): readonly FibEntry[] {
    const removed = [...this.entries()].filter(test)
    for (const entry of removed) this.remove(entry)
    return removed
  }

  /** Takes one route out. */
  remove(entry: FibEntry): void {
    const table = this.#table(entry.table)
    const list = table.get(entry.prefix)
    if (list === undefined || !list.includes(entry)) return
    const rest = list.filter(other => other !== entry)
    this.#release(entry)
    this.#store(table, entry.prefix, rest)
  }

  /** Every route of every table, in no useful order. */
  *entries(): IterableIterator<FibEntry> {
    for (const table of this.#tables.values()) for (const list of table.values()) yield* list
  }

  /** How many routes use a nexthop object. */
  userCount(nextHopId: number): number {
    return this.#userCounts.get(nextHopId) ?? 0
  }

  /** The routes that use any of these nexthop objects. Sought when objects change, which is rare beside routes that do. */
  usersOf(nextHopIds: ReadonlySet<number>): readonly FibEntry[] {
    const users: FibEntry[] = []
    if (![...nextHopIds].some(id => this.#userCounts.has(id))) return users
    for (const entry of this.entries()) {
      if (entry.nextHopId !== undefined && nextHopIds.has(entry.nextHopId)) users.push(entry)
    }
    return users
  }

  #register({ nextHopId }: FibEntry): void {
    if (nextHopId !== undefined) this.#userCounts.set(nextHopId, this.userCount(nextHopId) + 1)
  }

  #release({ nextHopId }: FibEntry): void {
    if (nextHopId === undefined) return
    const count = this.userCount(nextHopId) - 1
    if (count === 0) this.#userCounts.delete(nextHopId)
    else this.#userCounts.set(nextHopId, count)
  }

  #table(number: number): PrefixTable<FibEntry[]> {
    let table = this.#tables.get(number)
    if (table === undefined) {
      table = new PrefixTable()
      this.#tables.set(number, table)
    }
    return table
  }

  #store(table: PrefixTable<FibEntry[]>, prefix: Prefix, list: FibEntry[]): void {
    this.version += 1
    if (list.length === 0) table.delete(prefix)
    else table.set(prefix, list)
    const local = this.#tables.get(TABLE_LOCAL)!.get(prefix)
    const main = this.#tables.get(TABLE_MAIN)!.get(prefix)
    if (local !== undefined && main !== undefined) this.#merged.set(prefix, [...local, ...main])
    else if (local === undefined && main === undefined) this.#merged.delete(prefix)
    else this.#merged.set(prefix, (local ?? main)!)
  }
}

/**
 * Upper bounds for the 31-bit hash: bound i is the share of the weights up to i, rounded half up, less one. Dead next hops,
 * and those without carrier on a device that ignores such, get -1 (fib_rebalance, fib_semantics.c).
 */
export function multipathBounds(nextHops: readonly FibNextHop[]): readonly number[] {
  let total = 0
  for (const hop of nextHops) if (isUsable(hop)) total += hop.weight
  let sum = 0
  return nextHops.map(hop => {
    if (!isUsable(hop)) return -1
    sum += hop.weight
    return Math.floor((sum * 2 ** 31) / total + 0.5) - 1
  })
}

/** Whether a next hop may carry packets: its device is up, and has carrier where that is asked for. */
export function isUsable(hop: FibNextHop): boolean {
  if (hop.isDead) return false
  return !hop.isLinkDown || hop.interface === undefined || hop.interface.settings.ignore_routes_with_linkdown === 0
}

/** The kernel's number of a scope. */
export function scopeNumber(scope: RouteScope): number {
  return SCOPE_NUMBERS[scope]
}

function search(
  table: PrefixTable<readonly FibEntry[]>,
  destination: Ipv4Address,
  tos: number,
  output: Interface | undefined,
  lowestScope: number,
): FibEntry | undefined {
  for (const length of table.lengths) {
    const list = table.at(length, destination)
    if (list === undefined) continue
    for (const entry of list) {
      if (entry.tos !== 0 && entry.tos !== (tos & 0xfc)) continue
      if (lowestScope > 0 && scopeNumber(entry.scope) < lowestScope) continue
      if (entry.type === 'throw') return undefined
      if (entry.type === 'blackhole' || entry.type === 'unreachable' || entry.type === 'prohibit') return entry
      for (const hop of entry.nextHops) {
        if (isUsable(hop) && (output === undefined || hop.interface === output)) return entry
      }
    }
  }
  return undefined
}

function isSameRoute(a: FibRoute, b: FibRoute): boolean {
  if (a.type !== b.type || a.nextHopId !== b.nextHopId || a.preferredSource !== b.preferredSource) return false
  if (a.protocol !== b.protocol || a.scope !== b.scope || a.nextHops.length !== b.nextHops.length) return false
  return a.nextHops.every((hop, index) => {
    const other = b.nextHops[index]!
    return hop.gateway === other.gateway && hop.interface === other.interface && hop.weight === other.weight
  })
}

function isMatch(entry: FibEntry, match: RouteMatch): boolean {
  const { tos, metric, type, protocol, scope, preferredSource, nextHopId, nextHops } = match
  if ((tos ?? entry.tos) !== entry.tos || (metric ?? entry.metric) !== entry.metric) return false
  if ((type ?? entry.type) !== entry.type || (protocol ?? entry.protocol) !== entry.protocol) return false
  if ((scope ?? entry.scope) !== entry.scope) return false
  if (preferredSource !== undefined && preferredSource !== entry.preferredSource) return false
  if (nextHopId !== undefined && nextHopId !== entry.nextHopId) return false
  return (nextHops ?? []).every(wanted =>
    entry.nextHops.some(
      hop =>
        (wanted.gateway === undefined || wanted.gateway === hop.gateway) &&
        (wanted.interface === undefined || wanted.interface === hop.interface),
    ),
  )
}
