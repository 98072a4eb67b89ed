import { formatDuration } from '../../text/duration.ts'
import { formatPrefix } from '../../wire/address.ts'
import type { CiliumConfig } from './config.ts'
import type { CiliumProfile } from './profile.ts'

/** The entries of ConfigMap `cilium-config` that what is modelled depends on, keys as the agent spells its options. */
export function configMapData(config: CiliumConfig, profile: CiliumProfile): Record<string, string> {
  const data: Record<string, string> = {
    'auto-direct-node-routes': String(config.autoDirectNodeRoutes),
    'bpf-lb-algorithm': config.loadBalancerAlgorithm,
    'bpf-lb-mode': config.loadBalancerMode,
    'cluster-name': 'default',
    'enable-bgp-control-plane': String(config.isBgpControlPlaneEnabled),
    'enable-ipv4': 'true',
    'enable-ipv4-masquerade': String(config.isMasqueradeEnabled),
    'enable-ipv6': 'false',
    'enable-l2-announcements': String(config.isL2AnnouncementsEnabled),
    ipam: config.ipamMode,
    'kube-proxy-replacement': String(config.kubeProxyReplacement),
    'routing-mode': config.routingMode,
  }
  if (config.isL2AnnouncementsEnabled) {
    const { leaseDurationNs, renewDeadlineNs, retryPeriodNs } = config.leaseTimings
    data['l2-announcements-lease-duration'] = formatDuration(leaseDurationNs)
    data['l2-announcements-renew-deadline'] = formatDuration(renewDeadlineNs)
    data['l2-announcements-retry-period'] = formatDuration(retryPeriodNs)
  }
  if (config.devices.length > 0) data.devices = config.devices.join(' ')
  if (config.loadBalancerMode !== 'snat') data['bpf-lb-dsr-dispatch'] = config.dsrDispatch
  if (config.loadBalancerAlgorithm === 'maglev') data['bpf-lb-maglev-table-size'] = String(config.maglevTableSize)
  if (config.ipv4NativeRoutingPrefix !== undefined) {
    data['ipv4-native-routing-cidr'] = formatPrefix(config.ipv4NativeRoutingPrefix)
  }
  if (config.mtuBytes !== undefined) data.mtu = String(config.mtuBytes)
  if (config.ipamMode === 'cluster-pool') {
    data['cluster-pool-ipv4-cidr'] = formatPrefix(config.clusterPoolPrefix)
    data['cluster-pool-ipv4-mask-size'] = String(config.clusterPoolMaskLength)
  }
  if (profile.datapath.rejectsWithoutBackend) data['service-no-backend-response'] = 'reject'
  return data
}
