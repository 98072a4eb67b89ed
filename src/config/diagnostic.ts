import type { SourceRef } from '../model/source.ts'

/**
 * What a front end says about the user's files. `error`: cannot go on. `warning`: goes on, with this difference.
 * `unmodelled`: understood, but not simulated; the answer may differ from the real system's.
 */
export interface Diagnostic {
  /** Stable id: `containerlab/unknown-key`, `frr/unknown-command`, `vyos/not-modelled` … */
  readonly code: string
  readonly severity: 'error' | 'warning' | 'unmodelled'
  /** One sentence without a full stop at its end. */
  readonly message: string
  readonly source: SourceRef
}

/** A front end's answer: the model, unless an error made it impossible, and everything there is to say. */
export interface Converted<Model> {
  readonly model: Model | undefined
  readonly diagnostics: readonly Diagnostic[]
}
