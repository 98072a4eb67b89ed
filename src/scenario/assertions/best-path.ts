import { z } from 'zod'
import type { PathRow } from '../../bgp/snapshot.ts'
import { formatIpv4, parsePrefix } from '../../wire/address.ts'
import { defineCheck } from '../check.ts'
import { isAnswer, nodeNamed } from '../support/node-named.ts'
import { address, nodeName, prefix } from '../values.ts'

/**
 * The best path of a prefix in a router's BGP table: from which peer it came, the whole multipath set, and the step of the
 * decision process at which the others lost.
 */
export const bestPath = defineCheck(
  'best-path',
  z.strictObject({
    node: nodeName,
    to: prefix,
    from: address.optional(),
    multipath: z.array(address).optional(),
    /** The step at which at least one other path lost: `router-id`, `as-path`, `peer-type` … */
    step: z.string().optional(),
    absent: z.boolean().optional(),
  }),
  ({ lab }, { node, to, from, multipath, step, absent }) => {
    const wanted = parsePrefix(to)!
    const expected = absent
      ? `no best path for ${to} on ${node}`
      : `best path for ${to} on ${node}${from === undefined ? '' : ` from ${from}`}${multipath === undefined ? '' : `, multipath ${multipath.join(', ')}`}${step === undefined ? '' : `, decided at ${step}`}`
    const found = nodeNamed(lab, node, expected)
    if (isAnswer(found)) return found
    const row = found.router?.speaker?.snapshotTable().prefixes.find(candidate => candidate.prefix === wanted)
    const paths = row?.paths ?? []
    const best = paths.find(path => path.isBest)
    const members = paths.filter(path => path.isBest || path.isMultipath).map(peerText)
    const holds = absent
      ? best === undefined
      : best !== undefined &&
        (from === undefined || peerText(best) === from) &&
        (multipath === undefined ||
          (members.length === multipath.length && members.every(member => multipath.includes(member)))) &&
        (step === undefined || paths.some(path => path.lostAt?.step === step))
    return { holds, expected, seen: paths.length === 0 ? [`${node} has no path for ${to}`] : paths.map(describe) }
  },
)

function peerText(path: PathRow): string {
  return formatIpv4(path.peer?.address ?? 0)
}

function describe(path: PathRow): string {
  const mark = path.isBest ? 'best' : path.isMultipath ? 'multipath' : path.isValid ? 'valid' : 'invalid'
  const { lostAt } = path
  return `${mark} from ${peerText(path)} via ${formatIpv4(path.attributes.nextHop)}${lostAt === undefined ? '' : `, lost at ${lostAt.step}: ${lostAt.own} against ${lostAt.winner}`}`
}
