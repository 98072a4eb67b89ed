import { describe, expect, it } from 'vitest'
import { ConnectionTable } from '../../../../src/kubernetes/cilium/datapath/connection-table.ts'
import { SnatTable } from '../../../../src/kubernetes/cilium/datapath/snat.ts'
import { Random } from '../../../../src/sim/random.ts'
import { Simulator } from '../../../../src/sim/simulator.ts'
import { parseIpv4 } from '../../../../src/wire/address.ts'
import type { Flow } from '../../../../src/wire/flow.ts'

const NODE = parseIpv4('10.0.5.11')!
const SERVICE = { address: parseIpv4('20.0.0.100')!, port: 80 }

function request(sourcePort: number, client = '10.0.5.20'): Flow {
  return {
    protocol: 'tcp',
    source: parseIpv4(client)!,
    sourcePort,
    destination: parseIpv4('10.1.1.134')!,
    destinationPort: 80,
  }
}

function answerTo(port: number): Flow {
  return { protocol: 'tcp', source: parseIpv4('10.1.1.134')!, sourcePort: 80, destination: NODE, destinationPort: port }
}

describe('SnatTable', () => {
  it('keeps a source port that lies above the NodePort range', () => {
    const table = new SnatTable(new Simulator(), new Random(1))
    expect(table.translate(request(39246), NODE, SERVICE, 1e9)).toEqual({ address: NODE, port: 39246 })
  })

  it('draws a port above 32767 for a lower one', () => {
    const table = new SnatTable(new Simulator(), new Random(1))
    expect(table.translate(request(1024), NODE, SERVICE, 1e9)!.port).toBeGreaterThanOrEqual(32768)
  })

  it('gives two clients with one port different ones', () => {
    const table = new SnatTable(new Simulator(), new Random(1))
    const one = table.translate(request(40000), NODE, SERVICE, 1e9)!
    const other = table.translate(request(40000, '10.0.5.21'), NODE, SERVICE, 1e9)!
    expect(one.port).not.toBe(other.port)
  })

  it('finds who an answer is for', () => {
    const table = new SnatTable(new Simulator(), new Random(1))
    const { port } = table.translate(request(40000), NODE, SERVICE, 1e9)!
    expect(table.origin(answerTo(port), 1e9)).toMatchObject({
      client: { address: parseIpv4('10.0.5.20'), port: 40000 },
      service: SERVICE,
    })
  })

  it('knows nothing of other packets', () => {
    const table = new SnatTable(new Simulator(), new Random(1))
    expect(table.origin(answerTo(40000), 1e9)).toBeUndefined()
  })
})

describe('ConnectionTable', () => {
  it('forgets an entry after its lifetime', () => {
    const simulator = new Simulator()
    const table = new ConnectionTable<number>(simulator)
    table.set('key', 1, 10)
    simulator.runUntil(10)
    expect(table.get('key')).toBe(1)
    simulator.runUntil(11)
    expect(table.get('key')).toBeUndefined()
  })

  it('keeps an entry that is touched', () => {
    const simulator = new Simulator()
    const table = new ConnectionTable<number>(simulator)
    table.set('key', 1, 10)
    table.touch('key', 100)
    simulator.runUntil(50)
    expect(table.get('key')).toBe(1)
  })
})
