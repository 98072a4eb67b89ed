import { failureLines, type Reporter, type TestGroup, type TestResult, titleOf } from '../test-result.ts'

/** JUnit XML as Jenkins, GitLab and others read it: a suite for each file, a case for each run. */
export function junitReporter(): Reporter {
  return {
    begin: () => '',
    group: () => '',
    end(groups, { wallMs }) {
      const runs = groups.flatMap(group => group.results)
      return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="drylab" ${counts(runs)} time="${seconds(wallMs)}">\n${groups.map(renderSuite).join('')}</testsuites>\n`
    },
  }
}

function renderSuite(group: TestGroup): string {
  const wallMs = group.results.reduce((sum, result) => sum + result.wallMs, 0)
  const skipped = group.results.filter(({ status }) => status === 'skipped').length
  return `  <testsuite name="${escapeText(group.file)}" ${counts(group.results)} skipped="${skipped}" time="${seconds(wallMs)}">\n${group.results.map(result => renderCase(result, group)).join('')}  </testsuite>\n`
}

function renderCase(result: TestResult, group: TestGroup): string {
  const head = `    <testcase name="${escapeText(titleOf(result, group))}" classname="${escapeText(group.file)}" time="${seconds(result.wallMs)}"`
  if (result.status === 'holds') return `${head}/>\n`
  if (result.status === 'skipped') return `${head}>\n      <skipped/>\n    </testcase>\n`
  const lines = failureLines(result)
  const element = result.status === 'fails' ? 'failure' : 'error'
  const message = lines[0]?.split('\n')[0] ?? result.status
  return `${head}>\n      <${element} message="${escapeText(message)}" type="${result.status}">${escapeText(lines.join('\n\n'))}</${element}>\n    </testcase>\n`
}

function counts(results: readonly TestResult[]): string {
  const failures = results.filter(({ status }) => status === 'fails').length
  const errors = results.filter(({ status }) => status === 'wrong' || status === 'crashed').length
  return `tests="${results.length}" failures="${failures}" errors="${errors}"`
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3)
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Escapes text; what XML 1.0 cannot hold (control characters, lone surrogates) becomes the replacement character. */
function escapeText(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"']/g, character => ENTITIES[character]!)
}
