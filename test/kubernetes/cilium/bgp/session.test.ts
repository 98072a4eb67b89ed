import { describe, expect, it } from 'vitest'
import { GobgpRouteManager } from '../../../../src/bgp/gobgp-route-manager.ts'
import { Speaker } from '../../../../src/bgp/speaker.ts'
import type { Host } from '../../../../src/host/host.ts'
import type { BgpVirtualRouter } from '../../../../src/kubernetes/api/cilium-resources.ts'
import { instanceModel, peerModel } from '../../../../src/kubernetes/cilium/bgp/peer-model.ts'
import { EMPTY_POLICY } from '../../../../src/model/policy.ts'
import { renderPeers } from '../../../../src/shell/commands/cilium/bgp.ts'
import { formatIpv4, formatPrefix } from '../../../../src/wire/address.ts'
import { ip } from '../../../support/two-hosts.ts'
import { create, loadBalancer, peeringPolicy, pool, settle, smallCluster } from '../support/small-cluster.ts'

const SOURCE = { file: 'test', line: 1, column: 1 }

/** A speaker on the router that waits for the worker of the small cluster. */
function leaf(router: Host, asn: number): Speaker {
  const options = { routeMap: undefined, password: undefined, source: SOURCE }
  const peer = peerModel({ peerAddress: '10.0.2.11/32', peerASN: 65005 }, ip('10.0.2.11'), options)
  const model = { ...instanceModel(asn, ip('10.0.2.1'), undefined, SOURCE), peers: [peer] }
  const speaker = new Speaker({
    host: router,
    model,
    policy: EMPTY_POLICY,
    routes: new GobgpRouteManager(),
    implementation: { kind: 'frr', version: 804 },
  })
  speaker.start()
  return speaker
}

function session(change: (router: BgpVirtualRouter) => void = () => {}, leafAsn = 65005) {
  const lab = smallCluster()
  const speaker = leaf(lab.router, leafAsn)
  create(lab.cluster, pool('lb-pool', '20.0.0.96/28'))
  create(lab.cluster, loadBalancer('web', { 'advertise-bgp': 'true' }))
  const policy = peeringPolicy('rack1', 'rack1', '10.0.2.1/24')
  const [router] = (policy.spec as { virtualRouters: BgpVirtualRouter[] }).virtualRouters
  change(router!)
  create(lab.cluster, policy)
  settle(lab.simulator)
  return { ...lab, speaker }
}

function routes(speaker: Speaker): string[] {
  return speaker.snapshotTable().prefixes.map(row => formatPrefix(row.prefix))
}

