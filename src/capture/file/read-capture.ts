import type { CaptureFile, NoCapture } from './capture-file.ts'
import { readPcap } from './read-pcap.ts'
import { readPcapng } from './read-pcapng.ts'

const PCAPNG_MAGIC = 0x0a0d0d0a

/** Reads a capture file of any program: classic pcap in both byte orders with micro- or nanoseconds, or pcapng. */
export function readCapture(bytes: Uint8Array): CaptureFile | NoCapture {
  if (bytes.length < 4) {
    return { error: `truncated dump file; tried to read 4 file header bytes, only got ${bytes.length}` }
  }
  const magic = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  return magic === PCAPNG_MAGIC ? readPcapng(bytes) : readPcap(bytes)
}
