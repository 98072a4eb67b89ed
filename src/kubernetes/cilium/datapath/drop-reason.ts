/**
 * Why the datapath drops packets: Cilium's macro names with the texts that `cilium-dbg monitor` prints.
 * Source: bpf/lib/common.h, pkg/monitor/api/drop.go.
 */
export const CILIUM_DROP_TEXT = {
  DROP_NO_SERVICE: 'Service backend not found',
  DROP_NAT_NO_MAPPING: 'No mapping for NAT masquerade',
  DROP_NO_FIB: 'FIB lookup failed',
  DROP_IS_CLUSTER_IP: 'Service destination is a cluster IP',
  DROP_NOT_IN_SRC_RANGE: 'Not in source range',
  DROP_TTL_EXCEEDED: 'TTL exceeded',
  DROP_NO_TUNNEL_ENDPOINT: 'No tunnel/encapsulation endpoint (datapath BUG!)',
  DROP_CT_INVALID_HDR: 'Invalid IP header for DSR option',
} as const

export type CiliumDropReason = keyof typeof CILIUM_DROP_TEXT
