import { formatIpv4, type Ipv4Address, ipv4 } from '../../wire/address.ts'
import { type ClusterView, poolBlocks } from '../cluster-view.ts'
import type { LintContext } from '../context.ts'
import type { LintRule } from '../rule.ts'
import { walk } from '../walk.ts'

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
