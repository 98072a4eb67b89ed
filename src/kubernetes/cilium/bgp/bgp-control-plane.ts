/**
 * BGP control plane v1 of one node: reads the peering policies, and keeps one virtual router per `virtualRouters` entry in
 * the wanted state. One level-triggered loop: any change of what it reads wakes it, bursts coalesce.
 * Does nothing unless `bgpControlPlane.enabled` is set.
 * Not modelled: CiliumBGPClusterConfig (v2), pod IP pools (multi-pool IPAM), IPv6.
 * Source: pkg/bgpv1/agent/controller.go, pkg/bgpv1/manager/manager.go.
 */
import { formatIpv4, type Prefix, parseIpv4, prefixAddress } from '../../../wire/address.ts'
import type { BgpNeighbor, BgpVirtualRouter, CiliumBGPPeeringPolicy } from '../../api/cilium-resources.ts'
import { internalAddress } from '../../api/node.ts'
import { matchesSelector } from '../../api/selector.ts'
import type { CiliumAgent } from '../agent.ts'
import { rangeOfBlock } from '../lb-ipam/pool-ranges.ts'
import { LevelLoop } from '../level-loop.ts'
import {
  type AdvertisedAddress,
  advertisedPrefixes,
  advertisedServices,
  type ServiceFacts,
} from './advertised-services.ts'
import type { SelectedAttributes } from './path-attribute-policy.ts'
import { neighborAddress } from './peer-model.ts'
import { selectPolicy } from './select-policy.ts'
import { VirtualRouter, type WantedRouter } from './virtual-router.ts'
import { readVirtualRouterAnnotation } from './virtual-router-annotation.ts'

/** Kinds whose changes wake the loop. */
const WATCHED_KINDS = [
  'CiliumBGPPeeringPolicy',
  'CiliumLoadBalancerIPPool',
  'CiliumNode',
  'EndpointSlice',
  'Node',
  'Secret',
  'Service',
] as const

export class BgpControlPlane {
  readonly #agent: CiliumAgent
  readonly #routers = new Map<number, VirtualRouter>()
  readonly #loop: LevelLoop
  #lastComplaint = ''

  constructor(agent: CiliumAgent) {
    this.#agent = agent
    this.#loop = new LevelLoop(agent, () => this.#reconcile())
  }

  /** Virtual routers by local AS, ascending. */
  get routers(): readonly VirtualRouter[] {
    return [...this.#routers.values()].sort((one, other) => one.localAsn - other.localAsn)
  }

  start(): void {
    const { cilium, node } = this.#agent
    if (!cilium.config.isBgpControlPlaneEnabled) {
      this.#complainWhenDisabled()
      return
    }
    this.#loop.start()
    for (const kind of WATCHED_KINDS) {
      this.#loop.onEnd(cilium.cluster.store.watch(kind, `cilium bgp ${node.name}`, () => this.#loop.wake()))
    }
    this.#loop.wake()
  }

  stop(): void {
    this.#loop.end()
    this.#stopRouters()
  }

  /** The node has died: sessions vanish without a word. */
  crash(): void {
    this.#loop.end()
    for (const router of this.#routers.values()) router.crash()
    this.#routers.clear()
  }

  /** A policy without the control plane is stored and does nothing; that is worth a word. */
  #complainWhenDisabled(): void {
    const { cilium, node } = this.#agent
    const stop = cilium.cluster.store.watch('CiliumBGPPeeringPolicy', `cilium bgp ${node.name}`, event => {
      if (event.type !== 'ADDED') return
      const name = event.object.metadata.name
      cilium.say(`CiliumBGPPeeringPolicy ${name} has no effect: bgpControlPlane.enabled is not set`)
    })
    this.#loop.onEnd(stop)
  }

  #reconcile(): void {
    const { cilium, node } = this.#agent
    const kubernetesNode = cilium.cluster.store.get('Node', undefined, node.name)
    const policies = cilium.cluster.store.list('CiliumBGPPeeringPolicy')
    const choice = selectPolicy(policies, kubernetesNode?.metadata.labels ?? {})
    if (choice.kind === 'several') {
      this.#complain(cilium.profile.bgp.severalPoliciesText, choice.names.join(','))
      this.#stopRouters()
      return
    }
    this.#lastComplaint = ''
    if (choice.kind === 'none') {
      this.#stopRouters()
      return
    }
    this.#reconcileRouters(choice.policy)
  }

