import { describe, expect, it } from 'vitest'
import type { CiliumAgent } from '../../../src/kubernetes/cilium/agent.ts'
import type { Cilium } from '../../../src/kubernetes/cilium/cilium.ts'
import { ServiceMap } from '../../../src/kubernetes/cilium/datapath/service-map.ts'
import {
  formatDuration,
  renderAdvertisedRoutes,
  renderAvailableRoutes,
  renderNodePeers,
  renderPeers,
} from '../../../src/shell/commands/cilium/bgp.ts'
import { renderServiceList } from '../../../src/shell/commands/cilium/service-list.ts'
import { ip, prefix } from '../../support/two-hosts.ts'

const ATTRIBUTES = {
  origin: 0,
  asPath: [],
  nextHop: 0,
  atomicAggregate: false,
  communities: [],
  largeCommunities: [],
  clusterList: [],
  unknown: [],
}

/** A cluster of one node with one internal peer, as the printers see it. */
function oneNode(peer: Readonly<Record<string, unknown>> = {}): Cilium {
  const peerRow = {
    address: ip('10.0.0.1'),
    remoteAs: 64512,
    localAs: 64512,
    isInternal: true,
    state: 'Established',
    changedAtNs: 0,
    receivedPrefixes: 3,
    sentPrefixes: 1,
    localAddress: ip('10.0.0.2'),
    model: { port: 179 },
    ...peer,
  }
  const speaker = {
    snapshotPeers: () => ({ peers: [peerRow] }),
    snapshotTable: () => ({
      prefixes: [{ prefix: prefix('10.1.0.0/24'), paths: [{ attributes: ATTRIBUTES, updatedAtNs: 1e9 }] }],
    }),
    snapshotAdvertised: () => ({ rows: [{ prefix: prefix('10.1.0.0/24'), attributes: ATTRIBUTES, weight: 0 }] }),
  }
  const cilium = { cluster: { simulator: { nowNs: 10e9 } }, agents: new Map() }
  const agent = { cilium, node: { name: 'node0' }, bgp: { routers: [{ localAsn: 64512, speaker }] } }
  cilium.agents.set('node0', agent)
  return cilium as unknown as Cilium
}

describe('cilium bgp peers', () => {
  it('aligns as Go’s tab writer does with width 5 and padding 3', () => {
    expect(renderPeers(oneNode()).replaceAll(/ +$/gm, '')).toBe(
      [
        'Node    Local AS   Peer AS   Peer Address   Session State   Uptime   Family         Received   Advertised',
        'node0   64512      64512     10.0.0.1       established     10s      ipv4/unicast   3          1',
        '                                                                     ipv6/unicast   0          0',
        '',
      ].join('\n'),
    )
  })

  it('shows no uptime of a session that is down', () => {
    expect(renderPeers(oneNode({ state: 'Active' }))).toMatch(/10\.0\.0\.1 +active +0s /)
  })

  it('shows the peer’s port inside the agent', () => {
    expect(renderNodePeers(oneNode().agents.get('node0')!)).toMatch(
      /^64512 +64512 +10\.0\.0\.1:179 +established +10s /m,
    )
  })
})

describe('cilium bgp routes', () => {
  it('shows what is available with origin and next hop', () => {
    expect(renderAvailableRoutes(oneNode(), undefined)).toMatch(
      /^node0 +64512 +10\.1\.0\.0\/24 +0\.0\.0\.0 +9s +\[{Origin: i} {Nexthop: 0\.0\.0\.0}\]/m,
    )
  })

  it('shows nothing of another virtual router', () => {
    expect(renderAvailableRoutes(oneNode(), 65000).trimEnd().split('\n')).toHaveLength(1)
  })

  it('shows what an internal peer is sent', () => {
    expect(renderAdvertisedRoutes(oneNode(), undefined, undefined)).toContain(
      '[{Origin: i} {AsPath: } {Nexthop: 10.0.0.2} {LocalPref: 100}]',
    )
  })

  it('shows what an external peer is sent', () => {
    const external = oneNode({ isInternal: false, remoteAs: 65001 })
    expect(renderAdvertisedRoutes(external, undefined, undefined)).toContain(
      '[{Origin: i} {AsPath: 64512} {Nexthop: 10.0.0.2}]',
    )
  })
})

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [65e9, '1m5s'],
    [7207e9, '2h0m7s'],
  ])('prints %d ns as %s', (span, text) => {
    expect(formatDuration(span)).toBe(text)
  })
})

describe('cilium-dbg service list', () => {
  it('prints one line per backend', () => {
    const services = new ServiceMap()
    services.upsertService({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default' },
      spec: { type: 'ClusterIP', clusterIP: '10.96.0.9', ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }] },
      status: {},
    })
    const conditions = { ready: true, serving: true, terminating: false }
    services.upsertSlice({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'web-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } },
      addressType: 'IPv4',
      endpoints: [
        { addresses: ['10.1.1.1'], conditions },
        { addresses: ['10.1.2.1'], conditions },
      ],
      ports: [{ protocol: 'TCP', port: 80 }],
    })
    const agent = { datapath: { services } } as unknown as CiliumAgent
    expect(renderServiceList(agent).replaceAll(/ +$/gm, '')).toBe(
      [
        'ID   Frontend       Service Type   Backend',
        '1    10.96.0.9:80   ClusterIP      1 => 10.1.1.1:80 (active)',
        '                                   2 => 10.1.2.1:80 (active)',
        '',
      ].join('\n'),
    )
  })
})
