/* A picture of the topology → lines of a screen. */
import { displayWidth } from '../display-width.ts'
import { type Line, line, type Role, span } from '../line.ts'
import { Canvas, type Stroke } from './canvas.ts'
import type { Picture, PictureLink, PictureNode } from './topology-picture.ts'

/** The way of a packet over the drawing: node names in order. */
export interface DrawnPath {
  readonly nodes: readonly string[]
  readonly role: Role
}

export interface TopologyFrame {
  readonly width: number
  readonly height: number
  /** Name of the node with the cursor. */
  readonly selected: string | undefined
  readonly hasUnicode: boolean
  readonly paths: readonly DrawnPath[]
}

interface Placed {
  readonly node: PictureNode
  /** First column of its text. */
  readonly column: number
  readonly row: number
  readonly width: number
  /** Rows of its text: the second one tells its sessions. */
  readonly height: number
}

const GAP = 3

/** Exactly `height` lines: the tiers from the top, links between them, a line that says what the looks mean. */
export function drawTopology(picture: Picture, frame: TopologyFrame): readonly Line[] {
  const { width, selected, hasUnicode } = frame
  const height = Math.max(1, frame.height - 1)
  const canvas = new Canvas(width, height, hasUnicode)
  const placed = placeNodes(picture, frame, height)
  // beside a packet's way the links are faint, so that it is seen without colours too
  for (const link of ranked(picture.links)) {
    const stroke = strokeOf(link)
    drawLink(canvas, link, placed, frame.paths.length === 0 ? stroke : { ...stroke, gapEvery: 2 })
  }
  for (const [index, path] of frame.paths.entries()) drawPath(canvas, path, picture, placed, index)
  for (const { node, column, row, height: lines } of placed.nodes.values()) {
    canvas.write(column, row, nodeText(node, hasUnicode), nodeRole(node), node.name === selected)
    if (node.name === selected && column > 0) canvas.write(column - 1, row, hasUnicode ? '▸' : '>', 'bold')
    const below = statusText(node)
    if (lines > 1) canvas.write(column + 2, row + 1, below, node.sessionsUp < node.sessions ? 'bad' : 'dim')
  }
  for (const { row, left, right } of placed.hidden) {
    if (left > 0) canvas.write(0, row, `<${left}`, 'warn')
    if (right > 0) canvas.write(width - `${right}>`.length, row, `${right}>`, 'warn')
  }
  return [...canvas.lines(), legend(frame)]
}

/**
 * Nodes of each tier from left to right, tiers from the top. Those of a lower tier are ordered by where the nodes that they
 * are linked to stand (barycentres, Sugiyama's second step), so that few lines cross.
 */
export function tierRows(picture: Picture): readonly (readonly PictureNode[])[] {
  let rows = ROWS.get(picture)
  if (rows === undefined) {
    rows = orderTiers(picture)
    ROWS.set(picture, rows)
  }
  return rows
}

/** Pictures do not change: their order is worked out once. */
const ROWS = new WeakMap<Picture, readonly (readonly PictureNode[])[]>()

function orderTiers({ nodes, links }: Picture): readonly (readonly PictureNode[])[] {
  const numbers = [...new Set(nodes.map(({ tier }) => tier))].sort((a, b) => a - b)
  const others = neighborNames(links)
  const places = new Map<string, number>()
  const widest = numbers.reduce(
    (best, tier) => (countOf(nodes, tier) > countOf(nodes, best) ? tier : best),
    numbers[0] ?? 0,
  )
  const order = (tier: number): readonly PictureNode[] => {
    const own = nodes.filter(node => node.tier === tier)
    const weights = new Map(
      own.map(({ name }, index) => [name, barycentre(others.get(name) ?? [], places) ?? (index + 0.5) / own.length]),
    )
    const sorted = [...own].sort((a, b) => weights.get(a.name)! - weights.get(b.name)!)
    for (const [index, { name }] of sorted.entries()) places.set(name, (index + 0.5) / sorted.length)
    return sorted
  }
  const down = numbers.map(order)
  // a host above the spines goes over its spine: once more, with all places known
  return numbers.map((tier, index) => (tier === widest ? down[index]! : order(tier)))
}

function countOf(nodes: readonly PictureNode[], wanted: number): number {
  return nodes.filter(({ tier }) => tier === wanted).length
}

function neighborNames(links: readonly PictureLink[]): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>()
  for (const { a, b } of links)
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const known = names.get(from)
      if (known === undefined) names.set(from, [to])
      else known.push(to)
    }
  return names
}

/** Mean of the places of those that have one. */
function barycentre(names: readonly string[], places: ReadonlyMap<string, number>): number | undefined {
  const known = names.flatMap(name => places.get(name) ?? [])
  return known.length === 0 ? undefined : known.reduce((sum, place) => sum + place, 0) / known.length
}

