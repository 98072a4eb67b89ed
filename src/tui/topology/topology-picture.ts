/*
 * What the topology view draws: nodes in tiers and the links between them with the state of carrier and sessions.
 */
import { assignTiers, type Tiered } from '../../graph/assign-tiers.ts'
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
  /** Row, from the top. */
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

/** The nodes and links of all topologies of the lab. */
export function topologyPicture(lab: Lab): Picture {
  const links = [...lab.topologies.values()].flatMap(topology => topology.links)
  const sessions = sessionsOf(lab)
  const tiers = tiersOf(lab, links)
  const stateNames = stateNamesOf(lab)
  const nodes = [...lab.topologies.values()].flatMap(topology =>
    topology.model.nodes.map(({ name, kind }): PictureNode => {
      const own = topology.nodes.get(name)
      const names = own === undefined ? [] : (stateNames.get(own.host) ?? [])
      const stateName = names.find(one => sessions.has(one)) ?? (names.includes(name) ? name : (names[0] ?? name))
      const mine = sessions.get(stateName) ?? []
      const isBridge = kind === 'bridge' || kind === 'ovs-bridge'
      return {
        name,
        stateName,
        tier: tiers.get(name)!,
        isBridge,
        isRunning: own?.isRunning ?? true,
        asn: mine[0]?.asn,
        sessions: mine.length,
        sessionsUp: mine.filter(({ isUp }) => isUp).length,
      }
    }),
  )
  const named = new Map(nodes.map(({ name, stateName }) => [name, stateName]))
  return { nodes, links: links.map(link => pictureLink(link, named, sessions)) }
}

/** Rows by node name. */
function tiersOf(lab: Lab, links: readonly DeployedLink[]): ReadonlyMap<string, number> {
  const nodes = [...lab.topologies.values()].flatMap(topology =>
    topology.model.nodes.map(({ name, kind, labels }): Tiered => {
      const own = topology.nodes.get(name)
      const isRouter = own?.router !== undefined || own?.gobgp !== undefined
      const isBridge = kind === 'bridge' || kind === 'ovs-bridge'
      const level = Number.parseInt(labels.get('graph-level') ?? '', 10)
      const node = { id: name, name, kind: isBridge ? 'bridge' : isRouter ? 'router' : 'host' } as const
      return Number.isNaN(level) ? node : { ...node, level }
    }),
  )
  return assignTiers(
    nodes,
    links.map(({ ends: [a, b] }) => [a.node, b.node]),
  )
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
