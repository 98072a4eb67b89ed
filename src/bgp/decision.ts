/*
 * The decision process, RFC 4271 §9.1.2, as FRR runs it (bgpd/bgp_route.c bgp_path_info_cmp and bgp_best_selection,
 * bgpd/bgp_mpath.c). Steps in order: LLGR_STALE, weight, LOCAL_PREF, local route, AS_PATH length, origin, MED (where it is
 * comparable), eBGP over iBGP, IGP metric, CLUSTER_LIST length in its place, confederation external over internal; equal so
 * far means multipath; then the path selected now (eBGP), router id, CLUSTER_LIST length, staleness, locally configured,
 * peer address.
 * Not modelled: EVPN, labels, link bandwidth, add-path, accept-own, AIGP.
 */
import type { BgpModel } from '../model/bgp.ts'
import { isSameAsPath } from './as-path.ts'
import type { DestinationSet } from './destination-set.ts'
import type { Path } from './path.ts'
import type { DecisionStep } from './snapshot.ts'

/** What the comparison reads of the configuration, worked out once per speaker. */
export interface DecisionOptions {
  readonly defaultLocalPreference: number
  readonly asPathIgnore: boolean
  readonly asPathConfed: boolean
  readonly multipathRelax: boolean
  readonly compareRouterId: boolean
  readonly alwaysCompareMed: boolean
  readonly deterministicMed: boolean
  readonly medConfed: boolean
  readonly medMissingAsWorst: boolean
  readonly peerTypeRelax: boolean
  readonly isConfederation: boolean
  readonly equalClusterLength: boolean
  readonly maximumEbgp: number
  readonly maximumIbgp: number
  /** Paths are kept sorted, best first (FRR 10.1 and later). */
  readonly sorts: boolean
  /** Multipaths are taken in decision order rather than by next hop (FRR 10.2 and later). */
  readonly multipathInOrder: boolean
}

export function decisionOptions(
  model: BgpModel,
  build: { readonly maximumPaths: number; readonly sorts: boolean; readonly multipathInOrder: boolean },
): DecisionOptions {
  return {
    defaultLocalPreference: model.defaultLocalPreference,
    asPathIgnore: model.bestPath.asPathIgnore,
    asPathConfed: model.bestPath.asPathConfed,
    multipathRelax: model.bestPath.asPathMultipathRelax !== 'off',
    compareRouterId: model.bestPath.compareRouterId,
    alwaysCompareMed: model.alwaysCompareMed,
    deterministicMed: model.deterministicMed,
    medConfed: model.bestPath.medConfed,
    medMissingAsWorst: model.bestPath.medMissingAsWorst,
    peerTypeRelax: model.bestPath.peerTypeMultipathRelax,
    isConfederation: model.confederation !== undefined,
    equalClusterLength: model.maximumPaths.ibgpEqualClusterLength,
    maximumEbgp: Math.min(model.maximumPaths.ebgp ?? build.maximumPaths, build.maximumPaths),
    maximumIbgp: Math.min(model.maximumPaths.ibgp ?? build.maximumPaths, build.maximumPaths),
    sorts: build.sorts,
    multipathInOrder: build.multipathInOrder,
  }
}

/** Result of one comparison; one object is reused for all of a run. */
interface Verdict {
  step: DecisionStep
  isEqual: boolean
}

const verdict: Verdict = { step: 'nothing-left', isEqual: false }

/** Outcome of a run over the destinations of a set. */
export interface Selection {
  readonly best: Path | undefined
  /** Best path first; alone when there is no other member. Empty without a best path. */
  readonly multipath: readonly Path[]
  readonly reason: DecisionStep | 'first' | 'none'
}

/**
 * Chooses among the paths of destinations, and reorders them where the version keeps them sorted. Marks `isAsWinner` and
 * `lostStep` of every path; does not touch `isSelected`, which still tells the choice before.
 */
export function selectPaths(destinations: DestinationSet, options: DecisionOptions): Selection {
  for (const path of destinations.paths) path.resetDecision()
  if (options.deterministicMed) markAsWinners(destinations.paths, options)
  return options.sorts ? selectSorted(destinations, options) : selectInListOrder(destinations, options)
}

/** Whether the first path would win over the second now, and at which step (for `LossReason`). */
export function comparePaths(
  challenger: Path,
  other: Path,
  options: DecisionOptions,
): { readonly wins: boolean; readonly step: DecisionStep; readonly isEqual: boolean } {
  const wins = isBetter(challenger, other, options)
  return { wins, step: verdict.step, isEqual: verdict.isEqual }
}