interface Placement {
  readonly nodes: ReadonlyMap<string, Placed>
  readonly hidden: readonly { readonly row: number; readonly left: number; readonly right: number }[]
}

/** Every tier takes the whole width; of one with too many nodes a window is seen, round the node with the cursor. */
function placeNodes(picture: Picture, { width, selected, hasUnicode }: TopologyFrame, height: number): Placement {
  const tiers = tierRows(picture)
  const nodes = new Map<string, Placed>()
  const hidden: { row: number; left: number; right: number }[] = []
  const near = neighborsOf(picture, selected)
  const hasRoom = height >= tiers.length * 3
  const rows = tierPositions(tiers, picture, height)
  for (const [index, tier] of tiers.entries()) {
    const row = rows[index]!
    const widths = tier.map(node => displayWidth(nodeText(node, hasUnicode)))
    const own = tier.findIndex(({ name }) => name === selected)
    const focus =
      own >= 0
        ? own
        : Math.max(
            0,
            tier.findIndex(({ name }) => near.has(name)),
          )
    const [first, last] = windowAround(widths, focus, width)
    if (first > 0 || last < tier.length - 1) hidden.push({ row, left: first, right: tier.length - 1 - last })
    const shown = tier.slice(first, last + 1)
    const used = widths.slice(first, last + 1).reduce((sum, own) => sum + own, 0)
    const gap = (width - used) / (shown.length + 1)
    let column = gap
    for (const [at, node] of shown.entries()) {
      const own = widths[first + at]!
      const lines = hasRoom && statusText(node) !== '' ? 2 : 1
      nodes.set(node.name, { node, column: Math.max(0, Math.round(column)), row, width: own, height: lines })
      column += own + gap
    }
  }
  for (const [only, second] of tiers)
    if (only !== undefined && second === undefined) centre(only, nodes, neighborsOf(picture, only.name), width)
  return { nodes, hidden }
}

/** A node that is alone in its tier stands over the nodes that it is linked to. */
function centre(node: PictureNode, nodes: Map<string, Placed>, others: ReadonlySet<string>, width: number): void {
  const own = nodes.get(node.name)
  const columns = [...others].flatMap(name => {
    const other = nodes.get(name)
    return other === undefined ? [] : [other.column + other.width / 2]
  })
  if (own === undefined || columns.length === 0) return
  const middle = columns.reduce((sum, column) => sum + column, 0) / columns.length
  nodes.set(node.name, { ...own, column: Math.max(0, Math.min(width - own.width, Math.round(middle - own.width / 2))) })
}

/** Rows of the tiers: those between which lines run aslant stand further apart. */
function tierPositions(
  tiers: readonly (readonly PictureNode[])[],
  { links }: Picture,
  height: number,
): readonly number[] {
  const shares = new Map(
    tiers.flatMap(tier => tier.map(({ name }, index) => [name, (index + 0.5) / tier.length] as const)),
  )
  const tierOf = new Map(tiers.flatMap((tier, index) => tier.map(({ name }) => [name, index] as const)))
  const weights = tiers.slice(1).map((_, above) => {
    const isAslant = links.some(({ a, b }) => {
      const [upper, lower] = [tierOf.get(a), tierOf.get(b)].sort()
      return upper === above && lower === above + 1 && Math.abs(shares.get(a)! - shares.get(b)!) > 0.05
    })
    return isAslant ? 2 : 1
  })
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let passed = 0
  return [0, ...weights].map(weight => {
    passed += weight
    return total === 0 ? 0 : Math.max(0, Math.min(height - 1, Math.round((passed / total) * (height - 2))))
  })
}

function neighborsOf({ links }: Picture, name: string | undefined): ReadonlySet<string> {
  return new Set(links.flatMap(({ a, b }) => (a === name ? [b] : b === name ? [a] : [])))
}

/** First and last position of those that fit into the width, with `focus` among them. */
function windowAround(widths: readonly number[], focus: number, width: number): readonly [number, number] {
  let [first, last] = [focus, focus]
  let used = (widths[focus] ?? 0) + 2 * GAP
  for (;;) {
    const right = widths[last + 1]
    const left = widths[first - 1]
    if (right !== undefined && used + right + GAP <= width) {
      last += 1
      used += right + GAP
    } else if (left !== undefined && used + left + GAP <= width) {
      first -= 1
      used += left + GAP
    } else return [first, last]
  }
}

function nodeText({ name, isRunning, isBridge, sessions, sessionsUp }: PictureNode, hasUnicode: boolean): string {
  if (!isRunning) return `${hasUnicode ? '✗' : 'x'} ${name}`
  if (isBridge) return `${hasUnicode ? '▬' : '='} ${name}`
  if (sessions === 0) return `${hasUnicode ? '○' : 'o'} ${name}`
  return `${sessionsUp === sessions ? (hasUnicode ? '●' : '*') : hasUnicode ? '◐' : '!'} ${name}`
}

