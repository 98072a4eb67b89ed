import {
  broadcastAddress,
  formatIpv4,
  formatPrefix,
  type Prefix,
  prefixAddress,
  prefixLength,
  prefixOf,
} from '../../wire/address.ts'
import { type ClusterView, type PoolBlockView, poolBlocks, selectedNodes } from '../cluster-view.ts'
import type { LintContext } from '../context.ts'
import { nameOf, overlap } from '../pool-words.ts'
import type { LintFinding, LintRule } from '../rule.ts'

export const poolOverlapsNetwork: LintRule = {
  id: 'cilium/pool-overlaps-network',
  level: 'error',
  summary:
    'a pool contains addresses of pods, of cluster services, of devices, or of a network that nobody announces it in',
  explain:
    'LB-IPAM does not look at what else uses an address. An address of a device answers for the service, or the other way round; in a connected network neighbours ask by ARP, which only an L2 announcement answers.',
  *check(context) {
    for (const view of context.clusters) {
      for (const block of view.pools.flatMap(poolBlocks)) {
        const wrong = conflict(context, view, block)
        if (wrong !== undefined) yield { source: context.atManifest(view.cluster, block.pool, ...block.path), ...wrong }
      }
    }
  },
}

function conflict(
  context: LintContext,
  view: ClusterView,
  block: PoolBlockView,
): Pick<LintFinding, 'message' | 'fix'> | undefined {
  const { podSubnet, serviceSubnet } = view.cluster.model
  for (const [what, prefix] of [
    ["the cluster's pod network", podSubnet],
    ["the cluster's service network", serviceSubnet],
  ] as const) {
    if (overlap(block, rangeOf(prefix)))
      return {
        message: `${nameOf(block)} overlaps ${what} ${formatPrefix(prefix)}`,
        fix: 'choose another range for the pool',
      }
  }
  const taken = stationIn(context, block)
  if (taken !== undefined)
    return {
      message: `${nameOf(block)} contains ${taken}`,
      fix: 'leave the addresses of devices out of the pool (start and stop instead of cidr)',
    }
  const network = connectedNetwork(context, block)
  if (network === undefined || isAnnouncedIn(view, network.prefix)) return undefined
  return {
    message: `${nameOf(block)} lies in ${formatPrefix(network.prefix)}, the network of ${network.name}, where no CiliumL2AnnouncementPolicy answers ARP for it`,
    fix: 'choose a range outside of the fabric, or announce it with a CiliumL2AnnouncementPolicy',
  }
}

/** A device of the lab whose address lies in the block. */
function stationIn(context: LintContext, { range }: PoolBlockView): string | undefined {
  for (const host of context.hosts().keys()) {
    for (const device of host.interfaces) {
      const own = device.addresses.find(({ address }) => range.first <= address && address <= range.last)
      if (own !== undefined && !device.isLoopback)
        return `${formatIpv4(own.address)}, the address of ${context.nameOf(host)}:${device.name}`
    }
  }
  return undefined
}

/** A connected network of some device that the block lies in, at least with one end. */
function connectedNetwork(context: LintContext, block: PoolBlockView) {
  for (const host of context.hosts().keys()) {
    for (const device of host.interfaces) {
      if (device.isLoopback || device.kind === 'dummy') continue
      for (const { address, length } of device.addresses) {
        const prefix = prefixOf(address, length)
        if (length > 0 && length < 32 && overlap(block, rangeOf(prefix)))
          return { prefix, name: `${context.nameOf(host)}:${device.name}` }
      }
    }
  }
  return undefined
}

/** A node that an L2 policy with LoadBalancer addresses selects has a device in the network. */
function isAnnouncedIn(view: ClusterView, prefix: Prefix): boolean {
  return view.l2Policies.some(
    policy =>
      policy.spec.loadBalancerIPs === true &&
      view.cilium.config.isL2AnnouncementsEnabled &&
      selectedNodes(view, policy).some(({ host }) =>
        host.interfaces.all().some(device => device.hasSubnetOf(prefixAddress(prefix))),
      ),
  )
}

function rangeOf(prefix: Prefix): { readonly first: number; readonly last: number } {
  const first = prefixAddress(prefix)
  return { first, last: broadcastAddress(first, prefixLength(prefix)) }
}
