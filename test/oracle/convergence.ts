import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { realFiles } from '../../src/cli/real-files.ts'
import { generateClos } from '../../src/generate/generate-clos.ts'
import { findCable, setLink } from '../../src/lab/actions.ts'
import { openLab } from '../../src/shell/open-lab.ts'
import type { RealComparison } from '../bench/real-comparison.ts'
import { machineFacts } from '../bench/results.ts'
import { RealLab, whyNotHere } from './real-lab.ts'

/*
 * `npm run bench:frr`: the same generated fabrics on this machine's FRR and in the simulator, one after the other, and how
 * many times faster the simulator has the answer. Sizes as arguments: 2x4 4x16 (the default), 4x32 … With --output FILE the
 * figures are kept for docs/benchmarks.md.
 */

const PREFIXES_PER_LEAF = 10
const CUT = 'spine1:eth1'
const ROUNDS = 10

interface OwnTimes {
  /** From the files to all routes in place. */
  readonly convergeSeconds: number
  readonly linkFailureSeconds: number
  readonly routes: number
}

async function simulate(file: string): Promise<OwnTimes> {
  const start = performance.now()
  const { lab } = await openLab({ path: file, files: realFiles })
  const { simulator } = lab
  if (simulator.runUntilQuiet(simulator.nowNs + 600e9) !== 'quiet') throw new Error('not settled')
  const settled = performance.now()
  const routers = lab.nodes().filter(node => node.router !== undefined)
  const isFromBgp = (route: { readonly protocol: unknown }): boolean => route.protocol === 'bgp'
  const routes = routers.reduce((sum, { host }) => sum + host.fib.routes(254).filter(isFromBgp).length, 0)
  const [node, device] = CUT.split(':') as [string, string]
  const cut = performance.now()
  setLink(lab, findCable(lab, node, device)!, false)
  if (simulator.runUntilQuiet(simulator.nowNs + 600e9) !== 'quiet') throw new Error('not settled')
  const linkFailureSeconds = (performance.now() - cut) / 1000
  return { convergeSeconds: (settled - start) / 1000, linkFailureSeconds, routes }
}

/** Cold: the first run of this process at this size; warm: the shortest of the next ones. */
async function simulateOften(file: string): Promise<{ readonly cold: OwnTimes; readonly warm: OwnTimes }> {
  const cold = await simulate(file)
  let warm = await simulate(file)
  for (let round = 1; round < ROUNDS; round += 1) {
    const next = await simulate(file)
    warm = {
      routes: next.routes,
      convergeSeconds: Math.min(warm.convergeSeconds, next.convergeSeconds),
      linkFailureSeconds: Math.min(warm.linkFailureSeconds, next.linkFailureSeconds),
    }
  }
  return { cold, warm }
}

function writeLab(spines: number, leaves: number): string {
  const lab = generateClos({ spines, leaves, prefixesPerLeaf: PREFIXES_PER_LEAF, hostsPerLeaf: 0 })
  if ('problems' in lab) throw new Error(lab.problems.join('\n'))
  const folder = mkdtempSync(join(tmpdir(), 'drylab-convergence-'))
  for (const [path, text] of lab.files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return join(folder, 'lab.clab.yml')
}

function line(what: string, real: number, cold: number, warm: number): string {
  const milliseconds = (seconds: number): string => `${(seconds * 1000).toPrecision(3)} ms`
  const ratio = (own: number): string => `${Math.round(real / own)} times`
  return `  ${what}: FRR ${milliseconds(real)}; drylab cold ${milliseconds(cold)} (${ratio(cold)}), warm ${milliseconds(warm)} (${ratio(warm)})`
}

async function compare(size: string): Promise<RealComparison['rows']> {
  const [spines, leaves] = size.split('x').map(Number) as [number, number]
  const file = writeLab(spines, leaves)
  try {
    const { cold, warm } = await simulateOften(file)
    const real = await new RealLab(file).converge(CUT)
    console.log(
      `${size}, ${PREFIXES_PER_LEAF} prefixes per leaf: ${real.routes} BGP routes in FRR's kernels, ${warm.routes} in drylab's`,
    )
    console.log(line('start to converged', real.convergeSeconds, cold.convergeSeconds, warm.convergeSeconds))
    console.log(line('link failure', real.linkFailureSeconds, cold.linkFailureSeconds, warm.linkFailureSeconds))
    if (real.routes !== warm.routes) process.exitCode = 1
    const name = `${size}, ${PREFIXES_PER_LEAF} per leaf`
    return (
      [
        ['start to converged', 'convergeSeconds'],
        ['link failure', 'linkFailureSeconds'],
      ] as const
    ).map(([phase, key]) => ({ size: name, phase, real: real[key], cold: cold[key], warm: warm[key] }))
  } finally {
    rmSync(dirname(file), { recursive: true })
  }
}

const reason = whyNotHere()
if (reason === undefined) {
  const { values, positionals } = parseArgs({ options: { output: { type: 'string' } }, allowPositionals: true })
  const rows: RealComparison['rows'][number][] = []
  for (const size of positionals.length > 0 ? positionals : ['2x4', '4x16']) rows.push(...(await compare(size)))
  const comparison: RealComparison = { machine: machineFacts(), rows }
  if (values.output !== undefined) writeFileSync(values.output, `${JSON.stringify(comparison, undefined, 1)}\n`)
} else {
  console.error(`real FRR cannot be asked: ${reason}`)
  process.exitCode = 1
}