  #reconcileRouters(policy: CiliumBGPPeeringPolicy): void {
    const wanted = new Map(policy.spec.virtualRouters.map(router => [router.localASN, router]))
    for (const [asn, router] of [...this.#routers]) {
      if (wanted.has(asn)) continue
      router.stop()
      this.#routers.delete(asn)
    }
    for (const [asn, router] of wanted) {
      const state = this.#wantedState(router)
      if (state === undefined) continue
      let running = this.#routers.get(asn)
      if (running === undefined) {
        running = this.#newRouter(asn, policy.metadata.name)
        this.#routers.set(asn, running)
      }
      running.reconcile(state)
    }
  }

  #newRouter(asn: number, policyName: string): VirtualRouter {
    return new VirtualRouter(asn, {
      host: this.#agent.node.host,
      gobgpVersion: this.#agent.cilium.profile.gobgpVersion,
      source: { file: `CiliumBGPPeeringPolicy/${policyName}`, line: 1, column: 1 },
      log: (message, detail) => this.#agent.log(message, detail),
    })
  }

  #wantedState(router: BgpVirtualRouter): WantedRouter | undefined {
    const { cilium, node } = this.#agent
    const { store } = cilium.cluster
    const kubernetesNode = store.get('Node', undefined, node.name)
    const annotation = readVirtualRouterAnnotation(kubernetesNode?.metadata.annotations, router.localASN)
    const internal = kubernetesNode === undefined ? undefined : parseIpv4(internalAddress(kubernetesNode) ?? '')
    const routerId = annotation.routerId ?? internal
    if (routerId === undefined) {
      this.#complain('router id not specified by annotation, cannot resolve router ID for virtual router', node.name)
      return undefined
    }
    const facts: ServiceFacts = {
      nodeName: node.name,
      services: store.list('Service'),
      endpointSlices: store.list('EndpointSlice'),
      hasServiceAdvertisements: cilium.profile.bgp.hasServiceAdvertisements,
    }
    const services = advertisedServices(router, facts)
    const podPrefixes =
      router.exportPodCIDR === true && exportsPodPrefix(cilium.config.ipamMode) ? [this.#agent.podPrefix] : []
    return {
      router,
      routerId,
      listenPort: annotation.listenPort,
      prefixes: [...podPrefixes, ...advertisedPrefixes(services)],
      attributesOf: neighbor => this.#attributesOf(neighbor, podPrefixes, services),
      passwordOf: neighbor => this.#passwordOf(neighbor),
    }
  }

  #attributesOf(
    neighbor: BgpNeighbor,
    podPrefixes: readonly Prefix[],
    services: readonly AdvertisedAddress[],
  ): readonly SelectedAttributes[] {
    return (neighbor.advertisedPathAttributes ?? []).map(attributes => {
      if (attributes.selectorType === 'PodCIDR') return { attributes, prefixes: podPrefixes }
      if (attributes.selectorType === 'CiliumPodIPPool') return { attributes, prefixes: [] }
      const pools = this.#agent.cilium.cluster.store
        .list('CiliumLoadBalancerIPPool')
        .filter(pool => attributes.selector === undefined || matchesSelector(attributes.selector, pool.metadata.labels))
      const ranges = pools.flatMap(pool => pool.spec.blocks ?? []).map(rangeOfBlock)
      const prefixes = services.filter(
        ({ kind, prefix }) =>
          kind === 'LoadBalancerIP' &&
          ranges.some(
            range =>
              typeof range !== 'string' && range.first <= prefixAddress(prefix) && prefixAddress(prefix) <= range.last,
          ),
      )
      return { attributes, prefixes: prefixes.map(service => service.prefix) }
    })
  }

  /** Password of `authSecretRef`; a secret that is missing is logged and left out. */
  #passwordOf(neighbor: BgpNeighbor): string | undefined {
    const name = neighbor.authSecretRef
    if (name === undefined) return undefined
    const secret = this.#agent.cilium.cluster.store.get('Secret', 'kube-system', name)
    const encoded = secret?.data?.password
    if (encoded !== undefined) return atob(encoded)
    const address = neighborAddress(neighbor)
    const peer = address === undefined ? neighbor.peerAddress : formatIpv4(address)
    this.#complain(`Failed to fetch secret "${name}": not found (will continue with empty password)`, peer)
    return undefined
  }

  #stopRouters(): void {
    for (const router of this.#routers.values()) router.stop()
    this.#routers.clear()
  }

  /** Logs a lasting state once, however often the loop finds it. */
  #complain(message: string, about: string): void {
    const key = `${message} ${about}`
    if (key === this.#lastComplaint) return
    this.#lastComplaint = key
    this.#agent.log(message, { about })
  }
}

/** Source: bgpp_types.go: exportPodCIDR works with these IPAM modes only. */
function exportsPodPrefix(ipamMode: string): boolean {
  return ipamMode === 'kubernetes' || ipamMode === 'cluster-pool'
}
