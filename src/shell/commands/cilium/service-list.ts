import type { CiliumAgent } from '../../../kubernetes/cilium/agent.ts'
import { alignTabs } from '../../../text/tab-writer.ts'
import { formatIpv4 } from '../../../wire/address.ts'

/**
 * `cilium-dbg service list` of one node. Source: cilium-dbg/cmd/service_list.go.
 * Differs from Cilium: a NodePort is one row with 0.0.0.0; the rows with the node's addresses are left out.
 */
export function renderServiceList(agent: CiliumAgent): string {
  const rows = [['ID', 'Frontend', 'Service Type', 'Backend']]
  for (const { id, address, port, kind, backends } of agent.datapath.services.frontends()) {
    const texts = backends.map((backend, index) => {
      const state = backend.isTerminating ? 'terminating' : 'active'
      return `${index + 1} => ${formatIpv4(backend.address)}:${backend.port} (${state})`
    })
    rows.push([String(id), `${formatIpv4(address)}:${port}`, kind, texts[0] ?? '', ''])
    for (const text of texts.slice(1)) rows.push(['', '', '', text, ''])
  }
  return alignTabs(rows, { minimumWidth: 5, padding: 3 })
}
