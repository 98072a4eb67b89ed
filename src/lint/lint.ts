import type { Lab } from '../lab/lab.ts'
import { LintContext } from './context.ts'
import type { Report } from './report.ts'
import { LINT_RULES } from './rules.ts'
import type { SourceTexts } from './source-texts.ts'

/**
 * Runs every rule over a lab that was built from these files. The lab is looked at as it is now: let it settle before, since
 * some rules judge what was learned.
 */
export function lint(lab: Lab, texts: SourceTexts): readonly Report[] {
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
