import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openSettledLab, output, ROOT } from '../support/open-settled-lab.ts'
import { bgpTable, forwardingTable } from '../support/recorded-tables.ts'
import { RealLab, whyNotHere } from './real-lab.ts'

/*
 * The labs of test/labs on this machine's FRR and in the simulator. What hangs on which router was first (unstable.json) is
 * left out. With DRYLAB_ORACLE_LABS only the labs whose names it lists, with commas.
 */
const LABS = join(ROOT, 'test/labs')
const wanted = process.env.DRYLAB_ORACLE_LABS?.split(',')
const labs = readdirSync(LABS)
  .filter(name => existsSync(join(LABS, name, 'truth.json')))
  .filter(name => wanted === undefined || wanted.includes(name))

type Unstable = Readonly<Record<string, { fib?: string[]; best?: string[]; multipath?: string[] }>>

const reason = whyNotHere()
if (reason !== undefined) console.warn(`skipped: real FRR is not asked, because ${reason}`)

describe.skipIf(reason !== undefined)(`real FRR${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  test.each(labs)('%s has the same tables here and in the simulator', async name => {
    const real = await new RealLab(join(LABS, name, 'lab.clab.yml')).record()
    const unstable = (JSON.parse(readFileSync(join(LABS, name, 'unstable.json'), 'utf8')) as { nodes: Unstable }).nodes
    const opened = await openSettledLab(`test/labs/${name}/lab.clab.yml`)
    for (const [node, tables] of real) {
      const skipped = unstable[node] ?? {}
      const fib = JSON.parse((await output(opened, node, 'ip -j route show table main')) || '[]')
      const stable = (table: Map<string, string>) =>
        [...table].filter(([prefix]) => skipped.fib?.includes(prefix) !== true).sort()
      expect.soft(stable(forwardingTable(fib)), `${node}: ip route`).toEqual(stable(forwardingTable(tables.fib)))
      if (tables.bgp === undefined) continue
      const simulated = JSON.parse((await output(opened, node, "vtysh -c 'show ip bgp json'")) || '{}')
      for (const kind of ['best', 'multipath'] as const) {
        const keep = (table: ReturnType<typeof bgpTable>) =>
          Object.fromEntries(
            [...table]
              .filter(([prefix]) => skipped[kind]?.includes(prefix) !== true)
              .map(([prefix, row]) => [prefix, row[kind]]),
          )
        expect.soft(keep(bgpTable(simulated.routes)), `${node}: ${kind}`).toEqual(keep(bgpTable(tables.bgp.routes)))
      }
    }
  })
})
