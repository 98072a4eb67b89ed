import { TABLE_MAIN } from '../host/fib.ts'
import type { Host } from '../host/host.ts'
import type { Interface } from '../host/interface.ts'
import type { LabNode } from '../lab/node.ts'
import { formatIpv4, type Ipv4Address, parseIpv4 } from '../wire/address.ts'
import { endpointNodes } from './cluster-view.ts'
import type { LintContext } from './context.ts'
import { type Journey, type WalkEnd, walk } from './walk.ts'

/** A client, what it talks to, and how a packet gets there and back. */
export interface RoundTrip {
  readonly client: string
  /** `10.0.5.100 (service default/web)`, `10.0.1.2 (server1)`. */
  readonly target: string
  readonly clientAddress: Ipv4Address
  readonly targetAddress: Ipv4Address
  readonly there: readonly WalkEnd[]
  /** From whoever answers; empty when nobody gets the packet. */
  readonly back: readonly WalkEnd[]
}

/** So many ends are paired with each other; in larger labs each with the next ones. */
const PARTNERS = 24

/** One end of conversations: a host that is no router. */
interface End {
  readonly host: Host
  readonly name: string
}

const known = new WeakMap<LintContext, readonly RoundTrip[]>()

/** Conversations of the lab's ends with services, then with each other. */
export function roundTrips(context: LintContext): readonly RoundTrip[] {
  const found = known.get(context) ?? allTrips(context)
  known.set(context, found)
  return found
}

function allTrips(context: LintContext): readonly RoundTrip[] {
  const scene = { context, isForeign: foreignHosts(context) }
  const ends = endsOf(context)
  return [...toServices(scene, ends), ...betweenHosts(scene, ends)]
}

/** The lab and what its walks may not claim anything about. */
interface Scene {
  readonly context: LintContext
  readonly isForeign: (host: Host) => boolean
}

function* betweenHosts(scene: Scene, ends: readonly End[]): Iterable<RoundTrip> {
  for (const [index, client] of ends.entries()) {
    const partners = Math.min(ends.length - 1, PARTNERS)
    for (let step = 1; step <= partners; step += 1) {
      const server = ends[(index + step) % ends.length]!
      for (const device of server.host.interfaces) {
        const address = device.addresses.find(one => one.scope === 'global')?.address
        if (address === undefined || device.isLoopback || isManagement(scene.context, server.host, device)) continue
        const trip = talk(scene, client, address, `${formatIpv4(address)} (${server.name})`, {})
        if (trip !== undefined) yield trip
      }
    }
  }
}

function* toServices(scene: Scene, ends: readonly End[]): Iterable<RoundTrip> {
  for (const view of scene.context.clusters) {
    const hosts = new Set(view.cluster.nodes.map(node => node.host))
    for (const service of view.services) {
      const address = parseIpv4(service.status.loadBalancer?.ingress?.[0]?.ip ?? '')
      const answering = view.cluster.nodes.filter(node => endpointNodes(view, service).has(node.name))
      if (address === undefined || answering.length === 0) continue
      const name = `${formatIpv4(address)} (service ${service.metadata.namespace}/${service.metadata.name})`
      const isDirect = view.cilium.config.loadBalancerMode !== 'snat'
      for (const client of ends) {
        if (hosts.has(client.host)) continue
        const takes = (host: Host): boolean => hosts.has(host)
        const from = isDirect ? answering.map(node => node.host) : undefined
        const trip = talk(scene, client, address, name, { takes, ...(from === undefined ? {} : { answers: from }) })
        if (trip !== undefined) yield trip
      }
    }
  }
}

interface Answering {
  readonly takes?: (host: Host) => boolean
  /** Who answers, with the address that was asked; undefined: whoever gets the packet. */
  readonly answers?: readonly Host[]
}

