/*
 * What the topology view draws: nodes in tiers and the links between them with the state of carrier and sessions. Hosts
 * stand at the bottom, bridges above them, then leaves, spines and what is above spines.
 */
import type { Lab } from '../../lab/lab.ts'
import type { DeployedEnd, DeployedLink } from '../../lab/topology.ts'
import { stateNodes } from '../../state/state-nodes.ts'
import type { BgpSessionRow } from '../../state/tables/bgp-sessions.ts'
import { parseIpv4, prefixContains, prefixOf } from '../../wire/address.ts'

export interface PictureNode {
  /** As in the topology file. */
  readonly name: string
  /** What state tables call it, where that is another name: a container whose network it shares. */
  readonly stateName: string
  /** 0 is the lowest. */
  readonly tier: number
  readonly isBridge: boolean
  readonly isRunning: boolean
  readonly asn: number | undefined
  /** Of its BGP sessions. */
  readonly sessionsUp: number
  readonly sessions: number
}

export interface PictureLink {
  readonly a: string
  readonly b: string
  readonly aInterface: string
  readonly bInterface: string
  readonly hasCarrier: boolean
  /** Of the BGP sessions over this link; `none` when there is none. */
  readonly session: 'up' | 'down' | 'none'
}

export interface Picture {
  readonly nodes: readonly PictureNode[]
  readonly links: readonly PictureLink[]
}

type Sessions = ReadonlyMap<string, readonly BgpSessionRow[]>

/** Tiers by the words that people put into names; the first that fits. */
const TIER_WORDS: readonly (readonly [RegExp, number])[] = [
  [/super|core|border|edge|isp|inet|internet|dc-?gw/i, 4],
  [/spine|aggr|dist/i, 3],
  [/leaf|tor\b|tor\d|access|rack/i, 2],
]
const HOST_TIER = 0
const BRIDGE_TIER = 1
const LEAF_TIER = 2

/** The nodes and links of all topologies of the lab. @param rows of the table bgpSessions, of all nodes */
export function topologyPicture(lab: Lab, rows: readonly BgpSessionRow[]): Picture {
  const links = [...lab.topologies.values()].flatMap(topology => topology.links)
  const sessions = groupByNode(rows)
  const stateNames = stateNamesOf(lab)
  const nodes = [...lab.topologies.values()].flatMap(topology =>
    topology.model.nodes.map(({ name, kind }): PictureNode => {
      const own = topology.nodes.get(name)
      const names = own === undefined ? [] : (stateNames.get(own.host) ?? [])
      const stateName = names.find(one => sessions.has(one)) ?? (names.includes(name) ? name : (names[0] ?? name))
      const mine = sessions.get(stateName) ?? []
      const isBridge = kind === 'bridge' || kind === 'ovs-bridge'
      const isRouter = own?.router !== undefined || own?.gobgp !== undefined
      return {
        name,
        stateName,
        tier: isBridge ? BRIDGE_TIER : (namedTier(name) ?? (isRouter ? LEAF_TIER : HOST_TIER)),
        isBridge,
        isRunning: own?.isRunning ?? true,
        asn: mine[0]?.asn,
        sessions: mine.length,
        sessionsUp: mine.filter(({ isUp }) => isUp).length,
      }
    }),
  )
  const named = new Map(nodes.map(({ name, stateName }) => [name, stateName]))
  return liftUpperHosts({ nodes, links: links.map(link => pictureLink(link, named, sessions)) })
}

/** A host that is only joined to spines stands above them, not below the leaves. */
function liftUpperHosts({ nodes, links }: Picture): Picture {
  const tiers = new Map(nodes.map(({ name, tier }) => [name, tier]))
  return {
    links,
    nodes: nodes.map(node => {
      if (node.tier !== HOST_TIER) return node
      const others = links.flatMap(({ a, b }) => (a === node.name ? [b] : b === node.name ? [a] : []))
      const lowest = Math.min(...others.map(name => tiers.get(name) ?? HOST_TIER))
      return others.length > 0 && lowest > LEAF_TIER ? { ...node, tier: lowest + 1 } : node
    }),
  }
}

function namedTier(name: string): number | undefined {
  return TIER_WORDS.find(([word]) => word.test(name))?.[1]
}

function stateNamesOf(lab: Lab): ReadonlyMap<unknown, readonly string[]> {
  const names = new Map<unknown, string[]>()
  for (const { node, name } of stateNodes(lab)) names.set(node.host, [...(names.get(node.host) ?? []), name])
  return names
}

function groupByNode(rows: readonly BgpSessionRow[]): Sessions {
  const groups = new Map<string, BgpSessionRow[]>()
  for (const row of rows) {
    const group = groups.get(row.node)
    if (group === undefined) groups.set(row.node, [row])
    else group.push(row)
  }
  return groups
}

function pictureLink(
  { cable, ends }: DeployedLink,
  named: ReadonlyMap<string, string>,
  sessions: Sessions,
): PictureLink {
  const [a, b] = ends
  const over = ends.flatMap(end => sessionsOver(end, sessions.get(named.get(end.node) ?? end.node) ?? []))
  return {
    a: a.node,
    b: b.node,
    aInterface: a.interface,
    bInterface: b.interface,
    hasCarrier: cable.isConnected && a.device.isUp && b.device.isUp,
    session: over.length === 0 ? 'none' : over.every(({ isUp }) => isUp) ? 'up' : 'down',
  }
}

/** The sessions of an end's node whose peer is in a network of this interface. */
function sessionsOver({ device }: DeployedEnd, rows: readonly BgpSessionRow[]): readonly BgpSessionRow[] {
  const networks = device.addresses.map(({ address, length }) => prefixOf(address, length))
  return rows.filter(({ peer }) => {
    const address = parseIpv4(peer)
    return address !== undefined && networks.some(network => prefixContains(network, address))
  })
}
