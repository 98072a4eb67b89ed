/** Values of capabilities, RFC 5492: 4760, 2918, 7313, 6793, 8654, 7911, 4724 with 8538, 9494, 8950 and FRR's host name. */
import type { ByteReader, ByteWriter } from '../bytes.ts'
import { CAPABILITY_CODE } from './codes.ts'
import type { BgpCapability } from './message.ts'

/** The capability's code. */
export function capabilityCode(capability: BgpCapability): number {
  return capability.name === 'unknown' ? capability.code : CAPABILITY_CODE[capability.name]
}

/** Writes the value of a capability, without code and length. */
export function encodeCapabilityValue(writer: ByteWriter, capability: BgpCapability): void {
  switch (capability.name) {
    case 'multiprotocol':
      writer.uint16(capability.afi)
      writer.uint16(capability.safi)
      break
    case 'four-octet-asn':
      writer.uint32(capability.asn)
      break
    case 'add-path':
      for (const { afi, safi, mode } of capability.families) writeFamily(writer, afi, safi, () => writer.uint8(mode))
      break
    case 'paths-limit':
      for (const { afi, safi, limit } of capability.families) writeFamily(writer, afi, safi, () => writer.uint16(limit))
      break
    case 'extended-next-hop':
      for (const { afi, safi, nextHopAfi } of capability.families) {
        writer.uint16(afi)
        writer.uint16(safi)
        writer.uint16(nextHopAfi)
      }
      break
    case 'graceful-restart':
      writer.uint16(
        (capability.restarting ? 0x8000 : 0) +
          (capability.notification ? 0x4000 : 0) +
          (capability.restartSeconds & 0xfff),
      )
      for (const { afi, safi, forwarding } of capability.families) {
        writeFamily(writer, afi, safi, () => writer.uint8(forwarding ? 0x80 : 0))
      }
      break
    case 'long-lived-graceful-restart':
      for (const { afi, safi, flags, staleSeconds } of capability.families) {
        writeFamily(writer, afi, safi, () => writer.uint8(flags))
        writer.uint24(staleSeconds)
      }
      break
    case 'fqdn':
      writeText(writer, capability.hostName)
      writeText(writer, capability.domainName)
      break
    case 'software-version':
      writeText(writer, capability.version)
      break
    case 'unknown':
      writer.bytes(capability.value)
      break
    default:
  }
}

function writeFamily(writer: ByteWriter, afi: number, safi: number, writeRest: () => void): void {
  writer.uint16(afi)
  writer.uint8(safi)
  writeRest()
}

function writeText(writer: ByteWriter, text: string): void {
  const bytes = new TextEncoder().encode(text)
  writer.uint8(bytes.length)
  writer.bytes(bytes)
}

/**
 * Reads a capability whose value is all that is left in the reader. A value that does not have its capability's form comes
 * out as `unknown`: it is ignored, as RFC 5492 §3 leaves to the receiver.
 */
export function decodeCapability(code: number, reader: ByteReader): BgpCapability {
  const value = [...reader.bytes(reader.remaining)]
  return DECODERS[code]?.(value) ?? { name: 'unknown', code, value }
}

type ValueDecoder = (value: readonly number[]) => BgpCapability | undefined

