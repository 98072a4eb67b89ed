import { describe, expect, it } from 'vitest'
import { LoadBalancer } from '../../../../src/kubernetes/cilium/datapath/load-balancer.ts'
import { maglevTable } from '../../../../src/kubernetes/cilium/datapath/maglev.ts'
import type { Backend, Frontend } from '../../../../src/kubernetes/cilium/datapath/service-map.ts'
import { Random } from '../../../../src/sim/random.ts'
import { Simulator } from '../../../../src/sim/simulator.ts'
import { ipv4, parseIpv4 } from '../../../../src/wire/address.ts'
import type { Flow } from '../../../../src/wire/flow.ts'

function backends(count: number): Backend[] {
  return Array.from({ length: count }, (_, index) => ({
    address: ipv4(parseIpv4('10.1.1.1')! + index),
    port: 80,
    nodeName: 'worker',
    isTerminating: false,
  }))
}

function frontend(options: Partial<Frontend> = {}): Frontend {
  return {
    id: 1,
    kind: 'LoadBalancer',
    address: parseIpv4('20.0.0.100')!,
    port: 80,
    service: 'default/web',
    backends: backends(5),
    isExternalLocal: false,
    isInternalLocal: false,
    affinitySeconds: undefined,
    sourceRanges: [],
    isDenyList: false,
    ...options,
  }
}

function flow(sourcePort: number): Flow {
  const [source, destination] = [parseIpv4('10.0.5.20')!, parseIpv4('20.0.0.100')!]
  return { protocol: 'tcp', source, sourcePort, destination, destinationPort: 80 }
}

function balancer(simulator: Simulator, algorithm: 'random' | 'maglev' = 'random', seed = 1): LoadBalancer {
  return new LoadBalancer({ simulator, random: new Random(seed), algorithm, maglevTableSize: 251 })
}

function select(from: LoadBalancer, service: Frontend, sourcePort: number): number | undefined {
  return from.select({
    frontend: service,
    flow: flow(sourcePort),
    key: String(sourcePort),
    lifetimeNs: 60e9,
    candidates: service.backends,
    isNew: false,
    isFromOutside: true,
  })?.address
}

describe('LoadBalancer', () => {
  it('keeps the backend of a flow', () => {
    const chosen = balancer(new Simulator())
    const first = select(chosen, frontend(), 1)
    for (let count = 0; count < 20; count += 1) expect(select(chosen, frontend(), 1)).toBe(first)
  })

  it('uses every backend for many flows', () => {
    const chosen = balancer(new Simulator())
    const used = new Set(Array.from({ length: 100 }, (_, port) => select(chosen, frontend(), port)))
    expect(used.size).toBe(5)
  })

  it('chooses anew when the backend of a flow is gone', () => {
    const chosen = balancer(new Simulator())
    const first = select(chosen, frontend(), 1)!
    const left = frontend({ backends: backends(5).filter(backend => backend.address !== first) })
    expect(select(chosen, left, 1)).not.toBe(first)
  })

  it('keeps a flow on a terminating backend but gives it no new ones', () => {
    const chosen = balancer(new Simulator())
    const first = select(chosen, frontend(), 1)!
    const ending = frontend({
      backends: backends(5).map(backend => ({ ...backend, isTerminating: backend.address === first })),
    })
    expect(select(chosen, ending, 1)).toBe(first)
    for (let port = 100; port < 150; port += 1) expect(select(chosen, ending, port)).not.toBe(first)
  })

  it('finds nothing without backends', () => {
    expect(select(balancer(new Simulator()), frontend({ backends: [] }), 1)).toBeUndefined()
  })

  it('keeps a client on its backend until the affinity time has passed', () => {
    const simulator = new Simulator()
    const chosen = balancer(simulator)
    const service = frontend({ affinitySeconds: 10, backends: backends(200) })
    const first = select(chosen, service, 1)
    simulator.runUntil(9.9e9)
    expect(select(chosen, service, 2)).toBe(first)
    simulator.runUntil(19.9e9)
    expect(select(chosen, service, 3)).not.toBe(first)
  })

  it('agrees on all nodes with maglev', () => {
    const one = balancer(new Simulator(), 'maglev', 1)
    const other = balancer(new Simulator(), 'maglev', 2)
    for (let port = 0; port < 50; port += 1) expect(select(one, frontend(), port)).toBe(select(other, frontend(), port))
  })
})

describe('maglevTable', () => {
  it('gives every backend nearly the same share', () => {
    const counts = new Map<number, number>()
    for (const index of maglevTable(['a', 'b', 'c', 'd', 'e'], 251)) counts.set(index, (counts.get(index) ?? 0) + 1)
    expect([...counts.values()].sort()).toEqual([50, 50, 50, 50, 51])
  })

  it('does not depend on the order of the names', () => {
    const names = ['a', 'b', 'c']
    const one = [...maglevTable(names, 251)].map(index => names[index])
    const other = [...maglevTable(['c', 'a', 'b'], 251)].map(index => ['c', 'a', 'b'][index])
    expect(one).toEqual(other)
  })

  it('moves few slots when a backend is lost', () => {
    const names = ['a', 'b', 'c', 'd', 'e']
    const before = [...maglevTable(names, 2039)].map(index => names[index]!)
    const after = [...maglevTable(names.slice(0, 4), 2039)].map(index => names[index]!)
    const moved = before.filter((name, slot) => name !== 'e' && after[slot] !== name).length
    expect(moved / 2039).toBeLessThan(0.15)
  })
})
