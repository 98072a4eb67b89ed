import type { Diagnostic } from '../config/diagnostic.ts'
import type { SourceRef } from '../model/source.ts'

/** One thing a scenario claims and how it came out. */
export interface CheckOutcome {
  readonly holds: boolean
  readonly expected: string
  readonly seen: readonly string[]
  readonly atNs: number
  readonly source: SourceRef
  /** The last relevant lines of the journal; empty for a check that holds. */
  readonly journal: readonly string[]
  /** The seed of the run, to replay it. */
  readonly seed: number
}

/** What a running scenario tells, in order; reporters turn it into text. */
export type ScenarioEvent =
  | { readonly kind: 'start'; readonly file: string; readonly claim: string }
  | { readonly kind: 'setup'; readonly stdout: string; readonly stderr: string }
  | {
      readonly kind: 'command'
      readonly text: string
      readonly stdout: string
      readonly stderr: string
      readonly exitCode: number
    }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'check'; readonly outcome: CheckOutcome }
  /** The file names what the lab does not have: the run ends. */
  | { readonly kind: 'mistake'; readonly diagnostic: Diagnostic }

export interface ScenarioResult {
  readonly file: string
  readonly claim: string
  /** The seed it ran with. */
  readonly seed: number
  /** `wrong`: the files are wrong and nothing was checked. */
  readonly status: 'holds' | 'fails' | 'wrong'
  readonly outcomes: readonly CheckOutcome[]
  readonly simulatedNs: number
  readonly events: number
}
