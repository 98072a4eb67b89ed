import type { Reporter, TestGroup, TestResult } from '../test-result.ts'
import { type Paint, renderCheck, replayCommand } from './spec.ts'

/** For people: a line for each claim, what failed below it, and a summary. */
export function specReporter(paint: Paint): Reporter {
  return {
    begin: () => '',
    group: group => renderGroup(group, paint),
    end(groups, { holds, fails, wrong, skipped, wallMs }) {
      const parts = [
        holds > 0 ? paint.good(`${holds} hold`) : '',
        fails > 0 ? paint.bad(`${fails} ${fails === 1 ? 'does' : 'do'} not hold`) : '',
        wrong > 0 ? paint.bad(`${wrong} cannot run`) : '',
        skipped > 0 ? `${skipped} skipped` : '',
      ].filter(part => part !== '')
      const what = groups.some(group => group.results.length > 1) ? 'runs' : 'claims'
      return `\n${paint.bold(what)} ${parts.join(', ') || 'none'} ${paint.dim(`(${(wallMs / 1000).toFixed(1)}s)`)}\n`
    },
  }
}

function renderGroup(group: TestGroup, paint: Paint): string {
  const { results, claim, file } = group
  const bad = results.filter(({ status }) => status !== 'holds' && status !== 'skipped')
  const first = bad[0] ?? results[0]!
  const facts = [file, results.length > 1 ? seedsText(results) : sizeText(first)]
  const updated = results.flatMap(result => result.updated).map(path => `  ${paint.dim(`updated ${path}`)}\n`)
  if (bad.length === 0) {
    const isSkipped = results.every(({ status }) => status === 'skipped')
    const mark = isSkipped ? paint.dim('-') : paint.good('✓')
    return `${mark} ${claim} ${paint.dim(`${facts[0]} (${isSkipped ? 'skipped' : facts[1]})`)}\n${updated.join('')}`
  }
  const again = results.length > 1 && first.seed !== undefined ? `  again: ${replayCommand(file, first.seed)}\n` : ''
  return `${paint.bad('✗')} ${claim} ${paint.dim(`${facts[0]} (${facts[1]})`)}\n${again}${updated.join('')}${renderFailures(first, paint)}`
}

function sizeText({ outcomes, simulatedNs }: TestResult): string {
  const failed = outcomes.filter(outcome => !outcome.holds).length
  const count = failed === 0 ? `${outcomes.length} checks` : `${failed} of ${outcomes.length} checks fail`
  return `${count}, ${(simulatedNs / 1e9).toFixed(3)}s simulated`
}

/** Which seeds break a claim that depends on luck. */
function seedsText(results: readonly TestResult[]): string {
  const ran = results.filter(({ status }) => status !== 'skipped')
  const broken = ran.filter(({ status }) => status !== 'holds').map(({ seed }) => seed)
  const held = `holds with ${ran.length - broken.length} of ${ran.length} seeds`
  return broken.length === 0 ? held : `${held}; breaks with ${broken.join(', ')}`
}

function renderFailures(result: TestResult, paint: Paint): string {
  const blocks = [
    ...result.problems.map(problem => `${problem.text}\n`),
    ...result.outcomes.filter(outcome => !outcome.holds).map(outcome => renderCheck(outcome, paint, path => path)),
  ]
  return blocks.map(block => block.replace(/^(?=.)/gm, '  ')).join('')
}
