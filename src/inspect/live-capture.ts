import { type CompiledFilter, compileFilter } from '../capture/filter/compile-filter.ts'
import { LINK_TYPE } from '../capture/link-type.ts'
import { type CapturedPacket, instantOf } from '../capture/packet.ts'
import { PacketPrinter } from '../capture/print/print-packet.ts'
import { tcpdumpOptions } from '../capture/tcpdump-options.ts'
import type { Interface } from '../host/interface.ts'
import type { Lab } from '../lab/lab.ts'
import type { Tap } from '../link/port.ts'
import type { EthernetFrame } from '../wire/ethernet.ts'
import { encodeFrames } from '../wire/frame-codec.ts'
import type { Position, World } from './world.ts'

export interface CaptureOptions {
  /** Container or name; `machine` too. */
  readonly node: string
  /** Device, or `any`. */
  readonly interface: string
  /** pcap-filter(7); default all. */
  readonly filter?: string
  /** Most lines kept, the newest. Default 1000. */
  readonly limit?: number
}

/** Which frame at which place: the same in every execution of the same history. */
export interface PacketHandle {
  readonly node: string
  readonly interface: string
  readonly direction: 'in' | 'out'
  readonly atNs: number
  /** Events that had run, the one included in which it passed. */
  readonly events: number
  /** Position among the frames that passed the interface this way during that event. */
  readonly ordinal: number
}

export interface CapturedLine {
  readonly handle: PacketHandle
  /** As tcpdump -nn prints it, without the newline at the end; with `any` device and direction stand behind the time. */
  readonly text: string
  readonly frame: EthernetFrame
}

const DEFAULT_LIMIT = 1000
const PRINTER = tcpdumpOptions([{ name: 'n', value: '' }], [])

/** Packets of one device as tcpdump -nn prints them. */
export function linePrinter(timeStyle: 'clock' | 'none'): PacketPrinter {
  if (typeof PRINTER === 'string') throw new Error(PRINTER)
  return new PacketPrinter({ ...PRINTER.printer, timeStyle }, LINK_TYPE.ethernet)
}

/** A frame as the capture of an instant holds it. More than one when it is cut into pieces on the wire. */
export function capturedPackets(frame: EthernetFrame, epochMs: number, atNs: number): readonly CapturedPacket[] {
  return encodeFrames(frame, { epochMs }).map(bytes => ({
    ...instantOf(epochMs, atNs),
    bytes,
    wireBytes: bytes.length,
  }))
}

/** tcpdump on an interface while time passes; after going back it holds what had passed by then. */
export class LiveCapture {
  readonly options: CaptureOptions
  #filter: CompiledFilter = { ok: true, matches: () => true }
  #lines: CapturedLine[] = []
  #dropped = 0
  #printer = linePrinter('clock')
  #world: World | undefined
  #detach: (() => void)[] = []
  /** Devices that are listened to. */
  #devices: readonly Interface[] = []
  #passing: { key: string; events: number; count: number } = { key: '', events: -1, count: 0 }
  readonly #onClose: () => void
  #isClosed = false

  constructor(options: CaptureOptions, onClose: () => void) {
    this.options = options
    this.#onClose = onClose
    this.setFilter(options.filter ?? '')
  }

