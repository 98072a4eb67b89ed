import type { LineWriter } from './line-writer.ts'
import { type ConfigNode, childrenAt, nodeAt, valueAt } from './tree.ts'

/** `protocols static` as FRR lines. */
export function writeStatic(root: ConfigNode, writer: LineWriter): void {
  const statics = nodeAt(root, 'protocols', 'static')
  for (const route of childrenAt(statics, 'route')) writeRoute(route, '', writer)
  for (const table of childrenAt(statics, 'table')) {
    for (const route of childrenAt(table, 'route')) writeRoute(route, `table ${table.name}`, writer)
  }
}

function writeRoute(route: ConfigNode, table: string, writer: LineWriter): void {
  const head = `ip route ${route.name}`
  for (const hop of childrenAt(route, 'next-hop')) {
    if (nodeAt(hop, 'disable') !== undefined) continue
    writer.add(`${head} ${hop.name} ${valueAt(hop, 'interface') ?? ''} ${distanceOf(hop)} ${table}`, hop)
  }
  for (const hop of childrenAt(route, 'interface')) {
    if (nodeAt(hop, 'disable') === undefined) writer.add(`${head} ${hop.name} ${distanceOf(hop)} ${table}`, hop)
  }
  for (const kind of ['blackhole', 'reject']) {
    const node = nodeAt(route, kind)
    const tag = valueAt(node, 'tag')
    writer.addIf(node, `${head} ${kind} ${tag === undefined ? '' : `tag ${tag}`} ${distanceOf(node)} ${table}`)
  }
}

function distanceOf(node: ConfigNode | undefined): string {
  return valueAt(node, 'distance') ?? ''
}
