import { matchesSelector } from '../../kubernetes/api/selector.ts'
import type { Service } from '../../kubernetes/api/service.ts'
import { requestedAddresses, serviceLabels } from '../../kubernetes/cilium/lb-ipam/service-view.ts'
import {
  broadcastAddress,
  formatIpv4,
  formatPrefix,
  type Prefix,
  parseAddressWithLength,
  prefixAddress,
  prefixLength,
  prefixOf,
} from '../../wire/address.ts'
import {
  announcedByBgp,
  announcedByL2,
  type ClusterView,
  type PoolBlockView,
  poolBlocks,
  selectedNodes,
} from '../cluster-view.ts'
import type { LintContext } from '../context.ts'
import type { LintFinding, LintRule } from '../rule.ts'

export const poolOverlap: LintRule = {
  id: 'cilium/pool-overlap',
  level: 'error',
  summary: 'two blocks of CiliumLoadBalancerIPPools have addresses in common',
  explain:
    'The pool that was created later is marked as conflicting and gives out nothing, whatever its selector says (operator/pkg/lbipam/lbipam.go, settleConflicts).',
  *check(context) {
    for (const view of context.clusters) {
      const blocks = view.pools.flatMap(poolBlocks)
      for (const [index, block] of blocks.entries()) {
        const other = blocks.slice(0, index).find(one => overlap(one, block.range))
        if (other === undefined) continue
        yield {
          message: `${nameOf(block)} overlaps ${other.pool === block.pool ? 'another block of its own' : nameOf(other)} (${rangeText(other)})`,
          source: context.atManifest(view.cluster, block.pool, ...block.path),
          fix: 'take the common addresses out of one of them',
        }
      }
    }
  },
}

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

export const misalignedCidr: LintRule = {
  id: 'cilium/misaligned-cidr',
  level: 'warning',
  summary: "a pool's cidr has host bits: it begins earlier than it seems to",
  explain:
    'The host bits are cut off without a word: 20.0.0.100/24 gives out 20.0.0.0 first, not 20.0.0.100. A range is written with start and stop.',
  *check(context) {
    for (const view of context.clusters) {
      for (const block of view.pools.flatMap(poolBlocks)) {
        const written = parseAddressWithLength(block.cidr ?? '')
        if (written === undefined || written.address === block.range.first) continue
        yield {
          message: `${nameOf(block)}: ${block.cidr} means ${rangeText(block)}`,
          source: context.atManifest(view.cluster, block.pool, ...block.path),
          fix: `write ${formatIpv4(block.range.first)}/${written.length}, or "start: ${formatIpv4(written.address)}" and a stop`,
        }
      }
    }
  },
}

export const addressOutsidePools: LintRule = {
  id: 'cilium/address-outside-pools',
  level: 'error',
  summary: 'a service asks for an address that is in no pool, or in one that does not select the service',
  explain:
    'The service stays <pending> with the condition IPAMRequestSatisfied False (no_pool or pool_selector_mismatch), also when other pools have free addresses.',
  *check(context) {
    for (const view of context.clusters) {
      if (view.pools.length === 0) continue
      for (const service of view.services) {
        for (const address of requestedAddresses(service)) {
          const block = view.pools
            .flatMap(poolBlocks)
            .find(({ range }) => range.first <= address && address <= range.last)
          if (block !== undefined && takes(block.pool, service)) continue
          const why =
            block === undefined
              ? 'which is in no pool'
              : `which is in ${nameOf(block)}, but that one does not select the service`
          yield {
            message: `service ${keyOf(service)} asks for ${formatIpv4(address)}, ${why}`,
            source: atRequest(context, view, service),
            fix:
              block === undefined
                ? 'ask for an address of a pool, or add a block with it'
                : "correct the pool's serviceSelector or the service's labels",
          }
        }
      }
    }
  },
}

function atRequest(context: LintContext, { cluster }: ClusterView, service: Service) {
  if (service.spec.loadBalancerIP !== undefined) return context.atManifest(cluster, service, 'spec', 'loadBalancerIP')
  const key = Object.keys(service.metadata.annotations ?? {}).find(name => /lbipam.*ips|lb-ipam-ips/.test(name))
  return context.atManifest(cluster, service, 'metadata', 'annotations', ...(key === undefined ? [] : [key]))
}

export const noPoolForService: LintRule = {
  id: 'cilium/no-pool-for-service',
  level: 'warning',
  summary: 'no pool selects a service of type LoadBalancer',
  explain:
    'LB-IPAM gives it no address: EXTERNAL-IP stays <pending>, with the condition "There are no enabled CiliumLoadBalancerIPPools that match this service".',
  *check(context) {
    for (const view of context.clusters) {
      for (const service of view.services) {
        if (requestedAddresses(service).length > 0) continue
        if (view.pools.some(pool => pool.spec.disabled !== true && takes(pool, service))) continue
        if ((service.status.loadBalancer?.ingress ?? []).length > 0) continue
        const pools = view.pools.length === 0 ? 'the cluster has no pool' : 'no enabled pool selects it'
        yield {
          message: `service ${keyOf(service)} gets no address: ${pools}`,
          source: context.atManifest(view.cluster, service, 'metadata', 'labels'),
          fix: 'add a CiliumLoadBalancerIPPool whose serviceSelector matches its labels (or has none)',
        }
      }
    }
  },
}

export const notAnnounced: LintRule = {
  id: 'cilium/address-not-announced',
  level: 'warning',
  summary: 'no BGP or L2 policy announces the addresses of a service of type LoadBalancer',
  explain:
    'An address from a pool is known to nobody outside of the cluster until a policy announces it. A virtual router without serviceSelector announces no service at all; an L2 policy without loadBalancerIPs: true neither.',
  *check(context) {
    for (const view of context.clusters) {
      if (view.bgpPolicies.length + view.l2Policies.length === 0) continue
      for (const service of view.services) {
        const isKnown =
          view.bgpPolicies.some(policy => announcedByBgp(view, policy).includes(service)) ||
          view.l2Policies.some(policy => announcedByL2(view, policy).includes(service))
        if (isKnown) continue
        yield {
          message: `service ${keyOf(service)} is announced by no policy`,
          source: context.atManifest(view.cluster, service, 'metadata', 'labels'),
          fix: 'give it the labels that a policy selects, or give a policy a serviceSelector that matches it',
        }
      }
    }
  },
}

function takes({ spec }: ClusterView['pools'][number], service: Service): boolean {
  return spec.serviceSelector === undefined || matchesSelector(spec.serviceSelector, serviceLabels(service))
}

function overlap({ range }: PoolBlockView, other: { readonly first: number; readonly last: number }): boolean {
  return range.first <= other.last && other.first <= range.last
}

function rangeOf(prefix: Prefix): { readonly first: number; readonly last: number } {
  const first = prefixAddress(prefix)
  return { first, last: broadcastAddress(first, prefixLength(prefix)) }
}

function nameOf({ pool }: PoolBlockView): string {
  return `CiliumLoadBalancerIPPool ${pool.metadata.name}`
}

function rangeText({ range }: PoolBlockView): string {
  return `${formatIpv4(range.first)} to ${formatIpv4(range.last)}`
}

function keyOf({ metadata }: Service): string {
  return `${metadata.namespace ?? 'default'}/${metadata.name}`
}
