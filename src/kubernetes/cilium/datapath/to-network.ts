/**
 * What a node does with a packet that leaves by one of its outside devices: the program at tc egress. Answers of service
 * flows get the service's address; pods that talk to the outside get the node's.
 * Sources: bpf/bpf_host.c (cil_to_netdev), bpf/lib/nodeport.h (nodeport_rev_dnat_egress), bpf/lib/nat.h.
 */
import { ACCEPT, type HookVerdict } from '../../../host/hooks.ts'
import type { Interface } from '../../../host/interface.ts'
import { prefixContains } from '../../../wire/address.ts'
import type { EthernetFrame } from '../../../wire/ethernet.ts'
import { type Flow, flowKey, flowOf, withSource } from '../../../wire/flow.ts'
import { lifetimeNs } from './connection-table.ts'
import type { NodeDatapath } from './datapath.ts'

export function sendToNetwork(datapath: NodeDatapath, frame: EthernetFrame, device: Interface): HookVerdict {
  const packet = frame.payload
  if (packet.kind !== 'ipv4') return ACCEPT
  const flow = flowOf(packet)
  if (flow === undefined) return ACCEPT
  const key = flowKey(flow)
  const entry = datapath.reverse.get(key)
  if (entry !== undefined) {
    datapath.reverse.touch(key, lifetimeNs(packet))
    return { verdict: 'accept', packet: withSource(packet, entry.service) }
  }
  if (!mustMasquerade(datapath, flow, key)) return ACCEPT
  const own = device.addresses.find(address => address.scope === 'global' && !address.isSecondary)
  const source = datapath.snat.translate(flow, own?.address ?? datapath.nodeAddress, undefined, lifetimeNs(packet))
  if (source === undefined) return datapath.drop('DROP_NAT_NO_MAPPING', packet)
  return { verdict: 'accept', packet: withSource(packet, source) }
}

/** A pod's own flow to somewhere that is neither in the native routing CIDR nor a node of the cluster. */
function mustMasquerade(datapath: NodeDatapath, flow: Flow, key: string): boolean {
  if (!datapath.isMasqueradeEnabled || !prefixContains(datapath.podPrefix, flow.source)) return false
  const native = datapath.nativeRoutingPrefix
  if (native !== undefined && prefixContains(native, flow.destination)) return false
  return !datapath.isClusterAddress(flow.destination) && datapath.inbound.get(key) === undefined
}
