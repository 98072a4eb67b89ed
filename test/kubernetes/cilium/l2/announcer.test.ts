import { describe, expect, it } from 'vitest'
import type { CiliumL2AnnouncementPolicy } from '../../../../src/kubernetes/api/cilium-resources.ts'
import { BROADCAST_MAC, formatIpv4, formatMac, parseMac } from '../../../../src/wire/address.ts'
import { ip } from '../../../support/two-hosts.ts'
import { ARTICLE_VALUES } from '../support/hop-lab.ts'
import { L2_VALUES, l2Policy, l2Service, macOf, rackCluster, rangePool, touch } from '../support/rack-cluster.ts'
import { create, settle } from '../support/small-cluster.ts'

const VIP = '10.0.5.100'

describe('the lease of a service', () => {
  it('is named after namespace and name and lies in kube-system', () => {
    const { cluster } = rackCluster()
    const names = cluster.store.list('Lease', 'kube-system').map(lease => lease.metadata.name)
    expect(names).toEqual(['cilium-l2announce-default-web'])
  })

  it('is held by exactly one node, which alone announces', () => {
    const { holder, cilium } = rackCluster()
    const announcing = [...cilium.agents.values()].filter(agent => agent.l2.rows.length > 0)
    expect(announcing.map(agent => agent.node.name)).toEqual([holder('web')])
  })

  it('says how long it lasts and that it never changed hands', () => {
    const { lease } = rackCluster()
    expect(lease('web')!.spec).toMatchObject({ leaseDurationSeconds: 15, leaseTransitions: 0 })
  })

  it('is renewed every two seconds while it is held', () => {
    const { lease, pass } = rackCluster()
    pass(3)
    const seen = new Set<string>()
    for (let step = 0; step < 100; step += 1) {
      seen.add(lease('web')!.spec.renewTime!)
      pass(0.1)
    }
    expect(seen.size).toBeGreaterThanOrEqual(5)
    expect(seen.size).toBeLessThanOrEqual(6)
  })

  it('keeps its acquire time over renewals', () => {
    const { lease, pass } = rackCluster()
    const before = lease('web')!.spec.acquireTime
    pass(10)
    expect(lease('web')!.spec.acquireTime).toBe(before)
  })

  it('does not keep a lab unsettled', () => {
    const { simulator } = rackCluster()
    expect(simulator.pendingWork).toBe(0)
  })

  it('goes to different nodes for different services, as luck has it', () => {
    const objects = [rangePool(), l2Policy(), ...Array.from({ length: 12 }, (_, index) => l2Service(`web-${index}`))]
    const { holder } = rackCluster({ objects, seed: 2 })
    expect(new Set(Array.from({ length: 12 }, (_, index) => holder(`web-${index}`))).size).toBe(3)
  })

  it('is emptied when the service is deleted, and collected within a minute', () => {
    const { cluster, simulator, holder, lease, pass } = rackCluster()
    cluster.store.delete('Service', 'default', 'web')
    settle(simulator)
    expect(holder('web')).toBe('')
    pass(60)
    expect(lease('web')).toBeUndefined()
  })

  it('is emptied when the policy is deleted', () => {
    const { cluster, simulator, holder, cilium } = rackCluster()
    cluster.store.delete('CiliumL2AnnouncementPolicy', undefined, 'l2')
    settle(simulator)
    expect(holder('web')).toBe('')
    expect([...cilium.agents.values()].flatMap(agent => agent.l2.rows)).toEqual([])
  })

  it('moves within one poll when its holder stops in order, one transition more', () => {
    const { holder, lease, agent, pass } = rackCluster()
    const first = holder('web')!
    agent(first).l2.stop()
    expect(holder('web')).toBe('')
    pass(4.5)
    expect(holder('web')).not.toBe('')
    expect(holder('web')).not.toBe(first)
    expect(lease('web')!.spec.leaseTransitions).toBe(1)
  })

  it('moves 13 to 24 seconds after its holder died', () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const { holder, simulator, kill, pass } = rackCluster({ seed })
      pass(0.3 * seed + 7)
      const first = holder('web')!
      const diedAtNs = simulator.nowNs
      kill(first)
      while (holder('web') === first && simulator.nowNs < diedAtNs + 60e9) pass(0.01)
      const seconds = (simulator.nowNs - diedAtNs) / 1e9
      expect(seconds).toBeGreaterThan(13)
      expect(seconds).toBeLessThan(24)
    }
  })

  it('follows the values of the chart', () => {
    const values = {
      ...L2_VALUES,
      l2announcements: { enabled: true, leaseDuration: '3s', leaseRenewDeadline: '1s', leaseRetryPeriod: '200ms' },
    }
    const { holder, lease, kill, pass } = rackCluster({ values })
    expect(lease('web')!.spec.leaseDurationSeconds).toBe(3)
    const first = holder('web')!
    kill(first)
    pass(4)
    expect(holder('web')).not.toBe(first)
  })

  it('stays where it is when a dead holder returns after the take-over', () => {
    const { holder, kill, cluster, cables, pass } = rackCluster()
    const first = holder('web')!
    kill(first)
    pass(30)
    const second = holder('web')
    cables.get(first)!.setConnected(true)
    cluster.setNodeRunning(first, true)
    pass(60)
    expect(holder('web')).toBe(second)
  })
})

