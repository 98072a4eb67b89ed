import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type CheckArgument, type CheckName, LabError, type LoadedLab, loadLab } from '../../src/index.ts'
import { ROOT } from '../support/open-settled-lab.ts'

type Case<Name extends CheckName> = readonly [title: string, name: Name, argument: CheckArgument<Name>]

/** A case with its argument checked against the check's type. */
function one<Name extends CheckName>(title: string, name: Name, argument: CheckArgument<Name>): Case<Name> {
  return [title, name, argument]
}

async function holds(lab: LoadedLab, [, name, argument]: Case<CheckName>): Promise<boolean> {
  return (await lab.check(name, argument as never)).holds
}

describe('checks on a Clos', () => {
  let lab: LoadedLab
  beforeAll(async () => {
    lab = await loadLab(join(ROOT, 'topologies/clos-2x4/lab.clab.yml'))
  })
  const ping = 'docker exec clab-clos-2x4-host1 ping -c 3 10.100.4.10'

  const true_ = [
    one('a route with its whole next-hop set', 'route', {
      node: 'leaf1',
      to: '10.100.4.0/24',
      via: ['10.1.1.0', '10.2.1.0'],
      protocol: 'bgp',
      metric: 20,
    }),
    one('a route that is not there', 'route', { node: 'leaf1', to: '10.9.0.0/16', absent: true }),
    one('the best path and its multipath set', 'best-path', {
      node: 'leaf1',
      to: '10.100.4.0/24',
      multipath: ['10.1.1.0', '10.2.1.0'],
    }),
    one('a session', 'session', { node: 'leaf1', peer: '10.1.1.0' }),
    one('a prefix that is advertised', 'advertised', {
      node: 'leaf1',
      peer: '10.1.1.0',
      contains: ['10.100.1.0/24'],
      lacks: ['10.9.0.0/16'],
    }),
    one('prefixes that were accepted', 'received', {
      node: 'spine1',
      peer: '10.1.1.1',
      prefixes: ['10.100.1.0/24', '10.255.1.1/32'],
    }),
    one('who announces an address', 'announced', { address: '10.255.1.1', by: 'leaf1', via: 'bgp' }),
    one('nobody announces a host', 'announced', { address: '10.100.4.10', absent: true }),
    one('ping', 'reach', { from: 'host1', to: '10.100.4.10', times: 5, share: '90%' }),
    one('a port that is closed is not reached', 'reach', { from: 'host1', to: 'tcp://10.100.4.10:80', fails: true }),
    one('an ARP entry with its state', 'neighbor', {
      node: 'host1',
      address: '10.100.1.1',
      state: 'REACHABLE',
      dev: 'eth1',
    }),
    one('an ARP entry that is not there', 'neighbor', { node: 'host1', address: '10.100.1.9', absent: true }),
    one('ARP finds the gateway', 'resolve', { from: 'host1', address: '10.100.1.1', by: 'leaf1' }),
    one('ARP finds nobody', 'resolve', { from: 'host1', address: '10.100.1.99', fails: true }),
    one('the path there and back', 'path', {
      from: 'host1',
      to: '10.100.4.10',
      hops: ['leaf1', 'spine2', 'leaf4', 'host4'],
      back: ['leaf4', 'spine2', 'leaf1', 'host1'],
    }),
    one('the path of a TCP connection, refused or not', 'path', {
      from: 'host1',
      to: 'tcp://10.100.4.10:81',
      avoids: ['leaf2', 'leaf3'],
    }),
    one('packets in both directions', 'packets', {
      on: 'host1:eth1',
      while: ping,
      count: 6,
      where: { protocol: 'icmp' },
    }),
    one('packets by their header fields', 'packets', {
      on: 'host1:eth1',
      while: ping,
      count: 3,
      direction: 'out',
      where: { icmpType: 8, ttl: 64, bytes: 98, destination: '10.100.4.0/24' },
    }),
    one('no forwarding loop', 'no-loop', { to: ['10.100.1.10', '10.100.4.10'] }),
    one('no black hole', 'no-black-hole', { to: ['10.100.1.10', '10.100.4.10'] }),
    one('output of a command', 'output', {
      run: 'ip route show 10.100.4.0/24',
      on: 'leaf1',
      stdout: { contains: 'nexthop via 10.1.1.0' },
    }),
  ]
  test.each(true_)('finds: %s', async (...check) => {
    const report = await lab.check(check[1], check[2] as never)
    expect(report.holds ? [] : [report.expected, ...report.seen]).toEqual([])
  })

  const false_ = [
    one('a next hop is missing', 'route', { node: 'leaf1', to: '10.100.4.0/24', via: ['10.1.1.0'] }),
    one('a next hop is too many', 'route', {
      node: 'leaf1',
      to: '10.100.4.0/24',
      via: ['10.1.1.0', '10.2.1.0', '10.3.1.0'],
    }),
    one('another protocol', 'route', { node: 'leaf1', to: '10.100.4.0/24', protocol: 'static' }),
    one('a route is there', 'route', { node: 'leaf1', to: '10.100.4.0/24', absent: true }),
    one('a session in another state', 'session', { node: 'leaf1', peer: '10.1.1.0', state: 'Idle' }),
    one('no such peer', 'session', { node: 'leaf1', peer: '10.1.1.9' }),
    one('one prefix less is accepted', 'received', { node: 'spine1', peer: '10.1.1.1', prefixes: ['10.100.1.0/24'] }),
    one('a prefix is advertised', 'advertised', { node: 'leaf1', peer: '10.1.1.0', lacks: ['10.100.1.0/24'] }),
    one('somebody else announces', 'announced', { address: '10.255.1.1', by: ['leaf1', 'leaf2'] }),
    one('nobody has the address', 'reach', { from: 'host1', to: '10.100.4.99' }),
    one('another MAC address', 'neighbor', { node: 'host1', address: '10.100.1.1', mac: '02:00:00:00:00:01' }),
    one('another node answers ARP', 'resolve', { from: 'host1', address: '10.100.1.1', by: 'leaf2' }),
    one('another way', 'path', { from: 'host1', to: '10.100.4.10', hops: ['leaf1', 'spine1', 'leaf4', 'host4'] }),
    one('a node to avoid', 'path', { from: 'host1', to: '10.100.4.10', avoids: ['spine2'] }),
    one('another count of packets', 'packets', {
      on: 'host1:eth1',
      while: ping,
      count: 5,
      where: { protocol: 'icmp' },
    }),
    one('an address that nobody has is a black hole', 'no-black-hole', { from: 'host1', to: '10.100.4.99' }),
    one('an address without a route is a black hole', 'no-black-hole', { from: 'leaf1', to: '10.9.9.9' }),
    one('other output', 'output', { run: 'hostname', on: 'leaf1', stdout: 'leaf2' }),
  ]
  test.each(false_)('does not hold: %s', async (...check) => {
    expect(await holds(lab, check)).toBe(false)
  })

  test('a check tells what there is, when, and what had happened to those it names', async () => {
    const report = await lab.check('route', { node: 'leaf1', to: '10.100.4.0/24', via: ['10.1.1.0'] })
    expect(report.expected).toBe('route on leaf1 to 10.100.4.0/24 via 10.1.1.0')
    expect(report.seen[0]).toContain('via 10.2.1.0 dev eth2')
    expect(report.journal.length).toBeGreaterThan(0)
    expect(report.journal.every(line => /leaf1|10\.100\.4\.0|10\.1\.1\.0/.test(line))).toBe(true)
  })

  test.each([
    one('that there is no route', 'route', { node: 'leaf9', to: '10.9.0.0/16', absent: true }),
    one('that there is no path', 'best-path', { node: 'leaf9', to: '10.9.0.0/16', absent: true }),
    one('that there is no ARP entry', 'neighbor', { node: 'leaf9', address: '10.9.9.9', absent: true }),
    one('a session', 'session', { node: 'leaf9', peer: '10.1.1.0' }),
    one('what is not received', 'received', { node: 'leaf9', peer: '10.1.1.0', lacks: ['10.9.0.0/16'] }),
    one('what is not advertised', 'advertised', { node: 'leaf9', peer: '10.1.1.0', lacks: ['10.9.0.0/16'] }),
    one('no answer', 'reach', { from: 'leaf9', to: '10.100.4.10', fails: true }),
    one('no loop', 'no-loop', { from: 'leaf9', to: '10.100.4.10' }),
  ])('nothing can be said of a node that is not there: %s', async (_title, name, argument) => {
    for (const when of [{}, { never: '1s' }])
      await expect(lab.check(name, argument as never, when)).rejects.toThrow('there is no node "leaf9"')
  })

  test('a wrong argument is an error with its place', async () => {
    await expect(lab.check('route', { node: 'leaf1', to: 'x' })).rejects.toThrow(LabError)
    await expect(lab.check('route', { node: 'leaf1', to: 'x' })).rejects.toThrow(/^route: to: expected an IPv4 prefix/)
  })
})

