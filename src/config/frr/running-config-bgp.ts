import { formatIpv4, formatPrefix } from '../../wire/address.ts'
import type { RouterDefaults } from '../router-defaults.ts'
import type { BgpDraft, PeerDraft } from './bgp-draft.ts'
import { formatPeerFamily, formatPeerSession } from './running-config-peer.ts'

/** `router bgp` … `exit` in the order of bgpd/bgp_vty.c `bgp_config_write` (8.4.4, measured). */
export function formatBgp(bgp: BgpDraft, defaults: RouterDefaults, newest: RouterDefaults): readonly string[] {
  const peers = [...[...bgp.groups.values()].sort(byKey), ...sortPeers(bgp)]
  const family = formatFamily(bgp, peers)
  return [
    `router bgp ${bgp.asn}`,
    ...formatInstance(bgp, defaults, newest).map(line => ` ${line}`),
    ...peers.flatMap(peer => formatPeerSession(peer, bgp)).map(line => ` ${line}`),
    ...formatListen(bgp).map(line => ` ${line}`),
    ...(family.length === 0
      ? []
      : [' !', ' address-family ipv4 unicast', ...family.map(line => `  ${line}`), ' exit-address-family']),
    'exit',
  ]
}

/** Members of groups first, by group; interfaces before addresses (bgpd/bgpd.c `peer_cmp`). */
function sortPeers(bgp: BgpDraft): readonly PeerDraft[] {
  return [...bgp.peers.values()].sort((one, other) => {
    if (one.group !== other.group) {
      if (one.group === undefined || other.group === undefined) return one.group === undefined ? 1 : -1
      return one.group < other.group ? -1 : 1
    }
    if (one.kind !== other.kind) return one.kind === 'interface' ? -1 : 1
    return one.kind === 'interface' ? byKey(one, other) : (one.address ?? 0) - (other.address ?? 0)
  })
}

function byKey(one: PeerDraft, other: PeerDraft): number {
  return one.key < other.key ? -1 : one.key > other.key ? 1 : 0
}

function formatInstance(bgp: BgpDraft, defaults: RouterDefaults, newest: RouterDefaults): readonly string[] {
  /** A switch is printed when it is not what the newest defaults say. */
  const flag = (words: string): readonly string[] => {
    const value = bgp.flags.get(words) ?? defaults.flags.get(words) ?? false
    return value === (newest.flags.get(words) ?? false) ? [] : [`${value ? '' : 'no '}bgp ${words}`]
  }
  return [
    ...flag('fast-external-failover'),
    ...(bgp.routerId === undefined ? [] : [`bgp router-id ${formatIpv4(bgp.routerId)}`]),
    ...flag('log-neighbor-changes'),
    ...flag('always-compare-med'),
    ...flag('ebgp-requires-policy'),
    ...flag('enforce-first-as'),
    ...flag('reject-as-sets'),
    ...flag('suppress-duplicates'),
    ...flag('hard-administrative-reset'),
    ...(bgp.isIpv4UnicastDefault ? [] : ['no bgp default ipv4-unicast']),
    ...(bgp.defaultLocalPreference === undefined || bgp.defaultLocalPreference === 100
      ? []
      : [`bgp default local-preference ${bgp.defaultLocalPreference}`]),
    ...flag('default show-hostname'),
    ...flag('default show-nexthop-hostname'),
    ...flag('client-to-client reflection'),
    ...(bgp.clusterId === undefined ? [] : [`bgp cluster-id ${formatIpv4(bgp.clusterId)}`]),
    ...(bgp.confederationIdentifier === undefined
      ? []
      : [`bgp confederation identifier ${bgp.confederationIdentifier}`]),
    ...(bgp.confederationPeers.size === 0 ? [] : [`bgp confederation peers ${[...bgp.confederationPeers].join(' ')}`]),
    ...flag('deterministic-med'),
    ...(bgp.coalesceMs === undefined || bgp.coalesceMs === 1000 ? [] : [`coalesce-time ${bgp.coalesceMs}`]),
    ...flag('graceful-shutdown'),
    ...formatGracefulRestart(bgp, flag),
    ...formatBestPath(bgp, flag),
    ...flag('network import-check'),
    ...formatTimers(bgp, defaults),
  ]
}

type FormatFlag = (words: string) => readonly string[]

function formatGracefulRestart(bgp: BgpDraft, flag: FormatFlag): readonly string[] {
  const { stalePathSeconds, restartSeconds, gracefulRestartMode } = bgp
  const modes = { restarting: 'bgp graceful-restart', disabled: 'bgp graceful-restart-disable' }
  return [
    ...(stalePathSeconds === undefined || stalePathSeconds === 360
      ? []
      : [`bgp graceful-restart stalepath-time ${stalePathSeconds}`]),
    ...(restartSeconds === undefined || restartSeconds === 120
      ? []
      : [`bgp graceful-restart restart-time ${restartSeconds}`]),
    ...flag('graceful-restart notification'),
    ...(gracefulRestartMode === undefined ? [] : [modes[gracefulRestartMode]]),
    ...flag('graceful-restart preserve-fw-state'),
  ]
}