describe('who takes part', () => {
  it('is decided by the labels of the node', () => {
    const objects = [rangePool(), l2Policy({ nodeSelector: { matchLabels: { place: 'node-b' } } }), l2Service('web')]
    expect(rackCluster({ objects }).holder('web')).toBe('node-b')
  })

  it('changes with the labels of the node', () => {
    const objects = [rangePool(), l2Policy({ nodeSelector: { matchLabels: { elected: 'yes' } } }), l2Service('web')]
    const { cluster, simulator, holder } = rackCluster({ objects })
    expect(holder('web')).toBeUndefined()
    cluster.store.update('CiliumNode', undefined, 'node-c', draft => {
      draft.metadata.labels = { ...draft.metadata.labels, elected: 'yes' }
    })
    settle(simulator)
    expect(holder('web')).toBe('node-c')
  })

  it('is decided by the labels of the service, with name and namespace among them', () => {
    const serviceSelector = { matchLabels: { 'io.kubernetes.service.name': 'web' } }
    const objects = [rangePool(), l2Policy({ serviceSelector }), l2Service('web'), l2Service('other')]
    const { lease } = rackCluster({ objects })
    expect([lease('web') !== undefined, lease('other') !== undefined]).toEqual([true, false])
  })

  it('leaves out services without an address that the policy announces', () => {
    const objects = [rangePool(), l2Policy(), l2Service('plain', { type: 'ClusterIP' })]
    expect(rackCluster({ objects }).lease('plain')).toBeUndefined()
  })

  it('took in every service that is selected until 1.15', () => {
    const objects = [rangePool(), l2Policy(), l2Service('plain', { type: 'ClusterIP' })]
    expect(rackCluster({ objects, version: '1.15.0' }).lease('plain')).toBeDefined()
  })

  it('leaves out services of a foreign class and keeps those of its own', () => {
    const objects = [
      rangePool(),
      l2Policy(),
      l2Service('bgp', { loadBalancerClass: 'io.cilium/bgp-control-plane' }),
      l2Service('arp', { loadBalancerClass: 'io.cilium/l2-announcer' }),
    ]
    const { lease } = rackCluster({ objects, values: { ...L2_VALUES, bgpControlPlane: { enabled: true } } })
    expect([lease('bgp') !== undefined, lease('arp') !== undefined]).toEqual([false, true])
  })

  it('announces nothing by a policy that names no kind of address', () => {
    const objects = [rangePool(), l2Policy({ loadBalancerIPs: false }), l2Service('web')]
    expect(rackCluster({ objects }).lease('web')).toBeUndefined()
  })

  it('announces external addresses when the policy says so', () => {
    const objects = [
      l2Policy({ loadBalancerIPs: false, externalIPs: true }),
      l2Service('web', { type: 'ClusterIP', externalIPs: ['10.0.5.77'] }),
    ]
    const { agent, holder } = rackCluster({ objects })
    expect(agent(holder('web')!).l2.rows.map(row => formatIpv4(row.address))).toEqual(['10.0.5.77'])
  })

  it('announces on the devices that an expression finds anywhere in the name', () => {
    const objects = [rangePool(), l2Policy({ interfaces: ['et'] }), l2Service('web')]
    const { agent, holder } = rackCluster({ objects })
    expect(agent(holder('web')!).l2.rows.map(row => row.device.name)).toEqual(['net0'])
  })

  it('announces nowhere when no expression fits, lease or not', () => {
    const objects = [rangePool(), l2Policy({ interfaces: ['^eth'] }), l2Service('web')]
    const { agent, holder } = rackCluster({ objects })
    expect(agent(holder('web')!).l2.rows).toEqual([])
  })

  it('uses none but the devices that Cilium works on', () => {
    const { agent, holder, nodes } = rackCluster({
      objects: [rangePool(), l2Policy()],
      values: { ...L2_VALUES, devices: 'none' },
    })
    expect([holder('web'), nodes.flatMap(({ name }) => agent(name).l2.rows)]).toEqual([undefined, []])
  })

  it('lets each service of a shared address have its own lease', () => {
    const annotations = { 'lbipam.cilium.io/sharing-key': 'one' }
    const shared = (name: string, port: number) => {
      const service = l2Service(name, { ports: [{ protocol: 'TCP', port, targetPort: 80 }] })
      return { ...service, metadata: { ...service.metadata, annotations } }
    }
    const { cluster, lease } = rackCluster({ objects: [rangePool(), l2Policy(), shared('one', 80), shared('two', 81)] })
    const addresses = cluster.store
      .list('Service', 'default')
      .flatMap(service => service.status.loadBalancer?.ingress?.map(({ ip }) => ip) ?? [])
    expect(addresses).toEqual([VIP, VIP])
    expect([lease('one') !== undefined, lease('two') !== undefined]).toEqual([true, true])
  })
})

