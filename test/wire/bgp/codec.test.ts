import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Ipv4Address, type Prefix, prefixOf } from '../../../src/wire/address.ts'
import { decodeBgpMessage } from '../../../src/wire/bgp/decode.ts'
import { encodeBgpMessage } from '../../../src/wire/bgp/encode.ts'
import { messageBytes } from '../../../src/wire/bgp/length.ts'
import type { BgpCapability, BgpMessage, BgpOpen } from '../../../src/wire/bgp/message.ts'
import { DecodeError } from '../../../src/wire/decode-error.ts'

const byte = fc.integer({ min: 0, max: 255 })
const word = fc.integer({ min: 0, max: 0xffff })
const long = fc.integer({ min: 0, max: 0xffffffff })
const address = long as fc.Arbitrary<Ipv4Address>
const asn = fc.oneof(fc.integer({ min: 1, max: 0xffff }), fc.integer({ min: 0x10000, max: 0xffffffff }))
const prefix: fc.Arbitrary<Prefix> = fc
  .tuple(long, fc.integer({ min: 0, max: 32 }))
  .map(([at, length]) => prefixOf(at, length))
const family = { afi: word, safi: byte }
const text = fc.string({ maxLength: 20, unit: 'grapheme' })

const capability: fc.Arbitrary<BgpCapability> = fc.oneof(
  fc.record({ name: fc.constant('multiprotocol' as const), afi: word, safi: byte }),
  fc.constantFrom<BgpCapability>(
    { name: 'route-refresh' },
    { name: 'route-refresh-old' },
    { name: 'enhanced-route-refresh' },
    { name: 'extended-message' },
    { name: 'dynamic' },
  ),
  fc.record({
    name: fc.constant('add-path' as const),
    families: fc.array(fc.record({ ...family, mode: fc.constantFrom(1 as const, 2 as const, 3 as const) }), {
      maxLength: 4,
    }),
  }),
  fc.record({ name: fc.constant('fqdn' as const), hostName: text, domainName: text }),
  fc.record({ name: fc.constant('software-version' as const), version: text }),
  fc.record({
    name: fc.constant('graceful-restart' as const),
    restarting: fc.boolean(),
    notification: fc.boolean(),
    restartSeconds: fc.integer({ min: 0, max: 4095 }),
    families: fc.array(fc.record({ ...family, forwarding: fc.boolean() }), { maxLength: 4 }),
  }),
  fc.record({
    name: fc.constant('long-lived-graceful-restart' as const),
    families: fc.array(fc.record({ ...family, flags: byte, staleSeconds: fc.integer({ min: 0, max: 0xffffff }) }), {
      maxLength: 4,
    }),
  }),
  fc.record({
    name: fc.constant('extended-next-hop' as const),
    families: fc.array(fc.record({ ...family, nextHopAfi: word }), { maxLength: 4 }),
  }),
  fc.record({
    name: fc.constant('paths-limit' as const),
    families: fc.array(fc.record({ ...family, limit: word }), { maxLength: 4 }),
  }),
  fc.record({
    name: fc.constant('unknown' as const),
    code: fc.integer({ min: 200, max: 255 }),
    value: fc.array(byte, { maxLength: 30 }),
  }),
)

const open: fc.Arbitrary<BgpMessage> = fc
  .record({
    asn,
    holdSeconds: fc.constantFrom(0, 3, 9, 180, 65535),
    routerId: fc.integer({ min: 1, max: 0xffffffff }) as unknown as fc.Arbitrary<Ipv4Address>,
    capabilities: fc.array(capability, { maxLength: 14 }),
  })
  .map(parts => ({
    ...parts,
    protocol: 'bgp',
    type: 'open',
    version: 4,
    capabilities: [...parts.capabilities, { name: 'four-octet-asn', asn: parts.asn }],
  }))

const attributes = fc.record(
  {
    origin: fc.constantFrom(0 as const, 1 as const, 2 as const),
    asPath: fc.array(
      fc.record({
        type: fc.constantFrom('sequence' as const, 'set' as const),
        asns: fc.array(asn, { minLength: 1, maxLength: 70 }),
      }),
      { maxLength: 3 },
    ),
    med: long,
    localPreference: long,
    atomicAggregate: fc.boolean(),
    aggregator: fc.record({ asn, address }),
    communities: fc.uniqueArray(long, { maxLength: 80 }).map(values => values.sort((a, b) => a - b)),
    largeCommunities: fc
      .uniqueArray(long, { maxLength: 30 })
      .map(values => values.sort((a, b) => a - b).map(first => `${first}:2:3`)),
    originatorId: address,
    clusterList: fc.array(address, { maxLength: 5 }),
    unknown: fc
      .uniqueArray(fc.integer({ min: 100, max: 250 }), { maxLength: 3 })
      .map(types => types.sort((a, b) => a - b).map(type => ({ type, flags: 0xe0, value: [1, 2, type] }))),
  },
  {
    requiredKeys: ['origin', 'asPath', 'atomicAggregate', 'communities', 'largeCommunities', 'clusterList', 'unknown'],
  },
)

