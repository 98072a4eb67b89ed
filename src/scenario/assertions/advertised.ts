import { speakersOf } from '../../lab/speakers.ts'
import { formatPrefix, parseIpv4 } from '../../wire/address.ts'
import { defineCheck } from '../check.ts'
import { isAnswer, nodeNamed } from '../support/node-named.ts'
import { judgePrefixes, prefixExpectation } from '../support/prefix-expectation.ts'

/** What a BGP speaker sends to a peer now: the whole set (`prefixes`), or some that are (`contains`) or are not (`lacks`) in it. */
export const advertised = defineCheck('advertised', prefixExpectation, ({ lab }, argument) => {
  const { node, peer } = argument
  const found = nodeNamed(lab, node, `prefixes that ${node} advertises to ${peer}`)
  if (isAnswer(found)) return found
  const lists = speakersOf(lab, found).map(one => one.snapshotAdvertised(parseIpv4(peer)!))
  const routes = lists.find(list => list !== undefined)
  if (routes === undefined)
    return judgePrefixes(
      argument,
      `${node} advertises to ${peer}`,
      undefined,
      `${node} has no session with ${peer} that is up`,
    )
  const prefixes = routes.rows.map(row => formatPrefix(row.prefix))
  const all = routes.isDefaultOriginated ? ['0.0.0.0/0', ...prefixes] : prefixes
  return judgePrefixes(argument, `${node} advertises to ${peer}`, all, '')
})