function markAsWinners(paths: readonly Path[], options: DecisionOptions): void {
  const seen = new Set<Path>()
  for (const [index, first] of paths.entries()) {
    if (seen.has(first) || !first.takesPart) continue
    let winner = first
    for (const second of paths.slice(index + 1)) {
      if (seen.has(second) || !second.takesPart || !isSameNeighborAs(first, second)) continue
      if (isBetter(second, winner, options)) {
        winner.lostStep = verdict.step
        winner = second
      } else second.lostStep = verdict.step
      seen.add(second)
    }
    seen.add(winner)
    winner.isAsWinner = true
  }
}

/** Up to 10.0: one pass in list order, the text of the last comparison stays. */
function selectInListOrder(destinations: DestinationSet, options: DecisionOptions): Selection {
  let best: Path | undefined
  let reason: Selection['reason'] = 'none'
  if (options.deterministicMed && destinations.paths.length > 1) reason = lastAsComparison(destinations.paths)
  for (const path of destinations.paths) {
    if (!path.takesPart || (options.deterministicMed && !path.isAsWinner)) continue
    if (best === undefined) {
      best = path
      if (reason === 'none') reason = 'first'
      continue
    }
    const wins = isBetter(path, best, options)
    reason = verdict.step
    const loser = wins ? best : path
    loser.lostStep = verdict.step
    if (wins) best = path
  }
  if (best === undefined) return { best, multipath: [], reason: 'none' }
  const candidates: Path[] = []
  if (options.maximumEbgp > 1 || options.maximumIbgp > 1) {
    for (const path of destinations.paths) {
      if (path === best || !path.takesPart || path.nextHop === best.nextHop) continue
      isBetter(path, best, options)
      reason = verdict.step
      if (!options.deterministicMed || path.isAsWinner) path.lostStep = verdict.step
      if (verdict.isEqual) candidates.push(path)
    }
  }
  return { best, multipath: joinByNextHop(best, candidates, limitOf(best, options)), reason }
}

/** What the first round of deterministic-med leaves as text; `none` when it compared nothing. */
function lastAsComparison(paths: readonly Path[]): Selection['reason'] {
  for (let index = paths.length - 1; index >= 0; index -= 1) {
    const step = paths[index]!.lostStep
    if (step !== undefined && step !== 'invalid') return step
  }
  return 'none'
}

/** Candidates by next-hop address, then peer address, until the limit; a next hop next to its like is left out. */
function joinByNextHop(best: Path, candidates: Path[], limit: number): readonly Path[] {
  if (candidates.length === 0) return [best]
  sortFew(candidates)
  const members = [best]
  for (const path of candidates) {
    if (members.length >= limit) break
    if (members.at(-1)!.nextHop !== path.nextHop) members.push(path)
  }
  return members
}

/** By insertion where they are as few as the links of a switch: the engine's sort calls a function and keeps a list besides. */
function sortFew(paths: Path[]): void {
  if (paths.length > 64) {
    paths.sort(byNextHopAndPeer)
    return
  }
  for (let from = 1; from < paths.length; from += 1) {
    const path = paths[from]!
    let to = from
    while (to > 0 && byNextHopAndPeer(paths[to - 1]!, path) > 0) {
      paths[to] = paths[to - 1]!
      to -= 1
    }
    paths[to] = path
  }
}

function byNextHopAndPeer(a: Path, b: Path): number {
  if (a.nextHop !== b.nextHop) return a.nextHop - b.nextHop
  if (a.peer.address === undefined) return b.peer.address === undefined ? 0 : 1
  if (b.peer.address === undefined) return -1
  return a.peer.address - b.peer.address
}

/** Since 10.1: new and changed paths find their place by comparison; the head of the list is the best. */
function selectSorted(destinations: DestinationSet, options: DecisionOptions): Selection {
  const sorted = destinations.paths.filter(path => !path.isUnsorted && path.takesPart)
  const aside = destinations.paths.filter(path => !path.takesPart)
  for (const path of destinations.paths) {
    if (!path.isUnsorted || !path.takesPart) continue
    insertSorted(sorted, path, options)
    path.isUnsorted = false
  }
  for (const path of aside) path.isUnsorted = true
  destinations.paths = [...sorted, ...aside]
  const [best, ...others] = sorted
  if (best === undefined) return { best, multipath: [], reason: 'none' }
  if (others.length === 0 || best.reason === undefined) best.reason = 'first'
  return finishSorted(best, others, options)
}

