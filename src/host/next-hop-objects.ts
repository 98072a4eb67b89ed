import type { Ipv4Address } from '../wire/address.ts'
import { type FibNextHop, fibNextHop } from './fib.ts'
import type { FibEntry } from './fib-entry.ts'
import type { Host } from './host.ts'
import type { Interface } from './interface.ts'
import { failure, OK, type Result } from './result.ts'
import { checkNextHop } from './route-check.ts'
import type { RouteProtocol } from './route-protocol.ts'
import { multipathBounds } from './usable-next-hops.ts'

/** A member of a group; the weight is 1 unless given. */
interface NextHopGroupMember {
  readonly id: number
  readonly weight: number
}

/** A kernel nexthop object, as `ip nexthop` lists it. */
export interface NextHopObject {
  readonly id: number
  readonly protocol: RouteProtocol
  readonly gateway?: Ipv4Address
  readonly interface?: Interface
  readonly onlink?: boolean
  readonly blackhole?: boolean
  /** Only groups have members; a group has no gateway, interface or blackhole. */
  readonly group?: readonly NextHopGroupMember[]
}

/**
 * The nexthop objects of a namespace (`ip nexthop`). The kernel deletes an object when its device goes down or loses
 * carrier; groups shrink with it, and routes that are left without a next hop go silently.
 * Source: Linux net/ipv4/nexthop.c.
 */
export class NextHopObjects {
  readonly #host: Host
  readonly #objects = new Map<number, NextHopObject>()
  /** Next hops and bounds by number, made when first asked for, forgotten when the object or a member changes. */
  readonly #resolved = new Map<number, Pick<FibEntry, 'nextHops' | 'bounds'>>()

  constructor(host: Host) {
    this.#host = host
  }

  get(id: number): NextHopObject | undefined {
    return this.#objects.get(id)
  }

