import { join } from 'node:path'
import { realFiles } from '../../src/cli/real-files.ts'
import { type OpenedLab, openLab } from '../../src/shell/open-lab.ts'

export const ROOT = join(import.meta.dirname, '../..')

/** Opens a lab by its path in the repository and lets it settle. */
export async function openSettledLab(path: string, seed = 1): Promise<OpenedLab> {
  const opened = await openLab({ path: join(ROOT, path), files: realFiles, seed })
  if (opened.setup.exitCode !== 0) throw new Error(`${path} cannot be built: ${opened.setup.stderr}`)
  const { simulator } = opened.lab
  if (simulator.runUntilQuiet(simulator.nowNs + 1800e9) !== 'quiet') {
    throw new Error(`${path} does not settle: ${simulator.pendingWorkOrigins().join(', ')}`)
  }
  return opened
}

/** Runs one command on a node and returns what it prints; a failing command throws. */
export async function output({ lab, terminal }: OpenedLab, node: string, text: string): Promise<string> {
  const result = await terminal.run(text, { node: lab.node(node)! })
  if (result.exitCode !== 0)
    throw new Error(`${text} on ${node}: exit ${result.exitCode}: ${result.stderr}${result.stdout}`)
  return result.stdout
}
