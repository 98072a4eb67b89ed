import type { HelmValues } from '../../../../src/config/helm/values.ts'
import { Cluster } from '../../../../src/kubernetes/cluster.ts'
import type { KubernetesObject } from '../../../../src/model/kubernetes-object.ts'
import type { KindClusterModel } from '../../../../src/model/topology.ts'
import { Simulator } from '../../../../src/sim/simulator.ts'
import type { Ipv4Address } from '../../../../src/wire/address.ts'
import { addDefault, give, ip, join, newHost, prefix } from '../../../support/two-hosts.ts'
import { ARTICLE_VALUES } from './hop-lab.ts'

export interface SmallClusterOptions {
  readonly version?: string
  readonly values?: HelmValues
  /** Objects created before Cilium is installed. */
  readonly before?: (cluster: Cluster) => void
  readonly seed?: number
}

/** Two nodes, control-plane and worker, each behind a router of its own host; Cilium is installed and settled. */
export function smallCluster(options: SmallClusterOptions = {}) {
  const simulator = new Simulator({ seed: options.seed ?? 1 })
  const router = newHost(simulator, 'router')
  router.sysctl.set('net.ipv4.ip_forward', '1')
  const notices: string[] = []
  const nodes = ['control-plane', 'worker'].map((name, index) => {
    const host = newHost(simulator, name)
    const [own, far] = join(host, 'net0', router, `eth${index + 1}`, 9500)
    give(host, own, `10.0.${index + 1}.11/24`)
    give(router, far, `10.0.${index + 1}.1/24`)
    addDefault(host, `10.0.${index + 1}.1`)
    return { name, host, address: ip(`10.0.${index + 1}.11`) }
  })
  const cluster = new Cluster({
    simulator,
    model: kindModel(nodes, (_, index) => new Map([['rack', `rack${index}`]])),
    nodes,
    say: diagnostic => notices.push(diagnostic.message),
  })
  options.before?.(cluster)
  cluster.installCilium({
    version: options.version ?? '1.16.5',
    values: options.values ?? { ...ARTICLE_VALUES, bgpControlPlane: { enabled: true } },
  })
  settle(simulator)
  return { simulator, cluster, router, nodes, notices, cilium: cluster.cilium! }
}

/** A kind cluster of these nodes without kube-proxy: the first is its control plane. */
export function kindModel(
  nodes: readonly { readonly name: string; readonly address: Ipv4Address }[],
  labelsOf: (name: string, index: number) => ReadonlyMap<string, string>,
): KindClusterModel {
  return {
    name: 'test',
    nodes: nodes.map(({ name, address }, index) => ({
      name,
      role: index === 0 ? 'control-plane' : 'worker',
      labels: labelsOf(name, index),
      nodeAddress: address,
      taints: [],
    })),
    podSubnet: prefix('10.1.0.0/16'),
    serviceSubnet: prefix('10.96.0.0/12'),
    disableDefaultCni: true,
    kubeProxyMode: 'none',
    file: 'kind.yaml',
  }
}

export function settle(simulator: Simulator): void {
  const outcome = simulator.runUntilQuiet(simulator.nowNs + 300e9)
  if (outcome !== 'quiet') throw new Error(`not settled: ${simulator.pendingWorkOrigins().join(', ')}`)
}

/** Creates an object or throws what the API server says. */
export function create(cluster: Cluster, object: KubernetesObject): void {
  const result = cluster.store.create(object)
  if (!result.ok) throw new Error(result.error.message)
}

export function loadBalancer(name: string, labels: Record<string, string> = {}): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default', labels },
    spec: { type: 'LoadBalancer', selector: { app: name }, ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }] },
    status: {},
  }
}

export function pool(name: string, cidr: string): KubernetesObject {
  return {
    apiVersion: 'cilium.io/v2alpha1',
    kind: 'CiliumLoadBalancerIPPool',
    metadata: { name },
    spec: { blocks: [{ cidr }] },
  }
}

export function deployment(name: string, replicas: number, annotations: Record<string, string> = {}): KubernetesObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name }, annotations },
        spec: { containers: [{ name: 'nginx', image: 'nginx' }] },
      },
    },
    status: {},
  }
}

export function peeringPolicy(name: string, rack: string, peerAddress: string): KubernetesObject {
  return {
    apiVersion: 'cilium.io/v2alpha1',
    kind: 'CiliumBGPPeeringPolicy',
    metadata: { name },
    spec: {
      nodeSelector: { matchLabels: { rack } },
      virtualRouters: [
        {
          localASN: 65005,
          exportPodCIDR: true,
          serviceSelector: { matchLabels: { 'advertise-bgp': 'true' } },
          neighbors: [{ peerAddress, peerASN: 65005 }],
        },
      ],
    },
  }
}
