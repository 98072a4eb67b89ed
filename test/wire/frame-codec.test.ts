import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Ipv4Address, MacAddress } from '../../src/wire/address.ts'
import { internetChecksum } from '../../src/wire/checksum.ts'
import { DecodeError } from '../../src/wire/decode-error.ts'
import { type EthernetFrame, frameBytes } from '../../src/wire/ethernet.ts'
import { decodeFrame, encodeFrame, encodeFrames } from '../../src/wire/frame-codec.ts'
import { type GenevePacket, genevePacketBytes } from '../../src/wire/geneve.ts'
import { httpRecords } from '../../src/wire/http.ts'
import type { IcmpMessage } from '../../src/wire/icmp.ts'
import { type Ipv4Packet, ipv4PacketBytes } from '../../src/wire/ipv4.ts'
import { listBytes } from '../../src/wire/stream.ts'
import type { TcpSegment } from '../../src/wire/tcp.ts'
import { allFrames, bgpFrames, fragmentedFrame, icmpFrames, tcpFrames } from '../support/sample-frames.ts'

const CONTEXT = { epochMs: Date.UTC(2024, 5, 1) }

const address = fc.integer({ min: 0, max: 0xffffffff }).map(value => value as Ipv4Address)
const mac = fc.integer({ min: 0, max: 2 ** 48 - 1 }).map(value => value as MacAddress)
const byte = fc.integer({ min: 0, max: 255 })
const port = fc.integer({ min: 1, max: 65535 }).filter(value => ![80, 179, 6081, 8080].includes(value))
const word = fc.integer({ min: 0, max: 0xffffffff })
const short = fc.integer({ min: 0, max: 0xffff })

const arp = fc.record({
  kind: fc.constant('arp' as const),
  operation: fc.constantFrom('request' as const, 'reply' as const),
  senderMac: mac,
  senderAddress: address,
  targetMac: mac,
  targetAddress: address,
})
const udp = fc.integer({ min: 0, max: 1400 }).chain(payloadBytes =>
  fc.record({
    kind: fc.constant('udp' as const),
    sourcePort: port,
    destinationPort: port,
    payloadBytes: fc.constant(payloadBytes),
  }),
)
const echo = fc.integer({ min: 16, max: 1400 }).chain(dataBytes =>
  fc.record({
    kind: fc.constant('icmp' as const),
    type: fc.constantFrom(0 as const, 8 as const),
    code: fc.constant(0 as const),
    identifier: short,
    sequence: short,
    dataBytes: fc.constant(dataBytes),
    sentAtNs: fc.integer({ min: 0, max: 2 ** 40 }).map(value => value * 1000),
  }),
)
const bodies = fc
  .array(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 300 }), { maxLength: 1 })
  .map(texts => httpRecords(texts.map(text => ({ protocol: 'http', kind: 'body', text }))))
const tcp: fc.Arbitrary<TcpSegment> = fc
  .record({
    sourcePort: port,
    sequence: word,
    acknowledgment: word,
    flags: fc.integer({ min: 0, max: 0x3f }),
    window: short,
    options: fc.record(
      {
        maximumSegmentSize: short,
        sackPermitted: fc.constant(true),
        timestamps: fc.record({ value: word, echo: word }),
        windowScale: fc.integer({ min: 0, max: 14 }),
      },
      { requiredKeys: [] },
    ),
    records: bodies,
  })
  .map(({ records, ...rest }) => ({
    kind: 'tcp',
    destinationPort: 80,
    ...rest,
    payload: listBytes(records) === 0 ? [] : [{ records, from: 0, to: listBytes(records) }],
    payloadBytes: listBytes(records),
  }))
const option = fc.record({ type: fc.integer({ min: 2, max: 255 }), data: fc.array(byte, { maxLength: 6 }) })
const around = (payload: fc.Arbitrary<Ipv4Packet['payload']>): fc.Arbitrary<Ipv4Packet> =>
  fc.record({
    kind: fc.constant('ipv4' as const),
    source: address,
    destination: address,
    ttl: byte,
    tos: byte,
    identification: short,
    dontFragment: fc.boolean(),
    options: fc.array(option, { maxLength: 3 }),
    payload,
  })
const plain = around(fc.oneof(udp, echo, tcp))
const error: fc.Arbitrary<IcmpMessage> = fc
  .record({ type: fc.constantFrom(3 as const, 11 as const), code: fc.integer({ min: 0, max: 3 }), quoted: plain })
  .map(fields => ({ kind: 'icmp', ...fields, quotedBytes: ipv4PacketBytes(fields.quoted) }))
const withFrame = (payload: fc.Arbitrary<EthernetFrame['payload']>): fc.Arbitrary<EthernetFrame> =>
  fc.record({ source: mac, destination: mac, payload })
const geneve: fc.Arbitrary<Ipv4Packet['payload']> = fc
  .record({
    vni: fc.integer({ min: 0, max: 0xffffff }),
    isControl: fc.boolean(),
    options: fc.array(fc.record({ class: short, type: byte, data: fc.array(byte, { minLength: 8, maxLength: 8 }) }), {
      maxLength: 3,
    }),
    payload: fc.oneof(plain, withFrame(plain)),
  })
  .map(fields => {
    const payload: GenevePacket = { kind: 'geneve', ...fields }
    return { kind: 'udp', sourcePort: 50000, destinationPort: 6081, payloadBytes: genevePacketBytes(payload), payload }
  })
