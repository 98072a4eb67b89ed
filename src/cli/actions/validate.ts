import { resolve } from 'node:path'
import type { Diagnostic } from '../../config/diagnostic.ts'
import { renderDiagnostic } from '../../config/render-diagnostic.ts'
import { parseScenario } from '../../scenario/parse-scenario.ts'
import { inspectTopology } from '../../shell/inspect-topology.ts'
import { openLab } from '../../shell/open-lab.ts'
import { EXIT_CODE } from '../exit-code.ts'
import { realFiles } from '../real-files.ts'

/** `drylab validate FILE…`: everything that is wrong or not modelled, with its place. Exit status 2 when something is wrong. */
export async function validate(paths: readonly string[]): Promise<number> {
  let exitCode: number = EXIT_CODE.ok
  for (const path of paths) {
    const diagnostics = await inspect(resolve(path))
    for (const one of diagnostics)
      process.stdout.write(`${renderDiagnostic(one, realFiles.readText(one.source.file))}\n`)
    const count = (severity: Diagnostic['severity']) => diagnostics.filter(one => one.severity === severity).length
    const errors = count('error')
    process.stdout.write(
      `${path}: ${errors} errors, ${count('warning')} warnings, ${count('unmodelled')} not modelled\n`,
    )
    if (errors > 0) exitCode = EXIT_CODE.usage
  }
  return exitCode
}

async function inspect(file: string): Promise<readonly Diagnostic[]> {
  const text = realFiles.readText(file)
  if (text === undefined)
    return [
      {
        code: 'missing-file',
        severity: 'error',
        message: 'there is no such file',
        source: { file, line: 1, column: 1 },
      },
    ]
  if (file.endsWith('.sh')) return inspectScript(file)
  if (/^(claim|steps):/m.test(text)) {
    const { model, diagnostics } = parseScenario(text, file)
    return model === undefined ? diagnostics : [...diagnostics, ...(await inspect(model.labPath))]
  }
  const diagnostics = await inspectTopology(file, realFiles)
  // no node has a management network, as 'drylab generate' writes it
  const isDetached = /^ {2}defaults:\n {4}network-mode: none$/m.test(text)
  return isDetached || /^mgmt:/m.test(text) || diagnostics.some(one => one.severity === 'error')
    ? diagnostics
    : [...diagnostics, withoutManagement(file)]
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
async function inspectScript(file: string): Promise<readonly Diagnostic[]> {
  const { lab, setup } = await openLab({ path: file, files: realFiles })
  if (setup.exitCode === 0) return lab.notices
  const message = `the script ends with exit status ${setup.exitCode}: ${setup.stderr.trim().split('\n').at(-1) ?? ''}`
  return [...lab.notices, { code: 'script/failed', severity: 'error', message, source: { file, line: 1, column: 1 } }]
}
