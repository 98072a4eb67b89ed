import { Host } from '../../src/host/host.ts'
import type { Interface } from '../../src/host/interface.ts'
import { Cable } from '../../src/link/cable.ts'
import { Port } from '../../src/link/port.ts'
import { Simulator } from '../../src/sim/simulator.ts'
import {
  type Ipv4Address,
  type MacAddress,
  type Prefix,
  parseAddressWithLength,
  parseIpv4,
  parsePrefix,
} from '../../src/wire/address.ts'

/** Address of a text that is one. */
export function ip(text: string): Ipv4Address {
  const address = parseIpv4(text)
  if (address === undefined) throw new Error(`not an address: ${text}`)
  return address
}

/** Prefix of a text that is one; `default` for 0.0.0.0/0. */
export function prefix(text: string): Prefix {
  const parsed = parsePrefix(text === 'default' ? '0.0.0.0/0' : text)
  if (parsed === undefined) throw new Error(`not a prefix: ${text}`)
  return parsed
}

export function newHost(simulator: Simulator, name: string, multipathSeed = 1): Host {
  return new Host({ name, simulator, multipathSeed })
}

/** Joins two hosts by a cable; the interface names are the ends' (`client:eth1`). Both ends are up, with carrier. */
export function join(
  a: Host,
  aName: string,
  b: Host,
  bName: string,
  mtuBytes = 1500,
): readonly [Interface, Interface, Cable] {
  const ports = [
    new Port(`${a.name}:${aName}`, macOf(a, aName), mtuBytes),
    new Port(`${b.name}:${bName}`, macOf(b, bName), mtuBytes),
  ] as const
  const ends = [a.addInterface(ports[0], aName), b.addInterface(ports[1], bName)] as const
  const cable = new Cable(a.simulator, `${a.name}:${aName} ${b.name}:${bName}`, ports[0], ports[1])
  ends[0].peer = ends[1]
  ends[1].peer = ends[0]
  return [ends[0], ends[1], cable]
}

/** `10.0.5.1/24` onto an interface. */
export function give(host: Host, device: Interface, text: string): void {
  const result = host.addAddress(device, parseAddressWithLength(text)!)
  if (!result.ok) throw new Error(`${text}: ${result.errno} ${result.message}`)
}

/** A client and a server behind one router: 10.0.1.0/24 and 10.0.2.0/24, the router's addresses end in .1. */
export function clientRouterServer(options: { readonly mtuBytes?: number; readonly serverMtuBytes?: number } = {}) {
  const simulator = new Simulator()
  const client = newHost(simulator, 'client')
  const router = newHost(simulator, 'router')
  const server = newHost(simulator, 'server')
  const [clientEth, routerEth1, clientCable] = join(client, 'eth1', router, 'eth1', options.mtuBytes)
  const [routerEth2, serverEth, serverCable] = join(
    router,
    'eth2',
    server,
    'eth1',
    options.serverMtuBytes ?? options.mtuBytes,
  )
  give(client, clientEth, '10.0.1.10/24')
  give(router, routerEth1, '10.0.1.1/24')
  give(router, routerEth2, '10.0.2.1/24')
  give(server, serverEth, '10.0.2.10/24')
  router.sysctl.set('net.ipv4.ip_forward', '1')
  addDefault(client, '10.0.1.1')
  addDefault(server, '10.0.2.1')
  return {
    simulator,
    client,
    router,
    server,
    clientEth,
    routerEth1,
    routerEth2,
    serverEth,
    clientCable,
    serverCable,
    /** Sends echo requests, one a second, and returns what came back, in order, after `forSeconds`. */
    ping: (destination: string, count: number, forSeconds = count + 4, intervalMs = 1000) =>
      ping(client, destination, count, forSeconds, intervalMs),
  }
}

export function addDefault(host: Host, gateway: string): void {
  addRoute(host, 'default', gateway)
}

/** `ip route add PREFIX via GATEWAY`. */
export function addRoute(host: Host, to: string, gateway: string): void {
  const result = host.addRoute(
    {
      prefix: prefix(to),
      type: 'unicast',
      table: 254,
      tos: 0,
      metric: 0,
      protocol: 'boot',
      scope: 'global',
      nextHops: [{ gateway: ip(gateway), weight: 1, onlink: false, isDead: false, isLinkDown: false }],
    },
    'add',
  )
  if (!result.ok) throw new Error(`${to} via ${gateway}: ${result.errno} ${result.message}`)
}

/** `reply 1`, `11/0 2 from 10.0.1.1` and the like, in the order of arrival. */
export function ping(host: Host, destination: string, count: number, forSeconds: number, intervalMs = 1000): string[] {
  const { simulator } = host
  const seen: string[] = []
  const socket = host.icmp.openEcho()
  socket.onReply = reply => seen.push(`reply ${reply.message.sequence}`)
  socket.onError = ({ message, packet }) => {
    const { payload } = message.quoted
    const sequence = payload.kind === 'icmp' && 'sequence' in payload ? payload.sequence : '?'
    seen.push(`${message.type}/${message.code} ${sequence} from ${formatAddress(packet.source)}`)
  }
  const origin = simulator.origin('test ping')
  for (let sequence = 1; sequence <= count; sequence += 1) {
    simulator.schedule(origin, (sequence - 1) * intervalMs * 1e6, () => {
      const result = socket.send({ destination: ip(destination), sequence, dataBytes: 56 })
      if (!result.ok) seen.push(`${result.errno} ${sequence}`)
    })
  }
  simulator.runUntil(simulator.nowNs + forSeconds * 1e9)
  socket.close()
  return seen
}

function formatAddress(address: number): string {
  return [24, 16, 8, 0].map(shift => (address >>> shift) & 255).join('.')
}

function macOf(host: Host, name: string): MacAddress {
  const random = host.random.fork(`test mac ${name}`)
  return (0x0200 * 2 ** 32 + random.uint32()) as MacAddress
}
