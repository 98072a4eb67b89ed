import { parseContainerlab } from '../config/containerlab/parse.ts'
import type { Diagnostic } from '../config/diagnostic.ts'
import { parseRouter } from '../lab/router.ts'
import type { TopologyModel } from '../model/topology.ts'

export interface LoadedTopology {
  /** Undefined when there are errors. */
  readonly model: TopologyModel | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads a containerlab file and every router configuration it binds, without running anything. All that is wrong or not
 * modelled in any of the files comes back with its position.
 */
export function loadTopology(path: string, readText: (path: string) => string | undefined): LoadedTopology {
  const text = readText(path)
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
    const files = new Map(
      node.binds.flatMap(({ from, to }) => {
        const content = readText(from)
        return content === undefined ? [] : [[to, content] as const]
      }),
    )
    const router = parseRouter(
      files,
      node.image ?? '',
      inside => node.binds.find(bind => bind.to === inside)?.from ?? inside,
    )
    all.push(...(router?.diagnostics ?? []))
  }
  const hasError = all.some(diagnostic => diagnostic.severity === 'error')
  return { model: hasError ? undefined : model, diagnostics: all }
}
