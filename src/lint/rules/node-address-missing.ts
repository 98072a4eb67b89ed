import { formatIpv4 } from '../../wire/address.ts'
import type { LintRule } from '../rule.ts'

export const nodeAddressMissing: LintRule = {
  id: 'kubernetes/node-address-missing',
  level: 'error',
  summary: "a kind node's node-ip is on none of its devices",
  explain:
    'kubelet registers the node with that address, Cilium takes it for the router id and finds its device by it. Without it pods of other nodes, the API server and BGP go wrong in ways that do not name the cause.',
  *check(context) {
    for (const { cluster } of context.clusters) {
      for (const { name, host, model } of cluster.nodes) {
        const { nodeAddress } = model
        if (nodeAddress === undefined || host.isLocalAddress(nodeAddress)) continue
        const place = model.source ?? { file: cluster.model.file, line: 1, column: 1 }
        yield {
          message: `node ${name} is to have the address ${formatIpv4(nodeAddress)}, but none of its devices has it`,
          source: context.texts.find(place, formatIpv4(nodeAddress)) ?? place,
          fix: 'add it to the device towards the fabric (an exec line of the node in the topology), or correct node-ip',
        }
      }
    }
  },
}
