import { type Ipv4Address, type Prefix, prefixOf } from '../wire/address.ts'
import { FibEntry, RouteKinds } from './fib-entry.ts'
import type { Interface } from './interface.ts'
import { PrefixTable } from './prefix-table.ts'
import type { Failure } from './result.ts'
import { isMatch, type RouteListChange, withRoute } from './route-list.ts'
import type { RouteProtocol } from './route-protocol.ts'
import { isUsable, multipathBounds } from './usable-next-hops.ts'

/** What happens to packets that a route takes (RTN_*, include/uapi/linux/rtnetlink.h). */
export type RouteType = 'unicast' | 'blackhole' | 'unreachable' | 'prohibit' | 'throw' | 'local' | 'broadcast'

/** Distance to the destination; numbers as in the kernel: global 0, link 253, host 254, nowhere 255. */
export type RouteScope = 'global' | 'link' | 'host' | 'nowhere'

/** Number of the main table. */
export const TABLE_MAIN = 254
const TABLE_LOCAL = 255

/** One way out of a route. The flags follow the device. */
export interface FibNextHop {
  readonly gateway?: Ipv4Address | undefined
  readonly interface?: Interface | undefined
  readonly weight: number
  readonly onlink: boolean
  /** RTNH_F_DEAD: the device is down. */
  isDead: boolean
  /** RTNH_F_LINKDOWN: the device has no carrier. */
  isLinkDown: boolean
}

/** What the kernel knows of a route, apart from its prefix. */
export interface RouteFacts {
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

/** A route as the kernel holds it. Make one with `fibRoute`, which fills in what iproute2 does. */
export interface FibRoute extends RouteFacts {
  readonly prefix: Prefix
}

/** What identifies a route among those of its prefix; what is undefined matches everything (`fib_table_delete`). */
export interface RouteFilter {
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
  readonly nextHops?: readonly Pick<FibNextHop, 'gateway' | 'interface'>[]
}

/** What identifies the route to delete. */
export interface RouteMatch extends RouteFilter {
  readonly prefix: Prefix
}

/** How a route is added beside those of its prefix, as the flags of RTM_NEWROUTE say. */
export type RouteMode = 'add' | 'replace' | 'append' | 'prepend' | 'change'

/** What came of putting a route in. */
export interface InsertedRoutes {
  readonly ok: true
  readonly entry: FibEntry
  /** One for each prefix. */
  readonly changes: readonly RouteListChange[]
}

const NO_BOUNDS: readonly number[] = []
const NO_ROUTES: readonly FibEntry[] = []

const SCOPE_NUMBERS = { global: 0, link: 253, host: 254, nowhere: 255 } as const

/** A route with the defaults of `ip route add`: table main, protocol boot, scope by type and gateway. */
export function fibRoute(
  route: Pick<FibRoute, 'prefix'> &
    Partial<Omit<FibRoute, 'nextHops'>> & {
      readonly nextHops?: readonly (Partial<FibNextHop> & { readonly interface?: Interface })[]
    },
): FibRoute {
  const { type = 'unicast' } = route
  const nextHops = (route.nextHops ?? []).map(fibNextHop)
  const isDirect = nextHops.length > 0 && nextHops.every(hop => hop.gateway === undefined)
  const scope = type === 'local' ? 'host' : type === 'broadcast' || (type === 'unicast' && isDirect) ? 'link' : 'global'
  // field by field: spreading an object into another takes ten times as long
  return {
    prefix: route.prefix,
    type,
    table: route.table ?? (type === 'local' || type === 'broadcast' ? TABLE_LOCAL : TABLE_MAIN),
    tos: route.tos ?? 0,
    metric: route.metric ?? 0,
    protocol: route.protocol ?? 'boot',
    scope: route.scope ?? scope,
    preferredSource: route.preferredSource,
    nextHops,
    nextHopId: route.nextHopId,
    mtuBytes: route.mtuBytes,
    isMtuLocked: route.isMtuLocked,
    advertisedMssBytes: route.advertisedMssBytes,
    otherMetrics: route.otherMetrics,
  }
}

/** A next hop with what it has unless said otherwise: weight 1, and a living device with carrier. */
export function fibNextHop(hop: Partial<FibNextHop>): FibNextHop {
  return {
    gateway: hop.gateway,
    interface: hop.interface,
    weight: hop.weight ?? 1,
    onlink: hop.onlink ?? false,
    isDead: hop.isDead ?? false,
    isLinkDown: hop.isLinkDown ?? false,
  }
}

/**
 * The routing tables of a namespace. Local and main are searched as one, as the kernel does without own rules: the
 * longest prefix wins over both, then local. Other tables can be filled and listed; nothing looks into them.
 *
 * A table holds a list of entries for each prefix. An entry is what a route is apart from its prefix, and prefixes that have
 * but that one share its list too, so that a route of a routing daemon costs no more than its place in the table. Routes
 * through one nexthop object that differ in nothing else share an entry, others when they came together.
 *
 * Differs from Linux: policy rules (`ip rule`) are not modelled, so tables other than local and main are never searched.
 * Sources: net/ipv4/fib_trie.c (fib_table_lookup, fib_table_insert, fib_table_delete), fib_semantics.c (fib_find_info,
 * fib_rebalance).
 */
export class Fib {
  readonly #local = new PrefixTable<readonly FibEntry[]>()
  readonly #main = new PrefixTable<readonly FibEntry[]>()
  readonly #tables = new Map([
    [TABLE_LOCAL, this.#local],
    [TABLE_MAIN, this.#main],
  ])
  readonly #inUse = new Set<FibEntry>()
  /** Entries by the nexthop object that they use. */
  readonly #users = new Map<number, FibEntry[]>()
  readonly #kinds = new RouteKinds()
  /** Rises with every change of what look-ups and learnt exceptions answer, silent ones too. */
  version = 0