describe('a policy with a mistake', () => {
  const condition = (lab: ReturnType<typeof rackCluster>) =>
    (
      lab.cluster.store.get('CiliumL2AnnouncementPolicy', undefined, 'l2') as CiliumL2AnnouncementPolicy
    ).status.conditions?.map(({ type, status, reason, message }) => [type, status, reason, message])

  it('says what is wrong with an expression, in the words of Go', () => {
    const lab = rackCluster({ objects: [rangePool(), l2Policy({ interfaces: ['net(0'] }), l2Service('web')] })
    expect(condition(lab)).toEqual([
      ['io.cilium/bad-interface-regex', 'True', 'error', 'error parsing regexp: missing closing ): `net(0`'],
    ])
  })

  it('turns the condition False when it is made good', () => {
    const lab = rackCluster({ objects: [rangePool(), l2Policy({ interfaces: ['net(0'] }), l2Service('web')] })
    lab.cluster.store.update('CiliumL2AnnouncementPolicy', undefined, 'l2', draft => {
      draft.spec = { ...draft.spec, interfaces: ['net0'] }
    })
    settle(lab.simulator)
    expect(condition(lab)).toEqual([['io.cilium/bad-interface-regex', 'False', 'error', '']])
    expect(lab.holder('web')).toBeDefined()
  })

  it('has no condition while nothing was ever wrong', () => {
    expect(condition(rackCluster())).toBeUndefined()
  })

  it('leaves what was announced as it was', () => {
    const lab = rackCluster()
    lab.cluster.store.update('CiliumL2AnnouncementPolicy', undefined, 'l2', draft => {
      draft.spec = { ...draft.spec, interfaces: ['['] }
    })
    settle(lab.simulator)
    expect(lab.agent(lab.holder('web')!).l2.rows).toHaveLength(1)
  })

  it.each([
    ['nodeSelector', 'io.cilium/bad-node-selector'],
    ['serviceSelector', 'io.cilium/bad-service-selector'],
  ])('names a bad %s', (field, type) => {
    const selector = { matchExpressions: [{ key: 'rack', operator: 'In', values: [] }] }
    const lab = rackCluster({ objects: [l2Policy({ [field]: selector })] })
    const message = "values: Invalid value: []string{}: for 'in', 'notin' operators, values set can't be empty"
    expect(condition(lab)).toEqual([[type, 'True', 'error', message]])
  })
})

