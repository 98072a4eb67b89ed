import type { Diagnostic } from '../config/diagnostic.ts'
import type { SourceRef } from '../model/source.ts'
import type { LintLevel } from './rule.ts'

/** What is said about a lab: by a rule, or by a front end that read one of its files. */
export interface Report {
  /** Id of the rule, or code of the front end's diagnostic. */
  readonly rule: string
  readonly level: LintLevel
  /** It stands in a file that cannot be read as what it is meant to be: the lab could not be built. */
  readonly isUnreadable: boolean
  /** Understood, but not simulated. */
  readonly isUnmodelled: boolean
  readonly message: string
  readonly source: SourceRef
  /** What to write instead, in words. */
  readonly fix?: string
}

/** What a front end says, as a report: what is not modelled is worth knowing and no mistake. */
export function reportOf({ code, severity, message, source }: Diagnostic): Report {
  return {
    rule: code,
    level: severity === 'unmodelled' ? 'info' : severity,
    isUnreadable: severity === 'error',
    isUnmodelled: severity === 'unmodelled',
    message,
    source,
  }
}
