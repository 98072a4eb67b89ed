import type { CapturedPacket } from '../packet.ts'

/** An interface of a capture: one end of a link. */
export interface CaptureInterface {
  /** What Wireshark shows as the interface's name. */
  readonly name: string
  readonly description: string
  readonly linkType: number
}

/** A packet of a capture of several interfaces. */
export interface AnnotatedPacket extends CapturedPacket {
  /** Index into the interfaces. */
  readonly interface: number
  /** Undefined when it is not known. */
  readonly direction: 'in' | 'out' | undefined
  /** What happened to it that its bytes do not tell: why it was dropped, what it was rewritten to. */
  readonly comments: readonly string[]
}

const SECTION_END = 0xffffffff
const OPTION = { comment: 1, name: 2, description: 3, application: 4, packetFlags: 2, timeResolution: 9 }
const NANOSECONDS = 9

/** A pcapng file (draft-ietf-opsawg-pcapng) with nanosecond time, names of interfaces and comments. */
export function writePcapng(interfaces: readonly CaptureInterface[], packets: readonly AnnotatedPacket[]): Uint8Array {
  const blocks = [
    block(0x0a0d0d0a, [
      words(0x1a2b3c4d, 0x00000001, SECTION_END, SECTION_END),
      option(OPTION.application, text('drylab')),
      words(0),
    ]),
    ...interfaces.map(interfaceBlock),
    ...packets.map(packetBlock),
  ]
  return join(blocks)
}

function interfaceBlock(own: CaptureInterface): Uint8Array {
  return block(1, [
    words(own.linkType, 0),
    option(OPTION.name, text(own.name)),
    option(OPTION.description, text(own.description)),
    option(OPTION.timeResolution, Uint8Array.of(NANOSECONDS)),
    words(0),
  ])
}

function packetBlock(packet: AnnotatedPacket): Uint8Array {
  const units = BigInt(packet.seconds) * 1_000_000_000n + BigInt(packet.nanoseconds)
  const { direction } = packet
  return block(6, [
    words(packet.interface, Number(units >> 32n), Number(units & 0xffffffffn), packet.bytes.length, packet.wireBytes),
    padded(packet.bytes),
    ...(direction === undefined ? [] : [option(OPTION.packetFlags, words(direction === 'in' ? 1 : 2))]),
    ...packet.comments.map(comment => option(OPTION.comment, text(comment))),
    words(0),
  ])
}

/** Type, length, parts, length again. */
function block(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 12)
  return join([words(type, length), ...parts, words(length)])
}

function option(code: number, value: Uint8Array): Uint8Array {
  return join([words(code + value.length * 0x10000), padded(value)])
}

/** Filled up to a multiple of four bytes. */
function padded(bytes: Uint8Array): Uint8Array {
  const filled = new Uint8Array(4 * Math.ceil(bytes.length / 4))
  filled.set(bytes)
  return filled
}

function words(...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length))
  for (const [index, value] of values.entries()) view.setUint32(4 * index, value, true)
  return new Uint8Array(view.buffer)
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value)
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
