import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import type { RunLimits } from '../../inspect/run-along.ts'
import { TimeMachine } from '../../inspect/time-machine.ts'
import { parseDurationNs } from '../../text/duration.ts'
import { tellOscillation } from '../../tui/explain.ts'
import { Inspector } from '../../tui/inspector.ts'
import { parseKeys } from '../../tui/key.ts'
import { textOf } from '../../tui/line.ts'
import { SMALLEST } from '../../tui/screen.ts'
import { makeTheme, type ThemeOptions } from '../../tui/theme.ts'
import { EXIT_CODE } from '../exit-code.ts'
import { realFiles } from '../real-files.ts'

export interface TuiOptions {
  readonly seed?: number
  readonly ascii?: boolean
  readonly color: boolean
  readonly frame?: string
  readonly size: string
  readonly at?: string
  readonly keys?: string
}

/** How long a scenario runs between two looks at its steps, simulated. */
const STEP_NS = 1e9

/** Wall time between two ticks, milliseconds. */
const TICK_MS = 33

/** `drylab tui`: the inspector in a terminal, or one printed frame of it. Returns the exit status. */
export async function tui(file: string, options: TuiOptions): Promise<number> {
  const complaint = complaintAbout(options)
  if (complaint !== undefined) {
    process.stderr.write(`error: ${complaint}\n`)
    return EXIT_CODE.usage
  }
  const look = lookOf(options)
  const [columns = 0, rows = 0] = options.size.split('x').map(Number)
  let inspector: Inspector | undefined
  let leave = (): void => {}
  const machine = await openMachine(file, options.seed, () => inspector?.changed())
  if (machine === undefined) return EXIT_CODE.usage
  inspector = new Inspector({
    machine,
    labName: labName(file),
    symbols: makeTheme(look).symbols,
    hasUnicode: look.hasUnicode,
    columns,
    rows,
    ...(options.frame === undefined ? {} : { view: options.frame }),
    wallMs: () => performance.now(),
    listFolder,
    resolvePath: path => resolve(path),
    shorten: text => text.replaceAll(`${process.cwd()}/`, ''),
    writeFile,
    leave: () => {
      // what runs must end, or the process would go on without a screen
      inspector?.interrupt()
      leave()
    },
  })
  const start = (): Promise<string | undefined> => begin(inspector, options)
  if (options.frame !== undefined) return printFrame(inspector, start, options)
  const exitCode = await runInTerminal(inspector, look, start, take => {
    leave = take
  })
  // a script of the lab that was left in its midst may still hold timers
  process.exit(exitCode)
}

/** What is wrong with the options or the terminal. */
function complaintAbout({ frame, size, at }: TuiOptions): string | undefined {
  if (at !== undefined && parseDurationNs(at) === undefined) return `"${at}" is no time; 12s, 1m30s and 500ms are`
  if (frame !== undefined) {
    const [columns = 0, rows = 0] = /^\d{1,4}x\d{1,4}$/.test(size) ? size.split('x').map(Number) : []
    if (columns < SMALLEST.columns || rows < SMALLEST.rows)
      return `"${size}" is no size; 100x30 is, and ${SMALLEST.columns}x${SMALLEST.rows} the smallest`
    return undefined
  }
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true && process.env.TERM !== 'dumb'
  if (isTerminal) return undefined
  return 'drylab tui needs a terminal; drylab run SCENARIO prints without one, drylab tui --frame VIEW prints one screen'
}

/** NO_COLOR (no-color.org); ASCII where the terminal or the locale has nothing else. */
function lookOf({ ascii, color }: TuiOptions): ThemeOptions {
  const { NO_COLOR, TERM, LC_ALL, LC_CTYPE, LANG } = process.env
  const locale = LC_ALL || LC_CTYPE || LANG || 'UTF-8'
  return {
    hasColour: color && (NO_COLOR === undefined || NO_COLOR === ''),
    hasUnicode: ascii !== true && TERM !== 'linux' && /utf-?8/i.test(locale),
  }
}

/** `cilium-bgp` for topologies/cilium-bgp/setup.sh, a scenario's own name otherwise. */
function labName(file: string): string {
  const name = basename(file).replace(/(\.clab)?\.(ya?ml|sh)$/, '')
  return name === 'lab' || name === 'setup' ? basename(dirname(resolve(file))) : name
}

async function openMachine(file: string, seed: number | undefined, draw: () => void): Promise<TimeMachine | undefined> {
  try {
    return await TimeMachine.open({
      path: resolve(file),
      files: realFiles,
      ...(seed === undefined ? {} : { seed }),
      breathe: async () => {
        draw()
        await new Promise<void>(done => setImmediate(done))
      },
    })
  } catch (thrown) {
    if (!(thrown instanceof Error) || thrown.name !== 'InspectError') throw thrown
    process.stderr.write(`${thrown.message}\n`)
    return undefined
  }
}

/** Builds the lab and goes where it shall be looked at. @returns why it cannot be built */
async function begin(inspector: Inspector, { at }: TuiOptions): Promise<string | undefined> {
  const { machine } = inspector
  await inspector.operate<unknown>('building the lab', limits =>
    at === undefined ? runToEnd(machine, limits) : machine.goTo(parseDurationNs(at)!, limits),
  )
  tellOscillation(inspector)
  const { exitCode, stderr } = machine.setup
  if (exitCode === undefined || exitCode === 0) return undefined
  return `${stderr}error: the lab could not be built: exit status ${exitCode}`
}

/** Until the lab has settled and all steps of a scenario are done. */
async function runToEnd(machine: TimeMachine, limits: RunLimits): Promise<void> {
  let stop = await machine.settle(limits)
  while (machine.coming.length > 0 && (stop === 'settled' || stop === 'reached')) {
    const { nowNs } = machine
    stop = await machine.runTo(nowNs + STEP_NS, limits)
  }
  if (stop === 'reached') await machine.settle(limits)
}

async function printFrame(
  inspector: Inspector,
  start: () => Promise<string | undefined>,
  { keys = '' }: TuiOptions,
): Promise<number> {
  const complaint = await start()
  if (complaint !== undefined) {
    process.stderr.write(`${complaint}\n`)
    return EXIT_CODE.usage
  }
  for (const key of parseKeys(keys)) await inspector.press(key)
  process.stdout.write(
    `${inspector
      .frame()
      .map(line => textOf(line).trimEnd())
      .join('\n')}\n`,
  )
  return EXIT_CODE.ok
}

async function runInTerminal(
  inspector: Inspector,
  look: ThemeOptions,
  start: () => Promise<string | undefined>,
  onReady: (leave: () => void) => void,
): Promise<number> {
  const { runTui } = await import('../../tui/run-tui.ts')
  let complaint: string | undefined
  await runTui({
    inspector,
    theme: makeTheme(look),
    stdin: process.stdin,
    stdout: process.stdout,
    every: tick => {
      const timer = setInterval(tick, TICK_MS)
      return () => clearInterval(timer)
    },
    start: async () => {
      complaint = await start()
      if (complaint !== undefined) inspector.options.leave()
    },
    onReady,
  })
  if (complaint === undefined) return EXIT_CODE.ok
  process.stderr.write(`${complaint}\n`)
  return EXIT_CODE.usage
}

function writeFile(path: string, text: string, mayReplace: boolean): boolean {
  if (!mayReplace && existsSync(path)) return false
  writeFileSync(path, text)
  return true
}

function listFolder(path: string): readonly string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .map(entry => (entry.isDirectory() ? `${entry.name}/` : entry.name))
      .sort()
  } catch {
    return []
  }
}
