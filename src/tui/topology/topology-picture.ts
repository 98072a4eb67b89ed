/*
 * What the topology view draws: nodes in tiers and the links between them with the state of carrier and sessions. Hosts
 * stand at the bottom, bridges above them, then leaves, spines and what is above spines.
 */
import type { Lab } from '../../lab/lab.ts'
import { speakersOf } from '../../lab/speakers.ts'
import type { DeployedEnd, DeployedLink } from '../../lab/topology.ts'
import { stateNodes } from '../../state/state-nodes.ts'
import { type Ipv4Address, prefixContains, prefixOf } from '../../wire/address.ts'

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

/** What is drawn of a BGP session: less than a row of the table, which counts prefixes. */
interface PictureSession {
  readonly peer: Ipv4Address
  readonly isUp: boolean
  readonly asn: number
}

type Sessions = ReadonlyMap<string, readonly PictureSession[]>

/** Tiers by the words that people put into names; the first that fits. */
const TIER_WORDS: readonly (readonly [RegExp, number])[] = [
  [/super|core|border|edge|isp|inet|internet|dc-?gw/i, 4],
  [/spine|aggr|dist/i, 3],
  [/leaf|tor\b|tor\d|access|rack/i, 2],
]
const HOST_TIER = 0
const BRIDGE_TIER = 1
const LEAF_TIER = 2

/** The nodes and links of all topologies of the lab. */
export function topologyPicture(lab: Lab): Picture {
  const links = [...lab.topologies.values()].flatMap(topology => topology.links)
  const sessions = sessionsOf(lab)
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
  const lowest = new Map<string, number>()
  for (const { a, b } of links)
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const)
      lowest.set(from, Math.min(lowest.get(from) ?? Number.POSITIVE_INFINITY, tiers.get(to) ?? HOST_TIER))
  return {
    links,
    nodes: nodes.map(node => {
      const below = lowest.get(node.name) ?? HOST_TIER
      return node.tier === HOST_TIER && below > LEAF_TIER ? { ...node, tier: below + 1 } : node
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

function sessionsOf(lab: Lab): Sessions {
  const found = new Map<string, readonly PictureSession[]>()
  for (const { node, name } of stateNodes(lab)) {
    const own = speakersOf(lab, node).flatMap(({ model, sessions }) =>
      [...sessions.values()].map(({ address, isEstablished }) => ({
        peer: address,
        isUp: isEstablished,
        asn: model.asn,
      })),
    )
    if (own.length > 0) found.set(name, own)
  }
  return found
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
function sessionsOver({ device }: DeployedEnd, sessions: readonly PictureSession[]): readonly PictureSession[] {
  if (sessions.length === 0) return sessions
  const networks = device.addresses.map(({ address, length }) => prefixOf(address, length))
  return sessions.filter(({ peer }) => networks.some(network => prefixContains(network, peer)))
}
