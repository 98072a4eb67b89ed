import { describe, expect, it } from 'vitest'
import { detectPodMtu } from '../../../src/kubernetes/cilium/pod-mtu.ts'
import { formatIpv4, formatPrefix, prefixContains } from '../../../src/wire/address.ts'
import { addDefault, addRoute, give, ip, join, newHost } from '../../support/two-hosts.ts'
import { ARTICLE_VALUES } from './support/hop-lab.ts'
import { create, deployment, loadBalancer, peeringPolicy, pool, settle, smallCluster } from './support/small-cluster.ts'

describe('Cilium after its installation', () => {
  it('makes the nodes Ready', () => {
    const { cluster } = smallCluster()
    for (const node of cluster.store.list('Node')) {
      expect(node.status.conditions?.find(condition => condition.type === 'Ready')?.status).toBe('True')
    }
  })

  it('publishes a CiliumNode with addresses and pod CIDR per node', () => {
    const { cluster, cilium } = smallCluster()
    expect(cluster.store.get('CiliumNode', undefined, 'worker')?.spec).toMatchObject({
      addresses: [
        { type: 'InternalIP', ip: '10.0.2.11' },
        { type: 'CiliumInternalIP', ip: formatIpv4(cilium.agent('worker')!.routerAddress) },
      ],
      ipam: { podCIDRs: ['10.1.1.0/24'] },
    })
  })

  it('runs an agent pod on every node and an operator', () => {
    const { cluster } = smallCluster()
    const names = cluster.store.list('Pod', 'kube-system').map(pod => pod.metadata.name.replace(/-[a-z0-9]+$/, ''))
    expect(names.filter(name => name === 'cilium')).toHaveLength(2)
    expect(names.some(name => name.startsWith('cilium-operator'))).toBe(true)
  })

  it('gives cilium_host the router address out of the pod CIDR', () => {
    const { cilium } = smallCluster()
    const agent = cilium.agent('worker')!
    const device = agent.node.host.interfaces.get('cilium_host')
    expect(device?.addresses.map(own => own.address)).toEqual([agent.routerAddress])
    expect(prefixContains(agent.podPrefix, agent.routerAddress)).toBe(true)
  })

  it('carves pod CIDRs off 10.0.0.0/8 in cluster-pool mode', () => {
    const values = { kubeProxyReplacement: true, routingMode: 'native' }
    const { cilium } = smallCluster({ values })
    expect([...cilium.agents.values()].map(agent => formatPrefix(agent.podPrefix))).toEqual([
      '10.0.0.0/24',
      '10.0.1.0/24',
    ])
  })

  it('gives pods the MTU of the default route’s device, or what Helm says', () => {
    const { ipam, routingMode } = { ipam: { mode: 'kubernetes' }, routingMode: 'native' }
    expect(smallCluster().cilium.agent('worker')!.podMtuBytes).toBe(9500)
    const set = smallCluster({ values: { ipam, routingMode, kubeProxyReplacement: true, MTU: 1400 } })
    expect(set.cilium.agent('worker')!.podMtuBytes).toBe(1400)
  })
})

describe('a node that comes back', () => {
  it('is Ready again when its agent works', () => {
    const { cluster, simulator } = smallCluster()
    const isReady = () =>
      cluster.store
        .get('Node', undefined, 'worker')
        ?.status.conditions?.some(condition => condition.type === 'Ready' && condition.status === 'True')
    cluster.setNodeRunning('worker', false)
    simulator.runUntil(simulator.nowNs + 120e9)
    expect(isReady()).toBe(false)
    cluster.setNodeRunning('worker', true)
    settle(simulator)
    expect(isReady()).toBe(true)
  })
})

describe('detectPodMtu', () => {
  it.each([
    ['default-route', 9500],
    ['smallest', 1500],
  ] as const)('by rule %s finds %i bytes', (rule, bytes) => {
    const { nodes, router } = smallCluster()
    const [own] = join(nodes[0]!.host, 'eth0', router, 'eth8', 1500)
    give(nodes[0]!.host, own, '172.18.0.2/16')
    expect(detectPodMtu(nodes[0]!.host, rule)).toBe(bytes)
  })
})

describe('pod addresses', () => {
  it('come from the pod CIDR of the node', () => {
    const { cluster, simulator } = smallCluster()
    create(cluster, deployment('web', 3))
    settle(simulator)
    for (const node of cluster.nodes) {
      for (const pod of node.pods.values()) {
        if (!pod.usesHostNetwork) expect(prefixContains(node.podPrefix, pod.address)).toBe(true)
      }
    }
  })

  it('can be set by an annotation of the pod', () => {
    const { cluster, simulator } = smallCluster()
    create(cluster, deployment('web', 1, { 'drylab.dev/pod-address': '10.1.0.134, 10.1.1.134' }))
    settle(simulator)
    const addresses = cluster.store.list('Pod', 'default').map(pod => pod.status.podIP)
    expect(['10.1.0.134', '10.1.1.134']).toContain(addresses[0])
  })

  it('can be set by an annotation of the node', () => {
    const { cluster, simulator } = smallCluster()
    cluster.store.update('Node', undefined, 'worker', draft => {
      draft.metadata.annotations = { ...draft.metadata.annotations, 'drylab.dev/pod-address': '10.1.1.134' }
    })
    create(cluster, deployment('web', 4))
    settle(simulator)
    const onWorker = cluster.store.list('Pod', 'default').filter(pod => pod.spec.nodeName === 'worker')
    expect(onWorker.map(pod => pod.status.podIP)).toContain('10.1.1.134')
  })

  it('are the same for the same seed', () => {
    const addresses = (seed: number) => {
      const { cluster, simulator } = smallCluster({ seed })
      create(cluster, deployment('web', 2))
      settle(simulator)
      return cluster.store.list('Pod', 'default').map(pod => pod.status.podIP)
    }
    expect(addresses(7)).toEqual(addresses(7))
    expect(addresses(7)).not.toEqual(addresses(8))
  })
})

