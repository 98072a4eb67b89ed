import type { BestPathModel, BgpModel, GracefulRestartModel, RedistributeStatement } from '../../model/bgp.ts'
import {
  DISTANCES,
  LISTEN_LIMIT,
  LOCAL_PREFERENCE,
  RESTART_SECONDS,
  type RouterDefaults,
  STALE_PATH_SECONDS,
} from '../router-defaults.ts'
import type { BgpDraft } from './bgp-draft.ts'
import { convertPeer, convertPeers, known } from './convert-peer.ts'

/** The instance with every default of the release and profile filled in. */
export function convertBgp(draft: BgpDraft, defaults: RouterDefaults): BgpModel {
  const flag = (words: string) => draft.flags.get(words) ?? defaults.flags.get(words) ?? false
  const timers = {
    keepaliveSeconds: draft.timers?.keepaliveSeconds ?? defaults.keepaliveSeconds,
    holdSeconds: draft.timers?.holdSeconds ?? defaults.holdSeconds,
    connectRetrySeconds: draft.connectRetrySeconds ?? defaults.connectRetrySeconds,
  }
  const peerDefaults = { timers, enforceFirstAs: flag('enforce-first-as') }
  return {
    asn: draft.asn,
    ...known('routerId', draft.routerId),
    ...known('clusterId', draft.clusterId),
    ...known('confederation', convertConfederation(draft)),
    defaultLocalPreference: draft.defaultLocalPreference ?? LOCAL_PREFERENCE,
    ebgpRequiresPolicy: flag('ebgp-requires-policy'),
    networkImportCheck: flag('network import-check'),
    fastExternalFailover: flag('fast-external-failover'),
    enforceFirstAs: flag('enforce-first-as'),
    rejectAsSets: flag('reject-as-sets'),
    suppressDuplicates: flag('suppress-duplicates'),
    alwaysCompareMed: flag('always-compare-med'),
    deterministicMed: flag('deterministic-med'),
    clientToClientReflection: flag('client-to-client reflection'),
    allowOutboundPolicyOnReflected: flag('route-reflector allow-outbound-policy'),
    hardAdministrativeReset: flag('hard-administrative-reset'),
    showHostname: flag('default show-hostname'),
    gracefulShutdown: flag('graceful-shutdown'),
    bestPath: convertBestPath(draft, flag),
    timers,
    ...known('coalesceMs', draft.coalesceMs),
    distance: draft.distance ?? DISTANCES,
    gracefulRestart: convertGracefulRestart(draft),
    networks: [...draft.networks.values()],
    redistribute: convertRedistribute(draft),
    aggregates: convertAggregates(draft, flag('reject-as-sets')),
    maximumPaths: {
      ...known('ebgp', draft.maximumPathsEbgp),
      ...known('ibgp', draft.maximumPathsIbgp),
      ibgpEqualClusterLength: draft.isIbgpEqualClusterLength,
    },
    ...known('tableMap', draft.tableMap),
    peers: convertPeers(draft, peerDefaults),
    peerGroups: [...draft.groups.values()].map(group => ({
      name: group.key,
      template: convertPeer(group, draft, peerDefaults),
    })),
    listenRanges: [...draft.listenRanges].map(([prefix, peerGroup]) => ({ prefix, peerGroup })),
    listenLimit: draft.listenLimit ?? LISTEN_LIMIT,
    source: draft.source,
  }
}

function convertConfederation(draft: BgpDraft): BgpModel['confederation'] {
  if (draft.confederationIdentifier === undefined) return undefined
  const memberAsns = [...draft.confederationPeers].sort((one, other) => one - other)
  return { identifier: draft.confederationIdentifier, memberAsns }
}

function convertBestPath(draft: BgpDraft, flag: (words: string) => boolean): BestPathModel {
  return {
    asPathMultipathRelax: draft.multipathRelax ?? 'off',
    asPathIgnore: flag('bestpath as-path ignore'),
    asPathConfed: flag('bestpath as-path confed'),
    compareRouterId: flag('bestpath compare-routerid'),
    medConfed: draft.medConfed ?? false,
    medMissingAsWorst: draft.medMissingAsWorst ?? false,
    peerTypeMultipathRelax: flag('bestpath peer-type multipath-relax'),
  }
}

function convertGracefulRestart(draft: BgpDraft): GracefulRestartModel {
  return {
    mode: draft.gracefulRestartMode ?? 'helper',
    restartSeconds: draft.restartSeconds ?? RESTART_SECONDS,
    stalePathSeconds: draft.stalePathSeconds ?? STALE_PATH_SECONDS,
    preservesForwarding: draft.flags.get('graceful-restart preserve-fw-state') ?? false,
  }
}

function convertRedistribute(draft: BgpDraft): readonly RedistributeStatement[] {
  return [...draft.redistribute.values()].map(({ protocol, metric, routeMap, source }) => ({
    protocol,
    ...known('metric', metric),
    ...known('routeMap', routeMap),
    source,
  }))
}

/** With `bgp reject-as-sets` the keyword as-set is ignored (measured on 8.4.4). */
function convertAggregates(draft: BgpDraft, rejectsAsSets: boolean): BgpModel['aggregates'] {
  return [...draft.aggregates.values()].map(aggregate => ({ ...aggregate, asSet: aggregate.asSet && !rejectsAsSets }))
}
