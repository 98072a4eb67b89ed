import { lint } from '../../src/lint/lint.ts'
import type { Report } from '../../src/lint/report.ts'
import { SourceTexts } from '../../src/lint/source-texts.ts'
import type { ReadOnlyFiles } from '../../src/shell/files.ts'
import { inspectTopology } from '../../src/shell/inspect-topology.ts'
import { openLab } from '../../src/shell/open-lab.ts'

/** Files by their path below `/x`. */
export type LabFiles = Readonly<Record<string, string>>

/** What the rules find in a lab: `setup.sh` is run when there is one, else `lab.clab.yml` is deployed. */
export async function lintFiles(files: LabFiles): Promise<readonly Report[]> {
  const isScript = 'setup.sh' in files
  const entry = isScript ? '/x/setup.sh' : '/x/lab.clab.yml'
  const texts = new SourceTexts(entry, readOnly(files))
  if (!isScript) {
    const { lab, diagnostics } = await inspectTopology(entry, texts.files)
    if (lab === undefined) throw new Error(`the lab cannot be built: ${JSON.stringify(diagnostics)}`)
    return lint(lab, texts)
  }
  const { lab, setup } = await openLab({ path: entry, files: texts.files })
  if (setup.exitCode !== 0) throw new Error(`the script fails: ${setup.stderr}`)
  return lint(lab, texts)
}

/** `a.conf:3:2`, of the reports of one rule. */
export function placesOf(reports: readonly Report[], rule: string): readonly string[] {
  return reports
    .filter(report => report.rule === rule)
    .map(({ source: { file, line, column } }) => `${file.replace('/x/', '')}:${line}:${column}`)
}

function readOnly(files: LabFiles): ReadOnlyFiles {
  const paths = new Map(Object.entries(files).map(([name, text]) => [`/x/${name}`, text]))
  return {
    readText: path => paths.get(path),
    kindOf: path =>
      paths.has(path) ? 'file' : [...paths.keys()].some(name => name.startsWith(`${path}/`)) ? 'folder' : undefined,
    list: path => [...paths.keys()].flatMap(name => (name.startsWith(`${path}/`) ? [name.slice(path.length + 1)] : [])),
  }
}