describe('services', () => {
  it('get addresses through the store', () => {
    const { cluster, simulator } = smallCluster()
    create(cluster, pool('lb-pool', '20.0.0.96/28'))
    create(cluster, loadBalancer('web'))
    settle(simulator)
    expect(cluster.store.get('Service', 'default', 'web')?.status.loadBalancer?.ingress?.[0]?.ip).toBe('20.0.0.96')
    create(cluster, loadBalancer('other'))
    settle(simulator)
    expect(cluster.store.get('Service', 'default', 'other')?.status.loadBalancer?.ingress?.[0]?.ip).toBe('20.0.0.97')
  })

  it('are known to the datapath with their pods', () => {
    const { cluster, simulator, cilium } = smallCluster()
    create(cluster, pool('lb-pool', '20.0.0.96/28'))
    create(cluster, deployment('web', 2))
    create(cluster, loadBalancer('web'))
    settle(simulator)
    const frontend = cilium.agent('control-plane')!.datapath.services.lookup(ip('20.0.0.96'), 80)
    expect(frontend?.backends).toHaveLength(2)
  })
})

describe('a request from outside', () => {
  it.each(['dsr', 'snat'])('reaches a pod on another node and comes back in mode %s', mode => {
    const values = { ...ARTICLE_VALUES, loadBalancer: { mode } }
    const { cluster, simulator, router } = smallCluster({ values })
    const client = newHost(simulator, 'client')
    const [own, far] = join(client, 'eth1', router, 'eth9')
    give(client, own, '10.0.9.10/24')
    give(router, far, '10.0.9.1/24')
    addDefault(client, '10.0.9.1')
    addRoute(router, '20.0.0.96/32', '10.0.1.11')
    addRoute(router, '10.1.1.0/24', '10.0.2.11')
    create(cluster, pool('lb-pool', '20.0.0.96/28'))
    create(cluster, deployment('web', 1))
    create(cluster, loadBalancer('web'))
    settle(simulator)
    expect(cluster.store.list('Pod', 'default')[0]?.spec.nodeName).toBe('worker')
    const connection = client.tcp.connect({ destination: ip('20.0.0.96'), port: 80 })
    simulator.runUntil(simulator.nowNs + 5e9)
    expect(connection.state).toBe('established')
  })
})

describe('BGP control plane', () => {
  it('announces pod CIDR and selected services from the node that the policy selects', () => {
    const { cluster, simulator, cilium } = smallCluster()
    create(cluster, pool('lb-pool', '20.0.0.96/28'))
    create(cluster, loadBalancer('web', { 'advertise-bgp': 'true' }))
    create(cluster, loadBalancer('quiet'))
    create(cluster, peeringPolicy('rack1', 'rack1', '10.0.2.1/24'))
    simulator.runUntil(simulator.nowNs + 1e9)
    const prefixes = (node: string) => cilium.agent(node)!.bgp.routers.map(router => router.prefixes.map(formatPrefix))
    expect([prefixes('control-plane'), prefixes('worker')]).toEqual([[], [['10.1.1.0/24', '20.0.0.96/32']]])
  })

  it('stops every server of a node that two policies select', () => {
    const { cluster, simulator, cilium } = smallCluster()
    create(cluster, peeringPolicy('one', 'rack1', '10.0.2.1/24'))
    simulator.runUntil(simulator.nowNs + 1e9)
    expect(cilium.agent('worker')!.bgp.routers).toHaveLength(1)
    create(cluster, peeringPolicy('two', 'rack1', '10.0.2.1/24'))
    simulator.runUntil(simulator.nowNs + 1e9)
    expect(cilium.agent('worker')!.bgp.routers).toHaveLength(0)
    const logged = simulator.journal.entries
      .filter(entry => entry.kind === 'cilium.log')
      .map(entry => entry.detail.message)
    expect(logged).toContain(cilium.profile.bgp.severalPoliciesText)
  })

  it('withdraws the address of a deleted service', () => {
    const { cluster, simulator, cilium } = smallCluster()
    create(cluster, pool('lb-pool', '20.0.0.96/28'))
    create(cluster, loadBalancer('web', { 'advertise-bgp': 'true' }))
    create(cluster, peeringPolicy('rack1', 'rack1', '10.0.2.1/24'))
    simulator.runUntil(simulator.nowNs + 1e9)
    cluster.store.delete('Service', 'default', 'web')
    simulator.runUntil(simulator.nowNs + 1e9)
    expect(cilium.agent('worker')!.bgp.routers[0]!.prefixes.map(formatPrefix)).toEqual(['10.1.1.0/24'])
  })

  it('does nothing and says so when it is not enabled', () => {
    const { cluster, simulator, cilium, notices } = smallCluster({
      values: { kubeProxyReplacement: true, routingMode: 'native', ipam: { mode: 'kubernetes' } },
    })
    create(cluster, peeringPolicy('rack1', 'rack1', '10.0.2.1/24'))
    settle(simulator)
    expect(cilium.agent('worker')!.bgp.routers).toEqual([])
    expect(notices).toContain('CiliumBGPPeeringPolicy rack1 has no effect: bgpControlPlane.enabled is not set')
  })
})
