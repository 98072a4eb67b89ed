import type { CiliumAgent } from '../../../kubernetes/cilium/agent.ts'
import { alignTabs } from '../../../text/tab-writer.ts'
import { formatPrefix } from '../../../wire/address.ts'

/**
 * `cilium-dbg status` in an agent's pod: its lines on what is modelled here. Source: Cilium pkg/client/client.go
 * (FormatStatusResponse). Differs from Cilium: lines on subsystems that do not exist here are left out.
 */
export function renderAgentStatus({ cilium, podPrefix, ipam, isWorking }: CiliumAgent): string {
  const { config, version } = cilium
  const state = isWorking ? 'Ok' : 'Failure'
  return alignTabs(
    [
      ['Kubernetes:', 'Ok'],
      ['KubeProxyReplacement:', config.kubeProxyReplacement ? 'True' : 'False'],
      ['Cilium:', `${state}   ${version} (v${version})`],
      ['IPAM:', `IPv4: ${ipam.allocated}/${ipam.capacity} allocated from ${formatPrefix(podPrefix)}`],
      ['Routing:', `Network: ${config.routingMode === 'native' ? 'Native' : 'Tunnel'}`],
      ['Masquerading:', config.isMasqueradeEnabled ? 'Enabled' : 'Disabled'],
    ],
    { minimumWidth: 24, padding: 1 },
  )
}
