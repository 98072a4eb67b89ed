import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteReader, ByteWriter } from '../../src/wire/bytes.ts'
import { internetChecksum } from '../../src/wire/checksum.ts'
import { DecodeError } from '../../src/wire/decode-error.ts'
import { utf8Bytes } from '../../src/wire/utf8.ts'

test('what a writer wrote a reader reads', () => {
  const writer = new ByteWriter(1)
  writer.uint8(1)
  writer.uint16(0x203)
  writer.uint24(0x40506)
  writer.uint32(0xf708090a)
  const reader = new ByteReader(writer.finish())
  expect([reader.uint8(), reader.uint16(), reader.uint24(), reader.uint32()]).toEqual([1, 0x203, 0x40506, 0xf708090a])
  expect(() => reader.uint8()).toThrow(DecodeError)
})

test('the checksum of RFC 1071 §3 is the complement of ddf2, and 0 over data that carries it', () => {
  const data = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]
  const sum = internetChecksum(Uint8Array.from(data))
  expect(sum).toBe(0xffff - 0xddf2)
  expect(internetChecksum(Uint8Array.from([...data, sum >> 8, sum & 0xff]))).toBe(0)
})

test('utf8Bytes is the length of the encoding', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), text => {
      expect(utf8Bytes(text)).toBe(new TextEncoder().encode(text).length)
    }),
  )
})
