import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type BytesContent,
  eachRecord,
  indexAfter,
  listBytes,
  type RecordList,
  recordBytes,
  recordList,
} from '../../src/wire/stream.ts'
import { encodeSlices } from '../../src/wire/stream-codec.ts'

function list(...lengths: readonly number[]): RecordList {
  const contents = lengths.map((length, index): BytesContent => {
    return { protocol: 'bytes', bytes: new Uint8Array(length).fill(index + 1) }
  })
  return recordList(contents, ({ bytes }) => bytes.length)
}

test('a list tells where its records end and how long each is', () => {
  const records = list(3, 1, 5)
  expect(records.ends).toEqual([3, 4, 9])
  expect([0, 1, 2].map(index => recordBytes(records, index))).toEqual([3, 1, 5])
  expect([listBytes(records), listBytes(list())]).toEqual([9, 0])
})

test('a record without bytes is refused', () => {
  expect(() => list(3, 0)).toThrow('at least one byte')
})

test.each([
  [0, 0],
  [2, 0],
  [3, 1],
  [4, 2],
  [8, 2],
  [9, 3],
])('the byte at %i of records of 3, 1 and 5 bytes is in number %i', (position, index) => {
  expect(indexAfter([3, 4, 9], position)).toBe(index)
})

test('a program that wants one record after the other gets those of the range', () => {
  const seen: number[] = []
  eachRecord((_, bytes) => seen.push(bytes))(list(3, 1, 5, 2), 1, 3)
  expect(seen).toEqual([1, 5])
})

test('slices of a list have the bytes that the whole list has there, wherever it is cut', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(lengths, fc.array(fc.nat({ max: 160 }), { maxLength: 5 }), (sizes, cuts) => {
      const records = list(...sizes)
      const bytes = listBytes(records)
      const marks = [0, ...cuts.map(cut => cut % (bytes + 1)).sort((a, b) => a - b), bytes]
      const parts = marks.slice(1).map((to, index) => encodeSlices([{ records, from: marks[index]!, to }]))
      const whole = encodeSlices([{ records, from: 0, to: bytes }])
      expect(parts.flatMap(part => [...part])).toEqual([...whole])
    }),
  )
})
