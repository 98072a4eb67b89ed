import { STATE_COLORS, STATE_TEXTS, WAY_COLORS } from './colors.ts'
import { escapeXml } from './escape-xml.ts'
import {
  describeEnd,
  describeSession,
  type Graph,
  type GraphHop,
  type GraphLink,
  type GraphNode,
  linkState,
  nodeLines,
} from './graph.ts'
import { BOX, isLabelled, type Layout, layOut, type Place } from './lay-out.ts'

/** How far apart the arrows there and back run, pixels from the link. */
const WAY_OFFSET = { there: -15, back: 15 } as const
const FONT_PX = 10
/** How far an arc goes around one node, and more for each further one, pixels. */
const ARC_LOWEST = 70
const ARC_STEP = 10
const ARC_HIGHEST = 90
const LEGEND_LINE = 15

/** A picture in SVG 1.1, which stands alone: nodes in rows, links with addresses and the state of their session. */
export function formatSvg(graph: Graph): string {
  const layout = layOut(graph)
  const height = layout.height + (legendEntries(graph).length + 0.5) * LEGEND_LINE
  const hasLabels = isLabelled(graph)
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${layout.width} ${height}" width="${layout.width}" height="${height}" role="img">`,
    `<title>${escapeXml(graph.name)}</title>`,
    `<style>${STYLE}</style>`,
    arrowHeads(),
    ...graph.sessions.map(session => {
      const state = session.isUp ? 'established' : 'not-established'
      return curve(layout, session.a, session.b, state, describeSession(session))
    }),
    ...graph.links.map(link => drawLink(layout, link, hasLabels)),
    ...graph.nodes.map(node => drawNode(layout, node)),
    ...(['there', 'back'] as const).flatMap(side =>
      (graph.way?.[side] ?? []).map((hop, index) => drawHop(layout, hop, side, index + 1)),
    ),
    legend(graph, layout.height),
    '</svg>',
  ]
  return `${parts.join('\n')}\n`
}

const STYLE = [
  'text{font:10px sans-serif;fill:#263238}',
  '.name{font-weight:bold;font-size:12px}',
  '.node rect,.node ellipse{fill:#eceff1;stroke:#546e7a}',
  '.router rect{fill:#e3f2fd}.node-k8s rect{fill:#e8f5e9}.dead rect{fill:#ffebee;stroke:#c62828;stroke-dasharray:5 3}',
  '.link,.session{fill:none;stroke-width:2}.session{stroke-dasharray:2 4}',
  ...Object.entries(STATE_COLORS).map(([state, color]) => `.${state}{stroke:${color}}`),
  '.down{stroke-dasharray:6 4}',
  ...Object.entries(WAY_COLORS).map(([side, color]) => `.${side}{stroke:${color};stroke-width:3;fill:none}`),
  '.label{paint-order:stroke;stroke:#fff;stroke-width:3px}',
].join('')

function arrowHeads(): string {
  const heads = Object.entries(WAY_COLORS).map(
    ([side, color]) =>
      `<marker id="head-${side}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="5" markerHeight="5" orient="auto"><path d="M0 0L8 4L0 8z" fill="${color}"/></marker>`,
  )
  return `<defs>${heads.join('')}</defs>`
}

function drawNode({ places }: Layout, node: GraphNode): string {
  const { x, y } = places.get(node.id)!
  const lines = nodeLines(node)
  const kind = { router: 'router', node: 'node-k8s', host: 'host', bridge: 'bridge', absent: 'dead' }[node.kind]
  const shape =
    node.kind === 'bridge'
      ? `<ellipse cx="${x}" cy="${y}" rx="${BOX.width / 2}" ry="${BOX.height / 2 - 5}"/>`
      : `<rect x="${x - BOX.width / 2}" y="${y - BOX.height / 2}" width="${BOX.width}" height="${BOX.height}" rx="6"/>`
  const first = y + 4 - ((lines.length - 1) * 13) / 2
  const texts = lines.map(
    (line, index) =>
      `<text x="${x}" y="${first + index * 13}" text-anchor="middle"${index === 0 ? ' class="name"' : ''}>${escapeXml(line)}</text>`,
  )
  const state = node.isRunning ? '' : ' dead'
  return `<g class="node ${kind}${state}" data-node="${escapeXml(node.id)}">${shape}${texts.join('')}</g>`
}

