import type { Step } from '../answer.ts'
import { told } from '../step.ts'
import { nodesText } from './step.ts'
import type { Walk } from './walk.ts'

/**
 * Walks that end the same way become one line each: `BGP, all 4 nodes: …`. First those of the mechanism that is meant, then
 * those that came furthest.
 */
export function groupedSteps(
  walks: readonly Walk[],
  context: { readonly intention: Readonly<Record<Walk['mechanism'], number>>; readonly nodes: number },
): readonly Step[] {
  const { intention, nodes } = context
  const groups = new Map<string, Walk[]>()
  for (const walk of walks) {
    const key = `${walk.mechanism} ${walk.end.step.text}`
    groups.set(key, [...(groups.get(key) ?? []), walk])
  }
  const ordered = [...groups.values()].sort(([a], [b]) => {
    return intention[b!.mechanism] - intention[a!.mechanism] || b!.end.reach - a!.end.reach
  })
  return ordered.map(group => groupStep(group, nodes))
}

/** @param total how many nodes the cluster has */
function groupStep(group: readonly Walk[], total: number): Step {
  const [{ mechanism, end }, ...others] = group as [Walk, ...Walk[]]
  const names = nodesText(
    group.map(({ node }) => node.name),
    total,
  )
  const text = `${mechanism}, ${names}: ${end.step.text}`
  const places = new Set(group.map(walk => JSON.stringify(walk.end.step.source)))
  if (places.size < 2) return { ...end.step, text }
  // the same gate, but each node has a line of its own: a label in the kind file
  const rest = others.map(walk => told(`the same for ${walk.node.name}`, walk.end.step.source))
  return { ...end.step, text, steps: [...rest, ...(end.step.steps ?? [])] }
}
