import type { Host } from '../host/host.ts'
import type { Interface } from '../host/interface.ts'
import { watchPackets } from '../host/packet-watch.ts'
import type { Tap } from '../link/port.ts'
import { ZERO_MAC } from '../wire/address.ts'
import type { EthernetFrame } from '../wire/ethernet.ts'
import type { Ipv4Packet } from '../wire/ipv4.ts'
import { innermost, packetIdentity } from './packet-identity.ts'
import type { World } from './world.ts'

/** A frame at a place. */
export interface Passage {
  readonly host: Host
  /** Undefined for a drop inside the host. */
  readonly device: Interface | undefined
  readonly direction: 'in' | 'out'
  readonly frame: EthernetFrame
  readonly atNs: number
  readonly events: number
  /** Position among the frames that passed the device this way during the event. */
  readonly ordinal: number
  /** Equal for all passages of one packet. */
  readonly packet: number
  /** Why it ended here. */
  readonly dropped?: string
}

/** Most passages kept: a second of a busy lab. */
const MOST_PASSAGES = 200_000

/** Notes every frame on every device of a lab, with what makes its packet known again. */
export class PacketRecorder {
  readonly passages: Passage[] = []
  readonly #world: World
  readonly #stops: (() => void)[] = []
  readonly #hosts = new Map<string, Host>()
  readonly #tapped = new Set<Interface>()
  /** How many hosts and cables there were at the last look. */
  #known = 0
  /** The payload moves on from packet to packet as the same object, unless something in it is rewritten. */
  readonly #byObject = new WeakMap<object, number>()
  /** Where the object was made anew without a word: the last packet that came in at a host and looked the same. */
  readonly #byLook = new Map<string, number>()
  readonly #counts = new Map<string, { events: number; count: number }>()
  #next = 1

  constructor(world: World) {
    this.#world = world
    watchPackets(world.lab.simulator, {
      onDrop: (name, packet, reason) => this.#noteDrop(this.#hosts.get(name), packet, reason),
      onRewrite: (name, before, after) => this.#link(name, before, after),
    })
    this.look()
  }

  /** Listens to what is new. Called after every event. */
  look(): void {
    const { hosts, cables } = this.#world.observer
    if (hosts.length + cables.length === this.#known) return
    this.#known = hosts.length + cables.length
    for (const host of hosts) {
      this.#hosts.set(host.name, host)
      for (const device of host.interfaces) if (!this.#tapped.has(device)) this.#tap(host, device)
    }
    for (const cable of cables) {
      cable.onDrop = (frame, reason) => this.#noteLoss(frame, reason)
    }
  }

  get isFull(): boolean {
    return this.passages.length >= MOST_PASSAGES
  }

  stop(): void {
    for (const stop of this.#stops) stop()
    for (const cable of this.#world.observer.cables) cable.onDrop = undefined
    watchPackets(this.#world.lab.simulator, { onDrop() {}, onRewrite() {} })
  }

  #tap(host: Host, device: Interface): void {
    const tap: Tap = (frame, direction) => {
      if (this.isFull) return
      const { nowNs, executedEvents } = this.#world.lab.simulator
      const key = `${host.name} ${device.name} ${direction}`
      const ordinal = this.#count(key, executedEvents)
      const packet = this.#numberOf(host, frame, direction)
      this.passages.push({ host, device, direction, frame, atNs: nowNs, events: executedEvents, ordinal, packet })
    }
    this.#tapped.add(device)
    device.taps.add(tap)
    this.#stops.push(() => device.taps.delete(tap))
  }

  #count(key: string, events: number): number {
    const last = this.#counts.get(key)
    if (last?.events === events) {
      last.count += 1
      return last.count
    }
    this.#counts.set(key, { events, count: 0 })
    return 0
  }

  #numberOf(host: Host, { payload }: EthernetFrame, direction: 'in' | 'out'): number {
    const object = payload.kind === 'arp' ? payload : innermost(payload).payload
    const look = payload.kind === 'arp' ? undefined : packetIdentity(payload)
    const key = look === undefined ? undefined : `${host.name} ${look}`
    let number = this.#byObject.get(object)
    if (number === undefined && direction === 'out' && key !== undefined) number = this.#byLook.get(key)
    number ??= this.#next++
    this.#byObject.set(object, number)
    if (key !== undefined && direction === 'in') this.#byLook.set(key, number)
    return number
  }

  #link(hostName: string, before: Ipv4Packet, after: Ipv4Packet): void {
    const object = innermost(before).payload
    const look = packetIdentity(before)
    const number = this.#byObject.get(object) ?? this.#byLook.get(`${hostName} ${look}`) ?? this.#next++
    this.#byObject.set(object, number)
    this.#byObject.set(innermost(after).payload, number)
  }

  /** What a cable loses was sent just before. */
  #noteLoss(frame: EthernetFrame, reason: string): void {
    const sent = this.passages.findLast(passage => passage.frame === frame && passage.direction === 'out')
    if (sent !== undefined) this.#drop(sent.host, sent.device, frame, `lost on the way: ${reason}`, sent.packet)
  }

  #noteDrop(host: Host | undefined, packet: Ipv4Packet, reason: string): void {
    const number = this.#byObject.get(innermost(packet).payload)
    const frame: EthernetFrame = { source: ZERO_MAC, destination: ZERO_MAC, payload: packet }
    if (host !== undefined && number !== undefined) this.#drop(host, undefined, frame, reason, number)
  }

  #drop(host: Host, device: Interface | undefined, frame: EthernetFrame, dropped: string, packet: number): void {
    const { nowNs, executedEvents } = this.#world.lab.simulator
    const direction = device === undefined ? 'in' : 'out'
    const at = { atNs: nowNs, events: executedEvents, ordinal: -1 }
    this.passages.push({ host, device, direction, frame, ...at, packet, dropped })
  }
}
