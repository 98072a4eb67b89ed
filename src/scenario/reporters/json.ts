import type { Reporter, TestGroup, TestSummary } from '../test-result.ts'

/** Everything as one JSON document, for programs. */
export function jsonReporter(): Reporter {
  return {
    begin: () => '',
    group: () => '',
    end: (groups, summary) => `${JSON.stringify(report(groups, summary), undefined, 2)}\n`,
  }
}

function report(groups: readonly TestGroup[], summary: TestSummary) {
  return {
    summary,
    runs: groups.flatMap(group =>
      group.results.map(({ problems, outcomes, ...rest }) => ({
        ...rest,
        problems: problems.map(({ message, source }) => ({ message, source })),
        checks: outcomes,
      })),
    ),
  }
}
