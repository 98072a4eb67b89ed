import { type HelmValues, helmValue } from '../../config/helm/values.ts'
import { type Prefix, parsePrefix } from '../../wire/address.ts'
import { type LeaseTimings, readLeaseTimings } from './l2/lease-timings.ts'
import type { CiliumProfile } from './profile.ts'

type LoadBalancerMode = 'snat' | 'dsr' | 'hybrid'
export type DsrDispatch = 'opt' | 'geneve' | 'ipip'

/** What the agents and the operator read, with the chart's defaults filled in. */
export interface CiliumConfig {
  readonly kubeProxyReplacement: boolean
  readonly loadBalancerMode: LoadBalancerMode
  /** How the service's address travels to the backend's node under DSR. */
  readonly dsrDispatch: DsrDispatch
  readonly loadBalancerAlgorithm: 'random' | 'maglev'
  readonly maglevTableSize: number
  readonly routingMode: 'native' | 'tunnel'
  readonly ipv4NativeRoutingPrefix: Prefix | undefined
  readonly isMasqueradeEnabled: boolean
  readonly autoDirectNodeRoutes: boolean
  readonly isBgpControlPlaneEnabled: boolean
  readonly isL2AnnouncementsEnabled: boolean
  /** As written, before they are made sane. */
  readonly leaseTimings: LeaseTimings
  /** `devices`: names, or beginnings with `+`; empty: they are detected. */
  readonly devices: readonly string[]
  readonly ipamMode: string
  /** Pod CIDRs of `ipam.mode=cluster-pool`. */
  readonly clusterPoolPrefix: Prefix
  readonly clusterPoolMaskLength: number
  /** LB-IPAM also serves services without a class (`defaultLBServiceIPAM`). */
  readonly isDefaultLbIpam: boolean
  readonly isExternalClusterIpAllowed: boolean
  /** `MTU`: MTU of pods; undefined when it is left to detection. */
  readonly mtuBytes: number | undefined
}

export interface ReadConfig {
  readonly config: CiliumConfig
  /** One sentence each: what was asked for and is not simulated. */
  readonly notices: readonly string[]
}

/** Size of the Maglev table unless `maglev.tableSize` says otherwise (Cilium's `bpf-lb-maglev-table-size`). */
const DEFAULT_MAGLEV_TABLE_SIZE = 16381

/**
 * Reads the chart's values. Never fails: what cannot be honoured is named in the notices.
 *
 * @param hasKubeProxy whether the cluster runs kube-proxy
 */
export function readConfig(values: HelmValues, profile: CiliumProfile, hasKubeProxy: boolean): ReadConfig {
  const notices: string[] = []
  const text = (path: string, fallback: string): string => {
    const value = helmValue(values, path)
    return value === undefined || value === null || value === '' ? fallback : String(value)
  }
  const flag = (path: string, fallback: boolean): boolean => isTrue(text(path, String(fallback)))
  const nativeText = text('ipv4NativeRoutingCIDR', '')
  const config: CiliumConfig = {
    kubeProxyReplacement: flag('kubeProxyReplacement', profile.kubeProxyReplacementDefault),
    loadBalancerMode: readMode(text('loadBalancer.mode', 'snat'), notices),
    dsrDispatch: readDispatch(text('loadBalancer.dsrDispatch', 'opt'), notices),
    loadBalancerAlgorithm: text('loadBalancer.algorithm', 'random') === 'maglev' ? 'maglev' : 'random',
    maglevTableSize: Number(text('maglev.tableSize', String(DEFAULT_MAGLEV_TABLE_SIZE))),
    routingMode: text('routingMode', 'tunnel') === 'native' ? 'native' : 'tunnel',
    ipv4NativeRoutingPrefix: nativeText === '' ? undefined : parsePrefix(nativeText),
    isMasqueradeEnabled: flag('enableIPv4Masquerade', true),
    autoDirectNodeRoutes: flag('autoDirectNodeRoutes', false),
    isBgpControlPlaneEnabled: flag('bgpControlPlane.enabled', false),
    isL2AnnouncementsEnabled: flag('l2announcements.enabled', false),
    leaseTimings: readLeaseTimings(values),
    devices: listOf(helmValue(values, 'devices')),
    ipamMode: text('ipam.mode', 'cluster-pool'),
    clusterPoolPrefix: parsePrefix(firstOf(helmValue(values, 'ipam.operator.clusterPoolIPv4PodCIDRList')))!,
    clusterPoolMaskLength: Number(text('ipam.operator.clusterPoolIPv4MaskSize', '24')),
    isDefaultLbIpam: text('defaultLBServiceIPAM', 'lbipam') === 'lbipam',
    isExternalClusterIpAllowed: flag('bpf.lbExternalClusterIP', false),
    mtuBytes: Number(text('MTU', '0')) || undefined,
  }
  noteUnmodelled(config, values, notices)
  if (!config.kubeProxyReplacement) notices.push(hasKubeProxy ? KUBE_PROXY_NOTICE : NO_KUBE_PROXY_NOTICE)
  return { config, notices }
}

const KUBE_PROXY_NOTICE =
  "kubeProxyReplacement is off: kube-proxy's iptables are modelled only as plain source NAT of NodePort, external and LoadBalancer addresses"
const IPIP_NOTICE =
  'loadBalancer.dsrDispatch=ipip is made for standalone load balancers: pods get IPIP packets, which they refuse unless they have a tunnel device of their own'
const NO_KUBE_PROXY_NOTICE =
  'kubeProxyReplacement is off and the cluster has no kube-proxy: nobody serves NodePort, external and LoadBalancer addresses'

/** `strict` is how charts before 1.16 spelled true. */
function isTrue(text: string): boolean {
  return text === 'true' || text === 'strict' || text === '1'
}

function firstOf(value: unknown): string {
  const first = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' && parsePrefix(first) !== undefined ? first : '10.0.0.0/8'
}

/** A list, or names between blanks or commas. */
function listOf(value: unknown): readonly string[] {
  const items = Array.isArray(value) ? value.map(String) : typeof value === 'string' ? value.split(/[\s,]+/) : []
  return items.filter(item => item !== '')
}

function readMode(mode: string, notices: string[]): LoadBalancerMode {
  if (mode === 'snat' || mode === 'dsr' || mode === 'hybrid') return mode
  notices.push(`loadBalancer.mode=${mode} is not modelled: snat is used`)
  return 'snat'
}

function readDispatch(dispatch: string, notices: string[]): DsrDispatch {
  if (dispatch === 'opt' || dispatch === 'geneve' || dispatch === 'ipip') return dispatch
  notices.push(`loadBalancer.dsrDispatch=${dispatch} is not modelled: opt is used`)
  return 'opt'
}

function noteUnmodelled(config: CiliumConfig, values: HelmValues, notices: string[]): void {
  if (config.routingMode === 'tunnel') {
    notices.push(
      'routingMode=tunnel: encapsulation is not modelled, packets between pods of different nodes travel natively; set routingMode=native',
    )
  }
  if (config.dsrDispatch === 'geneve' && helmValue(values, 'tunnelProtocol') !== 'geneve') {
    notices.push('loadBalancer.dsrDispatch=geneve needs tunnelProtocol=geneve: real agents refuse to start without it')
  }
  if (config.dsrDispatch === 'ipip') notices.push(IPIP_NOTICE)
  if (isTrue(String(helmValue(values, 'ipv6.enabled') ?? false))) notices.push('ipv6.enabled: IPv6 is not modelled')
  if (isTrue(String(helmValue(values, 'encryption.enabled') ?? false))) {
    notices.push('encryption.enabled: encryption is not modelled')
  }
}
