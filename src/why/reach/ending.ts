import type { Host } from '../../host/host.ts'
import type { Interface } from '../../host/interface.ts'
import { CILIUM_DROP_TEXT, type CiliumDropReason } from '../../kubernetes/cilium/datapath/drop-reason.ts'
import type { SourceRef } from '../../model/source.ts'
import { formatIpv4, formatPrefix, type Ipv4Address } from '../../wire/address.ts'
import { type Ipv4Packet, ipv4PacketBytes } from '../../wire/ipv4.ts'
import type { Step } from '../answer.ts'
import { type Question, who } from '../question.ts'
import { explainAbsence } from '../route/absent.ts'
import { likelyPrefix } from '../route/likely-prefix.ts'
import { serviceDropLine } from '../services.ts'
import { failed, told } from '../step.ts'
import { explainNeighbor } from './neighbor.ts'
import { routeAt, type Visit } from './visits.ts'

/** How a packet's way ended at a station, in one step with the responsible line. */
export function explainDrop(question: Question, visit: Visit, reason: string, packet: Ipv4Packet): Step {
  const { host, input, out } = visit
  const { places, map } = question
  const name = map.nameOf(host)
  const node = map.nodeOf(host)
  const sysctl = (key: string): SourceRef | undefined => (node === undefined ? undefined : places.sysctl(node, key))
  const [kind = reason, detail] = reason.split(': ')
  switch (kind) {
    case 'no-route':
      return noRoute(question, host, packet.destination)
    case 'route-blackhole':
    case 'route-unreachable':
    case 'route-prohibit': {
      const { route } = routeAt(question, host, packet)
      const text = `${name} has a ${route?.type ?? 'refusing'} route ${route === undefined ? '' : formatPrefix(route.prefix)} for ${formatIpv4(packet.destination)}`
      return failed(text, route === undefined ? undefined : refusingLine(question, host, route.prefix))
    }
    case 'neighbor-failed':
      return explainNeighbor(question, host, packet)
    case 'reverse-path-filter': {
      const back = host.fib.match(packet.source)
      const expected = back?.nextHops.map(hop => hop.interface?.name ?? '?').join(', ')
      const way =
        back === undefined
          ? 'it has no route there'
          : `its way there is ${formatPrefix(back.prefix)} out of ${expected}`
      return failed(
        `${name} ${input?.name ?? ''} drops packets from ${formatIpv4(packet.source)} (rp_filter): ${way}`,
        sysctl('rp_filter'),
      )
    }
    case 'not-forwarding':
      return failed(`${name} does not forward (net.ipv4.ip_forward is 0)`, sysctl('ip_forward') ?? sysctl('forwarding'))
    case 'ttl-exceeded':
      return failed(`the TTL ran out at ${name}`, undefined)
    case 'packet-too-big':
    case 'frame-too-long':
      return tooBig(question, host, out?.device ?? routeDevice(host, packet), packet)
    case 'own-source-address':
      return failed(
        `${name} drops it: the source ${formatIpv4(packet.source)} is its own address too`,
        duplicateLine(question, host, packet.source),
      )
    case 'hook': {
      const text = `${name} drops it: ${CILIUM_DROP_TEXT[detail as CiliumDropReason] ?? detail ?? 'a filter'} (${detail ?? kind})`
      return failed(text, serviceDropLine(question, packet.destination, detail ?? ''))
    }
    case 'no-carrier':
    case 'interface-down':
      return failed(`${name}: the way out is down (${kind})`, undefined)
    default:
      return failed(`${name} drops it: ${reason}`, undefined)
  }
}

/** A host without a route, and why it has none. */
export function noRoute(question: Question, host: Host, destination: Ipv4Address): Step {
  const { map } = question
  const node = map.nodeOf(host)
  const gates = node === undefined ? [] : explainAbsence(question, node, likelyPrefix(question, destination))
  const name = map.nameOf(host)
  const text = `${name} has no route to ${formatIpv4(destination)}`
  const source = gates[0]?.source
  return failed(text, source, gates)
}

function routeDevice(host: Host, packet: Ipv4Packet): Interface | undefined {
  const route = host.routeFor(packet.destination)
  return route.ok ? route.interface : undefined
}

function tooBig(question: Question, host: Host, device: Interface | undefined, packet: Ipv4Packet): Step {
  const { map, places } = question
  const node = map.nodeOf(host)
  const name = map.nameOf(host)
  if (device === undefined) return failed(`${name}: ${ipv4PacketBytes(packet)} bytes are too many`, undefined)
  const text = `${name} ${device.name} has MTU ${device.mtuBytes}, the packet has ${ipv4PacketBytes(packet)} bytes and may not be fragmented`
  return failed(text, node === undefined ? undefined : places.mtu(node, device.name))
}

