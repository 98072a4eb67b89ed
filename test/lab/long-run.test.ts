import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { openSettledLab, ROOT } from '../support/open-settled-lab.ts'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

const HOUR_NS = 3600e9

/** Heap in use after a collection, bytes. */
function heapBytes(): number {
  collect()
  collect()
  return process.memoryUsage().heapUsed
}

test('a day of leases, keepalives and health checks leaves the memory as it was', async () => {
  const { lab, terminal } = await openSettledLab('topologies/cilium-bgp/setup-l2.sh')
  const manifests = `${ROOT}/topologies/cilium-bgp/manifests`
  await terminal.run(`kubectl apply -f ${manifests}/l2.yaml -f ${manifests}/nginx-l2.yaml`)
  const { simulator } = lab
  simulator.runUntil(simulator.nowNs + HOUR_NS)
  const before = heapBytes()
  const entriesBefore = simulator.journal.entries.length
  const startMs = performance.now()
  simulator.runUntil(simulator.nowNs + 23 * HOUR_NS)
  const growth = heapBytes() - before
  // the journal is bounded, but not full after a day
  const entries = simulator.journal.entries.length - entriesBefore
  expect(growth - entries * 250).toBeLessThan(1e6)
  expect(performance.now() - startMs).toBeLessThan(60_000)
}, 90_000)
