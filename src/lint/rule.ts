import type { SourceRef } from '../model/source.ts'
import type { LintContext } from './context.ts'

/** `error`: it does not work. `warning`: it does not do what it seems to. `info`: worth knowing before the real lab is built. */
export type LintLevel = 'error' | 'warning' | 'info'

/** One thing that a rule has found. */
export interface LintFinding {
  /** One sentence without a full stop at its end. */
  readonly message: string
  readonly source: SourceRef
  /** What to write instead, in words. */
  readonly fix: string
}

/** A check over everything that makes up a lab: topology, router configurations and manifests together. */
export interface LintRule {
  /** `bgp/as-mismatch`: stable, users name it in `--disable` and in comments. */
  readonly id: string
  readonly level: LintLevel
  /** What is wrong where it speaks up, one line. */
  readonly summary: string
  /** Why it matters, and how that is known. */
  readonly explain: string
  check(context: LintContext): Iterable<LintFinding>
}
