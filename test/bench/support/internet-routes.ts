import { Random } from '../../../src/sim/random.ts'
import { type Prefix, prefixOf } from '../../../src/wire/address.ts'
import type { PathAttributes } from '../../../src/wire/bgp/attributes.ts'

/** Prefixes that came with the same attributes. */
export interface RouteBatch {
  readonly attributes: Pick<PathAttributes, 'origin' | 'asPath' | 'med' | 'communities'>
  readonly prefixes: readonly Prefix[]
}

/** Shares of prefix lengths in the Internet's table, about: six of ten are a /24. */
const LENGTHS: readonly (readonly [length: number, share: number])[] = [
  [24, 0.6],
  [23, 0.1],
  [22, 0.12],
  [21, 0.05],
  [20, 0.05],
  [19, 0.05],
  [18, 0.026],
  [16, 0.004],
]

/** First octets that no provider announces, or that the lab itself has. */
const LEFT_OUT = [10, 127]

/** Prefixes per set of attributes, on average: a full table of a million comes with some 130,000 sets. */
const PREFIXES_PER_SET = 8

/**
 * A table like the Internet's: lengths in its shares, no prefix twice, AS paths of 2 to 7 systems, now and then a MED, some
 * communities. The same count gives the same table.
 */
export function internetRoutes(count: number): readonly RouteBatch[] {
  const random = new Random(20_261_123)
  const batches: RouteBatch[] = []
  // blocks of a /16 each hold prefixes of one length, so that none is inside another by accident of the counting
  const next = new Map(LENGTHS.map(([length], index) => [length, { block: 0x0100 + index, at: 0 }]))
  let left = count
  while (left > 0) {
    const size = Math.min(left, random.integer(1, 2 * PREFIXES_PER_SET))
    const prefixes = Array.from({ length: size }, () => takePrefix(next, pickLength(random)))
    batches.push({ attributes: attributesOf(random), prefixes })
    left -= size
  }
  return batches
}

function pickLength(random: Random): number {
  let point = random.float()
  for (const [length, share] of LENGTHS) {
    if (point < share) return length
    point -= share
  }
  return 24
}

function takePrefix(next: Map<number, { block: number; at: number }>, length: number): Prefix {
  const cursor = next.get(length)!
  if (cursor.at === 2 ** (length - 16)) {
    do cursor.block += LENGTHS.length
    while (LEFT_OUT.includes(cursor.block >> 8))
    cursor.at = 0
  }
  return prefixOf(cursor.block * 2 ** 16 + cursor.at++ * 2 ** (32 - length), length)
}

function attributesOf(random: Random): RouteBatch['attributes'] {
  const asns = Array.from({ length: random.integer(2, 8) }, () => random.integer(1000, 61_000))
  const communities = Array.from({ length: random.integer(0, 5) }, () => 3356 * 65536 + random.integer(0, 5000))
  return {
    origin: random.float() < 0.9 ? 0 : 2,
    asPath: [{ type: 'sequence', asns }],
    med: random.float() < 0.2 ? random.integer(0, 200) : undefined,
    communities: [...new Set(communities)].sort((a, b) => a - b),
  }
}
