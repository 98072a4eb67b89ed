import { z } from 'zod'
import type { FibRoute } from '../../host/fib.ts'
import { formatIpv4, formatPrefix, parsePrefix } from '../../wire/address.ts'
import { defineCheck } from '../check.ts'
import { isAnswer, nodeNamed } from '../support/node-named.ts'
import { address, nodeName, prefix } from '../values.ts'

const MAIN_TABLE = 254

/** The route to exactly this prefix in a node's main table: its whole next-hop set, protocol and metric, or its absence. */
export const route = defineCheck(
  'route',
  z.strictObject({
    node: nodeName,
    to: prefix,
    via: z.union([address, z.array(address)]).optional(),
    dev: z.string().optional(),
    protocol: z.string().optional(),
    metric: z.int().min(0).optional(),
    absent: z.boolean().optional(),
  }),
  ({ lab }, { node, to, via, dev, protocol, metric, absent }) => {
    const wanted = parsePrefix(to)!
    const hops = via === undefined ? undefined : [via].flat()
    const expected = absent
      ? `no route to ${to} on ${node}`
      : `route on ${node} to ${to}${hops === undefined ? '' : ` via ${hops.join(', ')}`}`
    const found = nodeNamed(lab, node, expected)
    if (isAnswer(found)) return found
    const rows = found.host.fib.routes(MAIN_TABLE).filter(candidate => candidate.prefix === wanted)
    const fits = (row: FibRoute): boolean =>
      (hops === undefined || sameSet(gateways(row), hops)) &&
      (dev === undefined || row.nextHops.every(hop => hop.interface?.name === dev)) &&
      (protocol === undefined || row.protocol === protocol) &&
      (metric === undefined || row.metric === metric)
    const holds = absent ? rows.length === 0 : rows.some(fits)
    return { holds, expected, seen: rows.length === 0 ? [`${node} has no route to ${to}`] : rows.map(describe) }
  },
)

function gateways(row: FibRoute): string[] {
  return row.nextHops.map(hop => (hop.gateway === undefined ? 'connected' : formatIpv4(hop.gateway)))
}

function describe(row: FibRoute): string {
  const hops = row.nextHops.map(
    hop => `${hop.gateway === undefined ? '' : `via ${formatIpv4(hop.gateway)} `}dev ${hop.interface?.name ?? '?'}`,
  )
  return `${formatPrefix(row.prefix)} ${row.type === 'unicast' ? '' : `${row.type} `}${hops.join(' + ')} proto ${row.protocol} metric ${row.metric}`
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return new Set(a).size === new Set(b).size && a.every(value => b.includes(value))
}
