import type { Simulator } from '../sim/simulator.ts'
import { isGroupMac, type MacAddress } from '../wire/address.ts'
import type { EthernetFrame } from '../wire/ethernet.ts'
import type { Port } from './port.ts'

/** An entry of the forwarding database. */
export interface BridgeEntry {
  readonly mac: MacAddress
  readonly port: Port
  /** When a frame from this address last came in, nanoseconds. */
  readonly updatedAtNs: number
}

/** net.bridge ageing_time of Linux: 300 s. */
const AGEING_NS = 300 * 1e9

/**
 * A learning bridge with its ports, spanning tree off, as containerlab's `bridge` kind and docker networks are.
 * Source: Linux net/bridge/br_fdb.c, br_forward.c, br_input.c.
 */
export class Bridge {
  readonly name: string
  readonly #simulator: Simulator
  readonly #ports = new Set<Port>()
  readonly #entries = new Map<MacAddress, { port: Port; updatedAtNs: number }>()
  /** The bridge's own interface, if it has one: frames for it and floods go there. */
  #hostPort: { mac: () => MacAddress; receive: (frame: EthernetFrame) => void } | undefined

  constructor(simulator: Simulator, name: string) {
    this.name = name
    this.#simulator = simulator
  }

  get ports(): readonly Port[] {
    return [...this.#ports]
  }

  addPort(port: Port): void {
    this.#ports.add(port)
    port.onReceive = frame => this.#receive(port, frame)
    port.onCarrier = () => {
      if (!port.hasCarrier) this.#flush(port)
    }
  }

  removePort(port: Port): void {
    this.#flush(port)
    this.#ports.delete(port)
    port.onReceive = () => {}
    port.onCarrier = () => {}
  }

  /** Gives the bridge an address of its own, as a docker network's gateway has. */
  attachHost(mac: () => MacAddress, receive: (frame: EthernetFrame) => void): void {
    this.#hostPort = { mac, receive }
  }

  /** Sends a frame from the bridge's own interface. */
  transmitFromHost(frame: EthernetFrame): void {
    this.#forward(undefined, frame)
  }

  /** The entries that have not aged out, by address. */
  snapshot(): readonly BridgeEntry[] {
    const entries: BridgeEntry[] = []
    for (const [mac, entry] of this.#entries) if (!this.#isOld(entry)) entries.push({ mac, ...entry })
    return entries.sort((a, b) => a.mac - b.mac)
  }

  #receive(from: Port, frame: EthernetFrame): void {
    if (!isGroupMac(frame.source)) this.#entries.set(frame.source, { port: from, updatedAtNs: this.#simulator.nowNs })
    if (this.#hostPort !== undefined && frame.destination === this.#hostPort.mac()) this.#hostPort.receive(frame)
    else this.#forward(from, frame)
  }

  #forward(from: Port | undefined, frame: EthernetFrame): void {
    const known = isGroupMac(frame.destination) ? undefined : this.#entries.get(frame.destination)
    if (known !== undefined && !this.#isOld(known)) {
      if (known.port !== from) known.port.transmit(frame)
      return
    }
    for (const port of this.#ports) if (port !== from) port.transmit(frame)
    if (from !== undefined && isGroupMac(frame.destination)) this.#hostPort?.receive(frame)
  }

  #isOld(entry: { updatedAtNs: number }): boolean {
    return this.#simulator.nowNs - entry.updatedAtNs >= AGEING_NS
  }

  #flush(port: Port): void {
    for (const [mac, entry] of this.#entries) if (entry.port === port) this.#entries.delete(mac)
  }
}