/** A static or aggregate line that refuses. */
function refusingLine({ map, places }: Question, host: Host, prefix: number): SourceRef | undefined {
  const node = map.nodeOf(host)
  const router = node?.router?.model
  return (
    router?.staticRoutes.find(line => line.prefix === prefix && line.type !== 'unicast')?.source ??
    router?.bgp?.aggregates.find(one => one.prefix === prefix)?.source ??
    (node === undefined ? undefined : places.exec(node, /\broute\b.*\b(blackhole|unreachable|prohibit)\b/))
  )
}

function duplicateLine({ map, places }: Question, host: Host, address: Ipv4Address): SourceRef | undefined {
  const own = map.owners(address).find(owner => owner.host === host)
  return own?.node === undefined ? undefined : places.address(own.node, own.device.name, address)
}

/** Nothing dropped it and nothing came of it: by what is known of the last station. */
export function explainSilence(question: Question, visits: readonly Visit[], kind: 'probe' | 'answer'): Step {
  const { map, places } = question
  const last = visits.at(-1)
  if (last === undefined) return failed(`nothing left the sender`, undefined)
  const name = map.nameOf(last.host)
  const { out } = last
  if (out === undefined) return explainNoAnswer(question, last, kind)
  const far = map.farEnd(out.device)
  const bytes = out.packet.fragmentBytes ?? ipv4PacketBytes(out.packet)
  if (far !== undefined && far.device.mtuBytes + 4 < bytes) {
    const source = far.node === undefined ? undefined : places.mtu(far.node, far.device.name)
    return failed(
      `${far.name} ${far.device.name} has MTU ${far.device.mtuBytes} and takes no frame of ${bytes} bytes; nobody is told`,
      source,
    )
  }
  const node = map.nodeOf(last.host)
  const link = node === undefined ? undefined : places.link(node, out.device.name)
  const impaired = out.device.port?.egress?.describe()
  const note = impaired === undefined ? '' : ` (${impaired})`
  const to = far === undefined ? '' : ` to ${far.name} ${far.device.name}`
  return failed(`lost on the link from ${name} ${out.device.name}${to}${note}`, link)
}

/** It arrived, and nothing came back. */
function explainNoAnswer(question: Question, { host, arrival, input }: Visit, kind: 'probe' | 'answer'): Step {
  const { map, places } = question
  const name = map.nameOf(host)
  const node = map.nodeOf(host)
  if (!host.isLocalAddress(arrival.destination))
    return failed(`${name} ${input?.name ?? ''} took it in and did nothing with it`, undefined)
  const back = host.routeFor(arrival.source)
  if (!back.ok) {
    const step = noRoute(question, host, arrival.source)
    return { ...step, text: `${name} got it, but has no route back to ${formatIpv4(arrival.source)}` }
  }
  if (arrival.payload.kind === 'icmp' && host.sysctl.get('net.ipv4.icmp_echo_ignore_all') === '1')
    return failed(
      `${name} answers no pings (icmp_echo_ignore_all)`,
      node === undefined ? undefined : places.sysctl(node, 'icmp_echo_ignore_all'),
    )
  return failed(`${name} got the ${kind} and did nothing with it`, undefined)
}

/** Stations that come again and again. */
export function findLoop(question: Question, visits: readonly Visit[]): Step | undefined {
  const counts = new Map<Host, number>()
  for (const { host } of visits) counts.set(host, (counts.get(host) ?? 0) + 1)
  const again = [...counts].filter(([, count]) => count > 2).map(([host]) => host)
  const packet = visits.find(visit => visit.host === again[0])?.arrival
  if (again.length === 0 || packet === undefined) return undefined
  const names = again.map(host => question.map.nameOf(host))
  const steps = again.map(host => loopStep(question, host, packet))
  const source = steps.find(step => step.source !== undefined)?.source
  return failed(`forwarding loop between ${names.join(' and ')}`, source, steps)
}

function loopStep(question: Question, host: Host, packet: Ipv4Packet): Step {
  const { route } = routeAt(question, host, packet)
  const node = question.map.nodeOf(host)
  const hops = route?.nextHops.map(hop =>
    hop.gateway === undefined ? (hop.interface?.name ?? '?') : who(question, hop.gateway),
  )
  const line =
    route === undefined || node === undefined
      ? undefined
      : (node.router?.model.staticRoutes.find(one => one.prefix === route.prefix)?.source ??
        routeAt(question, host, packet).source)
  return told(
    `${question.map.nameOf(host)} sends ${formatIpv4(packet.destination)} by ${route === undefined ? '?' : formatPrefix(route.prefix)} to ${hops?.join(', ') ?? '?'}`,
    line,
  )
}
