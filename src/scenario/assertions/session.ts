import { z } from 'zod'
import { formatIpv4 } from '../../wire/address.ts'
import { defineCheck } from '../check.ts'
import { address, nodeName } from '../values.ts'

/** The state of a router's BGP session with a peer, `Established` unless another one is named. */
export const session = defineCheck(
  'session',
  z.strictObject({
    node: nodeName,
    peer: address,
    state: z.enum(['Idle', 'Connect', 'Active', 'OpenSent', 'OpenConfirm', 'Established']).optional(),
  }),
  ({ lab }, { node, peer, state = 'Established' }) => {
    const rows = lab.node(node)?.router?.speaker?.snapshotPeers().peers ?? []
    const row = rows.find(candidate => formatIpv4(candidate.address) === peer)
    return {
      holds: row?.state === state,
      expected: `session of ${node} with ${peer} is ${state}`,
      seen: row === undefined ? [`${node} has no peer ${peer}`] : [`it is ${row.state}`],
    }
  },
)