describe('a BGP session of a node', () => {
  it('brings pod CIDR and service address to the leaf', () => {
    expect(routes(session().speaker)).toEqual(['10.1.1.0/24', '20.0.0.96/32'])
  })

  it('carries what an internal route of GoBGP carries', () => {
    const [row] = session().speaker.snapshotTable().prefixes
    expect(row?.paths[0]).toMatchObject({
      peerType: 'internal',
      attributes: { origin: 0, asPath: [], localPreference: 100, nextHop: ip('10.0.2.11') },
    })
    expect(row?.paths[0]?.attributes.med).toBeUndefined()
  })

  it('takes the router id from the node’s InternalIP', () => {
    const [peer] = session().speaker.snapshotPeers().peers
    expect(formatIpv4(peer!.remoteRouterId)).toBe('10.0.2.11')
  })

  it('puts its own AS in front for an external peer, without local preference', () => {
    const { speaker } = session(router => {
      router.neighbors[0]!.peerASN = 65001
    }, 65001)
    const [row] = speaker.snapshotTable().prefixes
    expect(row?.paths[0]?.attributes.asPath.flatMap(segment => segment.asns)).toEqual([65005])
    expect(row?.paths[0]?.attributes.localPreference).toBeUndefined()
  })

  it('sends configured communities and local preference with the selected routes only', () => {
    const { speaker } = session(router => {
      router.neighbors[0]!.advertisedPathAttributes = [
        { selectorType: 'CiliumLoadBalancerIPPool', localPreference: 300, communities: { standard: ['65005:7'] } },
      ]
    })
    const attributes = speaker.snapshotTable().prefixes.map(row => {
      const { localPreference, communities } = row.paths[0]!.attributes
      return [localPreference, communities]
    })
    expect(attributes).toEqual([
      [100, []],
      [300, [65005 * 65536 + 7]],
    ])
  })

  it('dials 5 to 10 seconds after the policy', () => {
    const lab = smallCluster()
    const speaker = leaf(lab.router, 65005)
    const appliedAtNs = lab.simulator.nowNs
    create(lab.cluster, peeringPolicy('rack1', 'rack1', '10.0.2.1/24'))
    settle(lab.simulator)
    const [peer] = speaker.snapshotPeers().peers
    const afterSeconds = (peer!.changedAtNs! - appliedAtNs) / 1e9
    expect(afterSeconds).toBeGreaterThan(5)
    expect(afterSeconds).toBeLessThan(10)
  })

  it('keeps the lab unsettled until it has dialled', () => {
    const lab = smallCluster()
    const appliedAtNs = lab.simulator.nowNs
    create(lab.cluster, peeringPolicy('rack1', 'rack1', '10.0.2.1/24'))
    settle(lab.simulator)
    expect((lab.simulator.nowNs - appliedAtNs) / 1e9).toBeGreaterThan(5)
  })

  it('ends with the policy: the leaf forgets the routes at once', () => {
    const { cluster, simulator, speaker } = session()
    cluster.store.delete('CiliumBGPPeeringPolicy', undefined, 'rack1')
    simulator.runUntil(simulator.nowNs + 1e9)
    expect(routes(speaker)).toEqual([])
  })

  it('vanishes with its node: the leaf keeps the routes until the hold timer', () => {
    const { cluster, simulator, speaker } = session()
    cluster.setNodeRunning('worker', false)
    cluster.nodes[1]!.host.setInterfaceUp(cluster.nodes[1]!.host.interfaces.get('net0')!, false)
    simulator.runUntil(simulator.nowNs + 30e9)
    expect(routes(speaker)).toHaveLength(2)
    simulator.runUntil(simulator.nowNs + 70e9)
    expect(routes(speaker)).toHaveLength(0)
  })

  it('comes back with its node', () => {
    const { cluster, simulator, speaker } = session()
    cluster.setNodeRunning('worker', false)
    simulator.runUntil(simulator.nowNs + 100e9)
    expect(routes(speaker)).toHaveLength(0)
    cluster.setNodeRunning('worker', true)
    settle(simulator)
    expect(routes(speaker)).toHaveLength(2)
  })

  it('withdraws the route of a deleted service', () => {
    const { cluster, simulator, speaker } = session()
    cluster.store.delete('Service', 'default', 'web')
    simulator.runUntil(simulator.nowNs + 2e9)
    expect(routes(speaker)).toEqual(['10.1.1.0/24'])
  })

  it('installs nothing that it learns', () => {
    const { nodes, speaker, simulator } = session()
    speaker.originate((ip('192.0.2.0') * 64 + 24) as never)
    simulator.runUntil(simulator.nowNs + 5e9)
    const answer = nodes[1]!.host.routeFor(ip('192.0.2.1'))
    expect(answer.ok && answer.gateway !== undefined && formatIpv4(answer.gateway)).toBe('10.0.2.1')
    expect(answer.ok && answer.route?.protocol).toBe('boot')
  })

  it('is what cilium bgp peers shows', () => {
    expect(renderPeers(session().cilium)).toMatch(
      /worker +65005 +65005 +10\.0\.2\.1 +established +\d+s +ipv4\/unicast +0 +2/,
    )
  })
})