function drawLink({ places }: Layout, link: GraphLink, hasLabels: boolean): string {
  const [a, b] = link.ends
  const line = lineBetween(places, a.node, b.node)
  const state = linkState(link)
  const middle = link.session === undefined ? '' : describeSession(link.session)
  const title = `${a.node} ${describeEnd(a)} – ${b.node} ${describeEnd(b)}: ${[STATE_TEXTS[state], middle].filter(text => text !== '').join(', ')}`
  const labels = hasLabels
    ? [label(line, 'start', describeEnd(a)), label(line, 'end', describeEnd(b)), label(line, 'middle', middle)]
    : []
  const ends = `data-a="${escapeXml(a.node)}" data-b="${escapeXml(b.node)}"`
  return `<g class="edge" ${ends}><title>${escapeXml(title)}</title>${stroke(line, `link ${state}`)}${labels.join('')}</g>`
}

interface Line {
  readonly from: Place
  readonly to: Place
  /** Of an arc: the control point of the quadratic curve. */
  readonly control?: Place
}

/** Straight, or an arc around the nodes that stand between. */
function lineBetween(places: Layout['places'], from: string, to: string): Line {
  const [a, b] = [places.get(from)!, places.get(to)!]
  const length = Math.hypot(b.x - a.x, b.y - a.y)
  const between = [...places.values()].filter(place => place !== a && place !== b && isCrossed(place, a, b)).length
  if (between === 0 || length === 0) return clip(a, b)
  // the same side whichever way it is gone: upwards, or to the right
  const sign = b.x > a.x || (b.x === a.x && b.y < a.y) ? 1 : -1
  const height = 2 * Math.min(ARC_HIGHEST, ARC_LOWEST + ARC_STEP * (between - 1)) * (sign / length)
  const control = {
    x: round((a.x + b.x) / 2 + (b.y - a.y) * height * (a.x === b.x ? -1 : 1)),
    y: round((a.y + b.y) / 2 - (b.x - a.x) * height),
  }
  return { from: clip(a, control).from, to: clip(b, control).from, control }
}

/** Whether the straight line from `a` to `b` would run through the middle part of the box at the place. */
function isCrossed(place: Place, a: Place, b: Place): boolean {
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  const square = dx * dx + dy * dy || 1
  const share = ((place.x - a.x) * dx + (place.y - a.y) * dy) / square
  const aside = Math.abs((place.x - a.x) * dy - (place.y - a.y) * dx) / Math.sqrt(square)
  return share > 0 && share < 1 && aside < BOX.height / 3
}

function stroke(line: Line, classes: string, more = ''): string {
  const { from, to, control } = line
  if (control === undefined) return `<line class="${classes}" ${coordinates(line)}${more}/>`
  return `<path class="${classes}" fill="none" d="M${from.x} ${from.y}Q${control.x} ${control.y} ${to.x} ${to.y}"${more}/>`
}

/** Cuts a line between two middles at the borders of their boxes. */
function clip(a: Place, b: Place): Line {
  const cut = (from: Place, to: Place): Place => {
    const [dx, dy] = [to.x - from.x, to.y - from.y]
    const share = Math.min(
      BOX.width / 2 / Math.max(Math.abs(dx), 1e-9),
      BOX.height / 2 / Math.max(Math.abs(dy), 1e-9),
      0.5,
    )
    return { x: round(from.x + dx * share), y: round(from.y + dy * share) }
  }
  return { from: cut(a, b), to: cut(b, a) }
}

function coordinates({ from, to }: Line): string {
  return `x1="${from.x}" y1="${from.y}" x2="${to.x}" y2="${to.y}"`
}