  /**
   * The route for a destination; undefined when there is none (or a throw route says so). With `output` only routes with a
   * next hop on that device count, with `lowestScope` only routes of at least that scope.
   */
  lookup(destination: Ipv4Address, tos = 0, output?: Interface, lowestScope = 0): FibEntry | undefined {
    const [local, main] = [this.#local.lengths, this.#main.lengths]
    let inLocal = 0
    let inMain = 0
    while (inLocal < local.length || inMain < main.length) {
      const length = Math.max(local[inLocal] ?? -1, main[inMain] ?? -1)
      let entry: FibEntry | undefined
      if (local[inLocal] === length) {
        entry = choose(this.#local.at(length, destination), tos, output, lowestScope)
        inLocal += 1
      }
      if (main[inMain] === length) {
        entry ??= choose(this.#main.at(length, destination), tos, output, lowestScope)
        inMain += 1
      }
      if (entry !== undefined) return entry.type === 'throw' ? undefined : entry
    }
    return undefined
  }

  /** The same with its prefix: for those who show it. */
  match(destination: Ipv4Address, tos = 0, output?: Interface): FibRoute | undefined {
    const entry = this.lookup(destination, tos, output)
    const table = entry === undefined ? undefined : this.#tables.get(entry.table)
    const length = table?.lengths.find(each => table.at(each, destination)?.includes(entry!))
    return length === undefined ? undefined : entry?.routeOf(prefixOf(destination, length))
  }

  /** The same inside one table only. */
  lookupIn(table: number, destination: Ipv4Address, output?: Interface, lowestScope = 0): FibEntry | undefined {
    const routes = this.#tables.get(table)
    for (const length of routes?.lengths ?? []) {
      const entry = choose(routes!.at(length, destination), 0, output, lowestScope)
      if (entry !== undefined) return entry.type === 'throw' ? undefined : entry
    }
    return undefined
  }

  /** Type that the local table gives an address: RTN_LOCAL, RTN_BROADCAST, else unicast (`inet_addr_type`). */
  addressType(address: Ipv4Address): 'local' | 'broadcast' | 'unicast' {
    const entry = this.lookupIn(TABLE_LOCAL, address)
    return entry === undefined ? 'unicast' : entry.type === 'broadcast' ? 'broadcast' : 'local'
  }

  isLocal(address: Ipv4Address): boolean {
    return this.addressType(address) === 'local'
  }

  /** The routes of a table in the order of `ip route show table N`. */
  routes(table: number = TABLE_MAIN): readonly FibRoute[] {
    const prefixes = this.#tables.get(table)?.prefixes() ?? []
    return prefixes.flatMap(prefix => this.routesOf(prefix, table))
  }

  /** How many routes a table has. */
  count(table: number = TABLE_MAIN): number {
    let count = 0
    for (const entry of this.#inUse) if (entry.table === table) count += entry.references
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
    return (
      this.#tables
        .get(table)
        ?.get(prefix)
        ?.map(entry => entry.routeOf(prefix)) ?? []
    )
  }

  /**
   * Puts a checked route in for prefixes that differ, with this type and these next hops where they are given. EEXIST, ENOENT
   * as netlink answers; when one prefix refuses it, none gets it. Use `Host.addRoutes`, which checks next hops and announces
   * the change.
   */
  insert(
    prefixes: readonly Prefix[],
    route: RouteFacts,
    mode: RouteMode,
    type: RouteType = route.type,
    nextHops: readonly FibNextHop[] = route.nextHops,
  ): Failure | InsertedRoutes {
    const table = this.#table(route.table)
    const entry = this.#entryFor(route, type, nextHops)
    const changes: RouteListChange[] = []
    let last: readonly FibEntry[] | undefined
    let change: RouteListChange | undefined
    for (const prefix of prefixes) {
      const list = table.get(prefix) ?? NO_ROUTES
      if (list !== last) {
        const result = withRoute(list, entry, mode)
        if ('errno' in result) return result
        change = result
        last = list
      }
      changes.push(change!)
    }
    this.#acquire(entry, prefixes.length)
    for (let index = 0; index < prefixes.length; index += 1) {
      const { routes, replaced } = changes[index]!
      table.set(prefixes[index]!, routes)
      if (replaced !== undefined) this.#release(replaced, 1)
    }
    this.version += 1
    return { ok: true, entry, changes }
  }

  /** Takes the first matching route of each prefix out. What went, undefined where there is none. */
  delete(prefixes: readonly Prefix[], match: RouteFilter): readonly (FibEntry | undefined)[] {
    const table = this.#table(match.table ?? TABLE_MAIN)
    return prefixes.map(prefix => {
      const list = table.get(prefix)
      const entry = list?.find(other => isMatch(other, match))
      if (entry !== undefined) this.#take(table, prefix, list!, entry)
      return entry
    })
  }

  /** Takes all routes out of the entries for which the test holds. How many they were. */
  deleteWhere(test: (entry: FibEntry) => boolean): number {
    const lost = new Set([...this.#inUse].filter(test))
    let count = 0
    for (const number of lost.size === 0 ? [] : new Set([...lost].map(entry => entry.table))) {
      const table = this.#table(number)
      const found: (readonly [Prefix, FibEntry])[] = []
      table.forEach((list, prefix) => {
        for (const entry of list) if (lost.has(entry)) found.push([prefix, entry])
      })
      for (const [prefix, entry] of found) this.#take(table, prefix, table.get(prefix)!, entry)
      count += found.length
    }
    return count
  }

  /** What the routes of all tables are apart from their prefixes, in no useful order. */
  entries(): Iterable<FibEntry> {
    return this.#inUse
  }

  /** How many routes use a nexthop object. */
  userCount(nextHopId: number): number {
    return this.#users.get(nextHopId)?.reduce((count, entry) => count + entry.references, 0) ?? 0
  }

  /** What routes that use any of these nexthop objects are. */
  usersOf(nextHopIds: ReadonlySet<number>): readonly FibEntry[] {
    return [...nextHopIds].flatMap(id => this.#users.get(id) ?? [])
  }

  #entryFor(route: RouteFacts, type: RouteType, nextHops: readonly FibNextHop[]): FibEntry {
    const { nextHopId } = route
    const users = nextHopId === undefined ? undefined : this.#users.get(nextHopId)
    for (const entry of users ?? []) if (entry.isLike(route, type)) return entry
    const bounds = nextHopId === undefined ? multipathBounds(nextHops) : NO_BOUNDS
    return new FibEntry(nextHopId, this.#kinds.of(route, type), nextHops, bounds)
  }

  #take(table: PrefixTable<readonly FibEntry[]>, prefix: Prefix, list: readonly FibEntry[], entry: FibEntry): void {
    if (list.length === 1) table.delete(prefix)
    else
      table.set(
        prefix,
        list.filter(other => other !== entry),
      )
    this.#release(entry, 1)
    this.version += 1
  }

  #acquire(entry: FibEntry, count: number): void {
    if (entry.references === 0) {
      this.#inUse.add(entry)
      const { nextHopId } = entry
      if (nextHopId !== undefined) this.#users.set(nextHopId, [...(this.#users.get(nextHopId) ?? []), entry])
    }
    entry.references += count
  }

  #release(entry: FibEntry, count: number): void {
    entry.references -= count
    if (entry.references > 0) return
    this.#inUse.delete(entry)
    const { nextHopId } = entry
    if (nextHopId === undefined) return
    const rest = this.#users.get(nextHopId)!.filter(other => other !== entry)
    if (rest.length > 0) this.#users.set(nextHopId, rest)
    else this.#users.delete(nextHopId)
  }

  #table(number: number): PrefixTable<readonly FibEntry[]> {
    let table = this.#tables.get(number)
    if (table === undefined) {
      table = new PrefixTable()
      this.#tables.set(number, table)
    }
    return table
  }
}

/** The kernel's number of a scope. */
export function scopeNumber(scope: RouteScope): number {
  return SCOPE_NUMBERS[scope]
}

/** The first usable entry of a prefix; a throw route counts as one. */
function choose(
  list: readonly FibEntry[] | undefined,
  tos: number,
  output: Interface | undefined,
  lowestScope: number,
): FibEntry | undefined {
  if (list === undefined) return undefined
  for (const entry of list) {
    if (entry.tos !== 0 && entry.tos !== (tos & 0xfc)) continue
    if (lowestScope > 0 && scopeNumber(entry.scope) < lowestScope) continue
    const { type } = entry
    if (type === 'blackhole' || type === 'unreachable' || type === 'prohibit' || type === 'throw') return entry
    for (const hop of entry.nextHops)
      if (isUsable(hop) && (output === undefined || hop.interface === output)) return entry
  }
  return undefined
}
