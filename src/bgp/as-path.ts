import type { AsPathSegment } from '../wire/bgp/attributes.ts'

/*
 * Pure operations on AS_PATH values. Paths are immutable: each function returns a new one, or the same one when nothing
 * changes. Sources: RFC 4271 §5.1.2, RFC 5065 §4, FRR bgpd/bgp_aspath.c.
 */

/** AS_PATH as its segments, the nearest AS first. */
export type AsPath = readonly AsPathSegment[]

const EMPTY_AS_PATH: AsPath = []

/** Length for the decision: a sequence counts each AS, a set one, confederation segments nothing. */
export function asPathHops(path: AsPath): number {
  let hops = 0
  for (const segment of path) {
    if (segment.type === 'sequence') hops += segment.asns.length
    else if (segment.type === 'set') hops += 1
  }
  return hops
}

/** What `bestpath as-path confed` adds. */
export function asPathConfederationHops(path: AsPath): number {
  let hops = 0
  for (const segment of path) {
    if (segment.type === 'confed-sequence') hops += segment.asns.length
    else if (segment.type === 'confed-set') hops += 1
  }
  return hops
}

/** The AS whose MEDs are comparable: first of the first non-confederation segment, if that is a sequence. */
export function leftmostAsn(path: AsPath): number | undefined {
  for (const segment of path) {
    if (segment.type === 'confed-sequence' || segment.type === 'confed-set') continue
    return segment.type === 'sequence' ? segment.asns[0] : undefined
  }
  return undefined
}

/** First AS of a leading confederation sequence. */
export function leftmostConfederationAsn(path: AsPath): number | undefined {
  const first = path[0]
  return first?.type === 'confed-sequence' ? first.asns[0] : undefined
}

/** First AS of a path that begins with a sequence: what `enforce-first-as` and `prepend last-as` look at (aspath_leftmost). */
export function leadingAsn(path: AsPath): number | undefined {
  const first = path[0]
  return first?.type === 'sequence' ? first.asns[0] : undefined
}

/** Last AS of the sequences: the path's originator, for `allowas-in origin` (aspath_get_last_as). */
export function lastAsn(path: AsPath): number | undefined {
  return path.findLast(segment => segment.type === 'sequence' || segment.type === 'confed-sequence')?.asns.at(-1)
}

/** How often the AS appears, in any segment. */
export function countAsn(path: AsPath, asn: number): number {
  let count = 0
  for (const segment of path) for (const each of segment.asns) if (each === asn) count += 1
  return count
}

/** Puts ASes in front, joined to a leading sequence of the same type. */
export function prependAsns(
  path: AsPath,
  asns: readonly number[],
  type: 'sequence' | 'confed-sequence' = 'sequence',
): AsPath {
  if (asns.length === 0) return path
  const first = path[0]
  if (first?.type === type) return [{ type, asns: [...asns, ...first.asns] }, ...path.slice(1)]
  return [{ type, asns }, ...path]
}

/** `set as-path prepend`: a path that begins with a confederation sequence loses its confederation segments (aspath_prepend). */
export function prependByPolicy(path: AsPath, asns: readonly number[]): AsPath {
  return prependAsns(path[0]?.type === 'confed-sequence' ? withoutConfederation(path) : path, asns)
}

/** Drops the leading confederation segments: what leaves a confederation. */
export function withoutConfederation(path: AsPath): AsPath {
  if (!hasConfederation(path)) return path
  return path.filter(segment => segment.type === 'sequence' || segment.type === 'set')
}

/** Whether a segment belongs to a confederation, RFC 5065. */
export function hasConfederation(path: AsPath): boolean {
  return path.some(segment => segment.type === 'confed-sequence' || segment.type === 'confed-set')
}

/** Whether a segment is a set, ordinary or of a confederation. */
export function hasSet(path: AsPath): boolean {
  return path.some(segment => segment.type === 'set' || segment.type === 'confed-set')
}

/** RFC 6996: 64512 to 65534 and 4200000000 to 4294967294. */
export function isPrivateAsn(asn: number): boolean {
  return (asn >= 64512 && asn <= 65534) || (asn >= 4200000000 && asn <= 4294967294)
}