describe('loops and black holes', () => {
  test('static routes that point at each other are a loop', async () => {
    const lab = await loadLab(join(ROOT, 'topologies/clos-2x4/lab.clab.yml'))
    await lab.exec('leaf1', 'ip route add 10.77.0.0/16 via 10.1.1.0')
    await lab.exec('spine1', 'ip route add 10.77.0.0/16 via 10.1.1.1')
    const report = await lab.check('no-loop', { from: 'host1', to: '10.77.0.1' })
    expect(report.seen).toEqual([
      'host1 to 10.77.0.1: host1 > leaf1 > spine1 > leaf1: comes back to a node it has passed',
    ])
  })
})

describe('when a check must hold', () => {
  const route = { node: 'leaf1', to: '10.100.4.0/24', via: '10.2.1.0' }
  const load = () => loadLab(join(ROOT, 'topologies/clos-2x4/lab.clab.yml'))

  test('within: at the instant at which it becomes true', async () => {
    const lab = await load()
    await lab.fail({ daemon: 'spine1:bgpd' })
    const failedNs = lab.nowNs
    const report = await lab.check('route', route, { within: '10s' })
    expect(report.holds).toBe(true)
    expect(report.expected).toContain('(within 10s)')
    expect(report.atNs - failedNs).toBeLessThan(5e9)
  })

  test('within: false when the span is over', async () => {
    const lab = await load()
    const startNs = lab.nowNs
    const report = await lab.check('route', route, { within: '2s' })
    expect([report.holds, report.atNs - startNs]).toEqual([false, 2e9])
  })

  test('always: false at the first instant at which it ceases to hold', async () => {
    const lab = await load()
    const both = { ...route, via: ['10.1.1.0', '10.2.1.0'] }
    expect((await lab.check('route', both, { always: '5s' })).holds).toBe(true)
    await lab.fail({ daemon: 'spine1:bgpd' })
    const startNs = lab.nowNs
    const report = await lab.check('route', both, { always: '60s' })
    expect(report.holds).toBe(false)
    expect(report.atNs - startNs).toBeLessThan(5e9)
  })

  test('never is the contrary of always', async () => {
    const lab = await load()
    expect((await lab.check('route', route, { never: '5s' })).holds).toBe(true)
    expect((await lab.check('session', { node: 'leaf1', peer: '10.1.1.0' }, { never: '5s' })).holds).toBe(false)
  })

  test('settled: once only periodic work is left', async () => {
    const lab = await load()
    await lab.fail({ link: 'leaf1:eth1' })
    expect((await lab.check('route', route, { settled: '60s' })).holds).toBe(true)
  })

  test('only one of them', async () => {
    await expect((await load()).check('route', route, { within: '1s', always: '1s' })).rejects.toThrow(
      'only one of within, always',
    )
  })
})

