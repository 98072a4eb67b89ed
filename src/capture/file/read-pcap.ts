import type { CapturedPacket } from '../packet.ts'
import { type CaptureFile, type NoCapture, SNAPSHOT_BYTES_MAX } from './capture-file.ts'

const FILE_HEADER_BYTES = 24
const PACKET_HEADER_BYTES = 16
/** Magic number read as little-endian → byte order of the file and nanoseconds per unit of its fractions. */
const MAGICS: Readonly<Record<number, { readonly isLittle: boolean; readonly unitNs: number }>> = {
  2712847316: { isLittle: true, unitNs: 1000 },
  3569595041: { isLittle: false, unitNs: 1000 },
  2712812621: { isLittle: true, unitNs: 1 },
  1295823521: { isLittle: false, unitNs: 1 },
}

/** Reads classic pcap, version 2. Source: sf-pcap.c of libpcap 1.10.3. */
export function readPcap(bytes: Uint8Array): CaptureFile | NoCapture {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const kind = MAGICS[view.getUint32(0, true)]
  if (kind === undefined) return { error: 'unknown file format' }
  if (bytes.length < FILE_HEADER_BYTES) {
    return {
      error: `truncated dump file; tried to read ${FILE_HEADER_BYTES} file header bytes, only got ${bytes.length - 4}`,
    }
  }
  const { isLittle, unitNs } = kind
  const major = view.getUint16(4, isLittle)
  const minor = view.getUint16(6, isLittle)
  if (major < 2) return { error: 'archaic pcap savefile format' }
  if (major !== 2 || minor > 4) return { error: `unsupported pcap savefile version ${major}.${minor}` }
  const snapshot = view.getUint32(16, isLittle)
  const linkType = view.getUint32(20, isLittle) & 0xffff
  const snapshotBytes = snapshot === 0 || snapshot > 0x7fffffff ? SNAPSHOT_BYTES_MAX : snapshot
  const packets: CapturedPacket[] = []
  const done = (problem?: string): CaptureFile => ({
    linkType,
    snapshotBytes,
    packets,
    ...(problem === undefined ? {} : { problem }),
  })
  for (let at = FILE_HEADER_BYTES; at < bytes.length; ) {
    const left = bytes.length - at
    if (left < PACKET_HEADER_BYTES) {
      return done(`truncated dump file; tried to read ${PACKET_HEADER_BYTES} header bytes, only got ${left}`)
    }
    const captured = view.getUint32(at + 8, isLittle)
    if (captured > SNAPSHOT_BYTES_MAX) {
      return done(`invalid packet capture length ${captured}, bigger than maximum of ${SNAPSHOT_BYTES_MAX}`)
    }
    const start = at + PACKET_HEADER_BYTES
    if (start + captured > bytes.length) {
      return done(`truncated dump file; tried to read ${captured} captured bytes, only got ${bytes.length - start}`)
    }
    packets.push({
      seconds: view.getUint32(at, isLittle),
      nanoseconds: view.getUint32(at + 4, isLittle) * unitNs,
      bytes: bytes.subarray(start, start + captured),
      wireBytes: view.getUint32(at + 12, isLittle),
    })
    at = start + captured
  }
  return done()
}
