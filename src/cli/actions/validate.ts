import { relative, resolve, sep } from 'node:path'
import type { Diagnostic } from '../../config/diagnostic.ts'
import { folderOf } from '../../config/path.ts'
import type { Lab } from '../../lab/lab.ts'
import { lint } from '../../lint/lint.ts'
import { sarifLog } from '../../lint/render-sarif.ts'
import { renderCounts, renderReport } from '../../lint/render-text.ts'
import { type Report, reportOf } from '../../lint/report.ts'
import type { LintLevel } from '../../lint/rule.ts'
import { LINT_RULES } from '../../lint/rules.ts'
import { type Selection, selectReports } from '../../lint/select-reports.ts'
import { SourceTexts } from '../../lint/source-texts.ts'
import { parseScenario, type Scenario } from '../../scenario/parse-scenario.ts'
import { inspectTopology } from '../../shell/inspect-topology.ts'
import { openLab } from '../../shell/open-lab.ts'
import { ScriptText } from '../../shell/script-text.ts'
import { EXIT_CODE } from '../exit-code.ts'
import { realFiles } from '../real-files.ts'

export interface ValidateOptions {
  readonly format: 'text' | 'json' | 'sarif'
  readonly level: LintLevel
  readonly disable: readonly string[]
  readonly strict?: true
  readonly rules?: true
  readonly explain?: string
  /** Of the program. */
  readonly version: string
}

/** Commands of a scenario that build the lab further; the others are its experiments. */
const BUILDS =
  /^\s*(sudo\s+)?(kubectl\s+(apply|create)|helm\s+(install|upgrade)|cilium\s+install|(clab|containerlab)\s+(deploy|dep)\b)/

/**
 * `drylab validate FILE…`: everything that is wrong, doubtful or not modelled, with its place. Exit status 2 when a file
 * cannot be read as what it is meant to be, 1 when a rule finds an error (with --strict also a warning).
 */
export async function validate(paths: readonly string[], options: ValidateOptions): Promise<number> {
  if (options.rules === true) return listRules(options.format)
  if (options.explain !== undefined) return explainRule(options.explain)
  if (paths.length === 0) {
    process.stderr.write("error: missing required argument 'file'\n")
    return EXIT_CODE.usage
  }
  const selection: Selection = { disabled: options.disable, level: options.level }
  const linesOf = (file: string): readonly string[] => realFiles.readText(file)?.split('\n') ?? []
  const byPath: { path: string; reports: readonly Report[] }[] = []
  for (const path of paths)
    byPath.push({ path, reports: selectReports(await inspect(resolve(path)), selection, linesOf) })
  const all = byPath.flatMap(({ reports }) => reports)
  if (options.format === 'sarif') {
    const once = selectReports(all, selection, linesOf)
    print(JSON.stringify(sarifLog(once, { version: options.version, relativePath }), undefined, 2))
  } else if (options.format === 'json') print(JSON.stringify(byPath.map(toJson), undefined, 2))
  else for (const one of byPath) printText(one)
  if (all.some(report => report.isUnreadable)) return EXIT_CODE.usage
  const isFailure = ({ level }: Report): boolean =>
    level === 'error' || (options.strict === true && level === 'warning')
  return all.some(isFailure) ? EXIT_CODE.failed : EXIT_CODE.ok
}

function printText({ path, reports }: { readonly path: string; readonly reports: readonly Report[] }): void {
  for (const one of reports) print(renderReport(one, realFiles.readText(one.source.file)))
  print(`${path}: ${renderCounts(reports)}`)
}

function toJson({ path, reports }: { readonly path: string; readonly reports: readonly Report[] }): object {
  return {
    path,
    reports: reports.map(({ rule, level, isUnreadable, isUnmodelled, message, source, fix }) => ({
      rule,
      level,
      isUnreadable,
      isUnmodelled,
      message,
      ...source,
      fix: fix ?? null,
    })),
  }
}

/** Relative to the working folder, which is the repository's in a pipeline. */
function relativePath(file: string): string | undefined {
  const path = relative(process.cwd(), file)
  return path.startsWith('..') || path === '' ? undefined : path.split(sep).join('/')
}

