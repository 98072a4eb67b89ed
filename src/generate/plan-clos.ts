import {
  type AddressWithLength,
  type Ipv4Address,
  ipv4,
  type Prefix,
  prefixAddress,
  prefixLength,
} from '../wire/address.ts'
import { AUTONOMOUS_SYSTEMS, announcedLength, announcedPrefix, POOLS, partOf } from './address-plan.ts'
import type { ClosShape } from './check-clos.ts'
import type { Endpoint, FabricPlan, HostPlan, InterfacePlan, PeerGroupPlan, RouterPlan } from './fabric-plan.ts'

/** A link between two routers, as seen from one of them. */
interface Adjacency {
  readonly device: string
  readonly peerName: string
  readonly own: Ipv4Address
  readonly peer: Ipv4Address
}

/** Names, addresses, systems and links of a fabric that `checkClos` has nothing to say about. */
export function planClos(shape: ClosShape): FabricPlan {
  const leaves = numbers(shape.leaves).map(leaf => planLeaf(shape, leaf))
  const spines = numbers(shape.spines).map(spine => planSpine(shape, spine))
  const supers = numbers(shape.superSpines).map(one => planSuperSpine(shape, one))
  const shapeName = `clos-${shape.spines}x${shape.leaves}${shape.superSpines > 0 ? `-super${shape.superSpines}` : ''}`
  return {
    name: `${shapeName}${shape.ibgpRouteReflectors ? '-rr' : ''}${shape.dialect === 'vyos' ? '-vyos' : ''}`,
    routers: [...supers, ...spines, ...leaves.map(leaf => leaf.router)],
    hosts: leaves.flatMap(leaf => leaf.hosts),
    links: [...superLinks(shape), ...leafLinks(shape), ...leaves.flatMap(leaf => leaf.hostLinks)],
  }
}

function planLeaf(shape: ClosShape, leaf: number) {
  const uplinks = spinesOf(shape, podOfLeaf(shape, leaf)).map(spine => towards(leafLink(shape, spine, leaf), 1))
  const networks = networksOf(shape, leaf)
  const withHost = networks.slice(0, shape.hostsPerLeaf)
  const hostName = (at: number) => `host${(leaf - 1) * shape.hostsPerLeaf + at + 1}`
  const hostDevice = (at: number) => `eth${uplinks.length + at + 1}`
  const hosts = withHost.map((prefix, at): HostPlan => {
    return { name: hostName(at), address: addressIn(prefix, 2), gateway: addressIn(prefix, 1).address }
  })
  const hostInterfaces = withHost.map((prefix, at): InterfacePlan => {
    return { name: hostDevice(at), description: hostName(at), address: addressIn(prefix, 1) }
  })
  const routerId = loopback('leafLoopbacks', leaf)
  const router: RouterPlan = {
    name: `leaf${leaf}`,
    autonomousSystem: systemOf(shape, AUTONOMOUS_SYSTEMS.leaf(leaf)),
    routerId,
    clusterId: undefined,
    loopbackAddresses: [
      { address: routerId, length: 32 },
      ...networks.slice(shape.hostsPerLeaf).map(prefix => addressIn(prefix, 1)),
    ],
    interfaces: [...uplinks.map(toInterface), ...hostInterfaces],
    peerGroups: [group(shape, 'SPINES', uplinks, AUTONOMOUS_SYSTEMS.pod(podOfLeaf(shape, leaf)))],
    announced: networks,
  }
  const hostLinks = hosts.map((host, at): [Endpoint, Endpoint] => [
    [router.name, hostDevice(at)],
    [host.name, 'eth1'],
  ])
  return { router, hosts, hostLinks }
}

function planSpine(shape: ClosShape, spine: number): RouterPlan {
  const pod = podOfSpine(shape, spine)
  const down = leavesOf(shape, pod).map(leaf => towards(leafLink(shape, spine, leaf), 0))
  const up = numbers(shape.superSpines).map(one => towards(superLink(shape, one, spine), 1))
  const routerId = loopback('spineLoopbacks', spine)
  const leafGroup = group(shape, 'LEAVES', down, 'external')
  const superGroup = group(shape, 'SUPER-SPINES', up, AUTONOMOUS_SYSTEMS.superSpines)
  return {
    name: `spine${spine}`,
    autonomousSystem: systemOf(shape, AUTONOMOUS_SYSTEMS.pod(pod)),
    routerId,
    // all reflectors of a pod are one cluster, so that what one reflects upwards does not come back to another
    clusterId: shape.ibgpRouteReflectors ? loopback('spineLoopbacks', spinesOf(shape, pod)[0]!) : undefined,
    loopbackAddresses: [{ address: routerId, length: 32 }],
    interfaces: [...down, ...up].map(toInterface),
    peerGroups: up.length === 0 ? [leafGroup] : [leafGroup, superGroup],
    announced: [],
  }
}

