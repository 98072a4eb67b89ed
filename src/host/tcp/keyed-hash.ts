/**
 * A 32-bit hash of three integers under a secret, in place of the kernel's siphash for sequence numbers, timestamps and
 * ports (net/core/secure_seq.c): real values are not reproducible, so only their properties are kept.
 */
export function keyedHash(secret: number, first: number, second: number, third: number): number {
  let hash = secret >>> 0
  for (const word of [first, second, third]) {
    hash = Math.imul(hash ^ (word >>> 0), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    hash = (hash ^ (hash >>> 16)) >>> 0
  }
  return hash
}
