import { z } from 'zod'
import { speakersOf } from '../../lab/speakers.ts'
import { formatIpv4 } from '../../wire/address.ts'
import { defineCheck } from '../check.ts'
import { isAnswer, nodeNamed } from '../support/node-named.ts'
import { address, nodeName } from '../values.ts'

/** The state of a BGP session of a router or a cluster node with a peer, `Established` unless another one is named. */
export const session = defineCheck(
  'session',
  z.strictObject({
    node: nodeName,
    peer: address,
    state: z.enum(['Idle', 'Connect', 'Active', 'OpenSent', 'OpenConfirm', 'Established']).optional(),
  }),
  ({ lab }, { node, peer, state = 'Established' }) => {
    const expected = `session of ${node} with ${peer} is ${state}`
    const found = nodeNamed(lab, node, expected)
    if (isAnswer(found)) return found
    const rows = speakersOf(lab, found).flatMap(speaker => speaker.snapshotPeers().peers)
    const row = rows.find(candidate => formatIpv4(candidate.address) === peer)
    return {
      holds: row?.state === state,
      expected,
      seen: row === undefined ? [`${node} has no peer ${peer}`] : [`it is ${row.state}`],
    }
  },
)
