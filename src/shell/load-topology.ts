import { parseContainerlab } from '../config/containerlab/parse.ts'
import type { Diagnostic } from '../config/diagnostic.ts'
import { folderOf } from '../config/path.ts'
import { boundFiles, type MachineFiles } from '../lab/bound-files.ts'
import { parseGobgp } from '../lab/gobgp.ts'
import { parseRouter } from '../lab/router.ts'
import type { RouterReadings } from '../lab/router-readings.ts'
import type { TopologyModel } from '../model/topology.ts'

export interface LoadedTopology {
  /** Undefined when there are errors. */
  readonly model: TopologyModel | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads a containerlab file and every router configuration it binds, without running anything. All that is wrong or not
 * modelled in any of the files comes back with its position.
 *
 * @param readings of the lab in which the routers will start
 */
export function loadTopology(path: string, machine: MachineFiles, readings?: RouterReadings): LoadedTopology {
  const text = machine.readText(path)
  if (text === undefined) {
    const source = { file: path, line: 1, column: 1 }
    return {
      model: undefined,
      diagnostics: [
        { code: 'containerlab/missing-file', severity: 'error', message: `there is no file "${path}"`, source },
      ],
    }
  }
  const { model, diagnostics } = parseContainerlab(text, { file: path })
  const all = [...diagnostics]
  for (const node of model?.nodes ?? []) {
    const files = boundFiles(node, folderOf(path), machine)
    const texts = new Map([...files].map(([inside, bound]) => [inside, bound.text]))
    const nameOf = (inside: string): string => files.get(inside)?.from ?? inside
    const router = parseRouter(texts, node.image ?? '', nameOf, readings)
    const gobgp = parseGobgp(texts, nameOf)
    all.push(...(router?.diagnostics ?? []), ...(gobgp?.diagnostics ?? []))
  }
  const hasError = all.some(diagnostic => diagnostic.severity === 'error')
  return { model: hasError ? undefined : model, diagnostics: all }
}