const update: fc.Arbitrary<BgpMessage> = fc
  .record({
    withdrawn: fc.array(prefix),
    announced: fc.array(prefix),
    attributes,
    nextHop: address,
    fourOctetAsn: fc.boolean(),
    has: fc.boolean(),
  })
  .map(({ has, attributes: all, nextHop, announced, ...parts }) => {
    const base = { protocol: 'bgp', type: 'update', ...parts } as const
    return has ? { ...base, announced, attributes: all, nextHop } : { ...base, announced: [] }
  })

const other: fc.Arbitrary<BgpMessage> = fc.oneof(
  fc.constant<BgpMessage>({ protocol: 'bgp', type: 'keepalive' }),
  fc.record({
    protocol: fc.constant('bgp' as const),
    type: fc.constant('notification' as const),
    code: byte,
    subcode: byte,
    data: fc.array(byte),
  }),
  fc.record({
    protocol: fc.constant('bgp' as const),
    type: fc.constant('route-refresh' as const),
    ...family,
    subtype: fc.constantFrom(0 as const, 1 as const, 2 as const),
  }),
)

const message = fc.oneof(open, update, other)

test('a decoded message is the one that was encoded, and its length was known before', () => {
  fc.assert(
    fc.property(message, sent => {
      const bytes = encodeBgpMessage(sent)
      expect(bytes.length).toBe(messageBytes(sent))
      const fourOctetAsn = sent.type !== 'update' || sent.fourOctetAsn
      const decoded = decodeBgpMessage(bytes, { fourOctetAsn, maximumBytes: 65535 })
      expect(decoded).toEqual({ message: sent, bytes: bytes.length, mistakes: [] })
    }),
    { numRuns: 300 },
  )
})

test('whatever comes in, only DecodeError comes out', () => {
  const damaged = fc.tuple(message, fc.array(fc.tuple(fc.nat(), byte), { maxLength: 6 })).map(([sent, changes]) => {
    const bytes = encodeBgpMessage(sent)
    for (const [at, value] of changes) if (bytes.length > 19) bytes[19 + (at % (bytes.length - 19))] = value
    return bytes
  })
  const anything = fc.oneof(damaged, fc.uint8Array({ maxLength: 100 }))
  fc.assert(
    fc.property(anything, fc.boolean(), (bytes, fourOctetAsn) => {
      try {
        decodeBgpMessage(bytes, { fourOctetAsn, maximumBytes: 65535 })
      } catch (error) {
        expect(error).toBeInstanceOf(DecodeError)
      }
    }),
    { numRuns: 500 },
  )
})

test("FRR's OPEN with a two-letter host name has 94 bytes", () => {
  const families = [{ afi: 1, safi: 1 }]
  const sent: BgpOpen = {
    protocol: 'bgp',
    type: 'open',
    version: 4,
    asn: 65005,
    holdSeconds: 9,
    routerId: 0x0a000501 as Ipv4Address,
    capabilities: [
      { name: 'multiprotocol', afi: 1, safi: 1 },
      { name: 'route-refresh-old' },
      { name: 'route-refresh' },
      { name: 'enhanced-route-refresh' },
      { name: 'four-octet-asn', asn: 65005 },
      { name: 'extended-message' },
      { name: 'add-path', families: [{ ...families[0]!, mode: 1 }] },
      { name: 'fqdn', hostName: 'r1', domainName: '' },
      { name: 'graceful-restart', restarting: true, notification: true, restartSeconds: 120, families: [] },
      { name: 'long-lived-graceful-restart', families: [{ ...families[0]!, flags: 0x80, staleSeconds: 0 }] },
    ],
  }
  expect(messageBytes(sent)).toBe(94)
})

test('an empty UPDATE has 23 bytes, a withdrawal of a /32 28, a KEEPALIVE 19', () => {
  const empty: BgpMessage = { protocol: 'bgp', type: 'update', withdrawn: [], announced: [], fourOctetAsn: true }
  expect(messageBytes(empty)).toBe(23)
  expect(messageBytes({ ...empty, withdrawn: [prefixOf(0x14000064, 32)] })).toBe(28)
  expect(messageBytes({ protocol: 'bgp', type: 'keepalive' })).toBe(19)
})

test("an UPDATE with its sender's address as next hop has the bytes of one that names it", () => {
  fc.assert(
    fc.property(update, address, (some, sender) => {
      if (some.type !== 'update' || some.attributes === undefined) return
      const shared = encodeBgpMessage({ ...some, nextHop: 'sender' }, sender)
      expect(shared).toEqual(encodeBgpMessage({ ...some, nextHop: sender }))
    }),
  )
})
