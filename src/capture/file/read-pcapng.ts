import type { CapturedPacket } from '../packet.ts'
import { type CaptureFile, type NoCapture, SNAPSHOT_BYTES_MAX } from './capture-file.ts'

const SECTION = 0x0a0d0d0a
const INTERFACE = 1
const OLD_PACKET = 2
const SIMPLE_PACKET = 3
const PACKET = 6
const TIME_RESOLUTION = 9
const TIME_OFFSET = 14

interface CapturedInterface {
  readonly linkType: number
  readonly snapshotBytes: number
  readonly unitsPerSecond: bigint
  readonly offsetSeconds: bigint
}

/** Reads pcapng. As libpcap does, it wants the same link type for all interfaces. Source: sf-pcapng.c of libpcap 1.10.3. */
export function readPcapng(bytes: Uint8Array): CaptureFile | NoCapture {
  const reader = new PcapngReader(bytes)
  const problem = reader.read()
  const first = reader.interfaces[0] ?? reader.firstInterface
  if (first === undefined) {
    return { error: problem ?? 'the capture file has no Interface Description Blocks' }
  }
  const { linkType, snapshotBytes } = first
  return { linkType, snapshotBytes, packets: reader.packets, ...(problem === undefined ? {} : { problem }) }
}

class PcapngReader {
  readonly packets: CapturedPacket[] = []
  /** Of the section being read. */
  interfaces: CapturedInterface[] = []
  firstInterface: CapturedInterface | undefined
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #isLittle = true

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  /** Reads all blocks; returns why it stopped, if not at the end. */
  read(): string | undefined {
    for (let at = 0; at < this.#bytes.length; ) {
      const left = this.#bytes.length - at
      if (left < 12) return truncated(8, Math.min(left, 8))
      const type = this.#view.getUint32(at, this.#isLittle)
      if (type === SECTION && !this.#startSection(at)) return 'unknown byte order magic in a pcapng section'
      const length = this.#view.getUint32(at + 4, this.#isLittle)
      if (length < 12 || length % 4 !== 0) {
        return `block in pcapng dump file has a length of ${length} that is not a multiple of 4`
      }
      if (length > left) return truncated(length - 8, left - 8)
      if (this.#view.getUint32(at + length - 4, this.#isLittle) !== length) {
        return "block total length in header and trailer don't match"
      }
      const problem = this.#readBlock(type, at + 8, at + length - 4)
      if (problem !== undefined) return problem
      at += length
    }
    return undefined
  }

  #startSection(at: number): boolean {
    const magic = this.#view.getUint32(at + 8, true)
    if (magic !== 0x1a2b3c4d && magic !== 0x4d3c2b1a) return false
    this.#isLittle = magic === 0x1a2b3c4d
    this.interfaces = []
    return true
  }

  #readBlock(type: number, start: number, end: number): string | undefined {
    switch (type) {
      case INTERFACE:
        return this.#readInterface(start, end)
      case PACKET:
      case OLD_PACKET:
        return this.#readPacket(type, start, end)
      case SIMPLE_PACKET: {
        const wireBytes = this.#view.getUint32(start, this.#isLittle)
        const own = this.interfaces[0]
        if (own === undefined) return 'a packet arrived before any Interface Description Block'
        const captured = Math.min(wireBytes, own.snapshotBytes, end - start - 4)
        const bytes = this.#bytes.subarray(start + 4, start + 4 + captured)
        this.packets.push({ seconds: 0, nanoseconds: 0, bytes, wireBytes })
        return undefined
      }
      default:
        return undefined
    }
  }

  #readInterface(start: number, end: number): string | undefined {
    if (end - start < 8) return 'block data is too short for an Interface Description Block'
    const linkType = this.#view.getUint16(start, this.#isLittle)
    const snapshot = this.#view.getUint32(start + 4, this.#isLittle)
    const options = this.#readOptions(start + 8, end)
    const resolution = options.get(TIME_RESOLUTION)?.[0] ?? 6
    const exponent = BigInt(resolution & 0x7f)
    const offset = options.get(TIME_OFFSET)
    const own: CapturedInterface = {
      linkType,
      snapshotBytes: snapshot === 0 || snapshot > 0x7fffffff ? SNAPSHOT_BYTES_MAX : snapshot,
      unitsPerSecond: resolution & 0x80 ? 2n ** exponent : 10n ** exponent,
      offsetSeconds:
        offset?.length === 8 ? new DataView(offset.buffer, offset.byteOffset).getBigInt64(0, this.#isLittle) : 0n,
    }
    const first = this.firstInterface
    if (first !== undefined && first.linkType !== linkType) {
      return `an interface has a type ${linkType} different from the type of the first interface`
    }
    if (first !== undefined && first.snapshotBytes !== own.snapshotBytes) {
      return `an interface has a snapshot length ${own.snapshotBytes} different from the snapshot length of the first interface`
    }
    this.firstInterface ??= own
    this.interfaces.push(own)
    return undefined
  }

  #readOptions(start: number, end: number): ReadonlyMap<number, Uint8Array> {
    const options = new Map<number, Uint8Array>()
    for (let at = start; at + 4 <= end; ) {
      const code = this.#view.getUint16(at, this.#isLittle)
      const length = this.#view.getUint16(at + 2, this.#isLittle)
      if (code === 0 || at + 4 + length > end) break
      options.set(code, this.#bytes.subarray(at + 4, at + 4 + length))
      at += 4 + 4 * Math.ceil(length / 4)
    }
    return options
  }

  #readPacket(type: number, start: number, end: number): string | undefined {
    if (end - start < 20) return 'block data is too short for a packet block'
    const index =
      type === PACKET ? this.#view.getUint32(start, this.#isLittle) : this.#view.getUint16(start, this.#isLittle)
    const own = this.interfaces[index]
    if (own === undefined)
      return `a packet arrived on interface ${index}, but there's no Interface Description Block for that interface`
    const high = this.#view.getUint32(start + 4, this.#isLittle)
    const low = this.#view.getUint32(start + 8, this.#isLittle)
    const captured = this.#view.getUint32(start + 12, this.#isLittle)
    const wireBytes = this.#view.getUint32(start + 16, this.#isLittle)
    if (captured > end - start - 20) return 'block data is too short for a packet'
    const units = (BigInt(high) << 32n) + BigInt(low)
    const bytes = this.#bytes.subarray(start + 20, start + 20 + captured)
    this.packets.push({
      seconds: Number(units / own.unitsPerSecond + own.offsetSeconds),
      nanoseconds: Number(((units % own.unitsPerSecond) * 1_000_000_000n) / own.unitsPerSecond),
      bytes,
      wireBytes,
    })
    return undefined
  }
}

function truncated(wanted: number, got: number): string {
  return `truncated pcapng dump file; tried to read ${wanted} bytes, only got ${got}`
}
