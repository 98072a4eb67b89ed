import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openSettledLab, output, ROOT } from './support/open-settled-lab.ts'
import { bgpTable, forwardingTable, type RecordedNode } from './support/recorded-tables.ts'

/*
 * Labs of FRR routers with the tables that real FRR built from the same files. Each folder holds the lab, truth.json (what
 * `ip -j route` and `show ip bgp json` printed, with FRR's and the kernel's version) and unstable.json (prefixes whose
 * outcome hangs on which router was first, seen by starting the real lab three times in different orders).
 */
const LABS = join(ROOT, 'test/labs')

type Unstable = Readonly<Record<string, { fib?: string[]; best?: string[]; multipath?: string[] }>>

const labs = readdirSync(LABS).filter(name => existsSync(join(LABS, name, 'truth.json')))

describe.each(labs)('%s', name => {
  const readJson = <Shape>(file: string): Shape => JSON.parse(readFileSync(join(LABS, name, file), 'utf8')) as Shape
  const { nodes } = readJson<{ nodes: Record<string, RecordedNode> }>('truth.json')
  const unstable = readJson<{ nodes: Unstable }>('unstable.json').nodes
  const opened = openSettledLab(`test/labs/${name}/lab.clab.yml`)

  test.each(Object.keys(nodes))('%s forwards as the real one', async node => {
    const skipped = new Set(unstable[node]?.fib)
    const keep = (table: Map<string, string>) => new Map([...table].filter(([prefix]) => !skipped.has(prefix)).sort())
    const have = forwardingTable(JSON.parse((await output(await opened, node, 'ip -j route show table main')) || '[]'))
    expect(keep(have)).toEqual(keep(forwardingTable(nodes[node]!.fib)))
  })

  test.each(Object.keys(nodes).filter(node => nodes[node]!.bgp !== undefined))(
    '%s has the best paths and multipath sets of the real one',
    async node => {
      const { routes } = JSON.parse((await output(await opened, node, "vtysh -c 'show ip bgp json'")) || '{}')
      const have = bgpTable(routes)
      const want = bgpTable(nodes[node]!.bgp!.routes)
      for (const kind of ['best', 'multipath'] as const) {
        const skipped = new Set(unstable[node]?.[kind])
        const keep = (table: typeof have) =>
          Object.fromEntries(
            [...table].filter(([prefix]) => !skipped.has(prefix)).map(([prefix, row]) => [prefix, row[kind]]),
          )
        expect(keep(have)).toEqual(keep(want))
      }
    },
  )
})
