import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { realFiles } from '../../src/cli/real-files.ts'
import type { ClosOptions } from '../../src/generate/clos-options.ts'
import { generateClos } from '../../src/generate/generate-clos.ts'
import { openLab } from '../../src/shell/open-lab.ts'
import { output } from '../support/open-settled-lab.ts'
import { bgpTable, forwardingTable } from '../support/recorded-tables.ts'
import { RealLab, whyNotHere } from './real-lab.ts'

/*
 * Generated fabrics on this machine's FRR and in the simulator: forwarding tables and sets of multipath next hops. Which
 * of equal paths is the best one hangs on which session was first, so it is not compared.
 */
const VARIANTS: readonly ClosOptions[] = [
  { spines: 2, leaves: 4, prefixesPerLeaf: 3 },
  { spines: 3, leaves: 2, hostsPerLeaf: 2, prefixesPerLeaf: 4 },
  { spines: 4, leaves: 4, superSpines: 2 },
  { spines: 2, leaves: 4, ibgpRouteReflectors: true },
  { spines: 4, leaves: 4, superSpines: 2, hostsPerLeaf: 0, prefixesPerLeaf: 2, ibgpRouteReflectors: true },
  { spines: 3, leaves: 6, superSpines: 1, pods: 3 },
]

const folder = mkdtempSync(join(tmpdir(), 'drylab-generated-'))
afterAll(() => rmSync(folder, { recursive: true }))

const reason = whyNotHere()
if (reason !== undefined) console.warn(`skipped: real FRR is not asked, because ${reason}`)

describe.skipIf(reason !== undefined)('generated fabrics on real FRR', () => {
  test.each(VARIANTS)('%j has the same tables here and in the simulator', async options => {
    const file = write(options)
    const real = await new RealLab(file).record()
    const opened = await openLab({ path: file, files: realFiles })
    const { simulator } = opened.lab
    expect(simulator.runUntilQuiet(simulator.nowNs + 600e9)).toBe('quiet')
    let routes = 0
    for (const [node, tables] of real) {
      const fib = forwardingTable(JSON.parse((await output(opened, node, 'ip -j route show table main')) || '[]'))
      routes += fib.size
      expect.soft([...fib].sort(), `${node}: ip route`).toEqual([...forwardingTable(tables.fib)].sort())
      if (tables.bgp === undefined) continue
      const simulated = JSON.parse((await output(opened, node, "vtysh -c 'show ip bgp json'")) || '{}')
      const sets = (table: ReturnType<typeof bgpTable>) =>
        Object.fromEntries([...table].map(([prefix, row]) => [prefix, row.multipath]))
      expect.soft(sets(bgpTable(simulated.routes)), `${node}: multipath`).toEqual(sets(bgpTable(tables.bgp.routes)))
    }
    console.log(`${JSON.stringify(options)}: ${routes} routes on ${real.size} nodes compared`)
  })
})

/** Writes the lab into a folder of its own and returns its file. */
function write(options: ClosOptions): string {
  const lab = generateClos(options)
  if ('problems' in lab) throw new Error(lab.problems.join('\n'))
  const own = mkdtempSync(join(folder, 'lab-'))
  for (const [path, text] of lab.files) {
    mkdirSync(dirname(join(own, path)), { recursive: true })
    writeFileSync(join(own, path), text)
  }
  return join(own, 'lab.clab.yml')
}
