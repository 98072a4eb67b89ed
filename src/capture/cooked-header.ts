import type { MacAddress } from '../wire/address.ts'
import { ByteWriter } from '../wire/bytes.ts'

/** How a packet passed the device it was captured on, in the order of the kernel's numbers. */
export type Passage = 'host' | 'broadcast' | 'multicast' | 'other-host' | 'outgoing'

const PASSAGES: readonly Passage[] = ['host', 'broadcast', 'multicast', 'other-host', 'outgoing']
const ETHERNET_HEADER_BYTES = 14
const HARDWARE = { ethernet: 1, loopback: 772 }

/** An Ethernet frame with the header that `-i any` captures have in place of its own (LINKTYPE_LINUX_SLL2). */
export function withCookedHeader(
  frame: Uint8Array,
  device: { readonly index: number; readonly isLoopback: boolean },
  passage: Passage,
  source: MacAddress,
): Uint8Array {
  const writer = new ByteWriter(frame.length + 6)
  writer.bytes(frame.subarray(12, 14))
  writer.uint16(0)
  writer.uint32(device.index)
  writer.uint16(device.isLoopback ? HARDWARE.loopback : HARDWARE.ethernet)
  writer.uint8(PASSAGES.indexOf(passage))
  writer.uint8(6)
  writer.uint16(Math.floor(source / 2 ** 32))
  writer.uint32(source % 2 ** 32)
  writer.uint16(0)
  writer.bytes(frame.subarray(ETHERNET_HEADER_BYTES))
  return writer.finish()
}
