import { failureLines, type Reporter, titleOf } from '../test-result.ts'

/** TAP version 14: a test point for each run, with a YAML block for what failed. */
export function tapReporter(): Reporter {
  return {
    begin: () => '',
    group: () => '',
    end(groups) {
      const runs = groups.flatMap(group => group.results.map(result => ({ group, result })))
      const lines = ['TAP version 14', `1..${runs.length}`]
      for (const [index, { group, result }] of runs.entries()) {
        const isOk = result.status === 'holds' || result.status === 'skipped'
        const title = escapeText(`${titleOf(result, group)} (${result.file})`)
        lines.push(`${isOk ? 'ok' : 'not ok'} ${index + 1} - ${title}${result.status === 'skipped' ? ' # SKIP' : ''}`)
        if (!isOk) lines.push(...diagnosis(result.status, failureLines(result)))
      }
      return `${lines.join('\n')}\n`
    },
  }
}

/** A block of YAML; JSON's strings are YAML's. */
function diagnosis(status: string, failures: readonly string[]): string[] {
  const rows = failures.flatMap(text => [`    - ${JSON.stringify(text)}`])
  return ['  ---', `  status: ${status}`, '  failures:', ...(rows.length === 0 ? ['    []'] : rows), '  ...']
}

/** `#` would begin a directive; a line break would end the test point. */
function escapeText(text: string): string {
  return text.replace(/[\\#]/g, '\\$&').replace(/\s+/g, ' ')
}