describe('loss windows', () => {
  test('a link that is cut is seen at once; one that swallows everything costs the hold time', async () => {
    const cut = await loadLab(join(ROOT, 'topologies/clos-2x4/lab.clab.yml'))
    const flow = { from: 'host1', to: '10.100.4.10', for: '10s' }
    expect((await cut.check('loss', { ...flow, during: { link: 'leaf1:eth2' }, 'at-most': '200ms' })).holds).toBe(true)
    const silent = await loadLab(join(ROOT, 'topologies/clos-2x4/lab.clab.yml'))
    const report = await silent.check('loss', {
      ...flow,
      during: { link: 'leaf1:eth2', loss: '100%' },
      'at-most': '5s',
    })
    expect(report.holds).toBe(false)
    expect(report.seen[1]).toMatch(/no answer from .*: 10\.000s/)
  })
})

describe('a node that was restarted', () => {
  test('still has its routes when the next hops that its former self kept would have expired', async () => {
    const lab = await loadLab(join(ROOT, 'topologies/clos-2x4/lab.clab.yml'))
    await lab.fail({ node: 'spine1' })
    await lab.wait('5s')
    await lab.restore({ node: 'spine1' })
    await lab.settle()
    await lab.wait('400s')
    for (const leaf of [1, 2, 3, 4])
      expect(
        (await lab.check('route', { node: 'spine1', to: `10.100.${leaf}.0/24`, via: `10.1.${leaf}.1` })).holds,
      ).toBe(true)
  })
})

