import type { JournalEntry } from '../../sim/journal.ts'
import { formatIpv4, formatMac, type Ipv4Address, type MacAddress } from '../../wire/address.ts'
import type { Ipv4Packet } from '../../wire/ipv4.ts'
import type { Host } from '../host.ts'
import type { Interface } from '../interface.ts'
import { emitFrame } from '../output.ts'
import { packetWatcher } from '../packet-watch.ts'
import { failure, OK, type Result } from '../result.ts'
import type { RouteProtocol } from '../route-protocol.ts'
import { solicit } from './arp.ts'
import { Neighbor } from './neighbor.ts'
import { timerEvent } from './neighbor-timer.ts'
import {
  EVENT,
  NEIGHBOR_STATES,
  type NeighborAction,
  type NeighborStateName,
  neighborTransition,
  STATE,
} from './neighbor-transitions.ts'
import { ReachableTimes } from './reachable-time.ts'

/** State of an entry as `ip neigh` prints it. */
export type NeighborRowState = Uppercase<Exclude<NeighborStateName, 'none'>>

/** One row of `ip neigh`, also told to monitors. Instants are nanoseconds of simulated time. */
export interface NeighborRow {
  readonly address: Ipv4Address
  readonly interface: Interface
  /** Undefined while it is not known. */
  readonly mac: MacAddress | undefined
  readonly state: NeighborRowState
  readonly usedAtNs: number
  readonly confirmedAtNs: number
  readonly updatedAtNs: number
  readonly probes: number
  readonly isExternallyLearned: boolean
  readonly protocol: RouteProtocol
}

/** What `ip neigh add` says. */
export interface NeighborRequest {
  readonly interface: Interface
  readonly address: Ipv4Address
  readonly mac?: MacAddress
  /** iproute2 means PERMANENT when nothing is said. */
  readonly state?: NeighborRowState
  readonly isExternallyLearned?: boolean
  readonly protocol?: RouteProtocol
}

/**
 * The ARP table of a host. It fills from traffic and administration only; a row goes when its device goes down.
 *
 * Differs from Linux: garbage collection (above 128 entries in the whole kernel) and the limit of 1024 are not modelled:
 * STALE and FAILED entries stay, as they do in a small lab. Source: net/core/neighbour.c.
 */
export class NeighborTable {
  /** `ip neigh add proxy`: addresses that are answered for, by device. */
  readonly proxies = new Map<Interface, Set<Ipv4Address>>()
  readonly #host: Host
  readonly #byDevice = new Map<Interface, Map<Ipv4Address, Neighbor>>()
  readonly #reachableTimes: ReachableTimes

  constructor(host: Host) {
    this.#host = host
    this.#reachableTimes = new ReachableTimes(host)
  }

  /** The entry; undefined when there is none. */
  get(device: Interface, address: Ipv4Address): Neighbor | undefined {
    return this.#byDevice.get(device)?.get(address)
  }

  /** Whether path choice may use the next hop: no entry, or one with a usable MAC address. */
  isGood(device: Interface, address: Ipv4Address): boolean {
    return this.get(device, address)?.isValid ?? true
  }

