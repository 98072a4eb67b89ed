import type { Host } from '../../host/host.ts'
import type { Interface } from '../../host/interface.ts'
import { readDsrOption } from '../../kubernetes/cilium/datapath/dsr.ts'
import type { MacAddress } from '../../wire/address.ts'
import { formatIpv4, formatPrefix } from '../../wire/address.ts'
import type { Ipv4Packet } from '../../wire/ipv4.ts'
import type { Step } from '../answer.ts'
import { type Question, who } from '../question.ts'
import { routeSource } from '../route/kernel.ts'
import { told } from '../step.ts'
import type { Side, TraceEvent } from './trace.ts'

/** What one node did with a packet between taking it in and giving it on. */
export interface Visit {
  readonly host: Host
  /** Undefined at the sender. */
  readonly input: Interface | undefined
  /** As it came in, or as its sender made it. */
  readonly arrival: Ipv4Packet
  readonly rewrites: { readonly before: Ipv4Packet; readonly after: Ipv4Packet }[]
  out: { readonly device: Interface; readonly mac: MacAddress | undefined; readonly packet: Ipv4Packet } | undefined
  drop: { readonly reason: string; readonly packet: Ipv4Packet } | undefined
}

/** The stations of one way, in order. */
export function visitsOf(events: readonly TraceEvent[], side: Side): readonly Visit[] {
  const visits: Visit[] = []
  for (const event of events) {
    if (event.side !== side) continue
    const { host, packet } = event
    let current = visits.at(-1)
    const isNew = current === undefined || current.host !== host || (event.kind === 'in' && current.out !== undefined)
    if (current === undefined || isNew) {
      const input = event.kind === 'in' ? event.device : undefined
      current = { host, input, arrival: packet, rewrites: [], out: undefined, drop: undefined }
      visits.push(current)
    }
    if (event.kind === 'rewrite') current.rewrites.push({ before: packet, after: event.after })
    else if (event.kind === 'out') current.out = { device: event.device, mac: event.mac, packet }
    else if (event.kind === 'drop') current.drop ??= { reason: event.reason, packet }
  }
  return visits
}

/** One line for a station, its rewrites below it. */
export function visitStep(question: Question, visit: Visit): Step {
  const { map } = question
  const { host, input, out, rewrites, drop } = visit
  const name = map.nameOf(host)
  const way = [input?.name, out?.device.name].filter(text => text !== undefined)
  const head = `${name}${input === undefined ? '' : ` ${input.name}`}`
  const below = rewrites
    .flatMap(({ before, after }) => rewriteText(question, before, after) ?? [])
    .map(text => told(text))
  if (drop !== undefined) return { ...told(`${head}: dropped (${drop.reason})`, undefined, below), outcome: 'fail' }
  if (out === undefined) {
    const isLocal = host.isLocalAddress(visit.arrival.destination)
    return told(`${head}: ${isLocal ? 'arrives' : 'taken in'}, TTL ${visit.arrival.ttl}`, undefined, below)
  }
  return told(`${name} ${way.join(' > ')}: ${routeText(question, host, out)}`, undefined, below)
}

/** The route that a packet took out of a device, and which of its next hops. */
function routeText(question: Question, host: Host, out: NonNullable<Visit['out']>): string {
  const { device, packet, mac } = out
  const route = host.fib.match(packet.destination, packet.tos)
  const hops = route?.nextHops.filter(hop => hop.interface === device) ?? []
  const hop = hops.find(one => host.neighbors.get(device, one.gateway ?? packet.destination)?.mac === mac) ?? hops[0]
  if (route === undefined || hop === undefined) return `to ${who(question, packet.destination)} by the datapath`
  const prefix = formatPrefix(route.prefix)
  const choice =
    route.nextHops.length > 1 ? ` (hash: ${route.nextHops.indexOf(hop) + 1} of ${route.nextHops.length})` : ''
  return hop.gateway === undefined
    ? `${prefix} is connected${choice}`
    : `${prefix} via ${who(question, hop.gateway)}${choice}`
}

/** What routing looks at. */
export type RoutedPacket = Pick<Ipv4Packet, 'source' | 'destination' | 'tos'>

/** The route that a packet would take or did take at a station, with the line that made it. */
export function routeAt(question: Question, host: Host, packet: RoutedPacket) {
  const route = host.fib.match(packet.destination, packet.tos)
  const node = question.map.nodeOf(host)
  const source = route === undefined || node === undefined ? undefined : routeSource(question, node, route)
  return { route, source }
}

/** What a rewrite is called; undefined when only checksums or lengths changed. */
function rewriteText(question: Question, before: Ipv4Packet, after: Ipv4Packet): string | undefined {
  if (isTunnel(after) && !isTunnel(before)) {
    const kind = after.payload.kind === 'udp' ? 'Geneve' : 'IPIP'
    return `put into ${kind} from ${formatIpv4(after.source)} to ${who(question, after.destination)}`
  }
  if (isTunnel(before) && !isTunnel(after)) return `taken out of ${before.payload.kind === 'udp' ? 'Geneve' : 'IPIP'}`
  if (after.payload.kind === 'icmp' && 'quoted' in after.payload && before.payload.kind !== 'icmp')
    return 'answered by an ICMP error'
  const texts: string[] = []
  const [fromSource, toSource] = [endText(before, 'source'), endText(after, 'source')]
  const [fromTarget, toTarget] = [endText(before, 'destination'), endText(after, 'destination')]
  if (fromTarget !== toTarget) texts.push(`destination ${fromTarget} > ${toTarget} (DNAT)`)
  if (fromSource !== toSource) texts.push(`source ${fromSource} > ${toSource} (SNAT)`)
  const service = readDsrOption(after)
  if (service !== undefined && readDsrOption(before) === undefined)
    texts.push(`DSR option added: service ${formatIpv4(service.address)}:${service.port}`)
  return texts.length === 0 ? undefined : texts.join(', ')
}

function isTunnel({ payload }: Ipv4Packet): boolean {
  return payload.kind === 'ipv4' || (payload.kind === 'udp' && payload.payload?.kind === 'geneve')
}

function endText({ payload, ...packet }: Ipv4Packet, end: 'source' | 'destination'): string {
  const address = formatIpv4(packet[end])
  if (payload.kind !== 'tcp' && payload.kind !== 'udp') return address
  return `${address}:${end === 'source' ? payload.sourcePort : payload.destinationPort}`
}
