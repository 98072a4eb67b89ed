import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { OpenedLab } from '../../src/shell/open-lab.ts'
import type { StateRow } from '../../src/state/table.ts'
import { STATE_TABLES } from '../../src/state/tables.ts'
import { openSettledLab, output, ROOT } from '../support/open-settled-lab.ts'

let fabric: OpenedLab
let cluster: OpenedLab

beforeAll(async () => {
  fabric = await openSettledLab('topologies/clos-2x4/lab.clab.yml')
  await output(fabric, 'host1', 'ping -c 1 10.100.3.10')
  cluster = await openSettledLab('topologies/cilium-bgp/setup-l2.sh')
  await output(cluster, 'machine', 'kubectl apply -f topologies/cilium-bgp/manifests/pool.yaml').catch(() => '')
}, 30_000)

const nodeOf = (opened: OpenedLab, name: string) => opened.lab.node(name)!
const cells = (text: string): string[][] =>
  text
    .trimEnd()
    .split('\n')
    .map(line => line.trim().split(/ {2,}|\t/))

describe('rows agree with what the commands print', () => {
  test.each(['leaf1', 'spine2', 'host3'])('routes of %s with ip -j route', async name => {
    const printed = JSON.parse(await output(fabric, name, 'ip -j route')) as readonly Record<string, unknown>[]
    const expected = printed.flatMap(route => {
      const hops = (route.nexthops ?? [route]) as readonly Record<string, unknown>[]
      return hops.map(hop => [
        route.dst,
        hop.gateway ?? null,
        hop.dev ?? null,
        route.protocol ?? 'boot',
        route.metric ?? 0,
      ])
    })
    const rows = STATE_TABLES.routes.rows(fabric.lab, nodeOf(fabric, name))
    expect(rows.map(row => [row.destination, row.gateway, row.device, row.protocol, row.metric])).toEqual(expected)
  })

  test('routes with route -n, which hides all next hops but the first', async () => {
    const lines = (await output(fabric, 'leaf1', 'route -n')).trimEnd().split('\n').slice(2)
    const rows = STATE_TABLES.routes.rows(fabric.lab, nodeOf(fabric, 'leaf1'))
    const shown = rows.filter(row => !row.isHidden)
    expect(shown.map(row => [row.gateway ?? '0.0.0.0', row.device])).toEqual(
      lines.map(line => line.split(/ +/)).map(words => [words[1], words[7]]),
    )
    expect(rows.length - shown.length).toBe(shown.reduce((sum, row) => sum + row.hiddenFromRoute, 0))
    expect(rows.length).toBeGreaterThan(shown.length)
  })

  test('neighbors with arp -an', async () => {
    const lines = (await output(fabric, 'leaf1', 'arp -an')).trimEnd().split('\n')
    const rows = STATE_TABLES.neighbors.rows(fabric.lab, nodeOf(fabric, 'leaf1')).filter(row => row.state !== 'NOARP')
    expect(
      rows.map(
        row => `? (${row.address}) at ${row.mac === null ? '<incomplete>' : `${row.mac} [ether]`} on ${row.interface}`,
      ),
    ).toEqual(lines)
    expect(rows.length).toBeGreaterThan(1)
  })

  test('neighbors with ip -j neigh', async () => {
    const printed = JSON.parse(await output(fabric, 'leaf1', 'ip -j neigh')) as readonly Record<string, unknown>[]
    const rows = STATE_TABLES.neighbors.rows(fabric.lab, nodeOf(fabric, 'leaf1'))
    expect(rows.map(row => [row.address, row.interface, [row.state]])).toEqual(
      printed.map(({ dst, dev, state }) => [dst, dev, state]),
    )
  })

  test('interfaces with ip -j addr and ip -j -s link', async () => {
    type Address = { operstate: string; flags: string[]; addr_info: { local: string; prefixlen: number }[] }
    type Link = { ifname: string; address: string; stats64: { rx: { packets: number }; tx: { bytes: number } } }
    const addresses = JSON.parse(await output(fabric, 'leaf1', 'ip -j addr')) as readonly Address[]
    const links = JSON.parse(await output(fabric, 'leaf1', 'ip -j -s link')) as readonly Link[]
    const rows = STATE_TABLES.interfaces.rows(fabric.lab, nodeOf(fabric, 'leaf1'))
    expect(rows.map(row => [row.state, row.flags, row.addresses])).toEqual(
      addresses.map(one => [
        one.operstate,
        one.flags,
        one.addr_info.map(({ local, prefixlen }) => `${local}/${prefixlen}`),
      ]),
    )
    expect(rows.map(row => [row.interface, row.mac, row.receivedPackets, row.transmittedBytes])).toEqual(
      links.map(one => [one.ifname, one.address, one.stats64.rx.packets, one.stats64.tx.bytes]),
    )
  })

  test('bgpSessions with show ip bgp summary json', async () => {
    const text = await output(fabric, 'spine1', "vtysh -c 'show ip bgp summary json'")
    const { peers } = (JSON.parse(text) as { ipv4Unicast: { peers: Record<string, Record<string, unknown>> } })
      .ipv4Unicast
    const rows = STATE_TABLES.bgpSessions.rows(fabric.lab, nodeOf(fabric, 'spine1'))
    expect(
      rows.map(row => [
        row.peer,
        row.remoteAsn,
        row.state,
        row.receivedPrefixes,
        row.sentPrefixes,
        row.messagesReceived,
      ]),
    ).toEqual(
      Object.entries(peers).map(([address, peer]) => [
        address,
        peer.remoteAs,
        peer.state,
        peer.pfxRcd,
        peer.pfxSnt,
        peer.msgRcvd,
      ]),
    )
  })

  test('bgpSessions with the lines of show ip bgp summary', async () => {
    const text = await output(fabric, 'leaf2', "vtysh -c 'show ip bgp summary'")
    const lines = text.split('\n').filter(line => /^\d+\.\d+\.\d+\.\d+ +4 /.test(line))
    const rows = STATE_TABLES.bgpSessions.rows(fabric.lab, nodeOf(fabric, 'leaf2'))
    expect(rows.map(row => [row.peer, String(row.remoteAsn), row.summary])).toEqual(
      lines.map(line => line.split(/ +/)).map(words => [words[0], words[2], words[9]]),
    )
  })

  test('bgpPaths with show ip bgp json', async () => {
    type Path = {
      peerId: string
      path: string
      origin: string
      bestpath?: boolean
      multipath?: boolean
      weight: number
    }
    const text = await output(fabric, 'leaf1', "vtysh -c 'show ip bgp json'")
    const { routes } = JSON.parse(text) as { routes: Record<string, Path[]> }
    const expected = Object.entries(routes).flatMap(([prefix, paths]) =>
      paths.map(one => [
        prefix,
        one.peerId === '(unspec)' ? null : one.peerId,
        one.path,
        one.origin,
        one.bestpath ?? false,
        one.bestpath === true || one.multipath === true,
        one.weight,
      ]),
    )
    const rows = STATE_TABLES.bgpPaths.rows(fabric.lab, nodeOf(fabric, 'leaf1'))
    expect(
      rows.map(row => [
        row.prefix,
        row.peer,
        row.asPath,
        row.origin,
        row.isBest,
        row.isBest || row.isMultipath,
        row.weight,
      ]),
    ).toEqual(expected)
  })

  test('bgpPaths with the signs of show ip bgp', async () => {
    const text = await output(fabric, 'leaf1', "vtysh -c 'show ip bgp'")
    const lines = text.split('\n').filter(line => /^ *\*[>= ]/.test(line))
    const rows = STATE_TABLES.bgpPaths.rows(fabric.lab, nodeOf(fabric, 'leaf1'))
    expect(rows.map(row => row.status)).toEqual(lines.map(line => /\*[>= ]i?/.exec(line)![0].trim()))
  })

  test('bgpPaths says why a path lost, with both values', async () => {
    const rows = STATE_TABLES.bgpPaths.rows(fabric.lab, nodeOf(fabric, 'leaf1'))
    const [lost] = rows.filter(row => row.lostAt !== null)
    expect(lost!.reason).toBe(`${lost!.lostAt}: ${lost!.ownValue} against ${lost!.winnerValue}`)
    const [best] = rows.filter(row => row.prefix === lost!.prefix && row.isBest)
    expect(await output(fabric, 'leaf1', `vtysh -c 'show ip bgp ${lost!.prefix}'`)).toContain(`best (${best!.reason})`)
  })

  test('ribs with show ip route json', async () => {
    type Hop = { ip?: string; interfaceName?: string; fib?: boolean }
    const text = await output(fabric, 'leaf1', "vtysh -c 'show ip route json'")
    const printed = JSON.parse(text) as Record<string, { protocol: string; distance: number; nexthops: Hop[] }[]>
    const expected = Object.entries(printed).flatMap(([prefix, routes]) =>
      routes.flatMap(route =>
        route.nexthops.map(hop => [
          prefix,
          route.protocol,
          route.distance,
          hop.ip ?? null,
          hop.interfaceName,
          hop.fib ?? false,
        ]),
      ),
    )
    const rows = STATE_TABLES.ribs.rows(fabric.lab, nodeOf(fabric, 'leaf1'))
    expect(rows.map(row => [row.prefix, row.protocol, row.distance, row.gateway, row.interface, row.isInFib])).toEqual(
      expected,
    )
  })

  test('nextHopGroups with ip -j nexthop', async () => {
    const printed = JSON.parse(await output(fabric, 'leaf1', 'ip -j nexthop')) as readonly Record<string, unknown>[]
    const rows = STATE_TABLES.nextHopGroups.rows(fabric.lab, nodeOf(fabric, 'leaf1'))
    expect(rows.map(row => [row.id, row.gateway, row.device, row.protocol])).toEqual(
      printed.map(one => [one.id, one.gateway ?? null, one.dev ?? null, one.protocol]),
    )
  })

  test('macTable with bridge fdb', async () => {
    const lines = (await output(cluster, 'machine', 'bridge fdb')).trimEnd().split('\n')
    const rows = STATE_TABLES.macTable.rows(cluster.lab, cluster.lab.machine)
    expect(
      rows.map(row => `${row.mac} dev ${row.port} master ${row.bridge} ${row.isOwn ? 'permanent' : ''}`.trim()),
    ).toEqual(lines.map(line => line.trim()))
    expect(rows.some(row => !row.isOwn)).toBe(true)
  })

  test('services with kubectl get services -A', async () => {
    const [, ...lines] = cells(await output(cluster, 'machine', 'kubectl get services -A -o wide'))
    const rows = STATE_TABLES.services.rows(cluster.lab)
    expect(
      rows.map(row => [
        row.namespace,
        row.service,
        row.type,
        row.clusterIp,
        row.externalIp,
        row.ports,
        row.age,
        row.selector,
      ]),
    ).toEqual(lines)
  })

  test('leases with kubectl get leases -A, and the time they have left', async () => {
    const [, ...lines] = cells(await output(cluster, 'machine', 'kubectl get leases -A'))
    const rows = STATE_TABLES.leases.rows(cluster.lab)
    expect(rows.map(row => [row.namespace, row.lease, row.holder, row.age])).toEqual(lines)
    const [lease] = rows.filter(row => row.service === 'default/nginx-service')
    expect(lease!.durationSeconds).toBe(15)
    expect(lease!.remainingSeconds).toBeGreaterThan(9)
    expect(lease!.remainingSeconds).toBeLessThanOrEqual(15)
  })

  test('pods with kubectl get pods -A -o wide', async () => {
    const [, ...lines] = cells(await output(cluster, 'machine', 'kubectl get pods -A -o wide'))
    const rows = STATE_TABLES.pods.rows(cluster.lab)
    expect(
      rows.map(row => [
        row.namespace,
        row.pod,
        row.ready,
        row.status,
        row.restarts,
        row.age,
        row.address ?? '<none>',
        row.nodeName ?? '<none>',
      ]),
    ).toEqual(lines.map(line => line.slice(0, 8)))
  })

  test('announcements with what the lease says and what Cilium advertises', async () => {
    const rows = STATE_TABLES.announcements.rows(cluster.lab)
    const [lease] = STATE_TABLES.leases.rows(cluster.lab).filter(row => row.service === 'default/nginx-service')
    expect(rows.filter(row => row.how === 'l2')).toEqual([
      {
        address: '10.0.5.100',
        by: lease!.holder,
        how: 'l2',
        origin: 'lease',
        services: ['default/nginx-service'],
        peers: [],
        devices: ['net0'],
      },
    ])
    const pods = rows.filter(row => row.how === 'bgp' && row.by.startsWith('cilium-bgp-'))
    expect(pods.map(row => [row.address, row.peers])).toEqual([
      ['10.1.0.0/24', ['10.0.5.1']],
      ['10.1.1.0/24', ['10.0.10.1']],
      ['10.1.2.0/24', ['10.0.10.1']],
      ['10.1.3.0/24', ['10.0.5.1']],
    ])
  })
})