function insertSorted(sorted: Path[], path: Path, options: DecisionOptions): void {
  if (sorted.length === 0) path.reason = 'first'
  for (let index = 0; index < sorted.length; index += 1) {
    const wins = isBetter(path, sorted[index]!, options)
    if (wins) {
      path.reason = verdict.step
      sorted.splice(index, 0, path)
      return
    }
    sorted[index]!.reason = verdict.step
  }
  sorted.push(path)
}

function finishSorted(best: Path, others: readonly Path[], options: DecisionOptions): Selection {
  let reason: Selection['reason'] = best.reason ?? 'first'
  const candidates: Path[] = []
  let isFirstUnequal = true
  for (const path of others) {
    if (!options.multipathInOrder && path.nextHop === best.nextHop) continue
    isBetter(path, best, options)
    path.lostStep = verdict.step
    if (verdict.isEqual) candidates.push(path)
    else if (isFirstUnequal || !options.multipathInOrder) {
      reason = verdict.step
      isFirstUnequal = false
    }
  }
  const limit = limitOf(best, options)
  const multipath = options.multipathInOrder
    ? [best, ...candidates].slice(0, Math.max(1, limit))
    : joinByNextHop(best, candidates, limit)
  return { best, multipath, reason }
}

function limitOf(best: Path, options: DecisionOptions): number {
  return best.peer.type === 'ibgp' ? options.maximumIbgp : options.maximumEbgp
}

/** MED is comparable between these: same first AS, or same first member AS of the confederation. */
function isSameNeighborAs(a: Path, b: Path): boolean {
  const left = a.attributes
  const right = b.attributes
  if (left.asPath.length === 0 && right.asPath.length === 0) return true
  if (left.leftAsn !== undefined && left.leftAsn === right.leftAsn) return true
  return left.leftConfederationAsn !== undefined && left.leftConfederationAsn === right.leftConfederationAsn
}

/** Whether `path` wins over `other`; leaves the deciding step and the multipath mark in `verdict`. */
function isBetter(path: Path, other: Path, options: DecisionOptions): boolean {
  verdict.isEqual = false
  const a = path.attributes
  const b = other.attributes
  if (a.isLlgrStale) return decide('llgr-stale', false)
  if (b.isLlgrStale) return decide('llgr-stale', true)
  if (path.weight !== other.weight) return decide('weight', path.weight > other.weight)
  const preference = a.localPreference ?? options.defaultLocalPreference
  const otherPreference = b.localPreference ?? options.defaultLocalPreference
  if (preference !== otherPreference) return decide('local-preference', preference > otherPreference)
  if (path.isLocal !== other.isLocal) return decide('local-route', path.isLocal)
  if (!options.asPathIgnore) {
    const extra = options.asPathConfed ? a.confederationHops - b.confederationHops : 0
    const difference = a.hops - b.hops + extra
    if (difference !== 0) return decide(options.asPathConfed ? 'confed-as-path' : 'as-path', difference < 0)
  }
  if (a.origin !== b.origin) return decide('origin', a.origin < b.origin)
  if (isMedComparable(path, other, options)) {
    const med = medOf(path, options)
    const otherMed = medOf(other, options)
    if (med !== otherMed) return decide('med', med < otherMed)
  }
  return isBetterByPeer(path, other, options)
}

function decide(step: DecisionStep, wins: boolean): boolean {
  verdict.step = step
  return wins
}

function isMedComparable(path: Path, other: Path, options: DecisionOptions): boolean {
  if (options.alwaysCompareMed) return true
  const a = path.attributes
  const b = other.attributes
  if (a.hops === 0 && b.hops === 0) {
    // Confederation-only paths count as internal here too: FRR's test for "both internal" looks at the hop count alone.
    return true
  }
  return isSameNeighborAs(path, other)
}

function medOf(path: Path, options: DecisionOptions): number {
  return path.attributes.med ?? (options.medMissingAsWorst ? 0xffffffff : 0)
}

/** Steps 7 to 11: peer type, IGP metric, cluster list, confederation, and the multipath mark. */
function isBetterByPeer(path: Path, other: Path, options: DecisionOptions): boolean {
  let byType: boolean | undefined
  const type = path.peer.type
  const otherType = other.peer.type
  if ((type === 'ebgp') !== (otherType === 'ebgp') && type !== 'self' && otherType !== 'self') {
    decide('peer-type', true)
    if (!options.peerTypeRelax) return type === 'ebgp'
    byType = type === 'ebgp'
  }
  let metric = path.igpMetric
  let otherMetric = other.igpMetric
  let byMetric = metric < otherMetric
  if (metric === otherMetric && type === 'ibgp' && otherType === 'ibgp' && options.equalClusterLength) {
    metric = path.attributes.clusterList.length
    otherMetric = other.attributes.clusterList.length
    byMetric = metric < otherMetric
  }
  if (options.isConfederation && (type === 'confed' || otherType === 'confed') && type !== otherType) {
    if (type === 'ibgp' || otherType === 'ibgp') {
      decide('confed-peer-type', true)
      if (!options.peerTypeRelax) return type === 'confed'
      byType = type === 'confed'
    }
  }
  if (metric !== otherMetric) {
    if (byType !== undefined) return byType
    return decide('igp-metric', byMetric)
  }
  verdict.isEqual = isMultipathEqual(path, other, options)
  return byType ?? isBetterByTie(path, other, options)
}

