import type { CapturedPacket } from '../packet.ts'
import { SNAPSHOT_BYTES_MAX } from './capture-file.ts'

/** A classic pcap file as `tcpdump -w` writes it: version 2.4, microseconds, little-endian. */
export function writePcap(
  linkType: number,
  packets: readonly CapturedPacket[],
  snapshotBytes = SNAPSHOT_BYTES_MAX,
): Uint8Array {
  const size = packets.reduce((sum, packet) => sum + 16 + packet.bytes.length, 24)
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 0xa1b2c3d4, true)
  view.setUint16(4, 2, true)
  view.setUint16(6, 4, true)
  view.setUint32(16, snapshotBytes, true)
  view.setUint32(20, linkType, true)
  let at = 24
  for (const packet of packets) {
    view.setUint32(at, packet.seconds, true)
    view.setUint32(at + 4, Math.floor(packet.nanoseconds / 1000), true)
    view.setUint32(at + 8, packet.bytes.length, true)
    view.setUint32(at + 12, packet.wireBytes, true)
    bytes.set(packet.bytes, at + 16)
    at += 16 + packet.bytes.length
  }
  return bytes
}
