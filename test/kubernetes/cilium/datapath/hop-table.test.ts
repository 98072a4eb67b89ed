import { describe, expect, it } from 'vitest'
import { TCP_FLAG } from '../../../../src/wire/tcp.ts'
import { addRoute, ip, ping } from '../../../support/two-hosts.ts'
import { ARTICLE_VALUES, type HopLabOptions, hopLab, type Seen } from '../support/hop-lab.ts'

/** Opens a connection from client2 to 10.0.5.100:80 and lets ten seconds pass. */
function connect(
  options: HopLabOptions = {},
  destination = '10.0.5.100',
  port = 80,
  from: 'client2' | 'pod' = 'client2',
) {
  const lab = hopLab(options)
  const clients: number[] = []
  lab.host('pod').tcp.listen({ port: 80, onConnection: connection => clients.push(connection.remoteAddress) })
  const events: string[] = []
  const connection = lab.host(from).tcp.connect({ destination: ip(destination), port, sourcePort: 39246 })
  connection.onEstablished = () => events.push('established')
  connection.onClosed = reason => events.push(reason)
  lab.simulator.runUntil(10e9)
  return { ...lab, connection, events, clients }
}

function isSyn({ packet }: Seen): boolean {
  return packet.payload.kind === 'tcp' && (packet.payload.flags & (TCP_FLAG.syn | TCP_FLAG.ack)) === TCP_FLAG.syn
}

function isSynAck({ packet }: Seen): boolean {
  return (
    packet.payload.kind === 'tcp' &&
    (packet.payload.flags & TCP_FLAG.syn) !== 0 &&
    (packet.payload.flags & TCP_FLAG.ack) !== 0
  )
}

function rows(seen: readonly Seen[]): unknown[] {
  return seen.map(({ where, source, destination, ttl, bytes, hasOption }) => [
    where,
    `${source} > ${destination}`,
    ttl,
    bytes,
    hasOption,
  ])
}

describe('a DSR exchange, hop by hop', () => {
  it('carries the SYN with the option, one TTL less per hop, to the pod', () => {
    const request = '10.0.5.20:39246 > 10.1.1.134:80'
    expect(rows(connect().seen.filter(isSyn))).toEqual([
      ['worker3', '10.0.5.20:39246 > 10.0.5.100:80', 64, 60, false],
      ['leaf01', request, 63, 68, true],
      ['spine02', request, 62, 68, true],
      ['leaf02', request, 61, 68, true],
      ['worker', request, 60, 68, true],
      ['pod', request, 59, 68, true],
    ])
  })

  it('answers straight to the client with the address of the service', () => {
    const answer = '10.0.5.100:80 > 10.0.5.20:39246'
    expect(rows(connect().seen.filter(isSynAck))).toEqual([
      ['worker', '10.1.1.134:80 > 10.0.5.20:39246', 64, 60, false],
      ['leaf02', answer, 63, 60, false],
      ['spine02', answer, 62, 60, false],
      ['leaf01', answer, 61, 60, false],
      ['client2', answer, 60, 60, false],
    ])
  })

  it('leaves the option off the ACK', () => {
    const { seen } = connect()
    const acks = seen.filter(row => row.where === 'leaf02' && !isSyn(row) && row.destination === '10.1.1.134:80')
    expect(acks.map(row => [row.bytes, row.hasOption])).toEqual([[52, false]])
  })

  it('shows the pod the address of the client', () => {
    const { clients, events } = connect()
    expect([clients, events]).toEqual([[ip('10.0.5.20')], ['established']])
  })

  it('tells the backend’s node to take over through an entry of its own', () => {
    const { backendNode, loadBalancerNode } = connect()
    expect([backendNode.reverse.size, loadBalancerNode.reverse.size]).toEqual([1, 0])
  })
})

