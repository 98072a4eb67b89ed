import { speakersOf } from '../../lab/speakers.ts'
import { formatPrefix, parseIpv4 } from '../../wire/address.ts'
import { defineCheck } from '../check.ts'
import { isAnswer, nodeNamed } from '../support/node-named.ts'
import { judgePrefixes, prefixExpectation } from '../support/prefix-expectation.ts'

/** What a BGP speaker has accepted from a peer: the paths of its table that came from there. */
export const received = defineCheck('received', prefixExpectation, ({ lab }, argument) => {
  const { node, peer } = argument
  const address = parseIpv4(peer)!
  const found = nodeNamed(lab, node, `prefixes that ${node} has accepted from ${peer}`)
  if (isAnswer(found)) return found
  const speakers = speakersOf(lab, found)
  const speaker = speakers.find(one => one.snapshotPeers().peers.some(row => row.address === address))
  const rows = speaker?.snapshotTable().prefixes.filter(row => row.paths.some(path => path.peer?.address === address))
  const prefixes = rows?.map(row => formatPrefix(row.prefix))
  return judgePrefixes(argument, `${node} has accepted from ${peer}`, prefixes, `${node} has no peer ${peer}`)
})
