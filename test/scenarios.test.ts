import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { realFiles } from '../src/cli/real-files.ts'
import { parseScenario } from '../src/scenario/parse-scenario.ts'
import type { CheckOutcome } from '../src/scenario/result.ts'
import { runScenario } from '../src/scenario/run-scenario.ts'
import { ROOT } from './support/open-settled-lab.ts'

const FOLDER = join(ROOT, 'scenarios')

describe('every scenario that is shipped holds', () => {
  for (const name of readdirSync(FOLDER).filter(each => each.endsWith('.yaml'))) {
    test(name, { timeout: 120_000 }, async () => {
      const file = join(FOLDER, name)
      const { model, diagnostics } = parseScenario(readFileSync(file, 'utf8'), file)
      expect(diagnostics).toEqual([])
      const result = await runScenario(model!, { files: realFiles })
      expect(result.outcomes.filter(outcome => !outcome.holds).map(describeFailure)).toEqual([])
      expect(result.status).toBe('holds')
    })
  }
})

function describeFailure({ source, expected, seen }: CheckOutcome): string {
  return `line ${source.line}: ${expected}; instead: ${seen.join(' | ')}`
}