function planSuperSpine(shape: ClosShape, number: number): RouterPlan {
  const down = numbers(shape.spines).map(spine => towards(superLink(shape, number, spine), 0))
  const routerId = loopback('superLoopbacks', number)
  return {
    name: `super${number}`,
    autonomousSystem: systemOf(shape, AUTONOMOUS_SYSTEMS.superSpines),
    routerId,
    clusterId: shape.ibgpRouteReflectors ? loopback('superLoopbacks', 1) : undefined,
    loopbackAddresses: [{ address: routerId, length: 32 }],
    interfaces: down.map(toInterface),
    peerGroups: [group(shape, 'SPINES', down, 'external')],
    announced: [],
  }
}

/** With route reflectors the lower tier is the clients of the upper one. */
function group(
  shape: ClosShape,
  name: PeerGroupPlan['name'],
  adjacencies: readonly Adjacency[],
  external: number | 'external',
): PeerGroupPlan {
  const isInternal = shape.ibgpRouteReflectors
  const isDownwards = external === 'external'
  return {
    name,
    remoteAs: isInternal ? 'internal' : external,
    areClients: isInternal && isDownwards,
    setsNextHop: isInternal && (isDownwards || name === 'SUPER-SPINES'),
    peers: adjacencies.map(one => one.peer),
  }
}

/** A link with both ends' names, interfaces and addresses; the upper tier has the even address. */
interface Link {
  readonly ends: readonly [Endpoint, Endpoint]
  readonly addresses: readonly [Ipv4Address, Ipv4Address]
}

function leafLink(shape: ClosShape, spine: number, leaf: number): Link {
  const { spines, leaves, pods } = shape
  // 0 is the first of the pod
  const leafInPod = (leaf - 1) % (leaves / pods)
  const spineInPod = (spine - 1) % (spines / pods)
  return link(partOf(POOLS.leafLinks, 31, (spine - 1) * (leaves / pods) + leafInPod), [
    [`spine${spine}`, `eth${leafInPod + 1}`],
    [`leaf${leaf}`, `eth${spineInPod + 1}`],
  ])
}

function superLink(shape: ClosShape, number: number, spine: number): Link {
  const below = shape.leaves / shape.pods
  return link(partOf(POOLS.superLinks, 31, (number - 1) * shape.spines + spine - 1), [
    [`super${number}`, `eth${spine}`],
    [`spine${spine}`, `eth${below + number}`],
  ])
}

function link(address: Ipv4Address, ends: Link['ends']): Link {
  return { ends, addresses: [address, ipv4(address + 1)] }
}

function towards({ ends, addresses }: Link, end: 0 | 1): Adjacency {
  return { device: ends[end][1], peerName: ends[1 - end]![0], own: addresses[end], peer: addresses[1 - end]! }
}

function toInterface({ device, peerName, own }: Adjacency): InterfacePlan {
  return { name: device, description: peerName, address: { address: own, length: 31 } }
}

function leafLinks(shape: ClosShape): (readonly [Endpoint, Endpoint])[] {
  return numbers(shape.spines).flatMap(spine =>
    leavesOf(shape, podOfSpine(shape, spine)).map(leaf => leafLink(shape, spine, leaf).ends),
  )
}

function superLinks(shape: ClosShape): (readonly [Endpoint, Endpoint])[] {
  return numbers(shape.superSpines).flatMap(one =>
    numbers(shape.spines).map(spine => superLink(shape, one, spine).ends),
  )
}

function networksOf({ leaves, prefixesPerLeaf }: ClosShape, leaf: number): readonly Prefix[] {
  const length = announcedLength(leaves * prefixesPerLeaf)
  return numbers(prefixesPerLeaf).map(at => announcedPrefix((leaf - 1) * prefixesPerLeaf + at - 1, length))
}

function addressIn(prefix: Prefix, offset: number): AddressWithLength {
  return { address: ipv4(prefixAddress(prefix) + offset), length: prefixLength(prefix) }
}

function loopback(pool: 'leafLoopbacks' | 'spineLoopbacks' | 'superLoopbacks', number: number): Ipv4Address {
  return partOf(POOLS[pool], 32, number)
}

function systemOf({ ibgpRouteReflectors }: ClosShape, external: number): number {
  return ibgpRouteReflectors ? AUTONOMOUS_SYSTEMS.internal : external
}

function podOfLeaf({ leaves, pods }: ClosShape, leaf: number): number {
  return Math.ceil(leaf / (leaves / pods))
}

function podOfSpine({ spines, pods }: ClosShape, spine: number): number {
  return Math.ceil(spine / (spines / pods))
}

function leavesOf({ leaves, pods }: ClosShape, pod: number): number[] {
  return numbers(leaves / pods).map(at => (pod - 1) * (leaves / pods) + at)
}

function spinesOf({ spines, pods }: ClosShape, pod: number): number[] {
  return numbers(spines / pods).map(at => (pod - 1) * (spines / pods) + at)
}

/** 1 to count. */
function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1)
}
