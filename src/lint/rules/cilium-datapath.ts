import { sanitizeLeaseTimings } from '../../kubernetes/cilium/l2/lease-timings.ts'
import { selectedDevices } from '../../kubernetes/cilium/l2/selected-devices.ts'
import { formatIpv4, formatPrefix, type Ipv4Address, ipv4 } from '../../wire/address.ts'
import { type ClusterView, poolBlocks } from '../cluster-view.ts'
import type { LintContext } from '../context.ts'
import type { LintRule } from '../rule.ts'
import { walk } from '../walk.ts'

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

export const leaseTimings: LintRule = {
  id: 'cilium/lease-timings',
  level: 'warning',
  summary: 'the timings of L2 announcement leases contradict each other, and the agent changes them',
  explain:
    'The election library wants leaseDuration > leaseRenewDeadline > 1.2 * leaseRetryPeriod. What does not fit is replaced, with a line in the log of the agent only (pkg/l2announcer/l2announcer.go).',
  *check(context) {
    for (const view of context.clusters) {
      if (!view.cilium.config.isL2AnnouncementsEnabled || view.l2Policies.length === 0) continue
      const { warnings, timings } = sanitizeLeaseTimings(view.cilium.config.leaseTimings)
      const [first] = warnings
      if (first === undefined) continue
      const seconds = [timings.leaseDurationNs, timings.renewDeadlineNs, timings.retryPeriodNs].map(
        span => `${span / 1e9}s`,
      )
      const key = /^--l2-announcements-(lease-duration|renew-deadline|retry-period)/.exec(first)?.[1]
      const value =
        { 'lease-duration': 'leaseDuration', 'renew-deadline': 'leaseRenewDeadline' }[key ?? ''] ?? 'leaseRetryPeriod'
      yield {
        message: `L2 announcement leases will use ${seconds.join(', ')} (duration, renew deadline, retry period) instead of what is set`,
        source: context.atHelmValue(view, `l2announcements.${value}`),
        fix: 'set leaseDuration > leaseRenewDeadline > 1.2 * leaseRetryPeriod, for example 3s, 1s, 200ms',
      }
    }
  },
}

export const podsUnreachable: LintRule = {
  id: 'cilium/pods-unreachable',
  level: 'warning',
  summary: 'with native routing the fabric knows no way to the pods of another node',
  explain:
    'routingMode=native sends packets between pods as they are. Without autoDirectNodeRoutes (nodes of one network) or exportPodCIDR (BGP) no router knows the networks of the pods, and pods of different nodes do not reach each other.',
  *check(context) {
    for (const view of context.clusters) {
      const { config } = view.cilium
      if (config.routingMode !== 'native' || (config.isBgpControlPlaneEnabled && view.bgpPolicies.length === 0))
        continue
      const lost = firstLost(context, view)
      if (lost === undefined) continue
      yield {
        message: `pods on ${lost.from} do not reach those on ${lost.to} (${formatPrefix(lost.prefix)}): the way ends at ${lost.at}`,
        source: context.atHelmValue(view, 'routingMode'),
        fix: 'set autoDirectNodeRoutes=true when the nodes share a network, or exportPodCIDR: true in the peering policies',
      }
    }
  },
}

function firstLost(context: LintContext, { cluster, cilium }: ClusterView) {
  for (const from of cluster.nodes) {
    for (const to of cluster.nodes) {
      const prefix = cilium.agent(to.name)?.podPrefix
      if (from === to || prefix === undefined || !from.isRunning || !to.isRunning) continue
      const destination = ipv4(Math.floor(prefix / 64) + 1)
      const takes = (host: typeof to.host): boolean => host === to.host
      const ends = walk(context.wires, { from: from.host, source: from.address, destination, takes })
      const end = ends.find(one => one.kind !== 'arrived')
      if (end !== undefined) return { from: from.name, to: to.name, prefix, at: context.nameOf(end.host) }
    }
  }
  return undefined
}

export const poolLoops: LintRule = {
  id: 'cilium/pool-loops',
  level: 'info',
  summary: "packets to a pool's unused addresses go in a circle between routers",
  explain:
    "Only addresses that a service has are announced. For the others the routers' default routes count, which may point at each other: every packet then travels until its TTL ends (cilium/cilium#14118). A route for the whole pool that discards them ends that.",
  *check(context) {
    for (const view of context.clusters) {
      for (const block of view.pools.flatMap(poolBlocks)) {
        const address = unusedIn(view, block.range)
        const found = address === undefined ? undefined : circle(context, address)
        if (address === undefined || found === undefined) continue
        const network = block.cidr ?? `${formatIpv4(block.range.first)} to ${formatIpv4(block.range.last)}`
        yield {
          message: `packets to unused addresses of ${block.pool.metadata.name} (${formatIpv4(address)}) go round between ${found.join(' and ')}`,
          source: context.atManifest(view.cluster, block.pool, ...block.path),
          fix: `add a discard route for ${network} on ${found[0]} ("ip route … blackhole", VyOS: static route … blackhole)`,
        }
      }
    }
  },
}

function unusedIn({ services }: ClusterView, range: { readonly first: Ipv4Address; readonly last: Ipv4Address }) {
  const used = new Set(services.flatMap(({ status }) => (status.loadBalancer?.ingress ?? []).map(({ ip }) => ip)))
  for (let address = range.last; address >= range.first && address > range.last - 64; address = ipv4(address - 1))
    if (!used.has(formatIpv4(address))) return address
  return undefined
}

/** Routers that a packet comes round between, from any of them. */
function circle(context: LintContext, destination: Ipv4Address): readonly string[] | undefined {
  for (const { host, kind } of context.speakers) {
    if (kind === 'cilium') continue
    const source = host.interfaces
      .all()
      .flatMap(device => device.addresses)
      .find(({ scope }) => scope === 'global')?.address
    if (source === undefined) continue
    const loop = walk(context.wires, { from: host, source, destination }).find(end => end.kind === 'loop')
    if (loop !== undefined) return loop.passed.slice(loop.passed.indexOf(loop.host)).map(one => context.nameOf(one))
  }
  return undefined
}