const anyFrame = withFrame(fc.oneof(arp, plain, around(error), around(plain), around(geneve)))

describe('a frame', () => {
  test('is the same after bytes', () => {
    fc.assert(
      fc.property(anyFrame, frame => {
        expect(decodeFrame(encodeFrame(frame, CONTEXT), CONTEXT)).toEqual(frame)
      }),
      { numRuns: 300 },
    )
  })

  test('has as many bytes as it claims', () => {
    for (const frame of allFrames) expect(encodeFrame(frame, CONTEXT)).toHaveLength(frameBytes(frame))
    fc.assert(fc.property(anyFrame, frame => encodeFrame(frame, CONTEXT).length === frameBytes(frame)))
  })

  test('with BGP in it is the same after bytes, message by message', () => {
    for (const frame of bgpFrames.slice(0, 2)) {
      const decoded = decodeFrame(encodeFrame(frame))
      expect(decoded.payload.kind === 'ipv4' && decoded.payload.payload.kind).toBe('tcp')
    }
    for (const frame of bgpFrames) expect(encodeFrame(decodeFrame(encodeFrame(frame)))).toEqual(encodeFrame(frame))
  })

  test('with HTTP in it is the same after bytes', () => {
    for (const frame of tcpFrames.slice(0, 9)) {
      const bytes = encodeFrame(frame)
      expect(encodeFrame(decodeFrame(bytes))).toEqual(bytes)
    }
  })

  test('keeps the signature of RFC 2385, not the key', () => {
    const bytes = encodeFrame(tcpFrames[12]!)
    expect(encodeFrame(decodeFrame(bytes))).toEqual(bytes)
  })

  test('with a quote that is cut reads what is there', () => {
    for (const frame of icmpFrames) {
      const decoded = decodeFrame(encodeFrame(frame, CONTEXT), CONTEXT)
      expect(decoded.payload).toMatchObject({ kind: 'ipv4', payload: { kind: 'icmp' } })
    }
  })

  test('may be padded', () => {
    const bytes = encodeFrame(allFrames[0]!)
    const padded = new Uint8Array(60)
    padded.set(bytes)
    expect(decodeFrame(padded)).toEqual(allFrames[0])
  })
})

describe('a packet that travels in fragments', () => {
  const fragments = encodeFrames(fragmentedFrame, CONTEXT)

  test('becomes frames of at most the length that was noted', () => {
    expect(fragments.map(bytes => bytes.length)).toEqual([1514, 1514, 1082])
  })

  test('carries its payload in order', () => {
    const whole = encodeFrame({ ...fragmentedFrame, payload: { ...(fragmentedFrame.payload as Ipv4Packet) } })
    const joined = fragments.flatMap(bytes => [...bytes.subarray(34)])
    expect(joined.length).toBe(whole.length - 34)
  })

  test('has a right header checksum in each', () => {
    for (const bytes of fragments) expect(internetChecksum(bytes.subarray(14, 34))).toBe(0)
  })
})

describe('bytes that are no frame', () => {
  /** Any other error than DecodeError fails the test by passing through. */
  const decodeSafely = (bytes: Uint8Array): void => {
    try {
      decodeFrame(bytes)
    } catch (thrown) {
      if (!(thrown instanceof DecodeError)) throw thrown
    }
  }

  test('give a DecodeError when they are random', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), decodeSafely), { numRuns: 1000 })
  })

  test('give a DecodeError when a frame is cut anywhere', () => {
    for (const frame of allFrames) {
      const bytes = encodeFrame(frame)
      for (let length = 0; length < bytes.length; length += 1 + (length >> 5)) decodeSafely(bytes.subarray(0, length))
      expect(() => decodeFrame(bytes.subarray(0, 20))).toThrow(DecodeError)
    }
  })

  test('give a DecodeError, or another frame, when a byte of a frame is wrong', () => {
    fc.assert(
      fc.property(fc.constantFrom(...allFrames), fc.nat(400), byte, (frame, at, value) => {
        const bytes = encodeFrame(frame)
        bytes[at % bytes.length] = value
        decodeSafely(bytes)
      }),
      { numRuns: 2000 },
    )
  })

  test.each([
    ['a VLAN tag', 12, [0x81, 0x00], 'type 0x8100 is not modelled'],
    ['IPv6', 14, [0x60], 'version 6'],
    ['a header of 16 bytes', 14, [0x44], 'header of 16 bytes'],
    ['a length below the header', 16, [0, 10], 'length 10'],
    ['a wrong header checksum', 24, [0, 0], 'header checksum is wrong'],
  ])('say what is wrong: %s', (_, at, values, message) => {
    const bytes = encodeFrame(icmpFrames[0]!)
    bytes.set(values, at)
    expect(() => decodeFrame(bytes)).toThrow(message)
  })
})
