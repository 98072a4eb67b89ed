import { type Passage, withCookedHeader } from '../../../capture/cooked-header.ts'
import { writePcap } from '../../../capture/file/write-pcap.ts'
import { type CompiledFilter, compileFilter } from '../../../capture/filter/compile-filter.ts'
import { LINK_TYPE, linkTypeText } from '../../../capture/link-type.ts'
import { type CapturedPacket, instantOf } from '../../../capture/packet.ts'
import { PacketPrinter } from '../../../capture/print/print-packet.ts'
import type { TcpdumpOptions } from '../../../capture/tcpdump-options.ts'
import type { Interface } from '../../../host/interface.ts'
import type { Tap } from '../../../link/port.ts'
import { type Coroutine, Signal } from '../../../sim/coroutine.ts'
import { BROADCAST_MAC, isGroupMac, netmask } from '../../../wire/address.ts'
import type { EthernetFrame } from '../../../wire/ethernet.ts'
import { encodeFrames } from '../../../wire/frame-codec.ts'
import type { CommandContext } from '../../command.ts'
import { bytesToFileText } from './binary-file.ts'

type Matches = Extract<CompiledFilter, { ok: true }>['matches']

/** One run of tcpdump on the devices of a node, until -c packets have come or somebody presses Ctrl-C. */
export class LiveCapture {
  readonly #context: CommandContext
  readonly #options: TcpdumpOptions
  /** `any`, or the device's name. */
  readonly #title: string
  readonly #devices: readonly Interface[]
  readonly #linkType: number
  readonly #news = new Signal()
  readonly #written: CapturedPacket[] = []
  #captured = 0
  #received = 0

  /** @param title what is captured on: `any` makes cooked headers */
  constructor(context: CommandContext, options: TcpdumpOptions, title: string, devices: readonly Interface[]) {
    this.#context = context
    this.#options = options
    this.#title = title
    this.#devices = devices
    this.#linkType = title === 'any' ? LINK_TYPE.cookedV2 : LINK_TYPE.ethernet
  }

  *run(): Coroutine<number> {
    const { host } = this.#context.node
    const own = this.#devices.length === 1 ? this.#devices[0]!.addresses[0] : undefined
    if (this.#title === 'any') this.#context.error('tcpdump: data link type LINUX_SLL2\n')
    const filter = compileFilter(this.#options.expression, {
      linkType: this.#linkType,
      isLive: true,
      netmask: own === undefined ? 0 : netmask(own.length),
      resolve: name => host.names.get(name),
    })
    if (!filter.ok) {
      this.#context.error(`tcpdump: ${filter.message}\n`)
      return 1
    }
    this.#announce()
    const detach = this.#attach(filter.matches)
    const wasInterrupted = yield* this.#wait()
    detach()
    if (wasInterrupted) this.#context.out('\n')
    this.#finish()
    return 0
  }

  #announce(): void {
    const { printer, writeTo, printsWhileWriting, snapshotBytes } = this.#options
    const isTerse = printer.verbosity === 0 && (writeTo === undefined || printsWhileWriting)
    const what = `listening on ${this.#title}, link-type ${linkTypeText(this.#linkType)}, snapshot length ${snapshotBytes} bytes\n`
    this.#context.error(
      isTerse
        ? `tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n${what}`
        : `tcpdump: ${what}`,
    )
  }

  /** Taps the devices; the returned function takes the taps away. */
  #attach(matches: Matches): () => void {
    const { writeTo, printsWhileWriting, printer, onlyCounts } = this.#options
    const { host } = this.#context.node
    const print =
      onlyCounts || (writeTo !== undefined && !printsWhileWriting)
        ? undefined
        : new PacketPrinter(printer, this.#linkType, index => host.interfaces.at(index)?.name)
    const taps = this.#devices.map(device => {
      const tap: Tap = (frame, direction) => this.#take(device, frame, direction, matches, print)
      device.taps.add(tap)
      return { device, tap }
    })
    return () => {
      for (const { device, tap } of taps) device.taps.delete(tap)
    }
  }

  #take(
    device: Interface,
    frame: EthernetFrame,
    direction: 'in' | 'out',
    matches: Matches,
    printer: PacketPrinter | undefined,
  ): void {
    const { direction: wanted, snapshotBytes, count, writeTo } = this.#options
    if (wanted !== 'inout' && wanted !== direction) return
    const { simulator } = this.#context.lab
    const { epochMs } = simulator
    for (const whole of encodeFrames(frame, { epochMs })) {
      if (count !== undefined && this.#captured >= count) return
      const bytes =
        this.#title === 'any'
          ? withCookedHeader(whole, device, passageOf(device, frame, direction), frame.source)
          : whole
      if (!matches(bytes, bytes.length, direction === 'out')) continue
      this.#received += 1
      // a packet on lo passes twice and is taken once
      if (device.isLoopback && direction === 'out') continue
      this.#captured += 1
      const packet: CapturedPacket = {
        ...instantOf(epochMs, simulator.nowNs),
        bytes: bytes.subarray(0, snapshotBytes),
        wireBytes: bytes.length,
      }
      if (writeTo !== undefined) this.#written.push(packet)
      if (printer !== undefined) this.#context.out(printer.print(packet))
    }
    if (count !== undefined && this.#captured >= count) this.#news.notify()
  }

  /** True when it was interrupted. A tap must not end the capture from inside a frame's way: a signal does. */
  *#wait(): Coroutine<boolean> {
    const { count } = this.#options
    while (count === undefined || this.#captured < count) {
      const wake = yield { signal: this.#news }
      if (wake === 'interrupt') return true
    }
    return false
  }

  #finish(): void {
    const { writeTo, snapshotBytes, onlyCounts } = this.#options
    if (writeTo !== undefined) {
      this.#context.writeFile(writeTo, bytesToFileText(writePcap(this.#linkType, this.#written, snapshotBytes)))
    }
    const packets = (count: number): string => `${count} packet${count === 1 ? '' : 's'}`
    if (onlyCounts) this.#context.out(`${packets(this.#captured)}\n`)
    this.#context.error(
      `${packets(this.#captured)} captured\n${packets(this.#received)} received by filter\n0 packets dropped by kernel\n`,
    )
  }
}

function passageOf(device: Interface, frame: EthernetFrame, direction: 'in' | 'out'): Passage {
  if (direction === 'out') return 'outgoing'
  if (frame.destination === BROADCAST_MAC) return 'broadcast'
  if (isGroupMac(frame.destination)) return 'multicast'
  return frame.destination === device.mac ? 'host' : 'other-host'
}