function listRules(format: ValidateOptions['format']): number {
  if (format === 'json')
    print(
      JSON.stringify(
        LINT_RULES.map(({ check: _, ...rule }) => rule),
        undefined,
        2,
      ),
    )
  else {
    const width = Math.max(...LINT_RULES.map(rule => rule.id.length))
    for (const { id, level, summary } of LINT_RULES) print(`${id.padEnd(width)}  ${level.padEnd(7)}  ${summary}`)
  }
  return EXIT_CODE.ok
}

function explainRule(id: string): number {
  const rule = LINT_RULES.find(one => one.id === id)
  if (rule === undefined) {
    process.stderr.write(`error: there is no rule "${id}"; "drylab validate --rules" lists them\n`)
    return EXIT_CODE.usage
  }
  print(
    `${rule.id} (${rule.level}): ${rule.summary}\n\n${rule.explain}\n\nSilence it with "# drylab: ignore ${id}" on the line or above it.`,
  )
  return EXIT_CODE.ok
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

async function inspect(file: string): Promise<readonly Report[]> {
  const text = realFiles.readText(file)
  const beginning = { file, line: 1, column: 1 }
  if (text === undefined)
    return [reportOf({ code: 'missing-file', severity: 'error', message: 'there is no such file', source: beginning })]
  if (file.endsWith('.sh')) return inspectScript(file)
  if (/^(claim|steps):/m.test(text)) {
    const { model, diagnostics } = parseScenario(text, file)
    const own = diagnostics.map(reportOf)
    if (model === undefined) return own
    if (realFiles.readText(model.labPath) === undefined) return [...own, ...(await inspect(model.labPath))]
    return [...own, ...(await inspectScenario(model))]
  }
  const texts = new SourceTexts(file, realFiles)
  const { diagnostics, lab } = await inspectTopology(file, texts.files)
  const reports = [...diagnostics.map(reportOf), ...(lab === undefined ? [] : lint(lab, texts))]
  // as `drylab generate` writes it: no node is in the management network
  const isDetached = /^ {2}defaults:\n {4}network-mode: none$/m.test(text)
  const isSilent = lab !== undefined && !isDetached && !/^mgmt:/m.test(text)
  return isSilent ? [...reports, reportOf(withoutManagement(file))] : reports
}

/** The one thing that a topology says by saying nothing: containerlab would make a management network all the same. */
function withoutManagement(file: string): Diagnostic {
  const message = 'without "mgmt" no management network is simulated; write "mgmt: {}" for eth0 and its default route'
  return {
    code: 'containerlab/no-management-network',
    severity: 'unmodelled',
    message,
    source: { file, line: 1, column: 1 },
  }
}

/** A setup script is validated by running it dry: what it deploys, installs and applies is read as it would be. */
async function inspectScript(file: string): Promise<readonly Report[]> {
  const texts = new SourceTexts(file, realFiles)
  const { lab, setup } = await openLab({ path: file, files: texts.files })
  if (setup.exitCode === 0) return afterwards(lab, texts)
  const message = `the script ends with exit status ${setup.exitCode}: ${setup.stderr.trim().split('\n').at(-1) ?? ''}`
  const failure = { code: 'script/failed', severity: 'error', message, source: texts.beginning } as const
  return [...lab.notices, failure].map(reportOf)
}

/** A scenario's lab with everything that its steps add to it; what they break or try out is left aside. */
async function inspectScenario(scenario: Scenario): Promise<readonly Report[]> {
  if (!scenario.labPath.endsWith('.sh') && !scenario.steps.some(isBuilding)) return inspect(scenario.labPath)
  const texts = new SourceTexts(scenario.labPath, realFiles)
  const { lab, terminal, setup } = await openLab({ path: scenario.labPath, files: texts.files, seed: scenario.seed })
  if (setup.exitCode !== 0) return inspect(scenario.labPath)
  const script = new ScriptText(scenario.file, texts.files.readText(scenario.file) ?? '')
  for (const { step } of scenario.steps.filter(isBuilding))
    await terminal.run(step.run!, { cwd: folderOf(scenario.file), script })
  return afterwards(lab, texts)
}

function isBuilding({ step }: Scenario['steps'][number]): boolean {
  return step.run !== undefined && BUILDS.test(step.run)
}

/** What the lab has said while it was built and while it settled, and what the rules find. */
function afterwards(lab: Lab, texts: SourceTexts): readonly Report[] {
  const found = lint(lab, texts)
  return [...lab.notices.map(reportOf), ...found]
}