describe('SNAT mode', () => {
  const values = { ...ARTICLE_VALUES, loadBalancer: { mode: 'snat' } }

  it('shows the pod the address of the node', () => {
    const { clients, events } = connect({ values })
    expect([clients, events]).toEqual([[ip('10.0.5.12')], ['established']])
  })

  it('brings the answer back through the node that was asked', () => {
    const answers = connect({ values }).seen.filter(isSynAck)
    expect(answers.map(row => row.where)).toEqual(['worker', 'leaf02', 'spine02', 'leaf01', 'worker3', 'client2'])
    expect(answers.at(-1)?.source).toBe('10.0.5.100:80')
  })

  it('does not make the packets longer', () => {
    expect(
      new Set(
        connect({ values })
          .seen.filter(isSyn)
          .map(row => row.bytes),
      ),
    ).toEqual(new Set([60]))
  })

  it('is what hybrid does for UDP only', () => {
    const hybrid = connect({ values: { ...ARTICLE_VALUES, loadBalancer: { mode: 'hybrid' } } })
    expect(hybrid.loadBalancerNode.usesDsr('tcp')).toBe(true)
    expect(hybrid.loadBalancerNode.usesDsr('udp')).toBe(false)
  })
})

describe('NodePort', () => {
  it('is served at the node’s own address', () => {
    expect(connect({}, '10.0.5.12', 30320).events).toEqual(['established'])
  })
})

describe('a service without backends', () => {
  it('is refused at once since 1.16', () => {
    expect(connect({ endpoints: [] }).events).toEqual(['refused'])
  })

  it('answers with an ICMP port unreachable from the service’s address', () => {
    const [answer] = connect({ endpoints: [] }).seen.filter(row => row.packet.payload.kind === 'icmp')
    expect(answer).toMatchObject({
      where: 'client2',
      source: '10.0.5.100:0',
      ttl: 64,
      packet: { payload: { type: 3, code: 3 } },
    })
  })

  it('is silent in 1.15', () => {
    const { events, loadBalancerNode } = connect({ endpoints: [], version: '1.15.0' })
    expect(events).toEqual([])
    expect(loadBalancerNode.drops[0]?.[0]).toBe('DROP_NO_SERVICE')
  })

  it('is what externalTrafficPolicy Local makes of backends elsewhere', () => {
    expect(connect({ service: { externalTrafficPolicy: 'Local' } }).events).toEqual(['refused'])
  })
})

describe('refusals', () => {
  it('drop clients outside loadBalancerSourceRanges', () => {
    const { events, loadBalancerNode } = connect({ service: { loadBalancerSourceRanges: ['192.168.0.0/24'] } })
    expect(events).toEqual([])
    expect(loadBalancerNode.drops[0]?.[0]).toBe('DROP_NOT_IN_SRC_RANGE')
  })

  it('let clients inside loadBalancerSourceRanges pass', () => {
    expect(connect({ service: { loadBalancerSourceRanges: ['10.0.5.0/24'] } }).events).toEqual(['established'])
  })

  it('drop what comes from outside for a cluster address', () => {
    const lab = hopLab()
    addRoute(lab.host('client2'), '10.96.0.9/32', '10.0.5.12')
    lab.host('client2').tcp.connect({ destination: ip('10.96.0.9'), port: 80 })
    lab.simulator.runUntil(1e9)
    expect(lab.loadBalancerNode.drops).toEqual([['DROP_IS_CLUSTER_IP', 1]])
  })
})

describe('a service address outside the rack', () => {
  it('does not answer ping: the packet circles between leaf and node until its TTL is spent', () => {
    const lab = hopLab()
    addRoute(lab.host('leaf01'), '20.0.0.100/32', '10.0.5.12')
    addRoute(lab.host('spine02'), '20.0.0.100/32', '10.0.103.2')
    const answers = ping(lab.host('spine02'), '20.0.0.100', 1, 5)
    expect(answers).toContainEqual(expect.stringMatching(/^11\/0 1 from 10\.0\.5\.(1|12)$/))
  })

  it('does not answer at a port that is no service’s either: the SYN circles until its TTL is spent', () => {
    const lab = hopLab()
    addRoute(lab.host('leaf01'), '20.0.0.100/32', '10.0.5.12')
    addRoute(lab.host('spine02'), '20.0.0.100/32', '10.0.103.2')
    const events: string[] = []
    const connection = lab.host('spine02').tcp.connect({ destination: ip('20.0.0.100'), port: 81 })
    connection.onClosed = reason => events.push(reason)
    lab.simulator.runUntil(0.9e9)
    const circling = lab.seen.filter(row => row.destination === '20.0.0.100:81')
    expect(circling.filter(row => row.where === 'worker3').map(row => row.ttl)).toEqual(
      Array.from({ length: 32 }, (_, round) => 63 - 2 * round),
    )
    // the time exceeded that comes back ends the attempt
    expect(events).toEqual(['host-unreachable'])
  })
})

