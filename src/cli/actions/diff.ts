import { readFileSync } from 'node:fs'
import { renaming } from '../../diff/align-names.ts'
import { compareStates, type LabDifference, withoutLuck } from '../../diff/compare.ts'
import { COMPARED_TABLES, type ComparedTableName, DEFAULT_TABLES } from '../../diff/compared-tables.ts'
import { type LabState, takeLabState } from '../../diff/lab-state.ts'
import { mergeSeeds } from '../../diff/merge-seeds.ts'
import { renderJson } from '../../diff/render-json.ts'
import { renderMarkdown } from '../../diff/render-markdown.ts'
import { renderText } from '../../diff/render-text.ts'
import type { FaultFile } from '../../scenario/fault-schema.ts'
import { parseDurationNs } from '../../text/duration.ts'
import { didYouMean } from '../../text/nearest.ts'
import { quoteWord } from '../../text/tokenize.ts'
import { absolutePath } from '../absolute-path.ts'
import { changeLab, hasChanges, LabChangeError, type LabChanges } from '../change-lab.ts'
import { EXIT_CODE } from '../exit-code.ts'
import { openForCommand } from '../open-for-command.ts'
import { paintFor } from '../paint.ts'
import { realFiles } from '../real-files.ts'

export interface DiffOptions {
  readonly cilium?: readonly [string, string]
  readonly apply?: readonly string[]
  readonly run?: readonly string[]
  readonly fail?: readonly FaultFile[]
  readonly output: 'text' | 'json' | 'markdown'
  readonly only?: readonly string[]
  readonly ignore?: readonly string[]
  readonly seed?: number
  readonly seeds?: { readonly from: number; readonly to: number }
  /** `300s` */
  readonly wait: string
  readonly settle: string
}

/** Each seed builds both labs anew. */
const MOST_SEEDS = 100

/** One of the two that are compared. */
interface Side {
  readonly path: string
  /** What the report calls it. */
  readonly name: string
  readonly ciliumVersion: string | undefined
  /** Whether the changes are made here. */
  readonly isChanged: boolean
}

/** Something of the command line or of the labs is wrong; its message is for the user. */
class WrongUse extends Error {}

/** `drylab diff`: builds both sides, compares what they show, and prints it. Returns the exit status. */
export async function diff(path: string, other: string | undefined, options: DiffOptions): Promise<number> {
  try {
    const names = chooseTables(options)
    const sides = chooseSides(path, other, options)
    const differences: LabDifference[] = []
    for (const seed of chooseSeeds(options)) {
      const difference = await compareSides(sides, names, { ...options, ...(seed === undefined ? {} : { seed }) })
      if (difference === undefined) return EXIT_CODE.usage
      differences.push(difference)
    }
    const merged = differences.length === 1 ? differences[0]! : mergeSeeds(differences)
    const difference = options.ignore?.includes('luck') ? withoutLuck(merged) : merged
    const isEqual = difference.tables.every(({ rows }) => rows.length === 0)
    if (options.output === 'json') process.stdout.write(renderJson(difference))
    else if (options.output === 'markdown') process.stdout.write(renderMarkdown(difference))
    else process.stdout.write(renderText(difference, paintFor(process.stdout)))
    return isEqual ? EXIT_CODE.ok : EXIT_CODE.failed
  } catch (thrown) {
    if (!(thrown instanceof WrongUse || thrown instanceof LabChangeError)) throw thrown
    process.stderr.write(`error: ${thrown.message}\n`)
    return EXIT_CODE.usage
  }
}

