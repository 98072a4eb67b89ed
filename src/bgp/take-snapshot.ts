import { type Prefix, prefixAddress, prefixLength, UNSPECIFIED } from '../wire/address.ts'
import { selectionReasonText, valueAtStep } from './decision.ts'
import { withNextHop } from './export.ts'
import type { Path } from './path.ts'
import type { Destination } from './rib.ts'
import type { Session } from './session.ts'
import type {
  GracefulRestartRow,
  LossReason,
  MessageCounters,
  NextHopRow,
  PathRow,
  PeerName,
  PeerRoutes,
  PeerRow,
  PeersSnapshot,
  PrefixRow,
  TableSnapshot,
} from './snapshot.ts'
import type { Speaker } from './speaker.ts'

/** Rows of `show ip bgp`. */
export function tableSnapshot(speaker: Speaker): TableSnapshot {
  const { table, model } = speaker
  const sessions = sortedSessions(speaker)
  const destinations = table.rib.sorted()
  return {
    asn: model.asn,
    routerId: speaker.routerId,
    defaultLocalPreference: model.defaultLocalPreference,
    tableVersion: table.rib.version,
    get ribEntries() {
      return countTrieNodes(destinations.map(each => each.prefix))
    },
    showHostname: model.showHostname,
    prefixes: destinations.map(destination => prefixRow(speaker, destination, sessions)),
  }
}

/** Rows of `show ip bgp summary` and `show ip bgp neighbors`. */
export function peersSnapshot(speaker: Speaker): PeersSnapshot {
  const { table, model } = speaker
  const sessions = sortedSessions(speaker)
  return {
    asn: model.asn,
    routerId: speaker.routerId,
    tableVersion: table.rib.version,
    // counted only for who asks: state tables take the peers of hundreds of speakers ten times a second
    get ribEntries() {
      return countTrieNodes(table.rib.sorted().map(each => each.prefix))
    },
    peerGroups: model.peerGroups.length,
    listenLimit: model.listenLimit,
    dynamicPeers: sessions.filter(each => each.dynamicRange !== undefined).length,
    isMultipathRelax: model.bestPath.asPathMultipathRelax !== 'off',
    showHostname: model.showHostname,
    peers: sessions.map((session, index) => peerRow(speaker, session, index)),
  }
}

/** Rows of `advertised-routes`. */
export function advertisedRoutes(session: Session): PeerRoutes {
  const rows = session.queue
    .routes()
    .filter(({ prefix }) => !(session.isDefaultSent && prefix === 0))
    .map(({ prefix, route }) => ({ prefix, attributes: withNextHop(route.view, route.nextHop), weight: route.weight }))
  return { rows, isDefaultOriginated: session.isDefaultSent, filtered: 0 }
}

/** Rows of `received-routes`. */
export function receivedRoutes(speaker: Speaker, session: Session): PeerRoutes {
  const isTaken = (prefix: Prefix): boolean => speaker.table.received.has(session, prefix)
  const rows = [...session.adjIn]
    .sort(([a], [b]) => a - b)
    .map(([prefix, { attributes, nextHop }]) => ({ prefix, attributes: withNextHop(attributes, nextHop), weight: 0 }))
  return { rows, isDefaultOriginated: false, filtered: rows.filter(row => !isTaken(row.prefix)).length }
}

/** Rows of `show bgp nexthop`. */
export function nextHopRows(speaker: Speaker): NextHopRow[] {
  return speaker.nextHops.sorted().map(entry => {
    const session = speaker.sessions.get(entry.address)
    const { tracking } = entry
    return {
      address: entry.address,
      isValid: entry.isValid,
      metric: entry.metric,
      paths: entry.paths.size,
      ...(session === undefined ? {} : { peer: nameOf(session) }),
      ...(tracking?.interface === undefined ? {} : { interface: tracking.interface }),
      ...(tracking?.gateway === undefined ? {} : { gateway: tracking.gateway }),
      mustBeConnected: entry.connectedOnly,
      updatedAtNs: entry.updatedAtNs,
    }
  })
}

/** Members of peer groups first, by group; then by address (FRR peer_cmp). */
function sortedSessions(speaker: Speaker): Session[] {
  return [...speaker.sessions.values()].sort((a, b) => {
    const left = a.model.peerGroup
    const right = b.model.peerGroup
    if (left !== right) {
      if (left === undefined) return 1
      if (right === undefined) return -1
      return left < right ? -1 : 1
    }
    return a.address - b.address
  })
}

