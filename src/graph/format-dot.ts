import { STATE_COLORS, WAY_COLORS } from './colors.ts'
import { describeEnd, describeSession, type Graph, linkState, nodeLines } from './graph.ts'

/** A graph in the DOT language of Graphviz (graphviz.org/doc/info/lang.html). */
export function formatDot(graph: Graph): string {
  const lines = [
    `graph ${quote(graph.name)} {`,
    `  graph [rankdir=TB, nodesep=0.8, ranksep=1.6${needsStraightLines(graph) ? ', splines=line' : ''}];`,
    '  node [shape=box, style=rounded, fontname="sans-serif"];',
    '  edge [fontname="sans-serif", fontsize=9];',
    ...nodes(graph),
    ...links(graph),
    ...sessions(graph),
    ...way(graph),
    '}',
  ]
  return `${lines.join('\n')}\n`
}

/** Graphviz 2.43 loses labelled edges within a row when it bends them ("lost r2 r4 edge"). */
function needsStraightLines({ nodes: all, links: joined }: Graph): boolean {
  const rows = new Map(all.map(({ id, tier }) => [id, tier]))
  return new Set(rows.values()).size > 1 && joined.some(({ ends: [a, b] }) => rows.get(a.node) === rows.get(b.node))
}

/** Names are quoted; only the double quote and the backslash mean anything inside. */
function quote(text: string): string {
  return `"${escaped(text)}"`
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')
}

function attributes(values: Readonly<Record<string, string>>): string {
  return `[${Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ')}]`
}

function nodes({ nodes: all }: Graph): readonly string[] {
  const rows = [...new Set(all.map(({ tier }) => tier))].sort((a, b) => a - b)
  return rows.flatMap(row => [
    // nodes that are all in one row are left to Graphviz
    rows.length > 1 ? '  { rank=same;' : '  {',
    ...all
      .filter(({ tier }) => tier === row)
      .map(node => {
        const label = `"${nodeLines(node).map(escaped).join('\\n')}"`
        return `    ${quote(node.id)} ${attributes({ label, ...(node.kind === 'bridge' ? { shape: 'ellipse' } : {}) })};`
      }),
    '  }',
  ])
}

function links({ links: all }: Graph): readonly string[] {
  return all.map(link => {
    const [a, b] = link.ends
    const label = [link.session === undefined ? '' : describeSession(link.session), link.hasCarrier ? '' : 'no carrier']
    return `  ${quote(a.node)} -- ${quote(b.node)} ${attributes({
      label: quote(label.filter(text => text !== '').join(', ')),
      taillabel: quote(describeEnd(a)),
      headlabel: quote(describeEnd(b)),
      color: quote(STATE_COLORS[linkState(link)]),
      ...(link.hasCarrier ? {} : { style: 'dashed' }),
    })};`
  })
}

function sessions({ sessions: all }: Graph): readonly string[] {
  return all.map(session => {
    const color = quote(STATE_COLORS[session.isUp ? 'established' : 'not-established'])
    const look = { label: quote(describeSession(session)), style: 'dotted', constraint: 'false', color }
    return `  ${quote(session.a)} -- ${quote(session.b)} ${attributes(look)};`
  })
}

function way({ way: found }: Graph): readonly string[] {
  return (['there', 'back'] as const).flatMap(side =>
    (found?.[side] ?? []).map(({ from, to }, index) => {
      const color = quote(WAY_COLORS[side])
      const look = { label: quote(`${side} ${index + 1}`), dir: 'forward', penwidth: '3', constraint: 'false', color }
      return `  ${quote(from)} -- ${quote(to)} ${attributes({ ...look, fontcolor: color })};`
    }),
  )
}