function isMultipathEqual(path: Path, other: Path, options: DecisionOptions): boolean {
  if (options.multipathRelax) return true
  if (path.peer.type === 'ibgp') return isSameAsPath(path.attributes.asPath, other.attributes.asPath)
  return path.peer.remoteAsn === other.peer.remoteAsn
}

/** Steps 12 to 18: ties. */
function isBetterByTie(path: Path, other: Path, options: DecisionOptions): boolean {
  if (!options.compareRouterId && path.peer.type === 'ebgp' && other.peer.type === 'ebgp') {
    if (path.isSelected) return decide('older-path', true)
    if (other.isSelected) return decide('older-path', false)
  }
  const id = path.attributes.originatorId ?? path.peer.remoteRouterId
  const otherId = other.attributes.originatorId ?? other.peer.remoteRouterId
  if (id !== otherId) return decide('router-id', id < otherId)
  const clusters = path.attributes.clusterList.length - other.attributes.clusterList.length
  if (clusters !== 0) return decide('cluster-length', clusters < 0)
  if (other.isStale) return decide('stale', true)
  if (path.isStale) return decide('stale', false)
  if (path.peer.address === undefined) return decide('locally-configured', false)
  if (other.peer.address === undefined) return decide('locally-configured', true)
  if (path.peer.address !== other.peer.address) {
    return decide('neighbor-address', path.peer.address < other.peer.address)
  }
  return decide('nothing-left', true)
}

/** FRR's words in `best (…)` and `selectionReason` (bgp_path_selection_reason2str). */
export function selectionReasonText(reason: DecisionStep | 'first' | 'none'): string {
  return REASON_TEXT[reason]
}

const REASON_TEXT: Readonly<Record<DecisionStep | 'first' | 'none', string>> = {
  none: 'Nothing to Select',
  first: 'First path received',
  invalid: 'Nothing to Select',
  'llgr-stale': 'Nothing to Select',
  weight: 'Weight',
  'local-preference': 'Local Pref',
  'local-route': 'Local Route',
  'as-path': 'AS Path',
  'confed-as-path': 'Confederation based AS Path',
  origin: 'Origin',
  med: 'MED',
  'peer-type': 'Peer Type',
  'igp-metric': 'IGP Metric',
  'confed-peer-type': 'Confed Peer Type',
  'older-path': 'Older Path',
  'router-id': 'Router ID',
  'cluster-length': 'Cluster length',
  stale: 'Path Staleness',
  'locally-configured': 'Locally configured route',
  'neighbor-address': 'Neighbor IP',
  'nothing-left': 'Nothing left to compare',
}

/** The value of a path at a step, as a person would write it. */
export function valueAtStep(path: Path, step: DecisionStep, options: DecisionOptions): number | string {
  const { attributes, peer } = path
  switch (step) {
    case 'weight':
      return path.weight
    case 'local-preference':
      return attributes.localPreference ?? options.defaultLocalPreference
    case 'local-route':
      return path.isLocal ? 'local' : 'learned'
    case 'as-path':
      return attributes.hops
    case 'confed-as-path':
      return attributes.hops + attributes.confederationHops
    case 'origin':
      return attributes.origin
    case 'med':
      return medOf(path, options)
    case 'peer-type':
    case 'confed-peer-type':
      return peer.type
    case 'igp-metric':
      return path.igpMetric
    case 'older-path':
      return path.isSelected ? 'selected before' : 'newer'
    case 'router-id':
      return attributes.originatorId ?? peer.remoteRouterId
    case 'cluster-length':
      return attributes.clusterList.length
    case 'neighbor-address':
      return peer.address ?? 0
    case 'stale':
    case 'llgr-stale':
      return path.isStale ? 'stale' : 'fresh'
    case 'invalid':
      return path.isValid ? 'session down' : 'next hop unreachable'
    case 'locally-configured':
      return peer.address === undefined ? 'local' : 'learned'
    case 'nothing-left':
      return ''
  }
}
