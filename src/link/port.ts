import type { MacAddress } from '../wire/address.ts'
import { type EthernetFrame, longestPieceBytes } from '../wire/ethernet.ts'

export interface PortCounters {
  receivedFrames: number
  transmittedFrames: number
  receiveDrops: number
  transmitDrops: number
}

/** What a port is plugged into. */
export interface Medium {
  /** Takes a frame off `from`. False when it cannot be carried. */
  carry(from: Port, frame: EthernetFrame): boolean
}

/** What happens to one frame on its way out. */
export type EgressDecision =
  | { readonly drop: string }
  | {
      readonly delayNs: number
      /** Arrives with a wrong checksum. */
      readonly isCorrupted?: boolean
      /** A second copy leaves after this long. */
      readonly duplicateDelayNs?: number
    }

/** What a port does to the frames that it sends before the wire takes them. */
export interface EgressDiscipline {
  /** Undefined lets the frame pass at once. */
  decide(frame: EthernetFrame): EgressDecision | undefined
  /** As `tc qdisc show` writes it, from the kind on: `netem limit 1000 delay 10ms`. */
  describe(): string
}

/** Sees every frame that passes a port, in either direction. */
export type Tap = (frame: EthernetFrame, direction: 'in' | 'out') => void

/** An Ethernet device: the end of a cable. Owned by a host or a bridge, which sets `onReceive` and `onCarrier`. */
export class Port {
  readonly name: string
  mac: MacAddress
  mtuBytes: number
  /** A frame has come in. */
  onReceive: (frame: EthernetFrame) => void = () => {}
  /** The carrier has come or gone. */
  onCarrier: () => void = () => {}
  readonly counters: PortCounters = { receivedFrames: 0, transmittedFrames: 0, receiveDrops: 0, transmitDrops: 0 }
  readonly taps = new Set<Tap>()
  /** The queueing discipline on the way out, when it is not the plain one (`tc qdisc … netem`). */
  egress: EgressDiscipline | undefined
  #medium: Medium | undefined
  #isUp = true
  #hasCarrier = false

  constructor(name: string, mac: MacAddress, mtuBytes: number) {
    this.name = name
    this.mac = mac
    this.mtuBytes = mtuBytes
  }

  /** Administrative state, as `ip link set … up` makes it. */
  get isUp(): boolean {
    return this.#isUp
  }

  /** Whether the other end is there and up. */
  get hasCarrier(): boolean {
    return this.#hasCarrier
  }

  /** Called by the medium when it is plugged in or taken away. */
  attach(medium: Medium | undefined): void {
    this.#medium = medium
  }

  /** The administrative state; the medium learns of it through `onAdminChange`. */
  setUp(up: boolean): void {
    if (this.#isUp === up) return
    this.#isUp = up
    this.onAdminChange()
  }

  /** Set by the medium, which passes the change on to the other end. */
  onAdminChange: () => void = () => {}

  /** Called by the medium. */
  setCarrier(carrier: boolean): void {
    if (this.#hasCarrier === carrier) return
    this.#hasCarrier = carrier
    this.onCarrier()
  }

  /** Sends a frame. False when the port is down, has no carrier, or the frame is too long for it. */
  transmit(frame: EthernetFrame): boolean {
    if (!this.#isUp || !this.#hasCarrier || this.#medium === undefined || longestPieceBytes(frame) > this.mtuBytes) {
      this.counters.transmitDrops += 1
      return false
    }
    for (const tap of this.taps) tap(frame, 'out')
    this.counters.transmittedFrames += 1
    return this.#medium.carry(this, frame)
  }

  /** Called by the medium: a frame has come in that no checksum fits; the stack drops it. Captures see it. */
  deliverCorrupted(frame: EthernetFrame): void {
    if (!this.#isUp) return
    for (const tap of this.taps) tap(frame, 'in')
    this.counters.receivedFrames += 1
    this.counters.receiveDrops += 1
  }

  /**
   * Called by the medium. A frame longer than the MTU plus a VLAN tag is dropped without a word, as veth does
   * (`is_skb_forwardable`, net/core/dev.c).
   */
  deliver(frame: EthernetFrame): void {
    if (!this.#isUp || longestPieceBytes(frame) > this.mtuBytes + 4) {
      this.counters.receiveDrops += 1
      return
    }
    for (const tap of this.taps) tap(frame, 'in')
    this.counters.receivedFrames += 1
    this.onReceive(frame)
  }
}