function nodeRole({ isRunning, isBridge, sessions, sessionsUp }: PictureNode): Role {
  if (!isRunning) return 'bad'
  if (isBridge) return 'dim'
  if (sessions === 0) return 'plain'
  return sessionsUp === sessions ? 'good' : sessionsUp === 0 ? 'bad' : 'warn'
}

function statusText({ isRunning, asn, sessions, sessionsUp }: PictureNode): string {
  if (!isRunning) return 'down'
  return sessions === 0 ? '' : `AS ${asn} ${sessionsUp}/${sessions}`
}

/** What is broken is drawn last, over the rest. */
function ranked(links: readonly PictureLink[]): readonly PictureLink[] {
  const rank = ({ hasCarrier, session }: PictureLink): number => (hasCarrier ? (session === 'down' ? 1 : 0) : 2)
  return [...links].sort((a, b) => rank(a) - rank(b))
}

function strokeOf({ hasCarrier, session }: PictureLink): Stroke {
  if (!hasCarrier) return { role: 'bad', gapEvery: 2 }
  if (session === 'none') return { role: 'dim', gapEvery: 0 }
  return session === 'up' ? { role: 'good', gapEvery: 0 } : { role: 'warn', gapEvery: 3 }
}

function drawLink(canvas: Canvas, { a, b, hasCarrier }: PictureLink, placed: Placement, stroke: Stroke): void {
  const ends = endsOf(a, b, placed)
  if (ends === undefined) return
  canvas.stroke(ends[0], ends[1], stroke)
  if (hasCarrier) return
  const middle = [Math.round((ends[0][0] + ends[1][0]) / 2), Math.round((ends[0][1] + ends[1][1]) / 2)] as const
  canvas.write(middle[0], middle[1], 'x', 'bad')
}

type Point = readonly [column: number, row: number]

/** Lines run from below the upper node's text to above the lower node's. */
function endsOf(a: string, b: string, { nodes }: Placement): readonly [Point, Point] | undefined {
  const [from, to] = [nodes.get(a), nodes.get(b)]
  if (from === undefined || to === undefined) return undefined
  if (from.row === to.row) return [middleOf(from, from.row + 0.5), middleOf(to, to.row + 0.5)]
  return from.row < to.row
    ? [middleOf(from, from.row + from.height), middleOf(to, to.row - EDGE)]
    : [middleOf(from, from.row - EDGE), middleOf(to, to.row + to.height)]
}

/** Just above the upper edge. */
const EDGE = 0.25

function middleOf({ column, width }: Placed, row: number): Point {
  return [column + Math.floor(width / 2), row]
}

/** @param offset columns to the side, so that a way back over the same links is seen too */
function drawPath(
  canvas: Canvas,
  { nodes, role }: DrawnPath,
  picture: Picture,
  placed: Placement,
  offset: number,
): void {
  const names = nodes.map(name => picture.nodes.find(node => node.name === name || node.stateName === name)?.name)
  for (const [index, name] of names.entries()) {
    const next = names[index + 1]
    if (name === undefined || next === undefined || name === next) continue
    for (const [from, to] of legsBetween(picture, name, next)) {
      const ends = endsOf(from, to, placed)
      if (ends === undefined) continue
      const [start, end] = ends
      canvas.stroke([start[0] + offset, start[1]], [end[0] + offset, end[1]], { role, gapEvery: 0 })
    }
  }
}

/** One link, or two with a bridge between, which no packet is seen at. */
function legsBetween({ nodes, links }: Picture, from: string, to: string): readonly (readonly [string, string])[] {
  const isLinked = (a: string, b: string): boolean =>
    links.some(link => (link.a === a && link.b === b) || (link.a === b && link.b === a))
  if (isLinked(from, to)) return [[from, to]]
  const between = nodes.find(({ name, isBridge }) => isBridge && isLinked(from, name) && isLinked(name, to))
  return between === undefined
    ? []
    : [
        [from, between.name],
        [between.name, to],
      ]
}

function legend({ hasUnicode, paths }: TopologyFrame): Line {
  const [full, broken, empty] = hasUnicode ? ['●', '◐', '○'] : ['*', '!', 'o']
  const drawn = paths.map(({ role }, index) => span(index === 0 ? '  request' : '  answer', role))
  return line(
    span(` ${full} sessions up`, 'good'),
    span(`  ${broken} some down`, 'warn'),
    span(`  ${empty} no BGP`, 'plain'),
    span('  x no carrier', 'bad'),
    ...drawn,
  )
}
