import { STATE_COLORS, WAY_COLORS } from './colors.ts'
import { describeEnd, describeSession, type Graph, type GraphLink, linkState, nodeLines } from './graph.ts'

/** A flowchart of Mermaid (mermaid.js.org/syntax/flowchart.html), as GitHub and GitLab draw it in Markdown. */
export function formatMermaid(graph: Graph): string {
  const ids = new Map(graph.nodes.map(({ id }, index) => [id, `n${index}`]))
  const styles: string[] = []
  const edges: string[] = []
  const edge = (text: string, style: string): void => {
    styles.push(`  linkStyle ${edges.length} ${style}`)
    edges.push(text)
  }
  for (const link of graph.links) {
    const [a, b] = link.ends.map(end => ids.get(end.node))
    edge(`  ${a} ---|${quote(linkLabel(link))}| ${b}`, stroke(STATE_COLORS[linkState(link)], link.hasCarrier))
  }
  for (const session of graph.sessions) {
    const color = STATE_COLORS[session.isUp ? 'established' : 'not-established']
    edge(`  ${ids.get(session.a)} -.-|${quote(describeSession(session))}| ${ids.get(session.b)}`, stroke(color, true))
  }
  for (const side of ['there', 'back'] as const) {
    for (const [index, { from, to }] of (graph.way?.[side] ?? []).entries()) {
      const arrow = side === 'there' ? '==>' : '-.->'
      edge(
        `  ${ids.get(from)} ${arrow}|${quote(`${side} ${index + 1}`)}| ${ids.get(to)}`,
        `stroke:${WAY_COLORS[side]},stroke-width:3px`,
      )
    }
  }
  return `${['flowchart TB', ...tiers(graph, ids), ...edges, ...styles].join('\n')}\n`
}

function tiers({ nodes }: Graph, ids: ReadonlyMap<string, string>): readonly string[] {
  const rows = [...new Set(nodes.map(({ tier }) => tier))].sort((a, b) => a - b)
  return rows.flatMap(row => [
    `  subgraph tier${row}[" "]`,
    '    direction LR',
    ...nodes
      .filter(({ tier }) => tier === row)
      .map(node => `    ${ids.get(node.id)}[${quote(nodeLines(node).join('<br/>'))}]`),
    '  end',
  ])
}

function linkLabel({ ends: [a, b], session, hasCarrier }: GraphLink): string {
  const middle = [hasCarrier ? '' : 'no carrier', session === undefined ? '' : describeSession(session)]
  return [describeEnd(a), ...middle, describeEnd(b)].filter(text => text !== '').join('<br/>')
}

function stroke(color: string, isWhole: boolean): string {
  return `stroke:${color}${isWhole ? '' : ',stroke-dasharray:6 4'}`
}

/** Mermaid writes a quote as an entity. */
function quote(text: string): string {
  return `"${text.replaceAll('&', '#amp;').replaceAll('"', '#quot;')}"`
}