function prefixRow(speaker: Speaker, destination: Destination, sessions: readonly Session[]): PrefixRow {
  const { prefix } = destination
  return {
    prefix,
    version: destination.version,
    paths: destination.paths.map(path => pathRow(speaker, path, destination.best)),
    isSuppressed: (destination.best?.suppressors ?? 0) > 0,
    selectionReason: selectionReasonText(destination.reason),
    // looked for only by who asks, as the number of entries
    get advertisedTo() {
      return sessions.filter(each => each.isEstablished && each.queue.announced.has(prefix)).map(nameOf)
    },
  }
}

function pathRow(speaker: Speaker, path: Path, best: Path | undefined): PathRow {
  const { model } = speaker
  const session = path.kind === 'learned' ? (path.peer as Session) : undefined
  const { leftAsn } = path.attributes
  return {
    kind: path.kind,
    ...(session === undefined ? {} : { peer: { ...nameOf(session), routerId: session.remoteRouterId } }),
    peerType: peerTypeOf(path, model.confederation !== undefined),
    attributes: withNextHop(path.attributes, path.nextHop),
    weight: path.weight,
    ...(path.tag === undefined ? {} : { tag: path.tag }),
    isValid: path.isValid,
    isBest: path.isSelected,
    isMultipath: path.isMultipath,
    isStale: path.isStale,
    ...(path.isAsWinner && model.deterministicMed ? { bestFromAs: leftAsn ?? ('local' as const) } : {}),
    igpMetric: path.igpMetric,
    isFromReflectorClient: path.peer.isReflectorClient,
    isFromRouteServerClient: path.peer.isRouteServerClient,
    updatedAtNs: path.updatedAtNs,
    ...lossOf(speaker, path, best),
  }
}

function peerTypeOf(path: Path, isConfederation: boolean): PathRow['peerType'] {
  switch (path.peer.type) {
    case 'self':
      return 'self'
    case 'confed':
      return 'confed-external'
    case 'ebgp':
      return 'external'
    case 'ibgp':
      return isConfederation ? 'confed-internal' : 'internal'
  }
}

function lossOf(speaker: Speaker, path: Path, best: Path | undefined): { lostAt?: LossReason } {
  const step = path.lostStep
  if (path.isSelected || step === undefined) return {}
  const options = speaker.table.decision
  return {
    lostAt: {
      step,
      own: valueAtStep(path, step, options),
      winner: best === undefined ? '' : valueAtStep(best, step, options),
    },
  }
}

function nameOf(session: Session): PeerName {
  const fqdn = session.main.otherOpen?.capabilities.find(each => each.name === 'fqdn')
  return {
    address: session.address,
    ...(session.model.interface === undefined ? {} : { interface: session.model.interface }),
    ...(fqdn === undefined ? {} : { hostName: fqdn.hostName }),
  }
}