  /** Sends a packet to a neighbour on the device, or parks it until its MAC address is known. */
  send(device: Interface, address: Ipv4Address, packet: Ipv4Packet, input: Interface | undefined): void {
    const entry = this.get(device, address) ?? this.create(device, address)
    const { state } = entry
    if (state === STATE.reachable || state >= STATE.permanent) {
      emitFrame(this.#host, device, entry.mac, packet)
      return
    }
    entry.usedAtNs = this.#host.simulator.nowNs
    if (entry.isValid) {
      if (state === STATE.stale) this.#apply(entry, EVENT.packetIsSent)
      emitFrame(this.#host, device, entry.mac, packet)
      return
    }
    const dropped = entry.pending.park({ packet, input }, device.neighborSettings.unres_qlen_bytes)
    for (let count = 0; count < dropped; count += 1) this.#host.counters.drop('neighbor-queue-full')
    if (state !== STATE.incomplete) this.#apply(entry, EVENT.packetIsSent)
  }

  /** Starts the resolution of an address without a packet, as `neigh_event_send(n, NULL)`. */
  resolve(device: Interface, address: Ipv4Address): void {
    const entry = this.get(device, address) ?? this.create(device, address)
    this.#apply(entry, EVENT.packetIsSent)
  }

  /** A reply came, or TCP made progress: the neighbour is there (dst_confirm). Nothing happens at once. */
  confirm(device: Interface, address: Ipv4Address): void {
    const entry = this.get(device, address)
    if (entry !== undefined) entry.confirmedAtNs = this.#host.simulator.nowNs
  }

  /** Makes a blank entry. */
  create(device: Interface, address: Ipv4Address): Neighbor {
    const { nowNs } = this.#host.simulator
    const entry = new Neighbor(device, address, nowNs, nowNs - 2e6 * device.neighborSettings.base_reachable_time_ms)
    let entries = this.#byDevice.get(device)
    if (entries === undefined) {
      entries = new Map()
      this.#byDevice.set(device, entries)
    }
    entries.set(address, entry)
    return entry
  }

  /**
   * A MAC address was received for the entry (neigh_update). `isReachable` when a reply to us proves both directions;
   * `mayOverride` when another MAC address may replace the known one.
   */
  learn(entry: Neighbor, mac: MacAddress, isReachable: boolean, mayOverride: boolean): void {
    if (entry.state >= STATE.permanent) return
    const { nowNs } = this.#host.simulator
    if (isReachable) entry.confirmedAtNs = nowNs
    const isNewMac = !entry.isValid || mac !== entry.mac
    if (entry.isValid && isNewMac && !mayOverride) return
    if (!isNewMac && (!isReachable || entry.state === STATE.reachable)) return
    if (isNewMac) {
      entry.mac = mac
      entry.updatedAtNs = nowNs
      if (!isReachable) entry.confirmedAtNs = nowNs - 2e6 * entry.interface.neighborSettings.base_reachable_time_ms
    }
    const before = entry.state
    this.#apply(entry, isReachable ? EVENT.reachabilityIsLearned : EVENT.addressIsLearned)
    if (before === entry.state) this.#notify(entry, true)
  }

  /** `ip neigh add|replace|change`. EEXIST, ENOENT as netlink answers; EINVAL without a MAC address where one is needed. */
  set(request: NeighborRequest, mode: 'add' | 'replace' | 'change'): Result {
    const { interface: device, address, mac } = request
    const known = this.get(device, address)
    if (known !== undefined && mode === 'add') return failure('EEXIST')
    if (known === undefined && mode === 'change') return failure('ENOENT')
    const state = request.state ?? 'PERMANENT'
    const needsMac = state !== 'INCOMPLETE' && state !== 'FAILED' && state !== 'NOARP'
    if (needsMac && mac === undefined && !known?.isValid) return failure('EINVAL', 'No link layer address given.')
    const entry = known ?? this.create(device, address)
    if (mac !== undefined) entry.mac = mac
    if (state === 'PERMANENT' || state === 'REACHABLE') entry.confirmedAtNs = this.#host.simulator.nowNs
    entry.isExternallyLearned = request.isExternallyLearned ?? false
    entry.protocol = request.protocol ?? entry.protocol
    const before = entry.state
    this.#apply(entry, ADMINISTRATOR_EVENTS[state])
    if (before === entry.state) this.#notify(entry, true)
    return OK
  }

  /** `ip neigh del`. ENOENT when there is none. */
  delete(device: Interface, address: Ipv4Address): Result {
    const entry = this.get(device, address)
    if (entry === undefined) return failure('ENOENT')
    this.#apply(entry, EVENT.administratorSetsFailed, true)
    this.#remove(entry)
    return OK
  }

  /** Removes every entry for which the test holds, as `ip neigh flush` does; returns how many. */
  flush(test: (row: NeighborRow) => boolean): number {
    const rows = this.snapshot().filter(test)
    for (const row of rows) this.delete(row.interface, row.address)
    return rows.length
  }

  /** The device went down (`all`) or lost carrier (`dynamic` entries only): entries and parked packets go silently. */
  flushDevice(device: Interface, which: 'all' | 'dynamic'): void {
    for (const entry of [...(this.#byDevice.get(device)?.values() ?? [])]) {
      if (which === 'dynamic' && entry.state === STATE.permanent) continue
      for (const _ of entry.pending.takeAll()) this.#host.counters.drop('neighbor-removed')
      this.#remove(entry)
    }
  }

  /** All rows by device index and address. */
  snapshot(): readonly NeighborRow[] {
    const rows: NeighborRow[] = []
    for (const entries of this.#byDevice.values()) {
      for (const entry of entries.values()) if (entry.state !== STATE.none) rows.push(rowOf(entry))
    }
    return rows.sort((a, b) => a.interface.index - b.interface.index || a.address - b.address)
  }

  #remove(entry: Neighbor): void {
    this.#stopTimer(entry)
    this.#byDevice.get(entry.interface)!.delete(entry.address)
    if (entry.state !== STATE.none) this.#notify(entry, false)
  }

  /** The hot path: one look-up in the compiled table, then its actions. */
  #apply(entry: Neighbor, event: number, isSilent = false): void {
    const transition = neighborTransition(entry.state, event)
    if (transition === undefined) return
    const before = entry.state
    entry.state = transition.next
    if (before !== transition.next) entry.updatedAtNs = this.#host.simulator.nowNs
    const isTold = transition.next !== STATE.delay && transition.next !== STATE.incomplete && !isSilent
    if (before !== transition.next && isTold) this.#notify(entry, true)
    if (transition.next === STATE.stale) this.#stopTimer(entry)
    for (const action of transition.actions) this.#act(entry, action)
  }

  #act(entry: Neighbor, action: NeighborAction): void {
    const settings = entry.interface.neighborSettings
    switch (action) {
      case 'startSolicitation':
        entry.probes = settings.ucast_solicit
        return
      case 'startProbing':
        entry.probes = 0
        return
      case 'sendRequest':
        solicit(this.#host, entry)
        entry.probes += 1
        return
      case 'startRetransmitTimer':
        this.#startTimer(entry, 1e6 * settings.retrans_time_ms, entry.state === STATE.probe)
        return
      case 'startReachableTimer':
        this.#startTimer(entry, this.#reachableTimes.get(entry.interface), true)
        return
      case 'restartReachableTimer':
        this.#startTimer(entry, this.#confirmationLeftNs(entry), true)
        return
      case 'startDelayTimer':
        this.#startTimer(entry, 1e9 * settings.delay_first_probe_time, true)
        return
      case 'stopTimer':
        this.#stopTimer(entry)
        return
      case 'sendQueue':
        for (const { packet } of entry.pending.takeAll()) emitFrame(this.#host, entry.interface, entry.mac, packet)
        return
      case 'failQueue':
        for (const { packet, input } of entry.pending.takeAll()) {
          this.#host.counters.drop('neighbor-failed')
          packetWatcher(this.#host.simulator)?.onDrop(this.#host.name, packet, 'neighbor-failed')
          this.#host.icmp.sendError({ packet, input, type: 3, code: 1 })
        }
    }
  }

  #confirmationLeftNs(entry: Neighbor): number {
    const endNs = entry.confirmedAtNs + this.#reachableTimes.get(entry.interface)
    return Math.max(endNs - this.#host.simulator.nowNs, SHORTEST_TIMER_NS)
  }

  /** Ageing is background; a resolution under way keeps the kind of what caused it. */
  #startTimer(entry: Neighbor, delayNs: number, isAgeing: boolean): void {
    this.#stopTimer(entry)
    const expire = (): void => {
      entry.timer = undefined
      this.#apply(entry, timerEvent(entry, this.#host.simulator.nowNs, this.#reachableTimes.get(entry.interface)))
    }
    const { simulator, origin } = this.#host
    entry.timer = isAgeing
      ? simulator.schedule(origin, delayNs, expire, 'background')
      : simulator.schedule(origin, delayNs, expire)
  }

  #stopTimer(entry: Neighbor): void {
    this.#host.simulator.cancel(entry.timer)
    entry.timer = undefined
  }

  #notify(entry: Neighbor, added: boolean): void {
    const { monitor, journal, name } = this.#host
    const change: JournalledChange = {
      device: entry.interface.name,
      state: added ? NEIGHBOR_STATES[entry.state]! : 'removed',
      mac: entry.isValid ? entry.mac : undefined,
    }
    journal.recordEach(name, 'neighbor.state', [entry.address], change, describeChange)
    if (monitor.hasListeners) monitor.notify({ kind: 'neighbor', neighbor: rowOf(entry), added })
  }
}

/** What the journal keeps of a change until somebody reads it. */
interface JournalledChange {
  readonly device: string
  readonly state: string
  readonly mac: MacAddress | undefined
}

function describeChange(address: Ipv4Address, { device, state, mac }: JournalledChange): JournalEntry['detail'] {
  return { interface: device, address: formatIpv4(address), state, mac: mac === undefined ? '' : formatMac(mac) }
}

/** The ARP table of a host as `ip neigh` and `arp` need it, by device index and address. */
export function snapshotNeighbors(host: Host): readonly NeighborRow[] {
  return host.neighbors.snapshot()
}

/** The kernel sets no neighbour timer shorter than 10 ms. */
const SHORTEST_TIMER_NS = 10e6

const ADMINISTRATOR_EVENTS: Readonly<Record<NeighborRowState, number>> = {
  INCOMPLETE: EVENT.administratorSetsIncomplete,
  REACHABLE: EVENT.administratorSetsReachable,
  STALE: EVENT.administratorSetsStale,
  DELAY: EVENT.administratorSetsDelay,
  PROBE: EVENT.administratorSetsProbe,
  FAILED: EVENT.administratorSetsFailed,
  PERMANENT: EVENT.administratorSetsPermanent,
  NOARP: EVENT.administratorSetsNoarp,
}

function rowOf(entry: Neighbor): NeighborRow {
  return {
    address: entry.address,
    interface: entry.interface,
    mac: entry.isValid ? entry.mac : undefined,
    state: NEIGHBOR_STATES[entry.state]!.toUpperCase() as NeighborRowState,
    usedAtNs: entry.usedAtNs,
    confirmedAtNs: entry.confirmedAtNs,
    updatedAtNs: entry.updatedAtNs,
    probes: entry.probes,
    isExternallyLearned: entry.isExternallyLearned,
    protocol: entry.protocol,
  }
}
