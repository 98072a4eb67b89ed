import type { Benchmark, Sample, Size } from '../benchmark.ts'
import { heapBytes, measurePhase, settle, stopwatch } from '../support/measure.ts'
import { openInMemory } from '../support/memory-lab.ts'
import { serviceLab } from '../support/service-lab.ts'

/** Every node announces every service to one leaf: nodes × services paths. */
export const servicesByBgp: Benchmark = {
  name: 'services-bgp',
  what: 'LoadBalancer services of a Cilium cluster, announced by every node by BGP; then a minute at rest',
  unit: 'announcements',
  sizes: [size(10, 100, 'bgp'), size(30, 300, 'bgp'), size(100, 1000, 'bgp', true)],
}

/** One lease and one announcing node per service. */
export const servicesByL2: Benchmark = {
  name: 'services-l2',
  what: 'LoadBalancer services of a Cilium cluster, announced by L2 leases; then a minute at rest',
  unit: 'announcements',
  sizes: [size(10, 100, 'l2'), size(30, 300, 'l2'), size(100, 1000, 'l2', true)],
}

function size(nodes: number, services: number, announcedBy: 'bgp' | 'l2', isLarge = false): Size {
  return {
    name: `${services} services, ${nodes} nodes`,
    isLarge,
    run: () => announce(nodes, services, announcedBy),
  }
}

async function announce(nodes: number, services: number, announcedBy: 'bgp' | 'l2'): Promise<readonly Sample[]> {
  const elapsed = stopwatch()
  const { lab, terminal } = await openInMemory(serviceLab({ nodes, services, announcedBy }), 'setup.sh')
  const { simulator } = lab
  settle(simulator)
  const build: Sample = { phase: 'build', ...elapsed(), amount: nodes, events: simulator.executedEvents }
  const heap = heapBytes()
  const announced = await measurePhase(
    simulator,
    'announce',
    async () => {
      const result = await terminal.run('kubectl apply -f services.yaml', { cwd: '/lab' })
      if (result.exitCode !== 0) throw new Error(result.stderr)
      settle(simulator)
    },
    heap,
  )
  const minute = await measurePhase(simulator, 'minute at rest', () => void simulator.runUntil(simulator.nowNs + 60e9))
  const leases = lab.cluster!.store.list('Lease').filter(lease => lease.metadata.name.startsWith('cilium-l2announce-'))
  const count = announcedBy === 'bgp' ? (announced.prefixUpdates ?? 0) : leases.length
  if (count < services * (announcedBy === 'bgp' ? nodes : 1)) throw new Error(`${count} announcements only`)
  return [build, { ...announced, amount: count }, { ...minute, amount: 60 }]
}
