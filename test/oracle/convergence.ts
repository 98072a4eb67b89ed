import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { realFiles } from '../../src/cli/real-files.ts'
import { generateClos } from '../../src/generate/generate-clos.ts'
import { findCable, setLink } from '../../src/lab/actions.ts'
import { openLab } from '../../src/shell/open-lab.ts'
import type { RealComparison } from '../bench/real-comparison.ts'
import { renderReal } from '../bench/render.ts'
import { machineFacts } from '../bench/results.ts'
import { settle, shorter, stopwatch, type Times } from '../bench/support/measure.ts'
import { RealLab, whyNotHere } from './real-lab.ts'

/*
 * `npm run bench:frr`: the same generated fabrics on this machine's FRR and in the simulator, one after the other, and how
 * many times faster the simulator has the answer. Sizes as arguments: 2x4 4x16 (the default), 4x32 … With --output FILE the
 * figures are kept for docs/benchmarks.md.
 */

const PREFIXES_PER_LEAF = 10
const CUT = 'spine1:eth1'
const ROUNDS = 30

/** The phases that are compared. */
const PHASES = ['start to converged', 'link failure'] as const

interface OwnRun {
  /** From the files to all routes in place; from the end of the link to rest. */
  readonly times: Readonly<Record<(typeof PHASES)[number], Times>>
  readonly routes: number
}

async function simulate(file: string): Promise<OwnRun> {
  const convergence = stopwatch()
  const { lab } = await openLab({ path: file, files: realFiles })
  settle(lab.simulator)
  const converged = convergence()
  const routers = lab.nodes().filter(node => node.router !== undefined)
  const isFromBgp = (route: { readonly protocol: unknown }): boolean => route.protocol === 'bgp'
  const routes = routers.reduce((sum, { host }) => sum + host.fib.routes(254).filter(isFromBgp).length, 0)
  const [node, device] = CUT.split(':') as [string, string]
  const failure = stopwatch()
  setLink(lab, findCable(lab, node, device)!, false)
  settle(lab.simulator)
  return { times: { 'start to converged': converged, 'link failure': failure() }, routes }
}

/** Cold: the first run of a process; warm: the next ones. */
interface OwnRuns {
  readonly cold: OwnRun
  readonly warm: readonly OwnRun[]
}

async function simulateOften(file: string): Promise<OwnRuns> {
  const cold = await simulate(file)
  const warm: OwnRun[] = []
  for (let round = 0; round < ROUNDS; round += 1) warm.push(await simulate(file))
  return { cold, warm }
}

/** In a process of its own, as only its first run is a cold one. */
function simulateApart(file: string): OwnRuns {
  const { stdout, stderr, status } = spawnSync(process.execPath, [process.argv[1]!, '--simulate', file], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as OwnRuns
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

async function compare(size: string): Promise<RealComparison['rows']> {
  const [spines, leaves] = size.split('x').map(Number) as [number, number]
  const file = writeLab(spines, leaves)
  try {
    const { cold, warm } = simulateApart(file)
    const real = await new RealLab(file).converge(CUT)
    if (real.routes !== cold.routes) {
      console.error(`${size}: ${real.routes} BGP routes in FRR's kernels, ${cold.routes} in drylab's`)
      process.exitCode = 1
    }
    const realTimes = { 'start to converged': real.convergeSeconds, 'link failure': real.linkFailureSeconds }
    return PHASES.map(phase => ({
      size: `${size}, ${PREFIXES_PER_LEAF} per leaf`,
      routes: real.routes,
      phase,
      real: realTimes[phase],
      cold: cold.times[phase],
      warm: warm.map(run => run.times[phase]).reduce(shorter),
    }))
  } finally {
    rmSync(dirname(file), { recursive: true })
  }
}

const options = { output: { type: 'string' }, simulate: { type: 'string' } } as const
const { values, positionals } = parseArgs({ options, allowPositionals: true })
const reason = whyNotHere()
if (values.simulate !== undefined) process.stdout.write(JSON.stringify(await simulateOften(values.simulate)))
else if (reason === undefined) {
  const rows: RealComparison['rows'][number][] = []
  for (const size of positionals.length > 0 ? positionals : ['2x4', '4x16']) rows.push(...(await compare(size)))
  const comparison: RealComparison = { machine: machineFacts(), load: loadavg()[0]!, rows }
  console.log(renderReal(comparison).join('\n'))
  if (values.output !== undefined) writeFileSync(values.output, `${JSON.stringify(comparison, undefined, 1)}\n`)
} else {
  console.error(`real FRR cannot be asked: ${reason}`)
  process.exitCode = 1
}
