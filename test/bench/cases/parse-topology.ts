import { loadTopology } from '../../../src/shell/load-topology.ts'
import type { Benchmark, Sample } from '../benchmark.ts'
import { shortest } from '../support/measure.ts'
import { closFiles, inMemory } from '../support/memory-lab.ts'

/** Reading without running: the containerlab file and every router's configuration. */
export const parseTopology: Benchmark = {
  name: 'parse-topology',
  what: 'a containerlab file with the configurations it binds, read and checked',
  unit: 'nodes',
  sizes: [
    { spines: 10, leaves: 45 },
    { spines: 20, leaves: 240 },
  ].flatMap(({ spines, leaves }) =>
    (['frr', 'vyos'] as const).map(dialect => {
      const nodes = spines + 2 * leaves
      const files = () => closFiles({ spines, leaves, prefixesPerLeaf: 2, dialect })
      return { name: `${nodes} nodes, ${dialect}`, series: dialect, run: () => parse(files(), nodes) }
    }),
  ),
}

function parse(files: ReadonlyMap<string, string>, nodes: number): readonly Sample[] {
  const { readText } = inMemory(files)
  const times = shortest(
    3,
    () => {},
    () => {
      const { model } = loadTopology('/lab/lab.clab.yml', { readText, list: () => undefined })
      if (model?.nodes.length !== nodes) throw new Error(`${model?.nodes.length} nodes were read`)
    },
  )
  return [{ phase: 'parse', ...times, amount: nodes }]
}
