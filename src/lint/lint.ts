import type { Lab } from '../lab/lab.ts'
import { LintContext } from './context.ts'
import type { Report } from './report.ts'
import { LINT_RULES } from './rules.ts'
import type { SourceTexts } from './source-texts.ts'

/** Most simulated time, and most events, that a lab gets to settle before it is judged. */
const SETTLE_NS = 600e9
const SETTLE_EVENTS = 5_000_000

/**
 * Lets a lab that was built from these files settle, since some rules judge what was learned, and runs every rule over it as
 * it is then. Advances simulated time.
 */
export function lint(lab: Lab, texts: SourceTexts): readonly Report[] {
  const { simulator } = lab
  let left = SETTLE_EVENTS
  simulator.runWhile(() => simulator.pendingWork > 0 && left-- > 0, simulator.nowNs + SETTLE_NS)
  const context = new LintContext(lab, texts)
  return LINT_RULES.flatMap(rule =>
    [...rule.check(context)].map(finding => ({
      rule: rule.id,
      level: rule.level,
      isUnreadable: false,
      isUnmodelled: false,
      ...finding,
    })),
  )
}
