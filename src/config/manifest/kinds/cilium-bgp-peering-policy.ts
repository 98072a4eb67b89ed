import type { KubernetesObject } from '../../../model/kubernetes-object.ts'
import { invalid, type ManifestKind, topLevel } from '../manifest-kind.ts'
import { checkCidr } from '../names.ts'
import {
  BOOLEAN,
  checkedText,
  integer,
  list,
  object,
  oneOf,
  required,
  TEXT,
  TEXT_LIST,
  UNMODELLED,
  withDefault,
} from '../schema.ts'
import type { ManifestIssue } from '../validate.ts'
import { LABEL_SELECTOR } from './label-selector.ts'

const MAX_AS = 4_294_967_295
const MAX_INT32 = 2_147_483_647

const NEIGHBOR = object('CiliumBGPNeighbor', {
  peerAddress: required(
    checkedText(text => (checkCidr(text) === undefined ? undefined : `must be a CIDR such as 10.0.5.1/32`)),
  ),
  peerPort: withDefault(integer(1, 65535), 179),
  peerASN: required(integer(0, MAX_AS, 'int64')),
  authSecretRef: TEXT,
  eBGPMultihopTTL: withDefault(integer(1, 255), 1),
  connectRetryTimeSeconds: withDefault(integer(1, MAX_INT32), 120),
  holdTimeSeconds: withDefault(integer(3, 65535), 90),
  keepAliveTimeSeconds: withDefault(integer(1, 65535), 30),
  gracefulRestart: object('CiliumBGPNeighborGracefulRestart', {
    enabled: required(BOOLEAN),
    restartTimeSeconds: withDefault(integer(1, 4095), 120),
  }),
  families: list(
    object('CiliumBGPFamily', {
      afi: required(oneOf('ipv4', 'ipv6', 'l2vpn', 'ls', 'opaque')),
      safi: required(TEXT),
    }),
    'CiliumBGPFamily',
  ),
  advertisedPathAttributes: list(
    object('CiliumBGPPathAttributes', {
      selectorType: required(oneOf('PodCIDR', 'CiliumLoadBalancerIPPool', 'CiliumPodIPPool')),
      selector: LABEL_SELECTOR,
      communities: object('BGPCommunities', { standard: TEXT_LIST, large: TEXT_LIST, wellKnown: TEXT_LIST }),
      localPreference: integer(0, MAX_AS, 'int64'),
    }),
    'CiliumBGPPathAttributes',
  ),
})

/** Source: cilium pkg/k8s/apis/cilium.io/v2alpha1/bgpp_types.go. */
export const CILIUM_BGP_PEERING_POLICY: ManifestKind = {
  kind: 'CiliumBGPPeeringPolicy',
  apiVersions: ['cilium.io/v2alpha1'],
  flavour: 'custom',
  schema: topLevel('CiliumBGPPeeringPolicy', {
    spec: required(
      object('CiliumBGPPeeringPolicySpec', {
        nodeSelector: LABEL_SELECTOR,
        virtualRouters: required(
          list(
            object('CiliumBGPVirtualRouter', {
              localASN: required(integer(0, MAX_AS, 'int64')),
              exportPodCIDR: withDefault(BOOLEAN, false),
              podIPPoolSelector: UNMODELLED,
              serviceSelector: LABEL_SELECTOR,
              serviceAdvertisements: withDefault(
                list(oneOf('LoadBalancerIP', 'ClusterIP', 'ExternalIP'), 'BGPServiceAddressType'),
                ['LoadBalancerIP'],
              ),
              neighbors: required(list(NEIGHBOR, 'CiliumBGPNeighbor', 1)),
            }),
            'CiliumBGPVirtualRouter',
            1,
          ),
        ),
      }),
    ),
  }),
  check: checkTimers,
}

/** Differs from Cilium: the API accepts this and the agent rejects the policy in its log (`CiliumBGPNeighbor.Validate`). */
function checkTimers(policy: KubernetesObject): ManifestIssue[] {
  const routers = (
    policy.spec as { virtualRouters?: { neighbors?: { holdTimeSeconds?: number; keepAliveTimeSeconds?: number }[] }[] }
  ).virtualRouters
  const issues: ManifestIssue[] = []
  for (const [router, { neighbors }] of (routers ?? []).entries()) {
    for (const [index, { holdTimeSeconds = 90, keepAliveTimeSeconds = 30 }] of (neighbors ?? []).entries()) {
      if (keepAliveTimeSeconds <= holdTimeSeconds) continue
      const path = ['spec', 'virtualRouters', router, 'neighbors', index]
      issues.push(
        invalid(path, `KeepAliveTimeSeconds larger than HoldTimeSeconds for peer ASN in virtualRouters[${router}]`),
      )
    }
  }
  return issues
}