  /** What keeps it from capturing: the filter's mistake in tcpdump's words, or a device that is not there. */
  get mistake(): string | undefined {
    if (!this.#filter.ok) return this.#filter.message
    if (this.#devices.length > 0) return undefined
    return `${this.options.node} ${this.options.interface}: No such device exists`
  }

  /** Oldest first. */
  get lines(): readonly CapturedLine[] {
    return this.#lines
  }

  /** How many have fallen off. */
  get dropped(): number {
    return this.#dropped
  }

  /** Takes another filter from now on; false when it is wrong, then nothing is captured. */
  setFilter(filter: string): boolean {
    this.#filter = compileFilter(filter, { linkType: LINK_TYPE.ethernet, isLive: true })
    return this.#filter.ok
  }

  close(): void {
    this.#isClosed = true
    this.#letGo()
    this.#onClose()
  }

  /** Listens to this copy of the lab, from its present position on; devices may have come or gone since the last call. */
  attach(world: World): void {
    if (this.#isClosed) return
    if (world !== this.#world) this.#rewind(world.position)
    const devices = devicesOf(world.lab, this.options)
    const isSame =
      devices.length === this.#devices.length && devices.every((one, index) => one === this.#devices[index])
    if (world === this.#world && isSame) return
    this.#letGo()
    this.#world = world
    this.#devices = devices
    for (const device of devices) {
      const tap: Tap = (frame, direction) => this.#take(world.lab, device, frame, direction)
      device.taps.add(tap)
      this.#detach.push(() => device.taps.delete(tap))
    }
  }

  #letGo(): void {
    for (const detach of this.#detach) detach()
    this.#detach = []
  }

  /** Forgets what had not passed yet. */
  #rewind({ events }: Position): void {
    const kept = this.#lines.filter(({ handle }) => handle.events <= events)
    if (kept.length !== this.#lines.length) this.#hold(kept)
  }

  /** What it holds now. The function that is returned brings that back, when what has passed since shall not have passed. */
  keep(): () => void {
    const lines = [...this.#lines]
    const dropped = this.#dropped
    return () => {
      this.#dropped = dropped
      this.#hold(lines)
    }
  }

  #hold(kept: CapturedLine[]): void {
    this.#lines = kept
    // the printer numbers what follows by what it has seen of each connection
    this.#printer = linePrinter('clock')
    const epochMs = this.#world?.lab.simulator.epochMs ?? 0
    for (const { frame, handle } of kept)
      for (const packet of capturedPackets(frame, epochMs, handle.atNs)) this.#printer.print(packet)
  }

  #take({ simulator }: Lab, device: Interface, frame: EthernetFrame, direction: 'in' | 'out'): void {
    const ordinal = this.#count(`${device.name} ${direction}`, simulator.executedEvents)
    // a packet on lo passes twice and is taken once
    if (!this.#filter.ok || (device.isLoopback && direction === 'out')) return
    const handle: PacketHandle = {
      node: this.options.node,
      interface: device.name,
      direction,
      atNs: simulator.nowNs,
      events: simulator.executedEvents,
      ordinal,
    }
    for (const packet of capturedPackets(frame, simulator.epochMs, simulator.nowNs)) {
      if (!this.#filter.matches(packet.bytes, packet.wireBytes, direction === 'out')) continue
      const text = this.#printer.print(packet).trimEnd()
      this.#lines.push({ handle, text: this.options.interface === 'any' ? withDevice(text, handle) : text, frame })
    }
    const limit = this.options.limit ?? DEFAULT_LIMIT
    if (this.#lines.length < 2 * limit) return
    this.#dropped += this.#lines.length - limit
    this.#lines = this.#lines.slice(-limit)
  }

  #count(key: string, events: number): number {
    if (this.#passing.key === key && this.#passing.events === events) this.#passing.count += 1
    else this.#passing = { key, events, count: 0 }
    return this.#passing.count
  }
}

/** Device and direction stand behind the time, as `tcpdump -i any` has them. */
function withDevice(text: string, { interface: device, direction }: PacketHandle): string {
  const at = text.indexOf(' ') + 1
  return `${text.slice(0, at)}${device.padEnd(5)} ${direction === 'in' ? 'In ' : 'Out'} ${text.slice(at)}`
}

function devicesOf(lab: Lab, options: CaptureOptions): readonly Interface[] {
  const interfaces = lab.node(options.node)?.host.interfaces
  if (interfaces === undefined) return []
  if (options.interface === 'any') return interfaces.all()
  const device = interfaces.get(options.interface)
  return device === undefined ? [] : [device]
}
