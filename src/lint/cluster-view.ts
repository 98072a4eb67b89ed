import type {
  CiliumBGPPeeringPolicy,
  CiliumL2AnnouncementPolicy,
  CiliumLoadBalancerIPPool,
} from '../kubernetes/api/cilium-resources.ts'
import { SERVICE_NAME_LABEL } from '../kubernetes/api/endpoint-slice.ts'
import { matchesSelector } from '../kubernetes/api/selector.ts'
import type { Service } from '../kubernetes/api/service.ts'
import type { Cilium } from '../kubernetes/cilium/cilium.ts'
import { type BlockRange, rangeOfBlock } from '../kubernetes/cilium/lb-ipam/pool-ranges.ts'
import { serviceLabels } from '../kubernetes/cilium/lb-ipam/service-view.ts'
import type { Cluster } from '../kubernetes/cluster.ts'
import type { ClusterNode } from '../kubernetes/cluster-node.ts'
import type { Lab } from '../lab/lab.ts'

/** A cluster with Cilium and what its manifests ask for. */
export interface ClusterView {
  readonly cluster: Cluster
  readonly cilium: Cilium
  readonly pools: readonly CiliumLoadBalancerIPPool[]
  /** Services of type LoadBalancer. */
  readonly services: readonly Service[]
  readonly bgpPolicies: readonly CiliumBGPPeeringPolicy[]
  readonly l2Policies: readonly CiliumL2AnnouncementPolicy[]
}

/** Classes of services that Cilium gives addresses to (operator/pkg/lbipam/cell.go). */
const OWN_CLASSES: readonly (string | undefined)[] = [
  undefined,
  'io.cilium/bgp-control-plane',
  'io.cilium/l2-announcer',
]

/** Every cluster that has Cilium. */
export function clusterViews(lab: Lab): readonly ClusterView[] {
  return [...lab.clusters.values()].flatMap(cluster => {
    const { store, cilium } = cluster
    if (cilium === undefined) return []
    const view: ClusterView = {
      cluster,
      cilium,
      pools: store.list('CiliumLoadBalancerIPPool'),
      services: store
        .list('Service')
        .filter(({ spec }) => spec.type === 'LoadBalancer' && OWN_CLASSES.includes(spec.loadBalancerClass)),
      bgpPolicies: store.list('CiliumBGPPeeringPolicy'),
      l2Policies: store.list('CiliumL2AnnouncementPolicy'),
    }
    return [view]
  })
}

/** Labels that a node selector of Cilium's policies sees. */
function nodeLabels({ cluster }: ClusterView, node: ClusterNode): Readonly<Record<string, string>> {
  const { store } = cluster
  return (
    store.get('CiliumNode', undefined, node.name)?.metadata.labels ??
    store.get('Node', undefined, node.name)?.metadata.labels ??
    {}
  )
}

/** Nodes that a policy selects; one without a selector selects all. */
export function selectedNodes(
  view: ClusterView,
  policy: CiliumBGPPeeringPolicy | CiliumL2AnnouncementPolicy,
): readonly ClusterNode[] {
  const { nodeSelector } = policy.spec
  return view.cluster.nodes.filter(
    node => nodeSelector === undefined || matchesSelector(nodeSelector, nodeLabels(view, node)),
  )
}

/** Services that an L2 policy announces addresses of kind LoadBalancer of. */
export function announcedByL2(view: ClusterView, policy: CiliumL2AnnouncementPolicy): readonly Service[] {
  const { serviceSelector, loadBalancerIPs } = policy.spec
  if (loadBalancerIPs !== true || !view.cilium.config.isL2AnnouncementsEnabled) return []
  return view.services.filter(
    service =>
      service.spec.loadBalancerClass !== 'io.cilium/bgp-control-plane' &&
      (serviceSelector === undefined || matchesSelector(serviceSelector, serviceLabels(service))),
  )
}

/** Services whose addresses some router of a BGP policy announces. */
export function announcedByBgp(view: ClusterView, policy: CiliumBGPPeeringPolicy): readonly Service[] {
  if (!view.cilium.config.isBgpControlPlaneEnabled) return []
  return view.services.filter(
    service =>
      service.spec.loadBalancerClass !== 'io.cilium/l2-announcer' &&
      policy.spec.virtualRouters.some(
        ({ serviceSelector, serviceAdvertisements }) =>
          serviceSelector !== undefined &&
          (serviceAdvertisements ?? ['LoadBalancerIP']).includes('LoadBalancerIP') &&
          matchesSelector(serviceSelector, serviceLabels(service)),
      ),
  )
}

/** A block of a pool with the place of its path in the manifest. */
export interface PoolBlockView {
  readonly pool: CiliumLoadBalancerIPPool
  readonly path: readonly (string | number)[]
  readonly cidr: string | undefined
  readonly range: BlockRange
}

/** Blocks of a pool that can be read; `cidrs` until 1.15. */
export function poolBlocks(pool: CiliumLoadBalancerIPPool): readonly PoolBlockView[] {
  return (['blocks', 'cidrs'] as const).flatMap(field =>
    (pool.spec[field] ?? []).flatMap((block: { cidr?: string; start?: string; stop?: string }, index) => {
      const range = rangeOfBlock(block)
      const path = ['spec', field, index, block.cidr === undefined ? 'start' : 'cidr']
      return typeof range === 'string' ? [] : [{ pool, path, cidr: block.cidr, range }]
    }),
  )
}

/** Names of nodes that have a ready pod of the service. */
export function endpointNodes({ cluster }: ClusterView, service: Service): ReadonlySet<string> {
  const found = new Set<string>()
  for (const slice of cluster.store.list('EndpointSlice', service.metadata.namespace ?? 'default')) {
    if (slice.metadata.labels?.[SERVICE_NAME_LABEL] !== service.metadata.name) continue
    for (const { nodeName, conditions } of slice.endpoints)
      if (nodeName !== undefined && conditions.ready) found.add(nodeName)
  }
  return found
}
