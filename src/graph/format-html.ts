import { escapeXml } from './escape-xml.ts'
import { formatSvg } from './format-svg.ts'
import { describeEnd, describeSession, type Graph, type GraphHop } from './graph.ts'
import { layOut } from './lay-out.ts'

/** A picture that is too wide is made smaller down to this, and then scrolled. */
const SMALLEST_SCALE = 0.6

/** One page that stands alone: the picture, the links and sessions as tables, the way of a packet as a list. */
export function formatHtml(graph: Graph): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(graph.name)}</title>
<style>${STYLE}#picture svg{min-width:${Math.round(layOut(graph).width * SMALLEST_SCALE)}px}</style>
</head>
<body>
<h1>${escapeXml(graph.name)}</h1>
<div id="picture">${formatSvg(graph)}</div>
${wayList(graph)}
<label>Filter <input id="filter" type="search" placeholder="leaf1, 10.1.1, Established"></label>
${table(
  'Links',
  ['from', 'interface', 'to', 'interface', 'carrier', 'session'],
  graph.links.map(({ ends: [a, b], hasCarrier, session }) => [
    a.node,
    describeEnd(a),
    b.node,
    describeEnd(b),
    hasCarrier ? 'yes' : 'no',
    session === undefined ? '' : describeSession(session),
  ]),
)}
${table(
  'Sessions that do not run along one link',
  ['between', 'and', 'session'],
  graph.sessions.map(session => [session.a, session.b, describeSession(session)]),
)}
<script>${SCRIPT}</script>
</body>
</html>
`
}

const STYLE = `
:root{color-scheme:light dark;font:14px/1.4 system-ui,sans-serif}
body{margin:1.5rem auto;max-width:1200px;padding:0 1rem}
#picture{overflow:auto;background:#fff;border:1px solid #b0bec5;border-radius:8px}
#picture svg{display:block;margin:auto;max-width:100%;height:auto}
table{border-collapse:collapse;margin:1rem 0;width:100%}
caption{text-align:left;font-weight:bold;padding:.3rem 0}
th,td{text-align:left;padding:.2rem .6rem;border-bottom:1px solid #b0bec5}
.faded{opacity:.15}
input{font:inherit;padding:.2rem .4rem}
`

/** Pointing at a node fades what is not joined to it; the filter hides rows of the tables. */
const SCRIPT = `
for (const node of document.querySelectorAll('[data-node]')) {
  const near = new Set([node.dataset.node])
  const edges = [...document.querySelectorAll('.edge')]
  for (const { dataset } of edges) if (dataset.a === node.dataset.node || dataset.b === node.dataset.node) near.add(dataset.a).add(dataset.b)
  const fade = on => {
    for (const one of document.querySelectorAll('[data-node]')) one.classList.toggle('faded', on && !near.has(one.dataset.node))
    for (const one of edges) one.classList.toggle('faded', on && one.dataset.a !== node.dataset.node && one.dataset.b !== node.dataset.node)
  }
  node.addEventListener('mouseenter', () => fade(true))
  node.addEventListener('mouseleave', () => fade(false))
}
document.querySelector('#filter').addEventListener('input', ({ target }) => {
  for (const row of document.querySelectorAll('tbody tr')) row.hidden = !row.textContent.toLowerCase().includes(target.value.toLowerCase())
})
`

function table(caption: string, columns: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const cells = (row: readonly string[], tag: 'td' | 'th'): string =>
    `<tr>${row.map(cell => `<${tag}>${escapeXml(cell)}</${tag}>`).join('')}</tr>`
  const body = rows.map(row => cells(row, 'td')).join('\n')
  return `<table><caption>${escapeXml(caption)}</caption><thead>${cells(columns, 'th')}</thead><tbody>\n${body}\n</tbody></table>`
}

function wayList({ way }: Graph): string {
  if (way === undefined) return ''
  const names = (hops: readonly GraphHop[]): string =>
    [hops[0]?.from ?? way.from, ...hops.map(({ to }) => to)].join(' → ')
  const back = way.back.length === 0 ? '' : `<li>back: ${escapeXml(names(way.back))}</li>`
  const end = way.isAnswered ? '' : `<li>${escapeXml(way.end)}</li>`
  return `<ul id="way"><li>${escapeXml(`${way.from} to ${way.to}: ${names(way.there)}`)}</li>${back}${end}</ul>`
}
