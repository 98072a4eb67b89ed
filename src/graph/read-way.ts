import type { Lab } from '../lab/lab.ts'
import type { LabNode } from '../lab/node.ts'
import type { Target } from '../scenario/support/target.ts'
import { type Station, traceProbe } from '../scenario/support/trace-probe.ts'
import type { Graph, GraphHop, GraphWay } from './graph.ts'

/** Sends one probe and reads from the picture which links it and its answer took. Simulated time passes. */
export function readWay(
  lab: Lab,
  graph: Graph,
  from: LabNode,
  target: Target,
  names: { readonly from: string; readonly to: string },
): GraphWay {
  const { there, back, isAnswered, end } = traceProbe(lab, from, target)
  const start = nodeOf(lab, graph, from.name)
  const last = there.at(-1)
  const far = last === undefined ? start : nodeOf(lab, graph, last.node)
  return {
    ...names,
    isAnswered,
    end,
    there: hops(lab, graph, start, there),
    back: hops(lab, graph, far, back),
  }
}

function hops(lab: Lab, graph: Graph, start: string, stations: readonly Station[]): readonly GraphHop[] {
  const list: GraphHop[] = []
  let at = start
  for (const station of stations) {
    const to = nodeOf(lab, graph, station.node)
    if (to === at) continue
    list.push(...hopsBetween(graph, at, to, station.interface))
    at = to
  }
  return list
}

/** Over the link of the interface that it came in by, and the bridge on that link. */
function hopsBetween({ nodes, links }: Graph, from: string, to: string, entry: string): readonly GraphHop[] {
  const last = links.findIndex(({ ends }) => ends.some(end => end.node === to && end.interface === entry))
  const before = links[last]?.ends.find(end => end.node !== to)?.node
  if (before === undefined || before === from) return [{ from, to, link: last < 0 ? undefined : last }]
  const isBridge = nodes.some(({ id, kind }) => id === before && kind === 'bridge')
  const first = links.findIndex(
    ({ ends }) => ends.some(end => end.node === from) && ends.some(end => end.node === before),
  )
  if (!isBridge || first < 0) return [{ from, to, link: undefined }]
  return [
    { from, to: before, link: first },
    { from: before, to, link: last },
  ]
}

/** A station's node by its identifier in the picture: containers that share a namespace are one node there. */
function nodeOf(lab: Lab, { nodes }: Graph, name: string): string {
  const host = lab.node(name)?.host
  const found = nodes.find(({ id }) => id === name) ?? nodes.find(({ id }) => lab.node(id)?.host === host)
  return found?.id ?? name
}
