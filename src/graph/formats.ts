import { formatDot } from './format-dot.ts'
import { formatHtml } from './format-html.ts'
import { formatMermaid } from './format-mermaid.ts'
import { formatSvg } from './format-svg.ts'
import type { Graph } from './graph.ts'

/** Every format of a picture, one line each. */
export const GRAPH_FORMATS = {
  mermaid: formatMermaid,
  dot: formatDot,
  svg: formatSvg,
  html: formatHtml,
  json: (graph: Graph): string => `${JSON.stringify(graph, undefined, 2)}\n`,
} satisfies Readonly<Record<string, (graph: Graph) => string>>

export type GraphFormat = keyof typeof GRAPH_FORMATS
