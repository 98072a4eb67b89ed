/**
 * `cilium bgp peers` and `cilium bgp routes`: the BGP control plane of every node as cilium-cli prints it.
 * Source: cilium-cli bgp/{peers,routes}.go, pkg/bgpv1/api/printer.go; GoBGP's attribute texts.
 * Not modelled: JSON output, IPv6 routes.
 */
import type { PeerRouteRow, PeerRow } from '../../../bgp/snapshot.ts'
import type { CiliumAgent } from '../../../kubernetes/cilium/agent.ts'
import type { VirtualRouter } from '../../../kubernetes/cilium/bgp/virtual-router.ts'
import type { Cilium } from '../../../kubernetes/cilium/cilium.ts'
import { alignTabs } from '../../../text/tab-writer.ts'
import { formatIpv4, formatPrefix } from '../../../wire/address.ts'
import type { PathAttributes } from '../../../wire/bgp/attributes.ts'

const TABS = { minimumWidth: 5, padding: 3 }

/** Names of GoBGP's session states in Cilium's API. */
const SESSION_STATE: Readonly<Record<PeerRow['state'], string>> = {
  Idle: 'idle',
  Connect: 'connect',
  Active: 'active',
  OpenSent: 'open_sent',
  OpenConfirm: 'open_confirm',
  Established: 'established',
  Clearing: 'idle',
}

/** The table of `cilium bgp peers`. */
export function renderPeers(cilium: Cilium): string {
  const rows = [
    ['Node', 'Local AS', 'Peer AS', 'Peer Address', 'Session State', 'Uptime', 'Family', 'Received', 'Advertised'],
  ]
  for (const agent of agentsByName(cilium)) {
    for (const [index, { router, peer }] of peersOf(agent).entries()) {
      const first = [
        index === 0 ? agent.node.name : '',
        String(router.localAsn),
        String(peer.remoteAs),
        formatIpv4(peer.address),
        SESSION_STATE[peer.state],
        uptimeOf(agent, peer),
      ]
      for (const [position, counts] of familyCounts(peer).entries()) {
        rows.push([...(position === 0 ? first : ['', '', '', '', '', '']), ...counts, ''])
      }
    }
  }
  return alignTabs(rows, TABS)
}

/** The table of `cilium-dbg bgp peers` on one node. */
export function renderNodePeers(agent: CiliumAgent): string {
  const rows = [['Local AS', 'Peer AS', 'Peer Address', 'Session', 'Uptime', 'Family', 'Received', 'Advertised']]
  for (const { router, peer } of peersOf(agent)) {
    const first = [
      String(router.localAsn),
      String(peer.remoteAs),
      `${formatIpv4(peer.address)}:${peer.model.port}`,
      SESSION_STATE[peer.state],
      uptimeOf(agent, peer),
    ]
    for (const [position, counts] of familyCounts(peer).entries()) {
      rows.push([...(position === 0 ? first : ['', '', '', '', '']), ...counts])
    }
  }
  return alignTabs(rows, TABS)
}

/** The table of `cilium bgp routes available ipv4 unicast`. */
export function renderAvailableRoutes(cilium: Cilium, vrouter: number | undefined): string {
  const rows = [['Node', 'VRouter', 'Prefix', 'NextHop', 'Age', 'Attrs']]
  for (const agent of agentsByName(cilium)) {
    let label = agent.node.name
    for (const router of routersOf(agent, vrouter)) {
      for (const { prefix, paths } of router.speaker?.snapshotTable().prefixes ?? []) {
        for (const { attributes, updatedAtNs } of paths) {
          const age = formatDuration(nowNs(agent) - updatedAtNs)
          const attrs = `[{Origin: ${originText(attributes)}} {Nexthop: ${formatIpv4(attributes.nextHop)}}]`
          const asn = String(router.localAsn)
          rows.push([label, asn, formatPrefix(prefix), formatIpv4(attributes.nextHop), age, attrs, ''])
          label = ''
        }
      }
    }
  }
  return alignTabs(rows, TABS)
}