describe('every table', () => {
  const tables = Object.entries(STATE_TABLES)

  test.each(tables)('%s is named as it is filed', (name, table) => {
    expect(table.name).toBe(name)
  })

  test.each(tables)('%s has flat rows that are JSON', (_name, table) => {
    for (const { lab } of [fabric, cluster]) {
      const rows = table.rows(lab) as readonly object[]
      expect(JSON.parse(JSON.stringify(rows))).toEqual(rows)
      for (const row of rows)
        for (const value of Object.values(row as StateRow))
          expect(
            Array.isArray(value)
              ? value.every(one => typeof one === 'string')
              : value === null || typeof value !== 'object',
          ).toBe(true)
    }
  })

  test.each(tables)('%s tells its rows apart by its key', (_name, table) => {
    for (const { lab } of [fabric, cluster]) {
      const rows = table.rows(lab) as readonly object[] as readonly StateRow[]
      const keys = rows.map(row => JSON.stringify(table.key.map(column => row[column as string])))
      expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([])
    }
  })

  test.each(tables.filter(([, table]) => table.scope === 'node'))(
    '%s of the lab is those of its nodes',
    (_name, table) => {
      const { lab } = fabric
      const together = [...lab.nodes(), lab.machine].flatMap(node => [...table.rows(lab, node)] as object[])
      expect(table.rows(lab)).toEqual(together)
    },
  )

  test.each(tables)('%s names real columns as volatile', (_name, table) => {
    const row = [fabric, cluster].flatMap(({ lab }) => [...table.rows(lab)] as object[])[0]
    if (row !== undefined) expect(Object.keys(row)).toEqual(expect.arrayContaining([...table.key, ...table.volatile]))
  })

  test('all of them have rows in one of the two labs', () => {
    const empty = tables.filter(([, table]) => [fabric, cluster].every(({ lab }) => table.rows(lab).length === 0))
    expect(empty.map(([name]) => name)).toEqual([])
  })
})

describe('the rows of recorded labs', () => {
  const folders = readdirSync(join(ROOT, 'test/labs'))

  test.each(folders)('of %s can be told apart', async folder => {
    const { lab } = await openSettledLab(`test/labs/${folder}/lab.clab.yml`)
    for (const table of Object.values(STATE_TABLES)) {
      const rows = table.rows(lab) as readonly object[] as readonly StateRow[]
      const keys = rows.map(row => JSON.stringify(table.key.map(column => row[column as string])))
      expect([table.name, keys.filter((key, index) => keys.indexOf(key) !== index)]).toEqual([table.name, []])
    }
  })
})

describe('reading state', () => {
  test('changes nothing', () => {
    const { simulator } = cluster.lab
    const before = [simulator.nowNs, simulator.executedEvents, simulator.random.fork('probe').uint32()]
    for (const table of Object.values(STATE_TABLES)) table.rows(cluster.lab)
    expect([simulator.nowNs, simulator.executedEvents, simulator.random.fork('probe').uint32()]).toEqual(before)
  })
})
