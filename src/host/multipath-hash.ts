/**
 * The kernel's multipath hash since 6.11: SipHash-2-4 over a flow of 48 bytes, the seed as both halves of both key words.
 * Sources: Linux net/ipv4/route.c (fib_multipath_hash), include/net/ip_fib.h (fib_multipath_hash_from_keys),
 * net/core/flow_dissector.c (__flow_hash_consistentify); Aumasson and Bernstein, SipHash, 2012.
 *
 * Differs from Linux: kernels before 6.11 take a random 128-bit key per boot instead of the seed.
 */

/** The flow as six little-endian words of 64 bits and the word with the length, low halves first; reused by every call. */
const words = new Int32Array(14)

/** Two rounds for each of the seven words, four at the end. */
const WORD_ROUNDS = 14
const ROUNDS = 18

/**
 * Hash of a flow, 31 bits. It is symmetric: turning the flow round changes nothing.
 * Protocol and ports are 0 where the policy leaves them out.
 */
export function multipathHash(
  seed: number,
  source: number,
  destination: number,
  protocol: number,
  sourcePort: number,
  destinationPort: number,
): number {
  let first = swap32(source)
  let second = swap32(destination)
  if (second < first) [first, second] = [second, first]
  let firstPort = swap16(sourcePort)
  let secondPort = swap16(destinationPort)
  if (secondPort < firstPort) [firstPort, secondPort] = [secondPort, firstPort]

  // protocol at byte 2, ports at 28 and 30, addresses at 36 and 40; the other fields are of other protocols
  words[0] = protocol << 16
  words[7] = firstPort | (secondPort << 16)
  words[9] = first
  words[10] = second
  words[13] = 48 << 24
  const low = sipHash(seed)
  return (low === 0 ? 1 : low) >>> 1
}

/**
 * Low 32 bits of SipHash-2-4 over `words`. Every packet on several paths comes by here, so the state v0..v3 are local
 * variables, each as a low and a high half, and the round stands here once instead of in functions.
 */
function sipHash(seed: number): number {
  let low0 = 0x70736575 ^ seed
  let high0 = 0x736f6d65 ^ seed
  let low1 = 0x6e646f6d ^ seed
  let high1 = 0x646f7261 ^ seed
  let low2 = 0x6e657261 ^ seed
  let high2 = 0x6c796765 ^ seed
  let low3 = 0x79746573 ^ seed
  let high3 = 0x74656462 ^ seed
  for (let round = 0; round < ROUNDS; round += 1) {
    if (round < WORD_ROUNDS && (round & 1) === 0) {
      low3 ^= words[round]!
      high3 ^= words[round + 1]!
    }
    // v0 += v1; v1 = rotl(v1, 13) ^ v0; v0 = rotl(v0, 32)
    let sum = (low0 >>> 0) + (low1 >>> 0)
    let carried = (high0 + high1 + (sum > 0xffffffff ? 1 : 0)) | 0
    high0 = sum | 0
    low0 = carried
    let low = low1
    low1 = ((low << 13) | (high1 >>> 19)) ^ high0
    high1 = ((high1 << 13) | (low >>> 19)) ^ low0
    // v2 += v3; v3 = rotl(v3, 16) ^ v2
    sum = (low2 >>> 0) + (low3 >>> 0)
    high2 = (high2 + high3 + (sum > 0xffffffff ? 1 : 0)) | 0
    low2 = sum | 0
    low = low3
    low3 = ((low << 16) | (high3 >>> 16)) ^ low2
    high3 = ((high3 << 16) | (low >>> 16)) ^ high2
    // v0 += v3; v3 = rotl(v3, 21) ^ v0
    sum = (low0 >>> 0) + (low3 >>> 0)
    high0 = (high0 + high3 + (sum > 0xffffffff ? 1 : 0)) | 0
    low0 = sum | 0
    low = low3
    low3 = ((low << 21) | (high3 >>> 11)) ^ low0
    high3 = ((high3 << 21) | (low >>> 11)) ^ high0
    // v2 += v1; v1 = rotl(v1, 17) ^ v2; v2 = rotl(v2, 32)
    sum = (low2 >>> 0) + (low1 >>> 0)
    carried = (high2 + high1 + (sum > 0xffffffff ? 1 : 0)) | 0
    high2 = sum | 0
    low2 = carried
    low = low1
    low1 = ((low << 17) | (high1 >>> 15)) ^ high2
    high1 = ((high1 << 17) | (low >>> 15)) ^ low2
    if (round < WORD_ROUNDS && (round & 1) === 1) {
      low0 ^= words[round - 1]!
      high0 ^= words[round]!
    }
    if (round === WORD_ROUNDS - 1) low2 ^= 0xff
  }
  return (low0 ^ low1 ^ low2 ^ low3) >>> 0
}

/** An address as the little-endian kernel reads it. */
function swap32(value: number): number {
  return (((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0
}

function swap16(value: number): number {
  return ((value & 0xff) << 8) | (value >>> 8)
}
