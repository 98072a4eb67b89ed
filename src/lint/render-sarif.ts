import type { Report } from './report.ts'
import type { LintLevel } from './rule.ts'
import { LINT_RULES } from './rules.ts'

export interface SarifOptions {
  readonly version: string
  /** The path of a file relative to the repository, with `/`; undefined when it lies elsewhere. */
  readonly relativePath: (file: string) => string | undefined
}

const SARIF_LEVELS: Readonly<Record<LintLevel, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
}

/**
 * Reports as a SARIF 2.1.0 log of one run, as code scanning services take it: every rule with its explanation, also the
 * codes of front ends that are reported; places relative to the repository. What to write instead stands in the message,
 * since a fix in words is no edit.
 */
export function sarifLog(reports: readonly Report[], { version, relativePath }: SarifOptions): object {
  const rules = [...LINT_RULES.map(sarifRule), ...foreignRules(reports)]
  const indices = new Map(rules.map(({ id }, index) => [id, index]))
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'drylab', version, semanticVersion: version, rules } },
        columnKind: 'utf16CodeUnits',
        results: reports.map(report => ({
          ruleId: report.rule,
          ruleIndex: indices.get(report.rule)!,
          level: SARIF_LEVELS[report.level],
          message: { text: report.fix === undefined ? report.message : `${report.message}. Fix: ${report.fix}.` },
          locations: [{ physicalLocation: physicalLocation(report, relativePath) }],
        })),
      },
    ],
  }
}

function physicalLocation({ source }: Report, relativePath: SarifOptions['relativePath']): object {
  const relative = relativePath(source.file)
  return {
    artifactLocation:
      relative === undefined
        ? { uri: encodeURI(source.file.startsWith('/') ? `file://${source.file}` : source.file) }
        : { uri: relative.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' },
    region: { startLine: source.line, startColumn: source.column },
  }
}

function sarifRule({ id, level, summary, explain }: (typeof LINT_RULES)[number]) {
  return {
    id,
    name: nameOf(id),
    shortDescription: { text: `${sentence(summary)}.` },
    fullDescription: { text: explain },
    help: { text: explain, markdown: `${explain}\n\nSilence it with \`# drylab: ignore ${id}\` above the line.` },
    defaultConfiguration: { level: SARIF_LEVELS[level] },
    properties: { tags: [id.split('/')[0]!] },
  }
}

/** Codes of diagnostics: front ends do not list theirs, so those that occur are. */
function foreignRules(reports: readonly Report[]) {
  const known = new Set(LINT_RULES.map(rule => rule.id))
  const found = new Map<string, Report>()
  for (const report of reports) if (!known.has(report.rule) && !found.has(report.rule)) found.set(report.rule, report)
  return [...found.values()].map(({ rule, level }) => ({
    id: rule,
    name: nameOf(rule),
    shortDescription: {
      text: `Said while reading ${rule.split('/')[0]} input: ${rule.split('/').at(-1)!.replaceAll('-', ' ')}.`,
    },
    defaultConfiguration: { level: SARIF_LEVELS[level] },
    properties: { tags: [rule.split('/')[0]!] },
  }))
}

/** `bgp/as-mismatch` as an identifier: `BgpAsMismatch`. */
function nameOf(id: string): string {
  return id.split(/[/-]/).map(sentence).join('')
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