/** Whether the path is not empty and has private ASes only. */
export function isAllPrivate(path: AsPath): boolean {
  return path.length > 0 && path.every(segment => segment.asns.every(isPrivateAsn))
}

/** Removes private ASes; those of the peer stay so that it still sees its loop. */
export function withoutPrivateAsns(path: AsPath, peerAsn: number): AsPath {
  return keepAsns(path, asn => !isPrivateAsn(asn) || asn === peerAsn)
}

/** Puts `own` in the place of every private AS but the peer's. */
export function replacePrivateAsns(path: AsPath, own: number, peerAsn: number): AsPath {
  return mapAsns(path, asn => (isPrivateAsn(asn) && asn !== peerAsn ? own : asn))
}

/** Puts `own` in the place of `target` (as-override). */
export function replaceAsn(path: AsPath, target: number, own: number): AsPath {
  return countAsn(path, target) === 0 ? path : mapAsns(path, asn => (asn === target ? own : asn))
}

/** Removes the listed ASes (`set as-path exclude`). */
export function excludeAsns(path: AsPath, asns: readonly number[]): AsPath {
  return keepAsns(path, asn => !asns.includes(asn))
}

/** Text as in `show ip bgp`: `65001 65002 {1,2} (65010 65011)`. */
export function formatAsPath(path: AsPath): string {
  const parts: string[] = []
  for (const segment of path) {
    switch (segment.type) {
      case 'sequence':
        parts.push(segment.asns.join(' '))
        break
      case 'set':
        parts.push(`{${segment.asns.join(',')}}`)
        break
      case 'confed-sequence':
        parts.push(`(${segment.asns.join(' ')})`)
        break
      case 'confed-set':
        parts.push(`[${segment.asns.join(',')}]`)
        break
    }
  }
  return parts.join(' ')
}

/**
 * The path of an `as-set` aggregate: the common beginning as a sequence, everything else as one sorted set.
 * A single distinct path is kept as it is (FRR `aspath_aggregate`).
 */
export function aggregateAsPaths(paths: readonly AsPath[]): AsPath {
  const [first, ...rest] = paths
  if (first === undefined) return EMPTY_AS_PATH
  if (rest.every(path => isSameAsPath(path, first))) return first
  const common = commonBeginning(paths.map(path => (path[0]?.type === 'sequence' ? path[0].asns : [])))
  const others = new Set<number>()
  for (const path of paths) {
    path.forEach((segment, index) => {
      const from = index === 0 ? common.length : 0
      for (const asn of segment.asns.slice(from)) others.add(asn)
    })
  }
  const result: AsPathSegment[] = []
  if (common.length > 0) result.push({ type: 'sequence', asns: common })
  if (others.size > 0) result.push({ type: 'set', asns: [...others].sort((a, b) => a - b) })
  return result
}

/** Whether the paths have the same segments with the same numbers. */
export function isSameAsPath(a: AsPath, b: AsPath): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  return a.every((segment, index) => {
    const other = b[index]!
    return (
      segment.type === other.type &&
      segment.asns.length === other.asns.length &&
      segment.asns.every((asn, position) => asn === other.asns[position])
    )
  })
}

function commonBeginning(lists: readonly (readonly number[])[]): number[] {
  const common: number[] = []
  const shortest = Math.min(...lists.map(list => list.length))
  for (let index = 0; index < shortest; index += 1) {
    const asn = lists[0]![index]!
    if (!lists.every(list => list[index] === asn)) break
    common.push(asn)
  }
  return common
}

/** The path with every AS replaced. */
export function mapAsns(path: AsPath, map: (asn: number) => number): AsPath {
  return path.map(segment => ({ type: segment.type, asns: segment.asns.map(map) }))
}

function keepAsns(path: AsPath, keep: (asn: number) => boolean): AsPath {
  if (path.every(segment => segment.asns.every(keep))) return path
  const kept: AsPathSegment[] = []
  for (const segment of path) {
    const asns = segment.asns.filter(keep)
    if (asns.length > 0) kept.push({ type: segment.type, asns })
  }
  return kept
}
