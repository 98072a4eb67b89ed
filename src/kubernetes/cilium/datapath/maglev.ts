/**
 * Maglev consistent hashing: every backend fills the table in the order of its own permutation, one slot a turn, so all nodes
 * build the same table and a lost backend moves few flows. Source: pkg/maglev/maglev.go; Eisenbud et al., NSDI 2016, 3.4.
 * Differs from Cilium: permutations and flows are hashed with another function than murmur3 and jhash, so a flow meets
 * another backend than in a real cluster; what follows from the algorithm is the same.
 */
import { assert } from '../../../assert.ts'
import { hash32 } from '../../../sim/random.ts'

/** Fixed, as Cilium's built-in seed is: all nodes agree. */
const SEED = 0x5eed

/**
 * @param names of the backends, without repetition; their order does not matter
 * @param size of the table, a prime larger than the number of backends
 * @returns for each slot the index into `names`
 */
export function maglevTable(names: readonly string[], size: number): Uint16Array {
  assert(names.length > 0 && size > names.length, 'a Maglev table needs backends and more slots than those')
  const order = names.map((name, index) => ({ name, index })).sort((one, other) => (one.name < other.name ? -1 : 1))
  const offsets = order.map(({ name }) => hash32(name, SEED) % size)
  const skips = order.map(({ name }) => (hash32(name, SEED + 1) % (size - 1)) + 1)
  const next = order.map(() => 0)
  const table = new Uint16Array(size).fill(0xffff)
  for (let filled = 0; filled < size; ) {
    for (let turn = 0; turn < order.length && filled < size; turn += 1) {
      let slot = (offsets[turn]! + skips[turn]! * next[turn]!) % size
      while (table[slot] !== 0xffff) {
        next[turn]! += 1
        slot = (offsets[turn]! + skips[turn]! * next[turn]!) % size
      }
      table[slot] = order[turn]!.index
      next[turn]! += 1
      filled += 1
    }
  }
  return table
}

/** Slot of a flow. With client affinity the source port is left out of the text. */
export function maglevSlot(flowText: string, size: number): number {
  return hash32(flowText, SEED) % size
}