describe('masquerading', () => {
  const values = { ...ARTICLE_VALUES, ipv4NativeRoutingCIDR: '10.1.0.0/16' }

  it('gives a pod the node’s address outside the native routing CIDR', () => {
    const lab = hopLab({ values })
    const clients: number[] = []
    lab.host('client2').tcp.listen({ port: 8080, onConnection: connection => clients.push(connection.remoteAddress) })
    const connection = lab.host('pod').tcp.connect({ destination: ip('10.0.5.20'), port: 8080 })
    lab.simulator.runUntil(10e9)
    expect([clients, connection.state]).toEqual([[ip('10.0.10.11')], 'established'])
  })

  it('leaves a pod its address inside the native routing CIDR', () => {
    const lab = hopLab()
    const clients: number[] = []
    lab.host('client2').tcp.listen({ port: 8080, onConnection: connection => clients.push(connection.remoteAddress) })
    lab.host('pod').tcp.connect({ destination: ip('10.0.5.20'), port: 8080 })
    lab.simulator.runUntil(10e9)
    expect(clients).toEqual([ip('10.1.1.134')])
  })

  it('carries pings of a pod', () => {
    expect(ping(hopLab({ values }).host('pod'), '10.0.5.20', 2, 5)).toEqual(['reply 1', 'reply 2'])
  })

  it('does not touch the answers of a pod that was addressed directly', () => {
    const lab = hopLab({ values })
    lab.host('pod').tcp.listen({ port: 80, onConnection: () => {} })
    const connection = lab.host('client2').tcp.connect({ destination: ip('10.1.1.134'), port: 80 })
    lab.simulator.runUntil(10e9)
    expect(connection.state).toBe('established')
  })
})

describe('east-west', () => {
  it('lets a node reach the cluster address of a service', () => {
    const lab = hopLab()
    lab.host('pod').tcp.listen({ port: 80, onConnection: () => {} })
    const connection = lab.host('worker3').tcp.connect({ destination: ip('10.96.0.9'), port: 80 })
    lab.simulator.runUntil(10e9)
    expect(connection.state).toBe('established')
  })

  it('tells a caller at once that a service has no backend', () => {
    const lab = hopLab({ endpoints: [] })
    const events: string[] = []
    const connection = lab.host('worker3').tcp.connect({ destination: ip('10.96.0.9'), port: 80 })
    connection.onClosed = reason => events.push(reason)
    lab.simulator.runUntil(1e9)
    expect(events).toEqual(['host-unreachable'])
  })

  it('shows only backend addresses on the wire', () => {
    const lab = hopLab()
    lab.host('pod').tcp.listen({ port: 80, onConnection: () => {} })
    lab.host('worker3').tcp.connect({ destination: ip('10.96.0.9'), port: 80 })
    lab.simulator.runUntil(10e9)
    expect(lab.seen.some(row => row.destination.startsWith('10.96.') || row.source.startsWith('10.96.'))).toBe(false)
  })
})

describe('kube-proxy in place of the replacement', () => {
  it('hides the client behind the node', () => {
    const { clients, events } = connect({ values: { ...ARTICLE_VALUES, kubeProxyReplacement: false } })
    expect([clients, events]).toEqual([[ip('10.0.5.12')], ['established']])
  })

  it('leaves services to nobody when it is not there either', () => {
    const values = { ...ARTICLE_VALUES, kubeProxyReplacement: false }
    expect(connect({ values, kubeProxyMode: 'none' }).events).not.toContain('established')
  })
})
