import { selectedDevices } from '../../kubernetes/cilium/l2/selected-devices.ts'
import type { ClusterView } from '../cluster-view.ts'
import type { LintContext } from '../context.ts'
import type { LintRule } from '../rule.ts'

/** Bytes that each way of carrying the service's address adds to a packet (cilium bpf/lib/dsr.h; Geneve: 50 and the option). */
const DSR_OVERHEAD_BYTES = { opt: 8, geneve: 62, ipip: 20 } as const

export const dsrMtu: LintRule = {
  id: 'cilium/dsr-mtu',
  level: 'warning',
  summary: "with DSR a client's full-size packet does not fit between the nodes any more",
  explain:
    'The node that a packet reaches first adds the address of the service: 8 bytes of IP option to a SYN and to every UDP datagram, more with geneve and ipip. Nothing announces a smaller MTU, so that full-size datagrams are dropped between the nodes (cilium/cilium#32601). TCP with the option is safe: only the SYN carries it.',
  *check(context) {
    for (const view of context.clusters) {
      const { loadBalancerMode, dsrDispatch } = view.cilium.config
      if (loadBalancerMode === 'snat') continue
      const affected = loadBalancerMode === 'dsr' ? ['UDP'] : []
      if (dsrDispatch !== 'opt') affected.push('TCP')
      const service = view.services.find(({ spec }) =>
        (spec.ports ?? []).some(port => affected.includes(port.protocol ?? 'TCP')),
      )
      const overhead = DSR_OVERHEAD_BYTES[dsrDispatch]
      const room = nodeMtu(view)
      const largest = clientMtu(context, view) ?? room
      if (service === undefined || room === undefined || largest === undefined || largest + overhead <= room) continue
      yield {
        message: `packets of ${largest} bytes to service ${service.metadata.namespace}/${service.metadata.name} become ${largest + overhead} by DSR (${dsrDispatch}), but nodes have MTU ${room}`,
        source: context.atHelmValue(view, 'loadBalancer.mode'),
        fix: `raise the MTU between the nodes to ${largest + overhead}, lower the clients', or use loadBalancer.mode=${loadBalancerMode === 'dsr' && dsrDispatch === 'opt' ? 'hybrid' : 'snat'}`,
      }
    }
  },
}

/** Smallest MTU of the devices that Cilium works on and that lie in the fabric. */
function nodeMtu({ cluster, cilium }: ClusterView): number | undefined {
  const mtus = cluster.nodes.flatMap(({ host, address }) =>
    selectedDevices(host, address, cilium.config.devices)
      .filter(device => device.addresses.some(own => own.address === address))
      .map(device => device.mtuBytes),
  )
  return mtus.length === 0 ? undefined : Math.min(...mtus)
}

/** Largest MTU that hosts outside of the cluster send with; undefined when the lab has none. */
function clientMtu(context: LintContext, { cluster }: ClusterView): number | undefined {
  const nodes = new Set(cluster.nodes.map(node => node.host))
  const mtus = [...context.hosts()]
    .filter(
      ([host, members]) =>
        !nodes.has(host) && members.every(node => node.router === undefined && node.kind === 'linux'),
    )
    .flatMap(([host]) => host.interfaces.all())
    .filter(device => !device.isLoopback && device.addresses.length > 0 && device.name !== 'eth0')
    .map(device => device.mtuBytes)
  return mtus.length === 0 ? undefined : Math.max(...mtus)
}
