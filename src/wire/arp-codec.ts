import { ipv4 } from './address.ts'
import type { ArpPacket } from './arp.ts'
import { ByteReader, ByteWriter } from './bytes.ts'
import { DecodeError } from './decode-error.ts'
import { readMac, writeMac } from './ethernet-codec.ts'

/** RFC 826: hardware type, protocol type, their lengths, operation, then both pairs of addresses. */
export function encodeArp(packet: ArpPacket): Uint8Array {
  const writer = new ByteWriter(28)
  writer.uint16(1)
  writer.uint16(0x0800)
  writer.uint8(6)
  writer.uint8(4)
  writer.uint16(packet.operation === 'request' ? 1 : 2)
  writeMac(writer, packet.senderMac)
  writer.uint32(packet.senderAddress)
  writeMac(writer, packet.targetMac)
  writer.uint32(packet.targetAddress)
  return writer.finish()
}

/** Bytes behind the packet are padding. @throws DecodeError for anything but requests and replies of IPv4 over Ethernet */
export function decodeArp(bytes: Uint8Array): ArpPacket {
  const reader = new ByteReader(bytes)
  const isIpv4OverEthernet = reader.uint16() === 1 && reader.uint16() === 0x0800 && reader.uint16() === 0x0604
  if (!isIpv4OverEthernet) throw new DecodeError('arp: not IPv4 over Ethernet', 0)
  const operation = reader.uint16()
  if (operation !== 1 && operation !== 2) throw new DecodeError(`arp: operation ${operation} is not modelled`, 6)
  const senderMac = readMac(reader)
  const senderAddress = ipv4(reader.uint32())
  const targetMac = readMac(reader)
  const targetAddress = ipv4(reader.uint32())
  return {
    kind: 'arp',
    operation: operation === 1 ? 'request' : 'reply',
    senderMac,
    senderAddress,
    targetMac,
    targetAddress,
  }
}
