import type { Speaker } from '../../bgp/speaker.ts'
import type { Lab } from '../../lab/lab.ts'
import { speakersOf } from '../../lab/speakers.ts'
import { formatIpv4, formatPrefix, type Ipv4Address, type Prefix, prefixLength } from '../../wire/address.ts'
import { type NamedNode, ownerOf, stateNodes } from '../state-nodes.ts'
import { defineTable } from '../table.ts'

/** An address or network that a node announces as its own. */
export interface AnnouncementRow {
  /** `20.0.0.100`, or a network `10.1.0.0/24`. */
  readonly address: string
  /** Name of the node; of several containers that share its network the one that it is counted for. */
  readonly by: string
  /** `bgp`: originated by a speaker. `l2`: answered for on the link. */
  readonly how: string
  /** bgp: `network`, `redistributed`, `aggregate`, `originated`. l2: `lease`. */
  readonly origin: string
  /** `namespace/name` of the services that have the address. */
  readonly services: readonly string[]
  /** bgp: peers that it is sent to now. */
  readonly peers: readonly string[]
  /** l2: devices on which it is answered. */
  readonly devices: readonly string[]
}

/** With a node: what it announces. */
export const announcements = defineTable<AnnouncementRow>({
  name: 'announcements',
  title: 'Announcements',
  scope: 'lab',
  key: ['address', 'by', 'how', 'origin'],
  volatile: [],
  rows: (lab, node) => {
    const owners = serviceOwners(lab)
    const announcers = stateNodes(lab, node).filter(one => node !== undefined || ownerOf(lab, one.node) === one.node)
    const found = announcers.flatMap(named => [
      ...speakersOf(lab, named.node).flatMap(speaker => originated(named.name, speaker, owners)),
      ...answered(lab, named, owners),
    ])
    return found.sort((a, b) => a.order - b.order).map(({ row }) => row)
  },
})

interface Ordered {
  /** Network address, then length: as prefixes sort. */
  readonly order: number
  readonly row: AnnouncementRow
}

type Owners = ReadonlyMap<string, readonly string[]>

function originated(by: string, speaker: Speaker, owners: Owners): readonly Ordered[] {
  const found: Ordered[] = []
  for (const { prefix, paths } of speaker.table.rib.sorted()) {
    for (const path of paths) {
      if (!path.isLocal || path.isRemoved || !path.isSelected) continue
      const text = formatPrefix(prefix)
      const address = prefixLength(prefix) === 32 ? text.slice(0, -3) : text
      const services = owners.get(address) ?? []
      const peers = peersWith(speaker, prefix)
      found.push({ order: prefix, row: { address, by, how: 'bgp', origin: path.kind, services, peers, devices: [] } })
    }
  }
  return found
}

function peersWith(speaker: Speaker, prefix: Prefix): readonly string[] {
  return [...speaker.sessions.values()]
    .filter(session => session.isEstablished && session.queue.announced.has(prefix))
    .sort((a, b) => a.address - b.address)
    .map(session => formatIpv4(session.address))
}

function answered(lab: Lab, { node, name: by }: NamedNode, owners: Owners): readonly Ordered[] {
  const devices = new Map<Ipv4Address, string[]>()
  for (const cluster of lab.clusters.values()) {
    const member = cluster.nodes.find(({ host }) => host === node.host)
    const rows = member === undefined ? [] : (cluster.cilium?.agent(member.name)?.l2.rows ?? [])
    for (const { address, device } of rows) devices.set(address, [...(devices.get(address) ?? []), device.name])
  }
  return [...devices].map(([value, names]) => {
    const address = formatIpv4(value)
    const services = owners.get(address) ?? []
    return {
      order: value * 64 + 32,
      row: { address, by, how: 'l2', origin: 'lease', services, peers: [], devices: names },
    }
  })
}

function serviceOwners(lab: Lab): Owners {
  const owners = new Map<string, string[]>()
  for (const { store } of lab.clusters.values()) {
    for (const { metadata, spec, status } of store.list('Service')) {
      const ingress = (status.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? [])
      for (const address of new Set([
        ...ingress,
        ...(spec.externalIPs ?? []),
        ...(spec.clusterIP ? [spec.clusterIP] : []),
      ]))
        owners.set(address, [...(owners.get(address) ?? []), `${metadata.namespace}/${metadata.name}`])
    }
  }
  return owners
}
