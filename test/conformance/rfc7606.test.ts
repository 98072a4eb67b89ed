import { expect, test } from 'vitest'
import { prefixOf } from '../../src/wire/address.ts'
import { decodeBgpMessage } from '../../src/wire/bgp/decode.ts'
import { BgpDecodeError } from '../../src/wire/bgp/decode-error.ts'

const ORIGIN = [0x40, 1, 1, 0]
const AS_PATH = [0x40, 2, 6, 2, 1, 0, 0, 0xfd, 0xed]
const NEXT_HOP = [0x40, 3, 4, 10, 0, 0, 1]
const PREFIX = [24, 10, 1, 1]
const ALL = [ORIGIN, AS_PATH, NEXT_HOP].flat()

function message(type: number, body: readonly number[]): Uint8Array {
  const length = 19 + body.length
  return Uint8Array.from([...Array(16).fill(0xff), length >> 8, length & 255, type, ...body])
}

function update(attributes: readonly number[], announced: readonly number[] = PREFIX): Uint8Array {
  return message(2, [0, 0, attributes.length >> 8, attributes.length & 255, ...attributes, ...announced])
}

function decode(bytes: Uint8Array, isExternal = true) {
  return decodeBgpMessage(bytes, { fourOctetAsn: true, isExternal })
}

const WITHDRAWN: readonly [string, readonly number[]][] = [
  ['§3d: a missing ORIGIN', [AS_PATH, NEXT_HOP].flat()],
  ['§3d: a missing AS_PATH', [ORIGIN, NEXT_HOP].flat()],
  ['§3d: a missing NEXT_HOP', [ORIGIN, AS_PATH].flat()],
  ['§3c: wrong attribute flags', [[0xc0, 1, 1, 0], AS_PATH, NEXT_HOP].flat()],
  ['§4: an attribute that runs beyond the list', [ALL, [0x40, 5, 9, 0]].flat()],
  ['§7.1: ORIGIN 3', [[0x40, 1, 1, 3], AS_PATH, NEXT_HOP].flat()],
  ['§7.1: ORIGIN of two bytes', [[0x40, 1, 2, 0, 0], AS_PATH, NEXT_HOP].flat()],
  ['§7.2: AS_PATH with an unknown segment type', [ORIGIN, [0x40, 2, 6, 9, 1, 0, 0, 0, 1], NEXT_HOP].flat()],
  ['§7.2: AS_PATH that runs over', [ORIGIN, [0x40, 2, 6, 2, 2, 0, 0, 0, 1], NEXT_HOP].flat()],
  ['§7.2: AS_PATH with an empty segment', [ORIGIN, [0x40, 2, 2, 2, 0], NEXT_HOP].flat()],
  ['§7.3: NEXT_HOP of three bytes', [ORIGIN, AS_PATH, [0x40, 3, 3, 10, 0, 0]].flat()],
  ['§7.4: MED of two bytes', [ALL, [0x80, 4, 2, 0, 0]].flat()],
  ['§7.8: communities of five bytes', [ALL, [0xc0, 8, 5, 0, 0, 0, 0, 0]].flat()],
  ['RFC 8092 §5: large communities of four bytes', [ALL, [0xc0, 32, 4, 0, 0, 0, 0]].flat()],
]

test.each(WITHDRAWN)('%s makes the prefixes withdrawn', (_, attributes) => {
  const { message: got, mistakes } = decode(update(attributes))
  expect(got).toMatchObject({ type: 'update', withdrawn: [prefixOf(0x0a010100, 24)], announced: [] })
  expect(mistakes.some(mistake => mistake.action === 'treat-as-withdraw')).toBe(true)
})

