import {
  formatIpv4,
  type Ipv4Address,
  ipv4,
  type Prefix,
  parsePrefix,
  prefixAddress,
  prefixLength,
  prefixOf,
} from '../wire/address.ts'

/** A block of addresses that is handed out in equal parts, counted from 0. */
interface Pool {
  readonly prefix: Prefix
  /** What stands in a message when the pool is too small. */
  readonly purpose: string
}

/**
 * Where the addresses of a generated fabric come from. The blocks do not overlap, so nothing taken from one can collide
 * with anything of another; `checkPool` says when one is too small.
 */
export const POOLS = {
  /** /31 of each leaf–spine link, spine first: links of spine1 in the order of the leaves, then those of spine2 … */
  leafLinks: pool('10.0.0.0/10', 'leaf-to-spine links'),
  /** /31 of each spine–super-spine link, super-spine first. */
  superLinks: pool('10.64.0.0/11', 'spine-to-super-spine links'),
  /** Loopback and router id of leaf N: 10.96.0.0 + N. Loopbacks are not announced. */
  leafLoopbacks: pool('10.96.0.0/12', 'leaves'),
  /** 10.112.0.0 + N for spine N. */
  spineLoopbacks: pool('10.112.0.0/13', 'spines'),
  /** 10.120.0.0 + N for super-spine N. */
  superLoopbacks: pool('10.120.0.0/13', 'super-spines'),
  /** Announced prefixes: those of leaf1 first, then those of leaf2 … */
  prefixes: pool('10.128.0.0/9', 'announced prefixes'),
} as const

/** Lengths that announced prefixes may have: the first of which there are enough is taken, for all. */
const PREFIX_LENGTHS = [24, 26, 28, 30]

/**
 * Autonomous systems, all private (RFC 6996) and of four octets: the third digit tells the tier. As RFC 7938 section 5.2.1
 * asks, each leaf has one of its own, the spines of a pod share one, the super-spines share one.
 */
export const AUTONOMOUS_SYSTEMS = {
  leaf: (index: number): number => 4_210_000_000 + index,
  pod: (index: number): number => 4_220_000_000 + index,
  superSpines: 4_230_000_001,
  /** The one system of a fabric with route reflectors. */
  internal: 65_000,
} as const

/** The first address of part `index` when the pool is cut into parts of 2^(32 - length) addresses. */
export function partOf({ prefix }: Pool, length: number, index: number): Ipv4Address {
  return ipv4(prefixAddress(prefix) + index * 2 ** (32 - length))
}

/** How many parts of this length the pool has. */
function capacity({ prefix }: Pool, length: number): number {
  return 2 ** (length - prefixLength(prefix))
}

/** The message when `count` parts of this length are more than the pool has; nothing when they fit. */
export function checkPool(from: Pool, length: number, count: number): string[] {
  const most = capacity(from, length)
  if (count <= most) return []
  const block = `${formatIpv4(prefixAddress(from.prefix))}/${prefixLength(from.prefix)}`
  return [`${count} ${from.purpose} are too many: ${block} has room for ${most}`]
}

/** The shortest length at which `count` prefixes fit, the longest one when they never do. */
export function announcedLength(count: number): number {
  return PREFIX_LENGTHS.find(length => count <= capacity(POOLS.prefixes, length)) ?? PREFIX_LENGTHS.at(-1)!
}

/** Announced prefix number `index` of the whole fabric. */
export function announcedPrefix(index: number, length: number): Prefix {
  return prefixOf(partOf(POOLS.prefixes, length, index), length)
}

function pool(text: string, purpose: string): Pool {
  return { prefix: parsePrefix(text)!, purpose }
}
