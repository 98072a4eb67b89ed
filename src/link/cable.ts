import type { Origin } from '../sim/origin.ts'
import type { Simulator } from '../sim/simulator.ts'
import { type EthernetFrame, frameBytes } from '../wire/ethernet.ts'
import { announceCable } from './cable-watch.ts'
import type { Port } from './port.ts'

export interface CableOptions {
  /** One-way delay, nanoseconds. */
  readonly latencyNs: number
  /** Bits per second; undefined: no serialisation delay. */
  readonly rateBps?: number
}

/** What happens to a frame on the way; undefined lets it pass. Set by faults. */
export type Impairment = (frame: EthernetFrame) => { readonly drop: string } | { readonly delayNs: number } | undefined

/** One hop through a veth pair in one kernel: soft interrupt, no queueing. Ours: a round figure of that size. */
const DEFAULT_LATENCY_NS = 20_000

/** Two ports and the wire between them (a veth pair too). Each direction delivers in order. */
export class Cable {
  readonly name: string
  readonly a: Port
  readonly b: Port
  impairment: Impairment | undefined
  /** Frames that did not arrive, by reason. */
  readonly drops = new Map<string, number>()
  /** A frame did not arrive; for the comments of captures. */
  onDrop: ((frame: EthernetFrame, reason: string) => void) | undefined
  readonly #simulator: Simulator
  readonly #options: CableOptions
  readonly #origins: readonly [Origin, Origin]
  readonly #freeAtNs: [number, number] = [0, 0]
  #isConnected = true

  /** @param name unique in the simulation, the same however the lab is built: it orders events */
  constructor(
    simulator: Simulator,
    name: string,
    a: Port,
    b: Port,
    options: CableOptions = { latencyNs: DEFAULT_LATENCY_NS },
  ) {
    this.name = name
    this.a = a
    this.b = b
    this.#simulator = simulator
    this.#options = options
    this.#origins = [simulator.origin(`cable ${name} >`), simulator.origin(`cable ${name} <`)]
    for (const port of [a, b]) {
      port.attach(this)
      port.onAdminChange = () => this.#updateCarrier()
    }
    this.#updateCarrier()
    announceCable(simulator, this)
  }

  get isConnected(): boolean {
    return this.#isConnected
  }

  /** Cuts the wire or mends it: both ends lose or regain carrier. Frames under way are lost. */
  setConnected(connected: boolean): void {
    if (this.#isConnected === connected) return
    this.#isConnected = connected
    this.#updateCarrier()
  }

  /** Takes the cable away for good. */
  remove(): void {
    this.setConnected(false)
    for (const port of [this.a, this.b]) {
      port.attach(undefined)
      port.onAdminChange = () => {}
    }
  }

  carry(from: Port, frame: EthernetFrame): boolean {
    const direction = from === this.a ? 0 : 1
    const shaped = from.egress?.decide(frame)
    if (shaped !== undefined && 'drop' in shaped) {
      this.#countDrop(frame, shaped.drop)
      return true
    }
    const verdict = this.impairment?.(frame)
    if (verdict !== undefined && 'drop' in verdict) {
      this.#countDrop(frame, verdict.drop)
      return true
    }
    this.#send(direction, frame, (verdict?.delayNs ?? 0) + (shaped?.delayNs ?? 0), shaped?.isCorrupted === true)
    if (shaped?.duplicateDelayNs !== undefined)
      this.#send(direction, frame, (verdict?.delayNs ?? 0) + shaped.duplicateDelayNs, false)
    return true
  }

  #send(direction: 0 | 1, frame: EthernetFrame, extraDelayNs: number, isCorrupted: boolean): void {
    const [from, to] = direction === 0 ? [this.a, this.b] : [this.b, this.a]
    const nowNs = this.#simulator.nowNs
    const serialisationNs =
      this.#options.rateBps === undefined ? 0 : Math.ceil((frameBytes(frame) * 8e9) / this.#options.rateBps)
    const sentAtNs = Math.max(nowNs, this.#freeAtNs[direction]) + serialisationNs
    this.#freeAtNs[direction] = sentAtNs
    const delayNs = sentAtNs - nowNs + this.#options.latencyNs + extraDelayNs
    this.#simulator.schedule(this.#origins[direction], delayNs, () => {
      if (!this.#isConnected || !from.isUp) this.#countDrop(frame, 'carrier lost')
      else if (isCorrupted) {
        this.#countDrop(frame, 'corrupted')
        to.deliverCorrupted(frame)
      } else to.deliver(frame)
    })
  }

  #countDrop(frame: EthernetFrame, reason: string): void {
    this.onDrop?.(frame, reason)
    this.drops.set(reason, (this.drops.get(reason) ?? 0) + 1)
  }

  /** veth: an end has carrier when both ends are up (drivers/net/veth.c, veth_open and veth_close). */
  #updateCarrier(): void {
    const carrier = this.#isConnected && this.a.isUp && this.b.isUp
    this.a.setCarrier(carrier)
    this.b.setCarrier(carrier)
  }
}