function formatBestPath(bgp: BgpDraft, flag: FormatFlag): readonly string[] {
  const med = [...(bgp.medConfed ? [' confed'] : []), ...(bgp.medMissingAsWorst ? [' missing-as-worst'] : [])]
  const relax = bgp.multipathRelax === 'as-set' ? ' as-set' : ''
  return [
    ...flag('bestpath as-path ignore'),
    ...flag('bestpath as-path confed'),
    ...(bgp.multipathRelax === undefined ? [] : [`bgp bestpath as-path multipath-relax${relax}`]),
    ...flag('route-reflector allow-outbound-policy'),
    ...flag('bestpath compare-routerid'),
    ...(med.length === 0 ? [] : [`bgp bestpath med${med.join('')}`]),
    ...flag('bestpath peer-type multipath-relax'),
  ]
}

function formatTimers({ timers }: BgpDraft, defaults: RouterDefaults): readonly string[] {
  if (timers === undefined) return []
  const { keepaliveSeconds, holdSeconds } = timers
  const isDefault = keepaliveSeconds === defaults.keepaliveSeconds && holdSeconds === defaults.holdSeconds
  return isDefault ? [] : [`timers bgp ${keepaliveSeconds} ${holdSeconds}`]
}

function formatListen(bgp: BgpDraft): readonly string[] {
  return [
    ...(bgp.listenLimit === undefined || bgp.listenLimit === 100 ? [] : [`bgp listen limit ${bgp.listenLimit}`]),
    ...[...bgp.listenRanges].map(([prefix, group]) => `bgp listen range ${formatPrefix(prefix)} peer-group ${group}`),
  ]
}

function formatFamily(bgp: BgpDraft, peers: readonly PeerDraft[]): readonly string[] {
  const { distance, maximumPathsEbgp, maximumPathsIbgp } = bgp
  const equal = bgp.isIbgpEqualClusterLength ? ' equal-cluster-length' : ''
  const isUsual = distance?.external === 20 && distance.internal === 200 && distance.local === 200
  return [
    ...(distance === undefined || isUsual
      ? []
      : [`distance bgp ${distance.external} ${distance.internal} ${distance.local}`]),
    ...formatNetworks(bgp),
    ...formatAggregates(bgp),
    ...formatRedistribute(bgp),
    ...peers.flatMap(peer => formatPeerFamily(peer, bgp)),
    ...(maximumPathsEbgp === undefined ? [] : [`maximum-paths ${maximumPathsEbgp}`]),
    ...(maximumPathsIbgp === undefined ? [] : [`maximum-paths ibgp ${maximumPathsIbgp}${equal}`]),
    ...(bgp.tableMap === undefined ? [] : [`table-map ${bgp.tableMap}`]),
  ]
}

function formatNetworks(bgp: BgpDraft): readonly string[] {
  const sorted = [...bgp.networks.values()].sort((one, other) => one.prefix - other.prefix)
  return sorted.map(({ prefix, routeMap, backdoor }) => {
    const map = routeMap === undefined ? '' : ` route-map ${routeMap}`
    return `network ${formatPrefix(prefix)}${map}${backdoor ? ' backdoor' : ''}`
  })
}

function formatAggregates(bgp: BgpDraft): readonly string[] {
  const sorted = [...bgp.aggregates.values()].sort((one, other) => one.prefix - other.prefix)
  return sorted.map(({ prefix, asSet, summaryOnly, routeMap, suppressMap, origin, matchingMedOnly }) => {
    const words = [
      `aggregate-address ${formatPrefix(prefix)}`,
      ...(asSet && bgp.flags.get('reject-as-sets') !== true ? ['as-set'] : []),
      ...(summaryOnly ? ['summary-only'] : []),
      ...(routeMap === undefined ? [] : [`route-map ${routeMap}`]),
      ...(origin === undefined ? [] : [`origin ${origin}`]),
      ...(matchingMedOnly ? ['matching-MED-only'] : []),
      ...(suppressMap === undefined ? [] : [`suppress-map ${suppressMap}`]),
    ]
    return words.join(' ')
  })
}

/** In the order of zebra's route types: kernel, connected, static. */
function formatRedistribute(bgp: BgpDraft): readonly string[] {
  return ['kernel', 'connected', 'static'].flatMap(protocol => {
    const statement = bgp.redistribute.get(protocol)
    if (statement === undefined) return []
    const metric = statement.metric === undefined ? '' : ` metric ${statement.metric}`
    const map = statement.routeMap === undefined ? '' : ` route-map ${statement.routeMap}`
    return [`redistribute ${protocol}${metric}${map}`]
  })
}