/** The table of `cilium bgp routes advertised ipv4 unicast`. */
export function renderAdvertisedRoutes(
  cilium: Cilium,
  vrouter: number | undefined,
  peerText: string | undefined,
): string {
  const rows = [['Node', 'VRouter', 'Peer', 'Prefix', 'NextHop', 'Age', 'Attrs']]
  for (const agent of agentsByName(cilium)) {
    let label = agent.node.name
    for (const { router, peer } of peersOf(agent)) {
      const address = formatIpv4(peer.address)
      if ((vrouter !== undefined && router.localAsn !== vrouter) || (peerText !== undefined && peerText !== address)) {
        continue
      }
      for (const row of router.speaker?.snapshotAdvertised(peer.address)?.rows ?? []) {
        const nextHop = advertisedNextHop(row, peer)
        const age = formatDuration(ageOf(agent, router, row))
        const attrs = advertisedAttributes(row.attributes, nextHop, peer)
        rows.push([label, String(router.localAsn), address, formatPrefix(row.prefix), nextHop, age, attrs, ''])
        label = ''
      }
    }
  }
  return alignTabs(rows, TABS)
}

function agentsByName(cilium: Cilium): readonly CiliumAgent[] {
  return [...cilium.agents.values()].sort((one, other) => (one.node.name < other.node.name ? -1 : 1))
}

function routersOf(agent: CiliumAgent, vrouter: number | undefined): readonly VirtualRouter[] {
  return agent.bgp.routers.filter(router => vrouter === undefined || router.localAsn === vrouter)
}

/** Peers by local AS, then by the text of their address. */
function peersOf(agent: CiliumAgent): readonly { readonly router: VirtualRouter; readonly peer: PeerRow }[] {
  return agent.bgp.routers.flatMap(router => {
    const peers = [...(router.speaker?.snapshotPeers().peers ?? [])]
    peers.sort((one, other) => (formatIpv4(one.address) < formatIpv4(other.address) ? -1 : 1))
    return peers.map(peer => ({ router, peer }))
  })
}

/** Both families are configured by default; IPv6 carries nothing here. */
function familyCounts(peer: PeerRow): readonly (readonly [string, string, string])[] {
  return [
    ['ipv4/unicast', String(peer.receivedPrefixes), String(peer.sentPrefixes)],
    ['ipv6/unicast', '0', '0'],
  ]
}

function uptimeOf(agent: CiliumAgent, peer: PeerRow): string {
  const isUp = peer.state === 'Established' && peer.changedAtNs !== undefined
  return formatDuration(isUp ? nowNs(agent) - peer.changedAtNs! : 0)
}

function nowNs(agent: CiliumAgent): number {
  return agent.cilium.cluster.simulator.nowNs
}

function ageOf(agent: CiliumAgent, router: VirtualRouter, row: PeerRouteRow): number {
  const known = router.speaker?.snapshotTable().prefixes.find(candidate => candidate.prefix === row.prefix)
  return nowNs(agent) - (known?.paths[0]?.updatedAtNs ?? nowNs(agent))
}

function advertisedNextHop(row: PeerRouteRow, peer: PeerRow): string {
  return formatIpv4(row.attributes.nextHop || (peer.nextHopAddress ?? peer.localAddress ?? 0))
}

function advertisedAttributes(attributes: PathAttributes, nextHop: string, peer: PeerRow): string {
  const asns = attributes.asPath.flatMap(segment => segment.asns)
  const asPath = asns.length > 0 || peer.isInternal ? asns.join(' ') : String(peer.localAs)
  const parts = [`Origin: ${originText(attributes)}`, `AsPath: ${asPath}`, `Nexthop: ${nextHop}`]
  if (peer.isInternal) parts.push(`LocalPref: ${attributes.localPreference ?? 100}`)
  const { communities, largeCommunities } = attributes
  if (communities.length > 0) {
    const texts = communities.map(value => `${Math.floor(value / 65536)}:${value % 65536}`)
    parts.push(`Communities: ${texts.join(', ')}`)
  }
  if (largeCommunities.length > 0) parts.push(`LargeCommunity: ${largeCommunities.join(', ')}`)
  return `[${parts.map(part => `{${part}}`).join(' ')}]`
}

function originText(attributes: PathAttributes): string {
  return (['i', 'e', '?'] as const)[attributes.origin]
}

/** A span rounded to seconds as Go prints it: `0s`, `1m5s`, `2h0m7s`. */
export function formatDuration(spanNs: number): string {
  const seconds = Math.round(spanNs / 1e9)
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  if (hours > 0) return `${hours}h${minutes}m${seconds % 60}s`
  return minutes > 0 ? `${minutes}m${seconds % 60}s` : `${seconds}s`
}