describe('checks on a cluster', () => {
  let lab: LoadedLab
  beforeAll(async () => {
    lab = await loadLab(join(ROOT, 'topologies/cilium-bgp/setup.sh'))
    for (const file of ['bgp', 'pool', 'nginx']) await lab.run(`kubectl apply -f manifests/${file}.yaml`)
    await lab.settle()
  })

  test('every node of the cluster announces the service address by BGP', async () => {
    const report = await lab.check('announced', { address: '20.0.0.100', via: 'bgp' })
    expect(report.seen).toHaveLength(4)
    expect((await lab.check('announced', { address: '20.0.0.100', via: 'l2' })).holds).toBe(false)
  })

  test('a session of a cluster node', async () => {
    const session = { node: 'cilium-bgp-control-plane', peer: '10.0.5.1' } as const
    expect((await lab.check('session', session)).seen).toEqual(['it is Established'])
  })

  test('fields and conditions of objects', async () => {
    const deployment = { kind: 'deployment', name: 'nginx-deployment' }
    expect(
      (await lab.check('object', { ...deployment, condition: 'Available', fields: { 'spec.replicas': 3 } })).seen,
    ).toEqual(['spec.replicas is 1'])
    const service = { kind: 'Service', name: 'nginx-service' }
    const fields = { 'status.loadBalancer.ingress[0].ip': '20.0.0.100', 'spec.ports[*].port': [80] }
    expect((await lab.check('object', { ...service, fields })).holds).toBe(true)
    expect((await lab.check('object', { kind: 'Service', name: 'nothing', absent: true })).holds).toBe(true)
  })

  test('HTTP, its status and the way through address translation', async () => {
    expect((await lab.check('reach', { from: 'client', to: 'http://20.0.0.100', status: 200, times: 3 })).holds).toBe(
      true,
    )
    expect((await lab.check('reach', { from: 'client', to: 'http://20.0.0.100', status: 404 })).holds).toBe(false)
    const report = await lab.check('path', { from: 'client', to: 'tcp://20.0.0.100:80' })
    expect(report.holds).toBe(true)
    expect(report.seen[1]).toMatch(/^back: .*, client$/)
  })

  test('the service address is no black hole from anywhere', async () => {
    expect(
      (await lab.check('no-black-hole', { from: ['client', 'leaf01', 'spine01'], to: '20.0.0.100' })).seen,
    ).toEqual([])
  })
})
