/**
 * What differs between the Cilium releases that are modelled, as data. Chosen by the version of the Helm chart.
 * Sources: cilium/cilium tags v1.15 to v1.18, operator/pkg/lbipam, pkg/bgpv1, bpf/lib/nodeport.h, install/kubernetes.
 */
export interface CiliumProfile {
  /** `1.15`, `1.16`: the minor release whose behaviour is taken. */
  readonly minor: string
  /** GoBGP library vendored, as its OPEN names it to internal peers. The series (3.x) is known, the exact number is not. */
  readonly gobgpVersion: string
  /** Helm default of `kubeProxyReplacement`; both releases: false unless said. */
  readonly kubeProxyReplacementDefault: boolean
  readonly lbIpam: LbIpamProfile
  readonly bgp: BgpProfile
  readonly l2: L2Profile
  readonly datapath: DatapathProfile
}

export interface LbIpamProfile {
  /** Unset `spec.allowFirstLastIPs`: whether the ends of a `cidr` block may be given out. */
  readonly firstAndLastByDefault: boolean
  readonly satisfiedCondition: string
  readonly totalCondition: string
  readonly availableCondition: string
  readonly usedCondition: string
  readonly conflictCondition: string
}

interface BgpProfile {
  /** Logged when two peering policies select one node. */
  readonly severalPoliciesText: string
  /** `serviceAdvertisements` exists (ClusterIP and ExternalIP can be announced). */
  readonly hasServiceAdvertisements: boolean
}

interface L2Profile {
  /** Only services with an address to announce, and of a class that is Cilium's, take part in an election. */
  readonly electsOnlyWithAddress: boolean
}

interface DatapathProfile {
  /**
   * Where a pod's MTU comes from: the device of the default route when the agent starts, or the smallest MTU of all devices
   * that have an address.
   */
  readonly podMtu: 'default-route' | 'smallest'
  /** A service without backends answers with ICMP port unreachable (`service-no-backend-response=reject`). */
  readonly rejectsWithoutBackend: boolean
}

const PROFILE_1_15: CiliumProfile = {
  minor: '1.15',
  gobgpVersion: '3.23.0',
  kubeProxyReplacementDefault: false,
  lbIpam: {
    firstAndLastByDefault: false,
    satisfiedCondition: 'io.cilium/lb-ipam-request-satisfied',
    totalCondition: 'io.cilium/ips-total',
    availableCondition: 'io.cilium/ips-available',
    usedCondition: 'io.cilium/ips-used',
    conflictCondition: 'io.cilium/conflict',
  },
  bgp: {
    severalPoliciesText:
      "more then one CiliumBGPPeeringPolicy applies to this node, please ensure only a single Policy matches this node's labels",
    hasServiceAdvertisements: false,
  },
  l2: { electsOnlyWithAddress: false },
  datapath: { podMtu: 'default-route', rejectsWithoutBackend: false },
}

const PROFILE_1_16: CiliumProfile = {
  ...PROFILE_1_15,
  minor: '1.16',
  gobgpVersion: '3.27.0',
  lbIpam: {
    firstAndLastByDefault: true,
    satisfiedCondition: 'cilium.io/IPAMRequestSatisfied',
    totalCondition: 'cilium.io/IPsTotal',
    availableCondition: 'cilium.io/IPsAvailable',
    usedCondition: 'cilium.io/IPsUsed',
    conflictCondition: 'cilium.io/PoolConflict',
  },
  bgp: { ...PROFILE_1_15.bgp, hasServiceAdvertisements: true },
  l2: { electsOnlyWithAddress: true },
  datapath: { podMtu: 'default-route', rejectsWithoutBackend: true },
}

/** pkg/mtu became dynamic: the smallest of all devices. All else that is modelled stayed as in 1.16. */
const PROFILE_1_17: CiliumProfile = {
  ...PROFILE_1_16,
  minor: '1.17',
  gobgpVersion: '3.31.0',
  datapath: { podMtu: 'smallest', rejectsWithoutBackend: true },
}

const PROFILE_1_18: CiliumProfile = { ...PROFILE_1_17, minor: '1.18', gobgpVersion: '3.37.0' }

/** The profiles, oldest release first. */
const CILIUM_PROFILES: readonly CiliumProfile[] = [PROFILE_1_15, PROFILE_1_16, PROFILE_1_17, PROFILE_1_18]

export interface ChosenProfile {
  readonly profile: CiliumProfile
  /** One sentence for the user when the version asked for is not one of the profiles. */
  readonly notice?: string
}

/**
 * The profile of a chart version: `1.16.5`, `v1.15.0`. A version that is not modelled gets the nearest one, and the notice
 * says so.
 */
export function chooseProfile(version: string): ChosenProfile {
  const match = /^v?(\d+)\.(\d+)/.exec(version)
  const minor = match === null ? undefined : `${match[1]}.${match[2]}`
  const exact = CILIUM_PROFILES.find(profile => profile.minor === minor)
  if (exact !== undefined) return { profile: exact }
  const isOlder = match !== null && (Number(match[1]) < 1 || (Number(match[1]) === 1 && Number(match[2]) < 15))
  const profile = isOlder ? PROFILE_1_15 : PROFILE_1_18
  return { profile, notice: `Cilium ${version} is not modelled: it behaves as ${profile.minor} here` }
}
