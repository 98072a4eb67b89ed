import type { Ipv4Packet } from '../../wire/ipv4.ts'
import { ipv4PacketBytes } from '../../wire/ipv4.ts'
import type { Interface } from '../interface.ts'

/** A packet that waits for the MAC address of its next hop. */
export interface PendingPacket {
  readonly packet: Ipv4Packet
  /** Where it came in; undefined for this host's own. */
  readonly input: Interface | undefined
}

/**
 * The packets parked at an unresolved neighbour, limited by the buffer space they would take (`arp_queue`,
 * net/core/neighbour.c): the oldest goes when a new one does not fit.
 */
export class PendingPackets {
  #packets: PendingPacket[] = []
  #bytes = 0

  get size(): number {
    return this.#packets.length
  }

  /** The packet that came last: its source may become the sender of the request. */
  get last(): Ipv4Packet | undefined {
    return this.#packets.at(-1)?.packet
  }

  /** Parks a packet. Returns how many old ones were dropped for it. */
  park(pending: PendingPacket, limitBytes: number): number {
    const bytes = bufferBytes(pending.packet)
    let dropped = 0
    while (this.#bytes + bytes > limitBytes) {
      const oldest = this.#packets.shift()
      if (oldest === undefined) break
      this.#bytes -= bufferBytes(oldest.packet)
      dropped += 1
    }
    this.#packets.push(pending)
    this.#bytes += bytes
    return dropped
  }

  /** Takes all packets, oldest first. */
  takeAll(): readonly PendingPacket[] {
    const packets = this.#packets
    this.#packets = []
    this.#bytes = 0
    return packets
  }
}

/** What the kernel puts around a packet: its buffer descriptor, and room for link headers in front. */
const DESCRIPTOR_BYTES = 256
const SHARED_INFO_BYTES = 320
const HEADROOM_BYTES = 16

/**
 * Buffer space of a packet (skb truesize): descriptor plus the data area, rounded up to the slab sizes.
 * Measured on 6.18: a datagram of 1000 bytes takes 2304.
 */
function bufferBytes(packet: Ipv4Packet): number {
  const area = ipv4PacketBytes(packet) + HEADROOM_BYTES + SHARED_INFO_BYTES
  let size = 512
  while (size < area && size < 8192) size *= 2
  return DESCRIPTOR_BYTES + Math.max(size, Math.ceil(area / 4096) * (size < area ? 4096 : 0))
}
