import { BFD_BYTES, BFD_STATES, type BfdControlPacket } from './bfd.ts'
import { ByteReader, ByteWriter } from './bytes.ts'

const VERSION = 1

/** The 24 bytes of a control packet. */
export function encodeBfd(packet: BfdControlPacket): Uint8Array {
  const writer = new ByteWriter(BFD_BYTES)
  writer.uint8((VERSION << 5) | packet.diagnostic)
  const flags = (packet.isPoll ? 0x20 : 0) | (packet.isFinal ? 0x10 : 0)
  writer.uint8((BFD_STATES.indexOf(packet.state) << 6) | flags)
  writer.uint8(packet.detectMultiplier)
  writer.uint8(BFD_BYTES)
  writer.uint32(packet.myDiscriminator)
  writer.uint32(packet.yourDiscriminator)
  writer.uint32(packet.desiredTransmitUs)
  writer.uint32(packet.requiredReceiveUs)
  writer.uint32(packet.requiredEchoReceiveUs)
  return writer.finish()
}

/** Undefined: another version, another length, or with parts that are not modelled (authentication, demand, multipoint). */
export function decodeBfd(bytes: Uint8Array): BfdControlPacket | undefined {
  if (bytes.length !== BFD_BYTES || bytes[3] !== BFD_BYTES || bytes[0]! >> 5 !== VERSION) return undefined
  if ((bytes[1]! & 0x0f) !== 0) return undefined
  const reader = new ByteReader(bytes)
  const first = reader.uint8()
  const second = reader.uint8()
  const detectMultiplier = reader.uint8()
  reader.uint8()
  return {
    kind: 'bfd',
    diagnostic: first & 0x1f,
    state: BFD_STATES[second >> 6]!,
    isPoll: (second & 0x20) !== 0,
    isFinal: (second & 0x10) !== 0,
    detectMultiplier,
    myDiscriminator: reader.uint32(),
    yourDiscriminator: reader.uint32(),
    desiredTransmitUs: reader.uint32(),
    requiredReceiveUs: reader.uint32(),
    requiredEchoReceiveUs: reader.uint32(),
  }
}
