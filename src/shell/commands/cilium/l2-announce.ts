import type { CiliumAgent } from '../../../kubernetes/cilium/agent.ts'
import { alignTabs } from '../../../text/tab-writer.ts'
import { formatIpv4 } from '../../../wire/address.ts'

/** `cilium-dbg shell -- db/show l2-announce`: what the node announces. Source: pkg/datapath/tables/l2_announce.go. */
export function renderL2Announce({ l2 }: CiliumAgent): string {
  const rows = l2.rows.map(({ address, device }) => [formatIpv4(address), device.name])
  return alignTabs([['# IP', 'NetworkInterface'], ...rows], { minimumWidth: 5, padding: 3 })
}