  /** All objects by number. */
  all(): readonly NextHopObject[] {
    return [...this.#objects.values()].sort((a, b) => a.id - b.id)
  }

  /** EEXIST when the number is taken; ENETUNREACH, EINVAL, ENETDOWN for bad gateways and devices. */
  add(object: NextHopObject): Result {
    if (this.#objects.has(object.id)) return failure('EEXIST')
    return this.replace(object)
  }

  /** Adds the object or puts it in place of the one with its number: routes follow at once. */
  replace(object: NextHopObject): Result {
    const checked = this.#check(object)
    if (!checked.ok) return checked
    const old = this.#objects.get(object.id)
    if (old !== undefined && (old.group === undefined) !== (checked.object.group === undefined)) {
      const isGroup = old.group !== undefined
      return failure('EINVAL', isGroup ? REPLACES_GROUP : REPLACES_NEXT_HOP)
    }
    this.#objects.set(object.id, checked.object)
    if (old !== undefined) this.#updateUsers(new Set([object.id, ...this.#groupsOf(object.id)]))
    this.#host.monitor.notify({ kind: 'nexthop', nextHop: checked.object, added: true })
    return OK
  }

  /** ENOENT when there is none with this number. */
  delete(id: number): Result {
    const object = this.#objects.get(id)
    if (object === undefined) return failure('ENOENT')
    this.#remove(new Set([id]))
    this.#host.monitor.notify({ kind: 'nexthop', nextHop: object, added: false })
    return OK
  }

  /** The device went down or lost carrier: its objects go without a notification (nexthop_flush_dev). */
  deleteThrough(device: Interface): void {
    const lost = this.all().filter(object => object.interface === device)
    if (lost.length > 0) this.#remove(new Set(lost.map(object => object.id)))
  }

  /** Next hops of a route that uses this object, shared by all such routes; undefined when the number is unknown. */
  nextHopsOf(id: number): readonly FibNextHop[] | undefined {
    return this.#resolve(id)?.nextHops
  }

  /** Whether the object makes a route a black hole. */
  isBlackhole(id: number): boolean {
    return this.#objects.get(id)?.blackhole === true
  }

  /** Whether path choice follows the rules of groups, which always skip next hops with an invalid neighbour. */
  isGroup(id: number): boolean {
    return this.#objects.get(id)?.group !== undefined
  }

  #check(
    object: NextHopObject,
  ): { readonly ok: true; readonly object: NextHopObject } | (Result & { readonly ok: false }) {
    if (object.group !== undefined) {
      if (object.group.length === 0) return failure('EINVAL', 'Invalid nexthop group.')
      for (const member of object.group) {
        const found = this.#objects.get(member.id)
        if (found === undefined) return failure('EINVAL', 'Invalid nexthop id.')
        if (found.group !== undefined) {
          return failure('EINVAL', 'Hash-threshold group can not be a nexthop within a group.')
        }
      }
      return { ok: true, object }
    }
    if (object.blackhole) return { ok: true, object: { ...object, interface: this.#host.loopback } }
    const device = object.interface
    if (device === undefined) {
      return failure('EINVAL', 'Device attribute required for non-blackhole and non-fdb nexthops.')
    }
    if (!device.isUp) return failure('ENETDOWN', 'Nexthop device is not up.')
    if (!device.hasCarrier) return failure('ENETDOWN', 'Carrier for nexthop device is down.')
    const { gateway, onlink = false } = object
    const hop = checkNextHop(this.#host, { gateway, interface: device, weight: 1, onlink }, 'global')
    if ('errno' in hop) return hop
    return { ok: true, object }
  }

  #groupsOf(id: number): readonly number[] {
    return this.all().flatMap(object => (object.group?.some(member => member.id === id) ? [object.id] : []))
  }

  #remove(ids: ReadonlySet<number>): void {
    const changed = new Set(ids)
    for (const id of ids) this.#objects.delete(id)
    for (const object of this.all()) {
      if (object.group === undefined || !object.group.some(member => ids.has(member.id))) continue
      const group = object.group.filter(member => !ids.has(member.id))
      changed.add(object.id)
      if (group.length === 0) this.#objects.delete(object.id)
      else this.#objects.set(object.id, { ...object, group })
    }
    this.#updateUsers(changed)
  }

  /** Routes through changed objects get their new next hops, or go with the object. */
  #updateUsers(ids: ReadonlySet<number>): void {
    const { fib } = this.#host
    for (const id of ids) this.#resolved.delete(id)
    const lost = new Set<FibEntry>()
    for (const entry of fib.usersOf(ids)) {
      if (this.#objects.has(entry.nextHopId!)) this.fillIn(entry)
      else lost.add(entry)
    }
    if (lost.size > 0) fib.deleteWhere(entry => lost.has(entry))
    fib.version += 1
  }

  /** Gives a route the present next hops of its object. */
  fillIn(entry: FibEntry): void {
    const resolved = this.#resolve(entry.nextHopId!)
    entry.nextHops = resolved?.nextHops ?? []
    entry.bounds = resolved?.bounds ?? []
  }

  #resolve(id: number): Pick<FibEntry, 'nextHops' | 'bounds'> | undefined {
    const known = this.#resolved.get(id)
    const object = this.#objects.get(id)
    if (known !== undefined || object === undefined) return known
    const nextHops =
      object.group === undefined
        ? [asFibNextHop(object, 1)]
        : object.group.map(member => asFibNextHop(this.#objects.get(member.id)!, member.weight))
    const resolved = { nextHops, bounds: multipathBounds(nextHops) }
    this.#resolved.set(id, resolved)
    return resolved
  }
}

const REPLACES_GROUP = 'Can not replace a nexthop group with a nexthop.'
const REPLACES_NEXT_HOP = 'Can not replace a nexthop with a nexthop group.'

function asFibNextHop({ gateway, interface: device, onlink }: NextHopObject, weight: number): FibNextHop {
  return fibNextHop({ gateway, interface: device, weight, onlink: onlink ?? false })
}
