/**
 * Answers ARP requests for service addresses at tc ingress, before the kernel sees them, and announces new ones by a
 * gratuitous ARP. The addresses are on no device: the kernel does not know them.
 * The map stays in the kernel when the agent ends; it is believed as long as the agent's last sign of life is not older
 * than the lease duration.
 * Sources: bpf/bpf_host.c (handle_l2_announcement), bpf/lib/arp.h, pkg/datapath/l2responder/l2responder.go,
 * pkg/datapath/garp/garp.go.
 */
import { ACCEPT, type HookVerdict } from '../../../host/hooks.ts'
import type { Host } from '../../../host/host.ts'
import type { Interface } from '../../../host/interface.ts'
import { transmitFrame } from '../../../host/output.ts'
import { BROADCAST_MAC, formatIpv4, formatMac, type Ipv4Address } from '../../../wire/address.ts'
import type { ArpPacket } from '../../../wire/arp.ts'
import type { EthernetFrame } from '../../../wire/ethernet.ts'

/** An address to answer for on a device. */
export interface ResponderEntry {
  readonly address: Ipv4Address
  readonly device: Interface
}

/** The agent gives a sign of life this often (`--agent-liveness-update-interval`). */
const LIVENESS_INTERVAL_NS = 1e9

/** Entries of `cilium_l2_responder_v4`. */
const MAP_SIZE = 4096

export class L2Responder {
  readonly #host: Host
  readonly #nodeName: string
  /** Answers sent, by address and number of the device. */
  readonly #entries = new Map<number, number>()
  #aliveSinceNs: number | undefined
  #lastSignNs = Number.NEGATIVE_INFINITY
  #livenessNs = 15e9

  constructor(host: Host, nodeName: string) {
    this.#host = host
    this.#nodeName = nodeName
  }

  /** The agent runs from now on. What an earlier one left is cleared; `livenessNs` is the lease duration. */
  agentStarts(livenessNs: number): void {
    this.#entries.clear()
    this.#livenessNs = livenessNs
    this.#aliveSinceNs = this.#host.simulator.nowNs
  }

  /** The agent runs no more: its last sign of life was up to a second ago. The entries stay. */
  agentEnds(): void {
    if (this.#aliveSinceNs === undefined) return
    this.#lastSignNs = this.#signNs()
    this.#aliveSinceNs = undefined
  }

  /** The node has died: maps are gone. */
  clear(): void {
    this.#entries.clear()
    this.#aliveSinceNs = undefined
    this.#lastSignNs = Number.NEGATIVE_INFINITY
  }

  /** Brings the map to these entries. For each new one a gratuitous ARP leaves before the entry is made. */
  reconcile(wanted: readonly ResponderEntry[]): void {
    const keys = new Set(wanted.map(keyOf))
    for (const key of [...this.#entries.keys()]) if (!keys.has(key)) this.#entries.delete(key)
    for (const entry of wanted) {
      const key = keyOf(entry)
      if (this.#entries.has(key)) continue
      this.#announce(entry)
      if (this.#entries.size < MAP_SIZE) this.#entries.set(key, 0)
    }
  }

  /** Requests answered for the address on the device; undefined when it is not answered for. */
  responses(address: Ipv4Address, device: Interface): number | undefined {
    return this.#entries.get(keyOf({ address, device }))
  }

  /** Whether a request for the address on the device is answered now. */
  isAnswering(address: Ipv4Address, device: Interface): boolean {
    return this.#entries.has(keyOf({ address, device })) && this.#isAlive
  }

  /** What the program does with an ARP packet that comes in on a device. */
  receive(frame: EthernetFrame, arp: ArpPacket, device: Interface): HookVerdict {
    if (arp.operation !== 'request' || this.#entries.size === 0) return ACCEPT
    if (frame.destination !== BROADCAST_MAC && frame.destination !== device.mac) return ACCEPT
    const key = keyOf({ address: arp.targetAddress, device })
    const responses = this.#entries.get(key)
    if (responses === undefined) return ACCEPT
    if (!this.#isAlive) return ACCEPT
    this.#entries.set(key, responses + 1)
    const answer: ArpPacket = {
      kind: 'arp',
      operation: 'reply',
      senderMac: device.mac,
      senderAddress: arp.targetAddress,
      targetMac: frame.source,
      targetAddress: arp.senderAddress,
    }
    transmitFrame(this.#host, device, { source: device.mac, destination: frame.source, payload: answer })
    return { verdict: 'stolen' }
  }

  /** A broadcast reply, whose target hardware address is the broadcast address. Sent once. */
  #announce({ address, device }: ResponderEntry): void {
    const arp: ArpPacket = {
      kind: 'arp',
      operation: 'reply',
      senderMac: device.mac,
      senderAddress: address,
      targetMac: BROADCAST_MAC,
      targetAddress: address,
    }
    transmitFrame(this.#host, device, { source: device.mac, destination: BROADCAST_MAC, payload: arp })
    this.#host.journal.record(this.#nodeName, 'cilium.l2.gratuitous-arp', {
      address: formatIpv4(address),
      interface: device.name,
      mac: formatMac(device.mac),
    })
  }

  get #isAlive(): boolean {
    return this.#host.simulator.nowNs - this.#signNs() <= this.#livenessNs
  }

  /** The last sign of life: one at the agent's start, then one a second. */
  #signNs(): number {
    if (this.#aliveSinceNs === undefined) return this.#lastSignNs
    const { nowNs } = this.#host.simulator
    return nowNs - ((nowNs - this.#aliveSinceNs) % LIVENESS_INTERVAL_NS)
  }
}

function keyOf({ address, device }: ResponderEntry): number {
  return address * 2 ** 20 + device.index
}