/** Text along a line, never upside down: at an end above the line, in the middle below it. */
function label({ from, to, control }: Line, where: 'start' | 'middle' | 'end', text: string): string {
  if (text === '') return ''
  if (control !== undefined && where === 'start') return label({ from, to: control }, where, text)
  if (control !== undefined && where === 'end') return label({ from: control, to }, where, text)
  const isForward = to.x >= from.x
  const angle = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI + (isForward ? 0 : 180)
  const chord = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 }
  const middle = control === undefined ? chord : { x: (chord.x + control.x) / 2, y: (chord.y + control.y) / 2 }
  const at = { start: from, end: to, middle }[where]
  const anchor = where === 'middle' ? 'middle' : (where === 'start') === isForward ? 'start' : 'end'
  const dx = { start: 8, end: -8, middle: 0 }[anchor]
  const dy = where === 'middle' ? FONT_PX + 1 : -3
  const place = `translate(${round(at.x)} ${round(at.y)}) rotate(${round(angle)})`
  return `<text class="label" transform="${place}" x="${dx}" y="${dy}" text-anchor="${anchor}">${escapeXml(text)}</text>`
}

/** A session beside the links: bent aside, so that it does not run behind them. */
function curve({ places }: Layout, a: string, b: string, state: string, text: string): string {
  const { from, to } = clip(places.get(a)!, places.get(b)!)
  const bend = { x: (from.x + to.x) / 2 + (to.y - from.y) * 0.15, y: (from.y + to.y) / 2 - (to.x - from.x) * 0.15 }
  const path = `M${from.x} ${from.y}Q${round(bend.x)} ${round(bend.y)} ${to.x} ${to.y}`
  const title = `<title>${escapeXml(`${a} – ${b}: ${text}`)}</title>`
  return `<g class="edge" data-a="${escapeXml(a)}" data-b="${escapeXml(b)}">${title}<path class="session ${state}" d="${path}"/></g>`
}

function drawHop({ places }: Layout, { from, to }: GraphHop, side: 'there' | 'back', number: number): string {
  const [start, end] = [places.get(from), places.get(to)]
  if (start === undefined || end === undefined) return ''
  const line = lineBetween(places, from, to)
  const length = Math.hypot(line.to.x - line.from.x, line.to.y - line.from.y) || 1
  // always to the same side of the link, whichever way it is gone
  const sign = line.to.y > line.from.y || (line.to.y === line.from.y && line.to.x > line.from.x) ? 1 : -1
  const shift = (WAY_OFFSET[side] * sign) / length
  const [dx, dy] = [-(line.to.y - line.from.y) * shift, (line.to.x - line.from.x) * shift]
  const move = ({ x, y }: Place): Place => ({ x: round(x + dx), y: round(y + dy) })
  const moved = {
    from: move(line.from),
    to: move(line.to),
    ...(line.control === undefined ? {} : { control: move(line.control) }),
  }
  return `<g><title>${side} ${number}: ${escapeXml(from)} to ${escapeXml(to)}</title>${stroke(moved, side, ` marker-end="url(#head-${side})"`)}</g>`
}

/** The states that occur, a line each. */
function legendEntries({ links, sessions, way }: Graph): readonly (readonly [name: string, text: string])[] {
  const states = new Set<string>([
    ...links.map(linkState),
    ...sessions.map(({ isUp }) => (isUp ? 'established' : 'not-established')),
  ])
  const shown = Object.entries(STATE_TEXTS).filter(([state]) => states.has(state))
  if (way === undefined) return shown
  const there = ['there', `${way.from} to ${way.to}`] as const
  return way.back.length === 0 ? [...shown, there] : [...shown, there, ['back', 'and back']]
}

function legend(graph: Graph, top: number): string {
  const lines = legendEntries(graph).map(([name, text], index) => {
    const y = top + index * LEGEND_LINE
    return `<line class="link ${name}" x1="20" y1="${y - 3}" x2="46" y2="${y - 3}"/><text x="52" y="${y}">${escapeXml(text)}</text>`
  })
  return `<g class="legend">${lines.join('')}</g>`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
