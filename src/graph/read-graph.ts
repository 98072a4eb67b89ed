import type { Lab } from '../lab/lab.ts'
import { LabMap } from '../lab/lab-map.ts'
import type { LabNode } from '../lab/node.ts'
import type { DeployedEnd, DeployedTopology } from '../lab/topology.ts'
import { formatIpv4 } from '../wire/address.ts'
import { assignTiers } from './assign-tiers.ts'
import type { Graph, GraphEnd, GraphLink, GraphNode } from './graph.ts'
import { readSessions } from './read-sessions.ts'

/** What a node is before its row in the picture is known. */
export type Unplaced = Omit<GraphNode, 'tier'>

/** Node identifiers by what is known of a node. */
export interface Identifiers {
  /** Of a node of a topology file; containers of other topologies may have the same name. */
  of(node: LabNode): string
}

/** Reads the picture of a lab as it is at this instant: nodes, links and BGP sessions. */
export function readGraph(lab: Lab): Graph {
  const map = new LabMap(lab)
  const topologies = [...lab.topologies.values()]
  const known = topologies.flatMap(topology => [...topology.nodes.values()])
  const ids: Identifiers = { of: node => idOf(lab, node) }
  const nodes = new Map<string, Unplaced>()
  for (const topology of topologies)
    for (const { name, labels } of topology.model.nodes)
      addNode(topology, name, Number.parseInt(labels.get('graph-level') ?? '', 10))
  // clusters whose nodes have no leg in a topology still belong to the lab
  for (const node of lab.nodes())
    if (!known.some(one => one.host === node.host)) nodes.set(ids.of(node), unplaced(node))

  function addNode(topology: DeployedTopology, name: string, level: number): void {
    const node = topology.nodes.get(name)
    const one: Unplaced =
      node === undefined || node.host === lab.machine.host
        ? { id: name, name, kind: 'bridge', asns: [], isRunning: true }
        : { ...unplaced(node), id: ids.of(node), name }
    nodes.set(one.id, Number.isNaN(level) ? one : { ...one, level })
  }

  function unplaced(node: LabNode): Unplaced {
    const asns = map.speakersAt(map.nodeOf(node.host) ?? node).map(({ speaker }) => speaker.model.asn)
    const kind =
      node.router !== undefined || node.gobgp !== undefined ? 'router' : isClusterNode(lab, node) ? 'node' : 'host'
    return { id: ids.of(node), name: node.name, kind, asns: [...new Set(asns)], isRunning: node.isRunning }
  }

  const links = topologies.flatMap(topology =>
    topology.links.map(
      ({ cable, ends: [a, b] }): GraphLink => ({
        ends: [endOf(lab, topology, a, ids), endOf(lab, topology, b, ids)],
        hasCarrier: cable.a.hasCarrier && cable.b.hasCarrier,
      }),
    ),
  )
  // the machine and its networks are in no list of nodes: host:eth0, mgmt-net:port
  for (const { ends } of links) {
    for (const { node: id } of ends) {
      const kind = id === 'host' ? 'host' : 'bridge'
      if (!nodes.has(id)) nodes.set(id, { id, name: id, kind, asns: [], isRunning: true })
    }
  }
  const { onLinks, others, strangers } = readSessions(map, ids, links)
  for (const stranger of strangers) nodes.set(stranger.id, stranger)
  const joined = links.map(({ ends: [a, b] }) => [a.node, b.node] as const)
  const tiers = assignTiers([...nodes.values()], joined)
  return {
    name: topologies[0]?.model.name ?? [...lab.clusters.keys()][0] ?? 'lab',
    nodes: [...nodes.values()].map(node => ({ ...node, tier: tiers.get(node.id)! })),
    links: links.map((link, index) => {
      const session = onLinks.get(index)
      return session === undefined ? link : { ...link, session }
    }),
    sessions: others,
  }
}

/** By the name in the topology file; containers that share a namespace are one node. */
function idOf(lab: Lab, node: LabNode): string {
  const sidecars = [...lab.topologies.values()].flatMap(topology => [...topology.nodes.values()])
  const first = sidecars.find(one => one.host === node.host) ?? node
  return lab.node(first.name) === first ? first.name : first.containerName
}

function endOf(
  lab: Lab,
  topology: DeployedTopology,
  { node, interface: device, device: { addresses } }: DeployedEnd,
  ids: Identifiers,
): GraphEnd {
  const owner = topology.nodes.get(node)
  return {
    node: owner === undefined || owner.host === lab.machine.host ? node : ids.of(owner),
    interface: device,
    addresses: addresses.map(({ address, length }) => `${formatIpv4(address)}/${length}`),
  }
}

function isClusterNode(lab: Lab, { host }: LabNode): boolean {
  return [...lab.clusters.values()].some(cluster => cluster.nodes.some(node => node.host === host))
}