function chooseSeeds({ seed, seeds }: DiffOptions): readonly (number | undefined)[] {
  if (seeds === undefined) return [seed]
  const { from, to } = seeds
  if (seed !== undefined) throw new WrongUse('give --seed or --seeds')
  if (to < from || to - from >= MOST_SEEDS) throw new WrongUse(`--seeds takes 1 to ${MOST_SEEDS} seeds, such as 1..5`)
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

async function compareSides(
  sides: readonly [Side, Side],
  names: readonly ComparedTableName[],
  options: DiffOptions,
): Promise<LabDifference | undefined> {
  const before = await takeSide(sides[0], names, options)
  let after = before && (await takeSide(sides[1], names, options))
  const rename = before && after && renaming(before, after)
  // a lab that was only renamed shall draw as the first one
  if (rename !== undefined) after = await takeSide(sides[1], names, options, rename)
  return before && after && compareStates(before, after)
}

function chooseTables({ only, ignore = [] }: DiffOptions): readonly ComparedTableName[] {
  const known = Object.keys(COMPARED_TABLES) as ComparedTableName[]
  const unknown = [...(only ?? []), ...ignore.filter(name => name !== 'luck')].find(
    name => !known.includes(name as ComparedTableName),
  )
  if (unknown !== undefined)
    throw new WrongUse(`there is no table "${unknown}"${didYouMean(unknown, known)}; there are ${known.join(', ')}`)
  const wanted: readonly string[] = only ?? DEFAULT_TABLES
  const names = known.filter(name => wanted.includes(name) && !ignore.includes(name))
  if (names.length === 0) throw new WrongUse('no table is left to compare')
  return names
}

function chooseSides(path: string, other: string | undefined, options: DiffOptions): readonly [Side, Side] {
  const { cilium, apply = [], run = [], fail: faults = [] } = options
  const changes = [
    ...apply.map(file => `kubectl apply -f ${file}`),
    ...run.map(text => (text.length > 60 ? `${text.slice(0, 57)}...` : text)),
    ...faults.map(fault => `fail ${faultText(fault)}`),
  ]
  if (other !== undefined && cilium !== undefined)
    throw new WrongUse('--cilium compares one lab with itself: name one lab')
  const missing = apply.find(
    file => file !== '-' && !/^https?:/.test(file) && realFiles.kindOf(absolutePath(file)) === undefined,
  )
  if (missing !== undefined) throw new WrongUse(`there is no file "${missing}"`)
  const side = (lab: string, name: string, isChanged: boolean, ciliumVersion?: string): Side => ({
    path: lab,
    name: isChanged && changes.length > 0 ? `${name} after ${changes.join('; ')}` : name,
    ciliumVersion,
    isChanged,
  })
  if (cilium !== undefined) {
    const [one, two] = cilium.map(version => side(path, `${path} with Cilium ${version}`, true, version))
    return [one!, two!]
  }
  if (other !== undefined) return [side(path, path, true), side(other, other, true)]
  if (changes.length === 0)
    throw new WrongUse('nothing to compare with: name another lab, or give --cilium, --apply, --run or --fail')
  return [side(path, path, false), side(path, path, true)]
}

function faultText(fault: FaultFile): string {
  return Object.entries(fault)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(',')
}

async function takeSide(
  { path, name, ciliumVersion, isChanged }: Side,
  names: readonly ComparedTableName[],
  options: DiffOptions,
  rename?: (label: string) => string,
): Promise<LabState | undefined> {
  const [limitNs, waitNs] = [readSpan(options.settle), readSpan(options.wait)]
  const opened = await openForCommand(path, {
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(rename === undefined ? {} : { rename }),
    onLab: lab => {
      lab.ciliumVersion = ciliumVersion
    },
  })
  if (opened === undefined) return undefined
  const { lab, settle, clearProgress } = opened
  if (ciliumVersion !== undefined && [...lab.clusters.values()].every(({ cilium }) => cilium === undefined))
    throw new WrongUse(`${path} installs no Cilium`)
  let isSettled = await settle(limitNs)
  if (isChanged) {
    // what is only applied is told to everybody: nothing has to run out
    const limits = { settleNs: limitNs, waitNs: hasChanges(options) ? waitNs : 0 }
    const stdinOf = (text: string): string => (text === 'kubectl apply -f -' ? standardInput() : '')
    isSettled = await changeLab(opened, changesOf(options), limits, stdinOf)
  }
  const taken = takeLabState(lab, name, names)
  const state = isSettled ? taken : { ...taken, notes: [...taken.notes, `${name} had not settled: more may change`] }
  clearProgress()
  return state
}

function readSpan(text: string): number {
  const spanNs = parseDurationNs(text)
  if (spanNs === undefined) throw new WrongUse(`"${text}" is not a duration such as 600s or 10m`)
  return spanNs
}

/** `--apply` as the commands that it stands for, before those of `--run`. */
function changesOf({ apply = [], run = [], fail: faults = [] }: DiffOptions): LabChanges {
  return { run: [...apply.map(file => `kubectl apply -f ${quoteWord(fileName(file))}`), ...run], fail: faults }
}

let input: string | undefined

/** Read once: both sides get it. */
function standardInput(): string {
  input ??= readFileSync(0, 'utf8')
  return input
}

function fileName(file: string): string {
  return /^https?:|^-$/.test(file) ? file : absolutePath(file)
}