function talk(
  { context, isForeign }: Scene,
  client: End,
  destination: Ipv4Address,
  target: string,
  { takes, answers }: Answering,
): RoundTrip | undefined {
  const route = client.host.routeFor(destination)
  if (!route.ok || route.type !== 'unicast') return undefined
  const { source } = route
  const journey: Journey = { from: client.host, source, destination, ...(takes === undefined ? {} : { takes }) }
  const there = walk(context.wires, journey)
  if ([...there].some(end => [...end.passed, end.host].some(host => isForeign(host)))) return undefined
  const arrived = there.filter(end => end.kind === 'arrived' && !end.isTranslated).map(end => end.host)
  const from = arrived.length === 0 ? [] : (answers ?? [...new Set(arrived)])
  const back = from.flatMap(host => walk(context.wires, { from: host, source: destination, destination: source }))
  if (back.some(end => [...end.passed, end.host].some(host => isForeign(host)))) return undefined
  const ends = { client: client.name, target, clientAddress: source, targetAddress: destination }
  return { ...ends, there, back }
}

/** Forwarding that the walk knows nothing of: tables of VRFs and rules, tunnels, policies. So are lines that failed. */
const FOREIGN_FORWARDING =
  /\bvrf\b|\bip\s+ru\w*\b|\bxfrm\b|\bwireguard\b|\bwg\s|\bipsec\b|\btype\s+(vxlan|ipip|gre|geneve|sit)\b|\btunnel\b|\bDNAT\b/

function foreignHosts(context: LintContext): (host: Host) => boolean {
  const failed = context.lab.notices
    .filter(({ code }) => code === 'containerlab/exec-failed')
    .map(({ source }) => `${source.file}:${source.line}`)
  const isUnfinished = (nodes: readonly LabNode[]): boolean =>
    nodes.some(node =>
      context.models.get(node)?.exec.some(({ source }) => failed.includes(`${source.file}:${source.line}`)),
    )
  const found = new Set<Host>()
  for (const [host, nodes] of context.hosts())
    if (isUnfinished(nodes) || context.mentions(nodes, FOREIGN_FORWARDING)) found.add(host)
  return host => found.has(host)
}

/** Hosts that others send their packets to: gateways, whatever runs on them. */
function gateways(context: LintContext): ReadonlySet<Host> {
  const found = new Set<Host>()
  for (const host of context.hosts().keys()) {
    const seen = new Set<Ipv4Address>()
    for (const route of host.fib.routes(TABLE_MAIN)) {
      for (const { gateway, interface: device } of route.nextHops) {
        if (gateway === undefined || device === undefined || seen.has(gateway)) continue
        seen.add(gateway)
        const owner = context.wires.ownerOn(device, gateway)
        if (owner !== undefined) found.add(owner.host)
      }
    }
  }
  return found
}

/** Hosts without a router that forward for nobody, each network namespace once. */
function endsOf(context: LintContext): readonly End[] {
  const cluster = new Set(context.clusters.flatMap(view => view.cluster.nodes.map(node => node.host)))
  const routers = new Set(context.speakers.filter(({ kind }) => kind !== 'cilium').map(({ host }) => host))
  for (const host of gateways(context)) if (!cluster.has(host)) routers.add(host)
  return [...context.hosts()]
    .filter(
      ([host, nodes]) => !routers.has(host) && nodes.every(node => node.router === undefined && node.kind !== 'bridge'),
    )
    .filter(
      ([host]) => host.interfaces.all().filter(device => !device.isLoopback && device.addresses.length > 0).length > 0,
    )
    .filter(([, nodes]) => !context.isStandIn(nodes))
    .map(([host]) => ({ host, name: context.nameOf(host) }))
}

/** Docker's networks are no part of the fabric. */
function isManagement({ lab }: LintContext, host: Host, device: Interface): boolean {
  const isKind = device.name === 'eth0' && lab.nodes().some(node => node.host === host && node.kind === 'kind-node')
  return isKind || [...lab.topologies.values()].some(({ management }) => management.includes(device))
}