describe('without what it needs', () => {
  it('a policy does nothing and says so when announcements are off', () => {
    const { notices, lease } = rackCluster({ values: ARTICLE_VALUES })
    expect(lease('web')).toBeUndefined()
    expect(notices).toContain(
      'warning: CiliumL2AnnouncementPolicy l2 has no effect: l2announcements.enabled is not set',
    )
  })

  it('a policy does nothing and says so without the kube-proxy replacement', () => {
    const { notices, lease } = rackCluster({ values: { ...L2_VALUES, kubeProxyReplacement: false } })
    expect(lease('web')).toBeUndefined()
    expect(notices).toContain(
      'warning: CiliumL2AnnouncementPolicy l2 has no effect: L2 announcements need kubeProxyReplacement=true',
    )
  })
})

describe('becoming the holder', () => {
  it('sends one gratuitous ARP: a broadcast reply for the address whose target hardware address is the broadcast', () => {
    const { arps, holder } = rackCluster()
    const sent = arps.filter(({ arp }) => arp.senderAddress === arp.targetAddress)
    expect(
      sent.map(({ from, frame, arp }) => [from, formatMac(frame.source), frame.destination, arp.operation]),
    ).toEqual([[holder('web'), macOf(holder('web')!), BROADCAST_MAC, 'reply']])
    expect(sent[0]!.arp).toMatchObject({ senderMac: parseMac(macOf(holder('web')!)), targetMac: BROADCAST_MAC })
    expect(formatIpv4(sent[0]!.arp.senderAddress)).toBe(VIP)
  })

  it('makes no entry in the tables of neighbours that never asked', () => {
    const { client, neighbors } = rackCluster()
    expect(neighbors(client)).toEqual([])
  })

  it('makes an entry where arp_accept is set', () => {
    const objects = [rangePool(), l2Policy()]
    const lab = rackCluster({ objects })
    lab.client.sysctl.set('net.ipv4.conf.all.arp_accept', '1')
    create(lab.cluster, l2Service('web'))
    settle(lab.simulator)
    lab.pass(0.1)
    expect(lab.neighbors(lab.client)).toEqual([`${VIP} ${macOf(lab.holder('web')!)} STALE`])
  })

  it('is never repeated while it lasts', () => {
    const { gratuitous, pass } = rackCluster()
    pass(120)
    expect(gratuitous()).toHaveLength(1)
  })

  it('repeats the gratuitous ARP from the new holder, which rewrites old entries to STALE', () => {
    const { client, holder, agent, neighbors, pass } = rackCluster()
    touch(client, VIP)
    const first = holder('web')!
    expect(neighbors(client)).toEqual([`${VIP} ${macOf(first)} REACHABLE`])
    pass(2)
    agent(first).l2.stop()
    pass(5)
    expect(neighbors(client)).toEqual([`${VIP} ${macOf(holder('web')!)} STALE`])
    expect(holder('web')).not.toBe(first)
  })

  it('is ignored by a neighbour whose entry changed less than a second ago', () => {
    const lab = rackCluster()
    const first = lab.holder('web')!
    touch(lab.client, VIP)
    lab.pass(3)
    lab.kill(first)
    const entry = { interface: lab.client.interfaces.get('net0')!, address: ip(VIP), mac: parseMac(macOf(first))! }
    while (lab.holder('web') === first) {
      lab.client.neighbors.flush(() => true)
      lab.client.neighbors.set({ ...entry, state: 'STALE' }, 'replace')
      lab.pass(0.05)
    }
    lab.pass(0.01)
    expect(lab.neighbors(lab.client)).toEqual([`${VIP} ${macOf(first)} STALE`])
  })
})

