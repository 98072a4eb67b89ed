import { relativePath, resolvePath } from '../config/path.ts'
import type { StepFile } from '../scenario/schema.ts'
import { formatDuration, parseDurationNs } from '../text/duration.ts'
import { quoteWord } from '../text/tokenize.ts'
import type { DatedAct } from './act.ts'
import { commandText } from './perform.ts'
import type { BegunStep, World } from './world.ts'

/** Writes steps of a scenario file, one after the other. */
export class StepWriter {
  readonly steps: StepFile[] = []
  readonly #world: World
  readonly #acts: readonly DatedAct[]
  readonly #folder: string

  /** @param folder of the file to be */
  constructor(world: World, acts: readonly DatedAct[], folder: string) {
    this.#world = world
    this.#acts = acts
    this.#folder = folder
  }

  /**
   * A step of the scenario that was played.
   * @param inside acts that came while it was under way
   */
  writeStep(begun: BegunStep, inside: readonly DatedAct[]): void {
    const { endedAt } = begun
    const step = this.#world.source.scenario?.steps[begun.index]?.step
    if (step === undefined) return
    const isPassing = step.wait !== undefined || step.settle !== undefined
    if (inside.length === 0) {
      // one that is under way ends later than now
      if (endedAt !== undefined || !isPassing) this.steps.push(this.#moved(step))
      return
    }
    for (const act of inside) this.writeAct(act)
    if (endedAt === undefined) return
    const last = inside.at(-1)!
    if (step.settle !== undefined) {
      const endNs = begun.atNs + parseDurationNs(step.settle)!
      this.steps.push({ settle: formatDuration(Math.max(0, endNs - last.atNs)) })
    } else this.steps.push({ wait: { until: formatDuration(endedAt.atNs) } })
  }

  writeAct(dated: DatedAct): void {
    const { act, atNs, number } = dated
    if (act.kind === 'drop-steps') return
    this.steps.push({ wait: { until: formatDuration(atNs) } })
    if (act.kind === 'fail') this.steps.push({ fail: act.fault })
    else if (act.kind === 'restore') this.steps.push({ restore: act.fault })
    else if (act.kind === 'stop') this.steps.push({ stop: nameOf(act.command) })
    else {
      const text = commandText(act, path => relativePath(this.#folder, path))
      const isAtHome = act.kind === 'apply' || act.node !== undefined
      this.#writeCommand(dated, number, isAtHome ? text : this.#inOldFolder(text))
    }
  }

  /** `run` waits for the command's end: it fits when nothing was done before that. */
  #writeCommand(dated: DatedAct, number: number, run: string): void {
    const command = this.#world.commands.find(one => one.number === number)
    if (command?.endedAfter !== this.#acts.indexOf(dated) + 1) {
      this.steps.push({ start: { as: nameOf(number), run } })
      return
    }
    const exit = command.background.task.result?.exitCode ?? 0
    this.steps.push(exit === 0 ? { run } : { run, expect: { exit } })
  }

  /** A step of the old file as it must read in the new one's folder. */
  #moved(step: StepFile): StepFile {
    if (this.#folder === this.#world.source.cwd) return step
    const moved = this.#withGolden(step) as StepFile
    if (moved.run !== undefined) return { ...moved, run: this.#inOldFolder(moved.run) }
    if (moved.start !== undefined)
      return { ...moved, start: { ...moved.start, run: this.#inOldFolder(moved.start.run) } }
    return moved
  }

  #inOldFolder(text: string): string {
    const { cwd } = this.#world.source
    return this.#folder === cwd ? text : `cd ${quoteWord(relativePath(this.#folder, cwd))}\n${text}`
  }

  #withGolden(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(one => this.#withGolden(one))
    if (typeof value !== 'object' || value === null) return value
    const { cwd } = this.#world.source
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) =>
        key === 'golden' && typeof one === 'string'
          ? [key, relativePath(this.#folder, resolvePath(cwd, one))]
          : [key, this.#withGolden(one)],
      ),
    )
  }
}

function nameOf(command: number): string {
  return `command ${command}`
}
