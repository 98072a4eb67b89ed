/** What the row of a node depends on. */
export interface Tiered {
  readonly id: string
  readonly name: string
  /** `absent`: only a peer's address, nobody has it. */
  readonly kind: 'router' | 'node' | 'host' | 'bridge' | 'absent'
  /** containerlab's label `graph-level`. */
  readonly level?: number
}

/** Words in names that tell a node's place in a fabric, from the top. */
const NAME_LEVELS: readonly RegExp[] = [
  /^(internet|inet|wan|isp|border|edge|exit|dc-?gw)/,
  /^(super|core|ss)-?(spine)?/,
  /^(spine|agg|dist|route-?reflector|rr)/,
  /^(leaf|tor|access|switch|rack)/,
]

/** Below everything that switches or routes. */
const BOTTOM = NAME_LEVELS.length + 1

/**
 * Gives every node its row in a picture, from the top: 0, 1, … containerlab's label `graph-level` decides where there is one;
 * then the words of names that fabrics use; then the links: bridges hang below what they join, end systems below their
 * routers (or above them, when those have routers below), and routers with other names stand one row above the nearest end
 * system. Empty rows are left out.
 *
 * @param links the identifiers of both ends
 */
export function assignTiers(
  nodes: readonly Tiered[],
  links: readonly (readonly [string, string])[],
): ReadonlyMap<string, number> {
  const around = neighborsOf(nodes, links)
  const levels = new Map<string, number>()
  for (const node of nodes) {
    const level = node.level ?? namedLevel(node)
    if (level !== undefined) levels.set(node.id, level)
  }
  for (const { id } of unnamedRouters(nodes, levels))
    levels.set(id, NAME_LEVELS.length - distanceToEnd(id, nodes, around))
  const lowestRouter = Math.max(...levels.values())
  for (const { id, kind } of nodes) {
    if (levels.has(id)) continue
    const joined = (around.get(id) ?? []).map(other => levels.get(other) ?? 0)
    levels.set(id, kind === 'bridge' ? Math.max(0, ...joined) + 0.5 : endLevel(joined, lowestRouter))
  }
  const rows = [...new Set(levels.values())].sort((a, b) => a - b)
  return new Map(nodes.map(({ id }) => [id, rows.indexOf(levels.get(id)!)]))
}

/** An end system below what it is joined to; above it when routers are below that. */
function endLevel(joined: readonly number[], lowestRouter: number): number {
  if (joined.length === 0) return BOTTOM
  const lowest = Math.max(...joined)
  return lowest < lowestRouter ? Math.min(...joined) - 0.5 : lowest + 1
}

function namedLevel({ name, kind }: Tiered): number | undefined {
  if (kind === 'bridge' || kind === 'node') return undefined
  const level = NAME_LEVELS.findIndex(words => words.test(name.toLowerCase()))
  return level < 0 ? undefined : level
}

function unnamedRouters(nodes: readonly Tiered[], levels: ReadonlyMap<string, number>): readonly Tiered[] {
  return nodes.filter(({ id, kind }) => (kind === 'router' || kind === 'absent') && !levels.has(id))
}

/** Links to the nearest end system, 0 to 3; routers of a lab without any all stand in one row. */
function distanceToEnd(id: string, nodes: readonly Tiered[], around: ReadonlyMap<string, readonly string[]>): number {
  const ends = new Set(nodes.filter(({ kind }) => kind === 'host' || kind === 'node').map(node => node.id))
  let reached = new Set([id])
  for (let distance = 0; distance < NAME_LEVELS.length; distance++) {
    if ([...reached].some(one => ends.has(one))) return distance - 1
    reached = new Set([...reached].flatMap(one => [one, ...(around.get(one) ?? [])]))
  }
  return 0
}

function neighborsOf(
  nodes: readonly Tiered[],
  links: readonly (readonly [string, string])[],
): ReadonlyMap<string, readonly string[]> {
  const around = new Map<string, string[]>(nodes.map(({ id }) => [id, []]))
  for (const [a, b] of links) {
    around.get(a)?.push(b)
    around.get(b)?.push(a)
  }
  return around
}