describe('the responder', () => {
  it('answers a request from the holder alone', () => {
    const { client, arps, holder } = rackCluster()
    arps.length = 0
    touch(client, VIP)
    expect(arps.filter(({ arp }) => arp.operation === 'reply').map(({ from }) => from)).toEqual([holder('web')])
  })

  it('counts its answers', () => {
    const { client, agent, holder } = rackCluster()
    touch(client, VIP)
    const { l2, datapath } = agent(holder('web')!)
    expect(datapath.responder.responses(l2.rows[0]!.address, l2.rows[0]!.device)).toBe(1)
  })

  it('leaves no trace of the asker in the table of the node', () => {
    const { client, nodes, neighbors, holder } = rackCluster()
    touch(client, VIP)
    const { host } = nodes.find(({ name }) => name === holder('web'))!
    expect(neighbors(host).filter(row => row.startsWith('10.0.5.20 '))).toEqual([])
  })

  it('leaves the address off every device', () => {
    const { nodes } = rackCluster()
    const addresses = nodes.flatMap(({ host }) => [...host.interfaces].flatMap(device => device.addresses))
    expect(addresses.map(own => formatIpv4(own.address))).not.toContain(VIP)
  })

  it('is silent on a device that the policy does not name', () => {
    const objects = [rangePool(), l2Policy({ interfaces: ['^eth'] }), l2Service('web')]
    const { client, neighbors } = rackCluster({ objects })
    touch(client, VIP)
    expect(neighbors(client)).toEqual([`${VIP} - INCOMPLETE`])
  })

  it('goes on answering after its agent crashed, until the last sign of life is older than the lease', () => {
    const { client, agent, holder, neighbors, pass } = rackCluster({
      objects: [rangePool(), l2Policy({ nodeSelector: { matchLabels: { place: 'node-b' } } }), l2Service('web')],
    })
    agent(holder('web')!).l2.abandon()
    pass(12)
    touch(client, VIP)
    expect(neighbors(client)).toEqual([`${VIP} ${macOf('node-b')} REACHABLE`])
    client.neighbors.flush(() => true)
    pass(4)
    touch(client, VIP)
    expect(neighbors(client)).toEqual([`${VIP} - INCOMPLETE`])
  })

  it('no longer answers once the address is withdrawn', () => {
    const { cluster, simulator, client, neighbors } = rackCluster()
    cluster.store.delete('CiliumLoadBalancerIPPool', undefined, 'pool')
    settle(simulator)
    touch(client, VIP)
    expect(neighbors(client)).toEqual([`${VIP} - INCOMPLETE`])
  })

  it('answers for the new address when the address of a service changes', () => {
    const { cluster, simulator, agent, holder } = rackCluster()
    cluster.store.update('Service', 'default', 'web', draft => {
      draft.metadata.annotations = { 'lbipam.cilium.io/ips': '10.0.5.150' }
    })
    settle(simulator)
    expect(agent(holder('web')!).l2.rows.map(row => formatIpv4(row.address))).toEqual(['10.0.5.150'])
  })
})

describe('externalTrafficPolicy Local', () => {
  it('is not looked at: a node without a pod may hold the lease, and the run warns about it', () => {
    const { notices, holder } = rackCluster({
      objects: [rangePool(), l2Policy(), l2Service('web', { externalTrafficPolicy: 'Local' })],
    })
    expect(notices).toContain(
      `warning: Service default/web has externalTrafficPolicy Local and is announced by ARP from ${holder('web')}, which runs no pod of it: traffic is lost there (DROP_NO_SERVICE, Service backend not found)`,
    )
  })

  it('loses the traffic on such a node with the reason DROP_NO_SERVICE', () => {
    const { client, agent, holder, simulator } = rackCluster({
      objects: [rangePool(), l2Policy(), l2Service('web', { externalTrafficPolicy: 'Local' })],
    })
    const outcomes: string[] = []
    const connection = client.tcp.connect({ destination: ip(VIP), port: 80 })
    connection.onClosed = reason => outcomes.push(reason)
    simulator.runUntil(simulator.nowNs + 2e9)
    expect(outcomes).toEqual(['refused'])
    expect(agent(holder('web')!).datapath.drops).toEqual([['DROP_NO_SERVICE', 1]])
  })
})
