import { basename, join, resolve } from 'node:path'
import type { Diagnostic } from '../../config/diagnostic.ts'
import { renderDiagnostic } from '../../config/render-diagnostic.ts'
import type { Lab } from '../../lab/lab.ts'
import { LinkRecorder } from '../../lab/link-recorder.ts'
import { parseScenario, type Scenario } from '../../scenario/parse-scenario.ts'
import { type EndedRun, renderEvent, renderResult } from '../../scenario/reporters/spec.ts'
import type { CheckOutcome, ScenarioEvent } from '../../scenario/result.ts'
import { runScenario } from '../../scenario/run-scenario.ts'
import { EXIT_CODE } from '../exit-code.ts'
import { Interrupted, Interruption } from '../interruption.ts'
import { paintFor } from '../paint.ts'
import { Progress } from '../progress.ts'
import { realFiles } from '../real-files.ts'
import { shortPath } from '../test/run-job.ts'
import { writeCaptures } from '../write-captures.ts'

export interface RunOptions {
  readonly seed?: number
  /** Folder for one pcapng file per link. */
  readonly pcap?: string
}

/** `drylab run SCENARIO…`: every file is read before the first one runs. Returns the exit status. */
export async function run(paths: readonly string[], options: RunOptions): Promise<number> {
  const parsed = paths.map(path => {
    const file = resolve(path)
    const text = realFiles.readText(file)
    if (text === undefined) return { text, scenario: undefined, diagnostics: [missing(path)] }
    const { model, diagnostics } = parseScenario(text, file)
    return { text, scenario: model, diagnostics }
  })
  for (const { text, diagnostics } of parsed)
    for (const one of diagnostics) process.stderr.write(`${renderDiagnostic(one, text)}\n`)
  if (parsed.some(({ scenario }) => scenario === undefined)) return EXIT_CODE.usage
  const paint = paintFor(process.stdout)
  const shorten = (path: string): string => shortPath(process.cwd(), path)
  let exitCode: number = EXIT_CODE.ok
  const interruption = new Interruption()
  for (const [index, { scenario }] of parsed.entries()) {
    const progress = new Progress()
    if (index > 0) process.stdout.write('\n')
    const { pcap, ...rest } = options
    let recorder: LinkRecorder | undefined
    const partial = new PartialResult(scenario!)
    const result: EndedRun = await runScenario(scenario!, {
      files: realFiles,
      ...rest,
      onLab: lab => {
        partial.lab = lab
        if (pcap !== undefined) recorder = new LinkRecorder(lab)
      },
      breathe: async lab => {
        await progress.breathe(lab)
        interruption.throwIfHeard()
      },
      onEvent: event => {
        progress.clear()
        partial.hear(event)
        process.stdout.write(renderEvent(event, paint, shorten))
        if (event.kind === 'setup') process.stderr.write(event.stderr)
      },
    }).catch((thrown: unknown) => {
      if (thrown instanceof Interrupted) return partial.result
      throw thrown
    })
    progress.clear()
    process.stdout.write(renderResult(result, paint))
    if (pcap !== undefined && recorder !== undefined) saveCaptures(recorder, pcap, scenario!.file, parsed.length > 1)
    if (result.status === 'interrupted') return EXIT_CODE.interrupted
    if (result.status === 'wrong') exitCode = EXIT_CODE.usage
    else if (result.status === 'fails' && exitCode === EXIT_CODE.ok) exitCode = EXIT_CODE.failed
  }
  interruption.close()
  return exitCode
}

/** What a run has told until it is broken off. */
class PartialResult {
  lab: Lab | undefined
  readonly #scenario: Scenario
  readonly #outcomes: CheckOutcome[] = []

  constructor(scenario: Scenario) {
    this.#scenario = scenario
  }

  hear(event: ScenarioEvent): void {
    if (event.kind === 'check') this.#outcomes.push(event.outcome)
  }

  get result(): EndedRun {
    const { file, claim, seed } = this.#scenario
    const simulator = this.lab?.simulator
    return {
      file,
      claim,
      seed,
      status: 'interrupted',
      outcomes: this.#outcomes,
      simulatedNs: simulator?.nowNs ?? 0,
      events: simulator?.executedEvents ?? 0,
    }
  }
}

/** Captures of several scenarios go into folders of their own. */
function saveCaptures(recorder: LinkRecorder, folder: string, file: string, areSeveral: boolean): void {
  const own = areSeveral ? join(folder, basename(file).replace(/\.ya?ml$/, '')) : folder
  const count = writeCaptures(recorder, own)
  process.stderr.write(`${count} capture${count === 1 ? '' : 's'} written to ${own}\n`)
}

function missing(path: string): Diagnostic {
  return {
    code: 'scenario/missing-file',
    severity: 'error',
    message: `there is no file "${path}"`,
    source: { file: path, line: 1, column: 1 },
  }
}
