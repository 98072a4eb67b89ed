/**
 * The kernel's multipath hash since 6.11: SipHash-2-4 over a flow of 48 bytes, the seed as both halves of both key words.
 * Sources: Linux net/ipv4/route.c (fib_multipath_hash), include/net/ip_fib.h (fib_multipath_hash_from_keys),
 * net/core/flow_dissector.c (__flow_hash_consistentify); Aumasson and Bernstein, SipHash, 2012.
 *
 * Differs from Linux: kernels before 6.11 take a random 128-bit key per boot instead of the seed.
 */

/** State of SipHash: v0..v3 as low and high halves; reused, the function is not re-entrant and need not be. */
const v = new Int32Array(8)

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

  begin(seed)
  // 48 bytes as six little-endian words: protocol at 2, ports at 28 and 30, addresses at 36 and 40.
  absorb(protocol << 16, 0)
  absorb(0, 0)
  absorb(0, 0)
  absorb(0, firstPort | (secondPort << 16))
  absorb(0, first)
  absorb(second, 0)
  absorb(0, 48 << 24)
  const low = finish()
  return (low === 0 ? 1 : low) >>> 1
}

function begin(seed: number): void {
  v[0] = 0x70736575 ^ seed
  v[1] = 0x736f6d65 ^ seed
  v[2] = 0x6e646f6d ^ seed
  v[3] = 0x646f7261 ^ seed
  v[4] = 0x6e657261 ^ seed
  v[5] = 0x6c796765 ^ seed
  v[6] = 0x79746573 ^ seed
  v[7] = 0x74656462 ^ seed
}

function absorb(low: number, high: number): void {
  v[6]! ^= low
  v[7]! ^= high
  round()
  round()
  v[0]! ^= low
  v[1]! ^= high
}

/** Low 32 bits of the hash. */
function finish(): number {
  v[4]! ^= 0xff
  round()
  round()
  round()
  round()
  return (v[0]! ^ v[2]! ^ v[4]! ^ v[6]!) >>> 0
}

function round(): void {
  add(0, 2)
  rotate(2, 13)
  exclusiveOr(2, 0)
  swapHalves(0)
  add(4, 6)
  rotate(6, 16)
  exclusiveOr(6, 4)
  add(0, 6)
  rotate(6, 21)
  exclusiveOr(6, 0)
  add(4, 2)
  rotate(2, 17)
  exclusiveOr(2, 4)
  swapHalves(4)
}

function add(to: number, from: number): void {
  const low = (v[to]! >>> 0) + (v[from]! >>> 0)
  v[to] = low
  v[to + 1] = v[to + 1]! + v[from + 1]! + (low > 0xffffffff ? 1 : 0)
}

function rotate(word: number, bits: number): void {
  const low = v[word]!
  const high = v[word + 1]!
  v[word] = (low << bits) | (high >>> (32 - bits))
  v[word + 1] = (high << bits) | (low >>> (32 - bits))
}

function exclusiveOr(to: number, from: number): void {
  v[to]! ^= v[from]!
  v[to + 1]! ^= v[from + 1]!
}

function swapHalves(word: number): void {
  const low = v[word]!
  v[word] = v[word + 1]!
  v[word + 1] = low
}

/** An address as the little-endian kernel reads it. */
function swap32(value: number): number {
  return (((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0
}

function swap16(value: number): number {
  return ((value & 0xff) << 8) | (value >>> 8)
}
