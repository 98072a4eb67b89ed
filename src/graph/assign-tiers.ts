import type { GraphLink, GraphNode } from './graph.ts'
import type { Unplaced } from './read-graph.ts'

/** Words in names that tell a node's place in a fabric, from the top. */
const NAME_LEVELS: readonly RegExp[] = [
  /^(internet|wan|isp|border|edge|exit)/,
  /^(super|core|ss)-?(spine)?/,
  /^(spine|agg|route-?reflector|rr)/,
  /^(leaf|tor|access|switch|rack)/,
]

/** Below everything that switches or routes. */
const BOTTOM = NAME_LEVELS.length + 1

/**
 * Gives every node its row in the picture. containerlab's label `graph-level` decides where there is one; then the words of
 * names that fabrics use; then the links: bridges hang below what they join, end systems below their routers, and routers
 * with other names stand one row above the nearest end system. Empty rows are left out.
 */
export function assignTiers(nodes: readonly Unplaced[], links: readonly GraphLink[]): readonly GraphNode[] {
  const around = neighborsOf(nodes, links)
  const levels = new Map<string, number>()
  for (const node of nodes) {
    const level = node.level ?? namedLevel(node)
    if (level !== undefined) levels.set(node.id, level)
  }
  for (const { id } of unnamedRouters(nodes, levels))
    levels.set(id, NAME_LEVELS.length - distanceToEnd(id, nodes, around))
  for (const { id, kind } of nodes) {
    if (levels.has(id)) continue
    const above = (around.get(id) ?? []).map(other => levels.get(other) ?? 0)
    levels.set(
      id,
      kind === 'bridge' ? Math.max(0, ...above) + 0.5 : above.length === 0 ? BOTTOM : Math.max(...above) + 1,
    )
  }
  const rows = [...new Set(levels.values())].sort((a, b) => a - b)
  return nodes.map(node => ({ ...node, tier: rows.indexOf(levels.get(node.id)!) }))
}

function namedLevel({ name, kind }: Unplaced): number | undefined {
  if (kind === 'bridge' || kind === 'node') return undefined
  const level = NAME_LEVELS.findIndex(words => words.test(name.toLowerCase()))
  return level < 0 ? undefined : level
}

function unnamedRouters(nodes: readonly Unplaced[], levels: ReadonlyMap<string, number>): readonly Unplaced[] {
  return nodes.filter(({ id, kind }) => (kind === 'router' || kind === 'absent') && !levels.has(id))
}

/** Links to the nearest end system, 0 to 3; routers of a lab without any all stand in one row. */
function distanceToEnd(id: string, nodes: readonly Unplaced[], around: ReadonlyMap<string, readonly string[]>): number {
  const ends = new Set(nodes.filter(({ kind }) => kind === 'host' || kind === 'node').map(node => node.id))
  let reached = new Set([id])
  for (let distance = 0; distance < NAME_LEVELS.length; distance++) {
    if ([...reached].some(one => ends.has(one))) return distance - 1
    reached = new Set([...reached].flatMap(one => [one, ...(around.get(one) ?? [])]))
  }
  return 0
}

function neighborsOf(nodes: readonly Unplaced[], links: readonly GraphLink[]): ReadonlyMap<string, readonly string[]> {
  const around = new Map<string, string[]>(nodes.map(({ id }) => [id, []]))
  for (const { ends } of links) {
    around.get(ends[0].node)?.push(ends[1].node)
    around.get(ends[1].node)?.push(ends[0].node)
  }
  return around
}