const DISCARDED: readonly [string, readonly number[]][] = [
  ['§3g: a second MED', [...ALL, 0x80, 4, 4, 0, 0, 0, 1, 0x80, 4, 4, 0, 0, 0, 2]],
  ['§7.5: LOCAL_PREF from an external peer', [...ALL, 0x40, 5, 4, 0, 0, 0, 1]],
  ['§7.6: ATOMIC_AGGREGATE of one byte', [...ALL, 0x40, 6, 1, 0]],
  ['§7.7: AGGREGATOR of six bytes', [...ALL, 0xc0, 7, 6, 0, 1, 1, 1, 1, 1]],
  ['§7.9: ORIGINATOR_ID from an external peer', [...ALL, 0x80, 9, 4, 1, 1, 1, 1]],
  ['§7.10: CLUSTER_LIST from an external peer', [...ALL, 0x80, 10, 4, 1, 1, 1, 1]],
  ['RFC 6793 §6: AS4_PATH that runs over', [...ALL, 0xc0, 17, 2, 2, 9]],
]

test.each(DISCARDED)('%s is discarded, the route stays', (_, attributes) => {
  const { message: got, mistakes } = decode(update(attributes))
  expect(got).toMatchObject({ announced: [prefixOf(0x0a010100, 24)], withdrawn: [] })
  expect(mistakes.map(mistake => mistake.action)).toEqual(['attribute-discard'])
})

const RESETS: readonly [string, Uint8Array, number, number, readonly number[]][] = [
  ['RFC 4271 §6.1: a wrong marker', Uint8Array.from([0, ...message(4, []).slice(1)]), 1, 1, []],
  ['RFC 4271 §6.1: a KEEPALIVE of 20 bytes', message(4, [0]), 1, 2, [0, 20]],
  ['RFC 4271 §6.1: message type 9', message(9, []), 1, 3, [9]],
  ['RFC 4271 §6.2: version 3', message(1, [3, 0, 1, 0, 90, 1, 1, 1, 1, 0]), 2, 1, [0, 4]],
  ['RFC 4271 §6.2: hold time 2', message(1, [4, 0, 1, 0, 2, 1, 1, 1, 1, 0]), 2, 6, []],
  ['RFC 4271 §6.2: router id 0.0.0.0', message(1, [4, 0, 1, 0, 90, 0, 0, 0, 0, 0]), 2, 3, []],
  ['RFC 4271 §6.2: an unknown optional parameter', message(1, [4, 0, 1, 0, 90, 1, 1, 1, 1, 2, 7, 0]), 2, 4, []],
  ['RFC 7606 §3b: attributes longer than the message', message(2, [0, 0, 0, 9, 0]), 3, 1, []],
  ['RFC 4271 §6.3: an unknown well-known attribute', update([...ALL, 0x40, 99, 1, 7]), 3, 2, [0x40, 99, 7]],
  ['RFC 7606 §5.3: a prefix of length 33', update(ALL, [33, 1, 2, 3, 4, 5]), 3, 10, []],
  ['RFC 7606 §3g: MP_REACH_NLRI twice', update([...ALL, 0x80, 14, 0, 0x80, 14, 0]), 3, 1, []],
]

test.each(RESETS)('%s ends the session', (_, bytes, code, subcode, data) => {
  let caught: unknown
  try {
    decode(bytes)
  } catch (error) {
    caught = error
  }
  expect(caught).toBeInstanceOf(BgpDecodeError)
  expect(caught).toMatchObject({ code, subcode, data })
})

test('RFC 6793 §4.2.3: AS_TRANS in the path of an old speaker is replaced from AS4_PATH', () => {
  const old = [...ORIGIN, 0x40, 2, 6, 2, 2, 0xfd, 0xe9, 0x5b, 0xa0, ...NEXT_HOP, 0xc0, 17, 6, 2, 1, 0, 1, 0x11, 0x70]
  const { message: got } = decodeBgpMessage(update(old), { fourOctetAsn: false })
  expect(got).toMatchObject({ attributes: { asPath: [{ type: 'sequence', asns: [65001, 70000] }] } })
})