const DECODERS: Readonly<Record<number, ValueDecoder>> = {
  [CAPABILITY_CODE.multiprotocol]: value =>
    value.length === 4 ? { name: 'multiprotocol', afi: word(value, 0), safi: word(value, 2) } : undefined,
  [CAPABILITY_CODE['route-refresh']]: empty({ name: 'route-refresh' }),
  [CAPABILITY_CODE['route-refresh-old']]: empty({ name: 'route-refresh-old' }),
  [CAPABILITY_CODE['enhanced-route-refresh']]: empty({ name: 'enhanced-route-refresh' }),
  [CAPABILITY_CODE['extended-message']]: empty({ name: 'extended-message' }),
  [CAPABILITY_CODE.dynamic]: empty({ name: 'dynamic' }),
  [CAPABILITY_CODE['four-octet-asn']]: value =>
    value.length === 4 ? { name: 'four-octet-asn', asn: word(value, 0) * 0x10000 + word(value, 2) } : undefined,
  [CAPABILITY_CODE['add-path']]: decodeAddPath,
  [CAPABILITY_CODE['paths-limit']]: value => {
    const families = groups(value, 5)?.map(part => ({ afi: word(part, 0), safi: part[2]!, limit: word(part, 3) }))
    return families && { name: 'paths-limit', families }
  },
  [CAPABILITY_CODE['extended-next-hop']]: value => {
    const families = groups(value, 6)?.map(part => ({
      afi: word(part, 0),
      safi: word(part, 2),
      nextHopAfi: word(part, 4),
    }))
    return families && { name: 'extended-next-hop', families }
  },
  [CAPABILITY_CODE['graceful-restart']]: decodeGracefulRestart,
  [CAPABILITY_CODE['long-lived-graceful-restart']]: value => {
    const families = groups(value, 7)?.map(part => ({
      afi: word(part, 0),
      safi: part[2]!,
      flags: part[3]!,
      staleSeconds: part[4]! * 0x10000 + word(part, 5),
    }))
    return families && { name: 'long-lived-graceful-restart', families }
  },
  [CAPABILITY_CODE.fqdn]: value => {
    const [hostName, domainName, ...rest] = texts(value) ?? []
    return hostName === undefined || domainName === undefined || rest.length > 0
      ? undefined
      : { name: 'fqdn', hostName, domainName }
  },
  [CAPABILITY_CODE['software-version']]: value => {
    const [version, ...rest] = texts(value) ?? []
    return version === undefined || rest.length > 0 ? undefined : { name: 'software-version', version }
  },
}

function decodeAddPath(value: readonly number[]): BgpCapability | undefined {
  const families: { afi: number; safi: number; mode: 1 | 2 | 3 }[] = []
  for (const part of groups(value, 4) ?? [[0, 0, 0, 0]]) {
    const mode = part[3]!
    if (mode !== 1 && mode !== 2 && mode !== 3) return undefined
    families.push({ afi: word(part, 0), safi: part[2]!, mode })
  }
  return { name: 'add-path', families }
}

function decodeGracefulRestart(value: readonly number[]): BgpCapability | undefined {
  const parts = value.length < 2 ? undefined : groups(value.slice(2), 4)
  if (parts === undefined) return undefined
  const head = word(value, 0)
  return {
    name: 'graceful-restart',
    restarting: (head & 0x8000) !== 0,
    notification: (head & 0x4000) !== 0,
    restartSeconds: head & 0xfff,
    families: parts.map(part => ({ afi: word(part, 0), safi: part[2]!, forwarding: (part[3]! & 0x80) !== 0 })),
  }
}

function empty(capability: BgpCapability): ValueDecoder {
  return value => (value.length === 0 ? capability : undefined)
}

function word(bytes: readonly number[], index: number): number {
  return bytes[index]! * 0x100 + bytes[index + 1]!
}

/** Parts of equal size; undefined when the length is no multiple of it. */
function groups(value: readonly number[], size: number): readonly (readonly number[])[] | undefined {
  if (value.length % size !== 0) return undefined
  return Array.from({ length: value.length / size }, (_, index) => value.slice(size * index, size * (index + 1)))
}

/** Texts with a length byte each; undefined when the last one is cut off. */
function texts(value: readonly number[]): readonly string[] | undefined {
  const found: string[] = []
  for (let index = 0; index < value.length; ) {
    const end = index + 1 + value[index]!
    if (end > value.length) return undefined
    found.push(new TextDecoder().decode(Uint8Array.from(value.slice(index + 1, end))))
    index = end
  }
  return found
}