function peerRow(speaker: Speaker, session: Session, index: number): PeerRow {
  const { model, main } = session
  const isUp = session.isEstablished
  const now = speaker.host.simulator.nowNs
  const { negotiated } = main
  return {
    ...nameOf(session),
    ...(model.description === undefined ? {} : { description: model.description }),
    ...(model.peerGroup === undefined ? {} : { peerGroup: model.peerGroup }),
    ...(session.dynamicRange === undefined ? {} : { dynamicRange: session.dynamicRange }),
    remoteAs: session.remoteAsn,
    localAs: model.localAs?.asn ?? session.localAsn,
    isInternal: session.type === 'ibgp',
    isConfederation: session.type === 'confed',
    remoteRouterId: session.remoteRouterId,
    localRouterId: speaker.routerId,
    model,
    state: session.state,
    ...(model.shutdown
      ? { idleReason: 'Admin' as const }
      : session.isOverflown
        ? { idleReason: 'PfxCt' as const }
        : {}),
    ...(session.changedAtNs === undefined ? {} : { changedAtNs: session.changedAtNs }),
    ...(main.lastReadAtNs === 0 ? {} : { lastReadAtNs: main.lastReadAtNs }),
    ...(session.lastWriteAtNs === undefined ? {} : { lastWriteAtNs: session.lastWriteAtNs }),
    holdSeconds: isUp && negotiated !== undefined ? negotiated.holdSeconds : model.timers.holdSeconds,
    keepaliveSeconds: isUp && negotiated !== undefined ? negotiated.keepaliveSeconds : model.timers.keepaliveSeconds,
    configuredHoldSeconds: model.timers.holdSeconds,
    configuredKeepaliveSeconds: model.timers.keepaliveSeconds,
    connectRetrySeconds: model.timers.connectRetrySeconds,
    ...countersOf(session),
    lastReset: session.lastReset,
    advertisedCapabilities: isUp ? (main.ownOpen?.capabilities ?? []) : [],
    receivedCapabilities: isUp ? (main.otherOpen?.capabilities ?? []) : [],
    isFamilyActive: model.ipv4Unicast !== undefined,
    isFamilyNegotiated: session.isFamilyNegotiated,
    isInboundPolicyMissing: session.isInboundPolicyMissing,
    isOutboundPolicyMissing: session.isOutboundPolicyMissing,
    updateGroup: index + 1,
    isDefaultSent: session.isDefaultSent,
    ...connectionOf(session),
    get isSharedNetwork() {
      return session.isEstablished && speaker.routes.connectedNetwork(session.address) !== undefined
    },
    ...timersOf(session, now),
    gracefulRestart: gracefulRestartOf(speaker, session),
  }
}

function gracefulRestartOf(speaker: Speaker, session: Session): GracefulRestartRow {
  const { main, lastUpdateAtNs, endOfRibAtNs } = session
  const received = main.otherOpen?.capabilities.find(each => each.name === 'graceful-restart')
  const second = (atNs: number): number => Math.floor(atNs / 1e9)
  return {
    model: speaker.model.gracefulRestart,
    isAwaited: session.isRestartAwaited,
    receivedRestartSeconds: received?.restartSeconds ?? 0,
    isEndOfRibSent: session.isEndOfRibSent,
    isEndOfRibReceived: session.isEndOfRibReceived,
    isEndOfRibLast: endOfRibAtNs !== undefined && second(endOfRibAtNs) >= second(lastUpdateAtNs),
    ...speaker.restartTimers(session),
  }
}

function countersOf(session: Session) {
  return {
    sent: withTotal(session.sent),
    received: withTotal(session.received),
    connectionsEstablished: session.connectionsEstablished,
    connectionsDropped: session.connectionsDropped,
    acceptedPrefixes: session.acceptedPrefixes.size,
    receivedPrefixes: Math.max(session.acceptedPrefixes.size, session.adjIn.size),
    sentPrefixes: session.isEstablished ? session.queue.announced.size : 0,
  }
}

function withTotal(counters: Omit<MessageCounters, 'total'>): MessageCounters {
  const { opens, notifications, updates, keepalives, routeRefreshes } = counters
  return { ...counters, total: opens + notifications + updates + keepalives + routeRefreshes }
}

function connectionOf(session: Session) {
  const { tcp } = session.main
  return {
    ttl: session.ttl,
    ...(tcp === undefined
      ? {}
      : { localAddress: tcp.localAddress, localPort: tcp.localPort, remotePort: tcp.remotePort }),
    ...(session.nextHopAddress === UNSPECIFIED ? {} : { nextHopAddress: session.nextHopAddress }),
  }
}

function timersOf(session: Session, now: number) {
  const { connectRetryTimer, startTimer } = session.main
  return {
    ...(connectRetryTimer.isRunning ? { connectTimerAtNs: now + connectRetryTimer.remainingNs } : {}),
    ...(startTimer.isRunning ? { startTimerAtNs: now + startTimer.remainingNs } : {}),
  }
}

/** Nodes of a binary trie of the prefixes: the prefixes themselves and the branching points between them. */
function countTrieNodes(prefixes: readonly Prefix[]): number {
  const nodes = new Set<number>(prefixes)
  for (let index = 1; index < prefixes.length; index += 1) {
    const a = prefixes[index - 1]!
    const b = prefixes[index]!
    const differing = Math.clz32((prefixAddress(a) ^ prefixAddress(b)) >>> 0)
    const length = Math.min(differing, prefixLength(a), prefixLength(b))
    const mask = length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0
    nodes.add(((prefixAddress(a) & mask) >>> 0) * 64 + length)
  }
  return nodes.size
}
