import type { Graph, GraphNode } from './graph.ts'

/** A node's place, pixels: the middle of its box. */
export interface Place {
  readonly x: number
  readonly y: number
}

export interface Layout {
  readonly width: number
  readonly height: number
  readonly places: ReadonlyMap<string, Place>
}

export const BOX = { width: 112, height: 46 }
const GAP = 44
/** Between the nodes of a row whose own links carry texts: two addresses fit side by side. */
const LABELLED_GAP = 220
const ROW = 250
const MARGIN = 40
/** Above the first row when its links pass over nodes of it, pixels. */
const ARCS = 80
/** Above so many links the texts at their ends would only cover each other: they are in the tooltips alone. */
const MOST_LABELLED_LINKS = 60
/** Sweeps over the rows; crossings hardly change after a few. */
const SWEEPS = 8

/**
 * Rows of nodes by tier. Within a row they are ordered so that links cross little: each node goes to the mean place of its
 * neighbours in the rows around (the barycentre method of Sugiyama, Tagawa and Toda, 1981), up and down a few times.
 */
export function layOut(graph: Graph): Layout {
  const rows = order(rowsOf(graph), graph)
  const widths = rows.map(row => {
    const gap = isLabelled(graph) && joinsOwn(row, graph, 1) ? LABELLED_GAP : GAP
    return row.length * (BOX.width + gap) - GAP
  })
  const width = Math.max(BOX.width, ...widths) + 2 * MARGIN
  const top = MARGIN + (joinsOwn(rows[0] ?? [], graph, 2) ? ARCS : 0)
  const places = new Map<string, Place>()
  for (const [rowIndex, row] of rows.entries()) {
    const step = (width - 2 * MARGIN) / row.length
    for (const [index, node] of row.entries()) {
      places.set(node.id, { x: MARGIN + step * (index + 0.5), y: top + BOX.height / 2 + rowIndex * ROW })
    }
  }
  return { width, height: (rows.length - 1) * ROW + BOX.height + top + MARGIN, places }
}

/** Whether the links carry texts. */
export function isLabelled({ links }: Graph): boolean {
  return links.length <= MOST_LABELLED_LINKS
}

/** Whether links join nodes of the row to each other, at least so many places apart. */
function joinsOwn(row: readonly GraphNode[], { links }: Graph, distance: number): boolean {
  const places = new Map(row.map(({ id }, index) => [id, index]))
  return links.some(({ ends: [a, b] }) => {
    const [from, to] = [places.get(a.node), places.get(b.node)]
    return from !== undefined && to !== undefined && Math.abs(from - to) >= distance
  })
}

function rowsOf({ nodes }: Graph): readonly (readonly GraphNode[])[] {
  const count = Math.max(0, ...nodes.map(({ tier }) => tier)) + 1
  const byName = [...nodes].sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
  return Array.from({ length: count }, (_, tier) => byName.filter(node => node.tier === tier))
}

function order(rows: readonly (readonly GraphNode[])[], { links, sessions }: Graph): readonly (readonly GraphNode[])[] {
  const pairs = [...links.map(({ ends: [a, b] }) => [a.node, b.node]), ...sessions.map(({ a, b }) => [a, b])]
  const around = new Map<string, string[]>()
  for (const [a, b] of pairs) {
    around.set(a!, [...(around.get(a!) ?? []), b!])
    around.set(b!, [...(around.get(b!) ?? []), a!])
  }
  const position = new Map<string, number>()
  const number = (row: readonly GraphNode[]): void => {
    for (const [index, { id }] of row.entries()) position.set(id, (index + 0.5) / row.length)
  }
  for (const row of rows) number(row)
  let ordered = rows
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    ordered = ordered.map(row => {
      const weights = new Map(
        row.map(({ id }) => [id, mean((around.get(id) ?? []).map(other => position.get(other)!)) ?? position.get(id)!]),
      )
      const sorted = [...row].sort((a, b) => weights.get(a.id)! - weights.get(b.id)!)
      number(sorted)
      return sorted
    })
  }
  return ordered
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length
}
