import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, resolve } from 'node:path'
import { REPORTERS } from '../../scenario/reporters/table.ts'
import { didYouMean } from '../../text/nearest.ts'
import { EXIT_CODE } from '../exit-code.ts'
import { Interruption } from '../interruption.ts'
import { paintFor } from '../paint.ts'
import { StatusLine } from '../status-line.ts'
import { type FoundScenario, findScenarios } from '../test/find-scenarios.ts'
import { type ReportTarget, runTests } from '../test/run-tests.ts'
import { watch } from '../test/watch.ts'

export interface TestOptions {
  readonly jobs?: number
  readonly filter?: string
  /** True without a number: 1. */
  readonly bail?: number | true
  readonly seed?: number
  readonly repeat?: number
  readonly seeds?: { readonly from: number; readonly to: number }
  readonly update?: boolean
  readonly watch?: boolean
  /** `NAME` or `NAME=FILE`. */
  readonly reporter?: readonly string[]
}

/** `drylab test [PATH…]`: runs the scenarios it finds and reports. Returns the exit status. */
export async function test(paths: readonly string[], options: TestOptions): Promise<number> {
  const mistake = findMistake(paths, options)
  if (mistake !== undefined) {
    process.stderr.write(`error: ${mistake}\n`)
    return EXIT_CODE.usage
  }
  const once = (): Promise<number> => runOnce(paths, options)
  if (!options.watch) return once()
  return watch(() => chosen(paths, options), once)
}

async function runOnce(paths: readonly string[], options: TestOptions): Promise<number> {
  const scenarios = chosen(paths, options)
  if (scenarios.length === 0) {
    process.stderr.write(
      `error: there is no scenario (*.yaml with a claim) in ${paths.join(', ') || 'this folder'}${options.filter === undefined ? '' : ` that fits "${options.filter}"`}\n`,
    )
    return EXIT_CODE.usage
  }
  const status = new StatusLine()
  const targets = openTargets(options.reporter ?? [])
  const interruption = new Interruption()
  const { fails, wrong } = await runTests({
    signal: interruption.signal,
    scenarios,
    runs: runsOf(options),
    jobs: options.jobs ?? availableParallelism(),
    update: options.update === true,
    bail: options.bail === true ? 1 : (options.bail ?? 0),
    folder: process.cwd(),
    targets,
    onProgress: (done, all, events) => status.show(`${done} of ${all} runs, ${events} events in those under way`),
    beforeReport: () => status.clear(),
  })
  interruption.close()
  for (const target of targets) target.close()
  if (interruption.signal.aborted) return EXIT_CODE.interrupted
  return wrong > 0 ? EXIT_CODE.usage : fails > 0 ? EXIT_CODE.failed : EXIT_CODE.ok
}

function findMistake(
  paths: readonly string[],
  { reporter = [], filter, seed, seeds, repeat }: TestOptions,
): string | undefined {
  const missing = paths.find(path => findScenarios(resolve(path)) === undefined)
  if (missing !== undefined) return `there is no file or folder "${missing}"`
  const names = Object.keys(REPORTERS)
  const unknown = reporter.map(text => text.split('=')[0]!).find(name => !names.includes(name))
  if (unknown !== undefined)
    return `there is no reporter "${unknown}"${didYouMean(unknown, names)}; there are ${names.join(', ')}`
  const silent = reporter.filter(text => !text.includes('='))
  if (silent.length > 1)
    return `only one reporter can write to the terminal, not ${silent.join(' and ')}: write NAME=FILE`
  if (seed !== undefined && (seeds !== undefined || repeat !== undefined))
    return '--seed goes neither with --seeds nor with --repeat'
  if (seeds !== undefined && seeds.from > seeds.to) return `--seeds ${seeds.from}..${seeds.to} is empty`
  try {
    new RegExp(filter ?? '', 'iu')
  } catch {
    return `--filter: "${filter}" is no regular expression`
  }
  return undefined
}

function chosen(paths: readonly string[], { filter }: TestOptions): readonly FoundScenario[] {
  const byPath = new Map<string, FoundScenario>()
  for (const path of paths.length === 0 ? ['.'] : paths)
    for (const found of findScenarios(resolve(path)) ?? []) byPath.set(found.path, found)
  const pattern = new RegExp(filter ?? '', 'iu')
  return [...byPath.values()]
    .filter(({ path, claim }) => pattern.test(claim) || pattern.test(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** One run, one for each seed of the range, or so many from the file's own seed on. */
function runsOf({ seed, seeds, repeat }: TestOptions) {
  const span = (count: number) => Array.from({ length: count }, (_, index) => index)
  if (seeds !== undefined) {
    const count = Math.min(seeds.to - seeds.from + 1, repeat ?? Number.POSITIVE_INFINITY)
    return span(count).map(index => ({ seed: seeds.from + index }))
  }
  if (repeat !== undefined) return span(repeat).map(index => ({ seedOffset: index }))
  return [seed === undefined ? {} : { seed }]
}

interface OpenTarget extends ReportTarget {
  close(): void
}

function openTargets(reporters: readonly string[]): readonly OpenTarget[] {
  // with all reports in files people still see how it went
  const list = reporters.every(text => text.includes('=')) ? ['spec', ...reporters] : reporters
  return list.map(text => {
    const [name = '', ...rest] = text.split('=')
    if (rest.length === 0) {
      const reporter = REPORTERS[name]!(paintFor(process.stdout))
      return { reporter, write: (part: string) => void process.stdout.write(part), close() {} }
    }
    const file = resolve(rest.join('='))
    const parts: string[] = []
    return {
      reporter: REPORTERS[name]!(paintFor({})),
      write: (part: string) => void parts.push(part),
      close() {
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, parts.join(''))
      },
    }
  })
}
