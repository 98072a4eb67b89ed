import type { Reporter, TestResult } from '../test-result.ts'
import { replayCommand } from './spec.ts'

/** Workflow commands that GitHub shows as annotations at file and line. */
export function githubReporter(): Reporter {
  return {
    begin: () => '',
    group: ({ results }) => results.flatMap(annotations).join(''),
    end: () => '',
  }
}

function annotations(result: TestResult): string[] {
  const failed = result.outcomes.filter(outcome => !outcome.holds)
  return [
    ...result.problems.map(({ message, source }) => annotation(source, result.claim, message)),
    ...failed.map(({ source, expected, seen, seed }) =>
      annotation(source, result.claim, [expected, 'instead:', ...seen, replayCommand(result.file, seed)].join('\n')),
    ),
  ]
}

function annotation(source: { file: string; line: number; column: number }, title: string, message: string): string {
  const { file, line, column } = source
  return `::error file=${property(file)},line=${line},col=${column},title=${property(title)}::${data(message)}\n`
}

/** Source: toCommandValue and escapeProperty of @actions/core. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
