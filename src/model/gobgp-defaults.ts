/** What GoBGP assumes where its configuration is silent: for `gobgpd`, and for the GoBGP inside Cilium. */
import type { BgpModel, BgpPeerModel } from './bgp.ts'

/** Source: GoBGP pkg/config/oc/default.go. */
export const GOBGP_TIMERS: BgpModel['timers'] = { keepaliveSeconds: 30, holdSeconds: 90, connectRetrySeconds: 120 }

/** An instance without peers; what it lacks is the caller's to say. It asks for no policy: what is received is taken. */
export const GOBGP_INSTANCE = {
  defaultLocalPreference: 100,
  ebgpRequiresPolicy: false,
  networkImportCheck: false,
  fastExternalFailover: true,
  enforceFirstAs: false,
  rejectAsSets: false,
  suppressDuplicates: true,
  alwaysCompareMed: false,
  deterministicMed: false,
  clientToClientReflection: true,
  allowOutboundPolicyOnReflected: false,
  hardAdministrativeReset: false,
  showHostname: false,
  gracefulShutdown: false,
  bestPath: {
    asPathMultipathRelax: 'off',
    asPathIgnore: false,
    asPathConfed: false,
    compareRouterId: false,
    medConfed: false,
    medMissingAsWorst: false,
    peerTypeMultipathRelax: false,
  },
  timers: GOBGP_TIMERS,
  distance: { external: 20, internal: 200, local: 200 },
  gracefulRestart: { mode: 'disabled', restartSeconds: 120, stalePathSeconds: 360 },
  networks: [],
  redistribute: [],
  aggregates: [],
  maximumPaths: { ebgp: 1, ibgp: 1, ibgpEqualClusterLength: false },
  peers: [],
  peerGroups: [],
  listenRanges: [],
  listenLimit: 0,
} satisfies Partial<BgpModel>

/** What no configuration of GoBGP changes for a peer. */
export const GOBGP_PEER = {
  disableConnectedCheck: true,
  solo: false,
  enforceFirstAs: false,
  advertisementIntervalSeconds: 0,
  bfd: false,
  dontCapabilityNegotiate: false,
  overrideCapability: false,
  strictCapabilityMatch: false,
} satisfies Partial<BgpPeerModel>
