import type { Lab } from '../lab/lab.ts'
import type { LabNode } from '../lab/node.ts'
import { Settling } from '../lab/settling.ts'
import { CHECK_TABLE, type CheckArgument, type CheckName } from '../scenario/assertions/table.ts'
import type { CheckContext, CheckResult } from '../scenario/check.ts'
import { evaluateChecks } from '../scenario/evaluate.ts'
import { type FaultFile, faultSchema } from '../scenario/fault-schema.ts'
import { fail, restore } from '../scenario/steps/fault.ts'
import { relevantJournal } from '../scenario/support/relevant-journal.ts'
import type { CommandResult } from '../shell/command.ts'
import type { Terminal } from '../shell/terminal.ts'
import type { RunOutcome } from '../sim/simulator.ts'
import { formatDuration } from '../text/duration.ts'
import { LabError } from './lab-error.ts'
import { readSpan, readTiming, type When } from './timing.ts'

/** What breaks: `{ link: 'leaf01:eth3' }`, `{ node: 'spine01' }` and the other faults of scenarios. */
export type Fault = FaultFile

/** How a check came out, with what a person needs to see why. */
export interface CheckReport extends CheckResult {
  /** Simulated instant, nanoseconds since the start. */
  readonly atNs: number
  /** The last relevant lines of the journal, for a check that does not hold. */
  readonly journal: readonly string[]
}

/** Where a loaded lab came from. */
export interface LabOrigin {
  readonly path: string
  /** Working folder of `run`. */
  readonly folder: string
  readonly seed: number
}

interface LoadedLabParts {
  readonly lab: Lab
  readonly terminal: Terminal
  readonly origin: LabOrigin
  /** Reads a file of the real machine, relative to the lab's folder. */
  readonly readText: (path: string) => string | undefined
}

/** How long a lab may take to settle unless said otherwise. */
const SETTLE_LIMIT = '900s'

/**
 * A lab that runs, in simulated time that passes only in the methods below. Durations are texts such as `500ms`, `10s`,
 * `1m30s`.
 */
export class LoadedLab {
  /** The simulated machine with everything on it. */
  readonly lab: Lab
  readonly origin: LabOrigin
  /** Where commands run; what runs in the background goes through here. */
  readonly terminal: Terminal
  readonly #context: CheckContext
  #isCancelled = false

  constructor({ lab, terminal, origin, readText }: LoadedLabParts) {
    this.lab = lab
    this.origin = origin
    this.terminal = terminal
    this.#context = {
      lab,
      terminal,
      run: text => this.run(text),
      fail: fault => this.fail(fault),
      golden: { read: readText },
    }
  }

  /** The present instant, nanoseconds since the start. */
  get nowNs(): number {
    return this.lab.simulator.nowNs
  }

  /** A node by its name in the topology file or its container name. LabError when there is none. */
  node(name: string): LabNode {
    const node = this.lab.node(name)
    if (node !== undefined) return node
    const names = this.lab.nodes().map(one => one.name)
    throw new LabError(`there is no node "${name}"; there are ${names.join(', ')}`)
  }

  /** Lets time pass until only periodic work is left. LabError when that takes longer than the limit. */
  async settle(limit = SETTLE_LIMIT): Promise<void> {
    const settling = new Settling(this.lab.simulator)
    const limitNs = readSpan(limit)
    const outcome = await this.#pass(() => settling.isOver, limitNs)
    const unsettled = settling.end(outcome, limitNs)
    if (unsettled.length > 0) throw new LabError(unsettled.join('; '))
  }

  /** Lets a span of time pass. */
  async wait(span: string): Promise<void> {
    await this.#pass(() => false, readSpan(span))
  }

  /** Ends what passes time at present: its promise is refused with a LabError; a command that runs gets Ctrl-C. */
  cancel(): void {
    this.#isCancelled = true
    this.terminal.interrupt()
  }

  /** Runs shell text on the machine, in the folder of the lab's file. */
  async run(text: string): Promise<CommandResult> {
    return this.terminal.runTyped(text, { cwd: this.origin.folder })
  }

  /** Runs shell text on a node. */
  async exec(node: string, text: string): Promise<CommandResult> {
    return this.terminal.runTyped(text, { node: this.node(node) })
  }

  /** Breaks something. LabError when the lab does not have it. */
  async fail(fault: Fault): Promise<void> {
    await this.#applyFault(fault, fail)
  }

  /** Mends what `fail` broke. */
  async restore(fault: Fault): Promise<void> {
    await this.#applyFault(fault, restore)
  }

  /** Evaluates a check. LabError when its argument is wrong or names no node; a check that does not hold is a value. */
  async check<Name extends CheckName>(
    name: Name,
    argument: CheckArgument<Name>,
    when: When = {},
  ): Promise<CheckReport> {
    const parsed = CHECK_TABLE[name].schema.safeParse(argument)
    if (!parsed.success) {
      const issues = parsed.error.issues.map(issue => [...issue.path, issue.message].join(': '))
      throw new LabError(`${name}: ${issues.join('; ')}`)
    }
    let report: CheckReport | undefined
    await evaluateChecks(this.#context, [{ name, argument }], readTiming(when), result => {
      if (result.isUnanswerable) throw new LabError(`${name}: ${result.seen.join('; ')}`)
      const journal = result.holds ? [] : relevantJournal(this.lab, argument)
      report = { ...result, atNs: this.nowNs, journal }
    })
    return report!
  }

  async #pass(isOver: () => boolean, spanNs: number): Promise<RunOutcome> {
    const { simulator } = this.lab
    this.#isCancelled = false
    const deadlineNs = simulator.nowNs + spanNs
    const outcome = await this.terminal.conductor.wait(() => this.#isCancelled || isOver(), deadlineNs, undefined)
    if (this.#isCancelled) throw new LabError(`cancelled at ${formatDuration(simulator.nowNs)}`)
    return outcome
  }

  async #applyFault(fault: Fault, how: typeof fail): Promise<void> {
    const parsed = faultSchema.safeParse(fault)
    if (!parsed.success) throw new LabError(parsed.error.issues.map(issue => issue.message).join('; '))
    const scene = {
      lab: this.lab,
      tell() {},
      mistake({ message }: { readonly message: string }) {
        throw new LabError(message)
      },
    }
    const source = { file: this.origin.path, line: 1, column: 1 }
    const kind = how === fail ? 'fail' : 'restore'
    await how(scene, { kind, step: { [kind]: fault }, source, checkSources: [] })
  }
}

/** What a check that does not hold says: what was expected, what there is, when, what happened before, and the lab. */
export function describeReport({ expected, seen, atNs, journal }: CheckReport, { path, seed }: LabOrigin): string {
  const lines = [
    `expected: ${expected}`,
    `at ${(atNs / 1e9).toFixed(6)}s in ${path}, seed ${seed}`,
    'instead:',
    ...seen.map(row => `  ${row}`),
    ...(journal.length === 0 ? [] : ['before:', ...journal.map(row => `  ${row}`)]),
  ]
  return lines.join('\n')
}
