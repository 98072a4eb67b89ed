import type { Step } from '../answer.ts'
import { listText } from './step.ts'
import type { Walk } from './walk.ts'

/** Walks that end the same way become one line each: `BGP, all 4 nodes: …`. Those that came furthest first. */
export function groupedSteps(walks: readonly Walk[]): readonly Step[] {
  const groups = new Map<string, Walk[]>()
  for (const walk of walks) {
    const key = JSON.stringify([walk.mechanism, walk.end.step])
    groups.set(key, [...(groups.get(key) ?? []), walk])
  }
  const ordered = [...groups.values()].sort((a, b) => b[0]!.end.reach - a[0]!.end.reach)
  return ordered.map(group => {
    const { mechanism, end } = group[0]!
    const total = walks.filter(walk => walk.mechanism === mechanism).length
    return { ...end.step, text: `${mechanism}, ${namesText(group, total)}: ${end.step.text}` }
  })
}

/** @param total how many nodes are told of beside them */
function namesText(group: readonly Walk[], total: number): string {
  if (group.length === total && total > 1) return `all ${total} nodes`
  return listText(group.map(({ node }) => node.name))
}
