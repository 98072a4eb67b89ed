/**
 * Seeded generator (xoshiro128**, Blackman and Vigna 2018), forked by label: what one node draws never depends on how much
 * another one drew.
 */
export class Random {
  readonly #seed: number
  readonly #rename: ((label: string) => string) | undefined
  #s0: number
  #s1: number
  #s2: number
  #s3: number

  /** @param rename what to fork by instead of a label; forks of forks take theirs as they are */
  constructor(seed: number, rename?: (label: string) => string) {
    this.#seed = seed >>> 0
    this.#rename = rename
    const next = splitMix32(this.#seed)
    this.#s0 = next()
    this.#s1 = next()
    this.#s2 = next()
    this.#s3 = next()
  }

  /** An independent generator that depends on this one's seed and the label alone. */
  fork(label: string): Random {
    return new Random(hash32(this.#rename?.(label) ?? label, this.#seed))
  }

  /** Uniform integer in [0, 2^32). */
  uint32(): number {
    const result = Math.imul(rotateLeft(Math.imul(this.#s1, 5), 7), 9) >>> 0
    const t = this.#s1 << 9
    this.#s2 ^= this.#s0
    this.#s3 ^= this.#s1
    this.#s1 ^= this.#s2
    this.#s0 ^= this.#s3
    this.#s2 ^= t
    this.#s3 = rotateLeft(this.#s3, 11)
    return result
  }

  /** Uniform number in [0, 1). */
  float(): number {
    return this.uint32() / 2 ** 32
  }

  /** Uniform integer in [from, to). */
  integer(from: number, to: number): number {
    return from + Math.floor(this.float() * (to - from))
  }
}

/** 32-bit FNV-1a hash of the text with a final avalanche; stable for ever, as addresses and seeds hang on it. */
export function hash32(text: string, seed = 0): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

function splitMix32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x9e3779b9) >>> 0
    let z = state
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
    return (z ^ (z >>> 16)) >>> 0
  }
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}
