import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { YOUNG_MEGABYTES } from '../../src/cli/room.ts'
import type { Sample } from './benchmark.ts'
import { BENCHMARKS } from './benchmarks.ts'
import type { RealComparison } from './real-comparison.ts'
import { renderComparison, renderMarkdown, renderText } from './render.ts'
import {
  currentCommit,
  type Failure,
  machineFacts,
  type Result,
  type ResultFile,
  readResults,
  writeResults,
} from './results.ts'

const HELP = `npm run bench -- [options]
  --filter TEXT     only benchmarks and sizes whose "name size" contains this or another --filter's text
  --full            the large sizes too: minutes and gigabytes
  --heap MEGABYTES  most heap of each process (default 12000)
  --output FILE     write results as JSON; what the file has of other sizes is kept
  --from FILE       take results from a file instead of measuring
  --compare FILE    print how many times faster than in that file
  --markdown FILE   write the tables of docs/benchmarks.md
  --frr FILE        with these of npm run bench:frr
  --list            names and sizes
`

/** What the process of one size hands to its parent. */
interface Outcome {
  readonly samples: readonly Sample[]
  readonly peakBytes: number
  readonly processorSeconds: number
}

const { values } = parseArgs({
  options: {
    filter: { type: 'string', multiple: true, default: [] },
    full: { type: 'boolean', default: false },
    heap: { type: 'string', default: '12000' },
    output: { type: 'string' },
    from: { type: 'string' },
    compare: { type: 'string' },
    markdown: { type: 'string' },
    frr: { type: 'string' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    one: { type: 'string' },
  },
})

if (values.help) process.stdout.write(HELP)
else if (values.list) for (const { name } of wanted()) process.stdout.write(`${name}\n`)
else if (values.one !== undefined) await runOne(values.one)
else report(values.from === undefined ? measureAll() : readResults(values.from))

/** Every benchmark at every size that the options ask for. */
function wanted() {
  const texts = values.filter
  return BENCHMARKS.flatMap(benchmark =>
    benchmark.sizes.map(size => ({ name: `${benchmark.name} ${size.name}`, benchmark, size })),
  ).filter(
    ({ name, size }) =>
      (texts.length === 0 || texts.some(text => name.includes(text))) && (values.full || size.isLarge !== true),
  )
}

/** In the child: runs it and prints the outcome as the last line. */
async function runOne(name: string): Promise<void> {
  values.full = true
  values.filter = []
  const samples = await wanted()
    .find(one => one.name === name)!
    .size.run()
  const { user, system } = process.cpuUsage()
  const outcome: Outcome = {
    samples,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    processorSeconds: (user + system) / 1e6,
  }
  process.stdout.write(`\n${JSON.stringify(outcome)}\n`)
}

function measureAll(): ResultFile {
  const results: Result[] = []
  const failures: Failure[] = []
  const [machine, commit] = [machineFacts(), currentCommit()]
  // after each size, so that a run that is cut short keeps what it has
  const save = (): void => {
    if (values.output !== undefined) writeResults(values.output, { machine, results, failures })
  }
  for (const { name, benchmark, size } of wanted()) {
    process.stderr.write(`${name} … `)
    // the program itself runs large labs with more room for young objects
    const young = size.isLarge === true ? [`--max-semi-space-size=${YOUNG_MEGABYTES}`] : []
    const options = [`--max-old-space-size=${values.heap}`, ...young, process.argv[1]!, '--one', name]
    const { status, stdout, stderr } = spawnSync(process.execPath, options, { encoding: 'utf8', maxBuffer: 1e8 })
    const common = { benchmark: benchmark.name, size: size.name }
    if (status !== 0) {
      const message = /heap out of memory/.test(stderr)
        ? `out of memory at ${values.heap} MB`
        : (stderr
            .trim()
            .split('\n')
            .find(line => /Error/.test(line)) ?? `exit status ${status}`)
      failures.push({ ...common, message })
      process.stderr.write(`${message}\n`)
      save()
      continue
    }
    const outcome = JSON.parse(stdout.trim().split('\n').at(-1)!) as Outcome
    results.push({
      ...common,
      series: size.series ?? 'all',
      unit: benchmark.unit,
      ...outcome,
      load: loadavg()[0]!,
      commit,
    })
    process.stderr.write(`${outcome.samples.map(one => `${one.phase} ${one.seconds.toPrecision(3)} s`).join(', ')}\n`)
    save()
  }
  return { machine, results, failures }
}

function readJson(path: string): RealComparison {
  return JSON.parse(readFileSync(path, 'utf8')) as RealComparison
}

function report(measured: ResultFile): void {
  const file = values.output === undefined || values.from !== undefined ? measured : readResults(values.output)
  process.stdout.write(
    values.compare === undefined ? renderText(measured) : renderComparison(readResults(values.compare), measured),
  )
  if (values.markdown !== undefined)
    writeFileSync(values.markdown, renderMarkdown(file, values.frr === undefined ? undefined : readJson(values.frr)))
  if (measured.failures.length > 0) process.exitCode = 1
}
