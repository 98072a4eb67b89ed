import { expect, test } from 'vitest'
import { hash32, Random } from '../../src/sim/random.ts'

test('equal seeds draw equal numbers', () => {
  const draw = (seed: number): number[] => {
    const random = new Random(seed)
    return Array.from({ length: 5 }, () => random.uint32())
  }
  expect(draw(1)).toEqual(draw(1))
  expect(draw(1)).not.toEqual(draw(2))
})

test('a fork does not depend on how much its parent has drawn', () => {
  const first = new Random(1)
  const second = new Random(1)
  second.uint32()
  expect(first.fork('leaf1').uint32()).toBe(second.fork('leaf1').uint32())
})

test('forks with different labels differ', () => {
  const random = new Random(1)
  expect(random.fork('leaf1').uint32()).not.toBe(random.fork('leaf2').uint32())
})

test('integers stay within their bounds', () => {
  const random = new Random(3)
  const values = Array.from({ length: 1000 }, () => random.integer(5, 10))
  expect(Math.min(...values)).toBe(5)
  expect(Math.max(...values)).toBe(9)
})

test('the hash of a text is the same for ever', () => {
  expect(hash32('cilium-bgp/leaf01/eth1')).toBe(hash32('cilium-bgp/leaf01/eth1'))
  expect(hash32('a')).not.toBe(hash32('b'))
})
