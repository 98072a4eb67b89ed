import { z } from 'zod'
import { defineProbe } from '../check.ts'
import { isAnswer, nodeNamed } from '../support/node-named.ts'
import { parseTarget } from '../support/target.ts'
import { describeStation, type Station, traceProbe } from '../support/trace-probe.ts'
import { nodeName } from '../values.ts'

/**
 * The way of a packet and of its answer: one echo request, or one TCP connection (`tcp://ADDRESS:PORT`), is sent and
 * followed through every node, through address translation too. `hops` are the nodes after the sender up to the one that
 * answers; `back` those of the answer, up to the sender.
 */
export const path = defineProbe(
  'path',
  z.strictObject({
    from: nodeName,
    to: z.string().min(1),
    hops: z.array(nodeName).optional(),
    back: z.array(nodeName).optional(),
    avoids: z.array(nodeName).optional(),
  }),
  async ({ lab }, { from, to, hops, back, avoids = [] }) => {
    const parts = [
      hops === undefined ? '' : ` by ${hops.join(', ')}`,
      back === undefined ? '' : `, back by ${back.join(', ')}`,
      avoids.length === 0 ? '' : `, not by ${avoids.join(', ')}`,
    ]
    const expected = `path from ${from} to ${to}${parts.join('')}`
    const node = nodeNamed(lab, from, expected)
    if (isAnswer(node)) return node
    const target = parseTarget(node.host, to)
    if (target === undefined) return { holds: false, expected, seen: [`"${to}" is no target`] }
    const trace = traceProbe(lab, node, target)
    const way = names(trace.there)
    const wayBack = names(trace.back)
    const holds =
      trace.isAnswered &&
      (hops === undefined || isSame(way, hops)) &&
      (back === undefined || isSame(wayBack, back)) &&
      !avoids.some(name => way.includes(name) || wayBack.includes(name))
    const seen = [
      `there: ${way.join(', ') || 'nowhere'}`,
      `back: ${wayBack.join(', ') || 'nowhere'}`,
      ...[...trace.there, ...trace.back].map(describeStation),
      ...(trace.isAnswered ? [] : [trace.end]),
    ]
    return { holds, expected, seen }
  },
)

function names(stations: readonly Station[]): string[] {
  return stations.map(station => station.node)
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index])
}
