import { describe, expect, it } from 'vitest'
import type { HelmValues } from '../../../../src/config/helm/values.ts'
import type { GenevePacket } from '../../../../src/wire/geneve.ts'
import { ipv4PacketBytes } from '../../../../src/wire/ipv4.ts'
import { ip } from '../../../support/two-hosts.ts'
import { ARTICLE_VALUES, hopLab, type Seen } from '../support/hop-lab.ts'

function values(dsrDispatch: string): HelmValues {
  return { ...ARTICLE_VALUES, tunnelProtocol: 'geneve', loadBalancer: { mode: 'dsr', dsrDispatch } }
}

/** Opens a connection from client2 to the service and lets ten seconds pass. */
function connect(dsrDispatch: string) {
  const lab = hopLab({ values: values(dsrDispatch) })
  const clients: number[] = []
  lab.host('pod').tcp.listen({ port: 80, onConnection: connection => clients.push(connection.remoteAddress) })
  const connection = lab.host('client2').tcp.connect({ destination: ip('10.0.5.100'), port: 80, sourcePort: 39246 })
  lab.simulator.runUntil(10e9)
  return { ...lab, connection, clients }
}

function geneveOf({ packet }: Seen): GenevePacket | undefined {
  const { payload } = packet
  return payload.kind === 'udp' && payload.payload?.kind === 'geneve' ? payload.payload : undefined
}

describe('DSR by Geneve', () => {
  it('establishes the connection and shows the pod the client', () => {
    const { connection, clients } = connect('geneve')
    expect([connection.state, clients]).toEqual(['established', [ip('10.0.5.20')]])
  })

  it('travels from node to node', () => {
    const tunnelled = connect('geneve').seen.filter(row => geneveOf(row) !== undefined)
    expect(
      tunnelled
        .slice(0, 4)
        .map(({ where, source, destination, ttl }) => [where, source.split(':')[0], destination, ttl]),
    ).toEqual([
      ['leaf01', '10.0.5.12', '10.0.10.11:6081', 64],
      ['spine02', '10.0.5.12', '10.0.10.11:6081', 63],
      ['leaf02', '10.0.5.12', '10.0.10.11:6081', 62],
      ['worker', '10.0.5.12', '10.0.10.11:6081', 61],
    ])
  })

  it('names the service in an option of the SYN and in no other packet', () => {
    const options = connect('geneve')
      .seen.filter(row => row.where === 'worker')
      .flatMap(row => geneveOf(row) ?? [])
      .map(packet => packet.options)
    expect(options).toEqual([[{ class: 0x014b, type: 0x81, data: [10, 0, 5, 100, 0, 80, 0, 0] }], []])
  })

  it('makes the SYN 62 bytes longer and every other packet 50', () => {
    const sizes = connect('geneve')
      .seen.filter(row => row.where === 'worker')
      .flatMap(row => {
        const packet = geneveOf(row)
        if (packet === undefined || 'kind' in packet.payload || packet.payload.payload.kind !== 'ipv4') return []
        return [row.bytes - ipv4PacketBytes(packet.payload.payload)]
      })
    expect(sizes).toEqual([62, 50])
  })

  it('leaves the TTL of the packet inside alone until the pod’s node forwards it', () => {
    const syn = connect('geneve').seen.find(row => row.where === 'pod')!
    expect([syn.source, syn.destination, syn.ttl, syn.bytes, syn.hasOption]).toEqual([
      '10.0.5.20:39246',
      '10.1.1.134:80',
      63,
      60,
      false,
    ])
  })

  it('answers straight to the client with the address of the service', () => {
    const { seen } = connect('geneve')
    expect(seen.find(row => row.where === 'client2')!.source).toBe('10.0.5.100:80')
    expect(seen.filter(row => row.where === 'worker3').every(row => row.destination === '10.0.5.100:80')).toBe(true)
  })
})

describe('DSR by IPIP', () => {
  it('wraps the packet as it came into one to the pod', () => {
    const wrapped = connect('ipip').seen.find(row => row.where === 'leaf01' && row.packet.payload.kind === 'ipv4')!
    expect([wrapped.source, wrapped.destination, wrapped.bytes]).toEqual(['10.0.5.12:0', '10.1.1.134:0', 80])
    expect(wrapped.packet.payload).toMatchObject({ source: ip('10.0.5.20'), destination: ip('10.0.5.100'), ttl: 64 })
  })

  it('is refused by a pod without a tunnel device', () => {
    const { connection, host } = connect('ipip')
    expect(connection.state).toBe('syn-sent')
    expect(host('pod').counters.drops('protocol-unreachable')).toBeGreaterThan(0)
  })
})

describe('packets of flows that nobody knows', () => {
  /** client2 sends a lone ACK to the service, as after a leaf has moved the flow to another node. */
  function orphan(loadBalancer: HelmValues, sourcePort = 39246) {
    const lab = hopLab({ values: { ...ARTICLE_VALUES, loadBalancer } })
    lab.host('client2').sendPacket({
      destination: ip('10.0.5.100'),
      payload: {
        kind: 'tcp',
        sourcePort,
        destinationPort: 80,
        sequence: 1,
        acknowledgment: 1,
        flags: 0x10,
        window: 500,
        options: {},
        payload: [],
        payloadBytes: 0,
      },
    })
    lab.simulator.runUntil(5e9)
    return lab.seen.filter(row => row.where === 'client2' && row.packet.payload.kind === 'tcp').map(row => row.source)
  }

  it('get a reset from the address of the pod under DSR, which the client does not recognise', () => {
    expect(orphan({ mode: 'dsr' })).toEqual(['10.1.1.134:80'])
  })

  it('get a reset from the address of the service under SNAT', () => {
    expect(orphan({ mode: 'snat' })).toEqual(['10.0.5.100:80'])
  })
})
