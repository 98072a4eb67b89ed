import type { Port } from '../link/port.ts'
import type { Journal } from '../sim/journal.ts'
import type { Origin } from '../sim/origin.ts'
import type { Random } from '../sim/random.ts'
import type { Simulator } from '../sim/simulator.ts'
import type { Ipv4Address, MacAddress, Prefix } from '../wire/address.ts'
import type { EthernetFrame } from '../wire/ethernet.ts'
import type { Ipv4Packet } from '../wire/ipv4.ts'
import { type AddressRequest, addAddress, deleteAddress } from './addresses.ts'
import { Counters } from './counters.ts'
import { addDevice, addLoopback, plugIn, removeDevice, setMaster } from './devices.ts'
import { Fib, type FibRoute, type RouteFacts, type RouteFilter, type RouteMatch, type RouteMode } from './fib.ts'
import { Hooks } from './hooks.ts'
import { announceHost } from './host-watch.ts'
import { Icmp } from './icmp.ts'
import { IdentificationSource } from './identification.ts'
import type { Interface, InterfaceKind } from './interface.ts'
import { InterfaceTable } from './interface-table.ts'
import { setInterfaceUp } from './link-events.ts'
import { Monitor } from './monitor.ts'
import { SourceNat } from './nat/source-nat.ts'
import { NeighborTable } from './neighbor/neighbor-table.ts'
import { NextHopObjects } from './next-hop-objects.ts'
import { type OutgoingPacket, type SendResult, sendPacket, sendRouted } from './output.ts'
import { receiveFrame, receivePacket } from './receive.ts'
import { failure, OK, type Result } from './result.ts'
import { RouteExceptions } from './route-exceptions.ts'
import { type RouteLookup, routeFor, type TransportFlow } from './route-select.ts'
import { addRoutes, deleteRoutes } from './routes.ts'
import { Sysctl } from './sysctl.ts'
import { TcpStack } from './tcp/stack.ts'
import { UdpStack } from './udp.ts'

export interface HostOptions {
  /** Unique in the simulation. */
  readonly name: string
  readonly simulator: Simulator
  /** The secret of the multipath hash, one per simulation as all namespaces of a kernel share it; 32 bits. */
  readonly multipathSeed: number
}

/**
 * One Linux network namespace: devices, addresses, routes, neighbours, sockets. Its operations are what iproute2, ioctl
 * and netlink do, with their errors. Starts with `lo`, up and with 127.0.0.1/8, as containers do.
 *
 * Not modelled: IPv6, policy rules, VRFs, multicast routing, IGMP, IPsec, netfilter tables except source NAT (see hooks.ts).
 */
export class Host {
  readonly name: string
  readonly simulator: Simulator
  readonly origin: Origin
  readonly random: Random
  readonly journal: Journal
  readonly multipathSeed: number
  readonly interfaces = new InterfaceTable()
  readonly fib = new Fib()
  readonly sysctl = new Sysctl()
  readonly hooks = new Hooks()
  readonly sourceNat: SourceNat
  readonly monitor = new Monitor()
  readonly counters = new Counters()
  /** `/etc/hosts`: names that commands on this host can resolve. */
  readonly names = new Map<string, Ipv4Address>()
  readonly routeExceptions: RouteExceptions
  readonly identification: IdentificationSource
  readonly nextHopObjects: NextHopObjects
  readonly neighbors: NeighborTable
  readonly icmp: Icmp
  readonly udp: UdpStack
  readonly tcp: TcpStack
  readonly loopback: Interface

  constructor(options: HostOptions) {
    this.name = options.name
    this.simulator = options.simulator
    this.multipathSeed = options.multipathSeed
    this.origin = options.simulator.origin(`host ${options.name}`)
    this.random = options.simulator.random.fork(options.name)
    this.journal = options.simulator.journal
    this.sourceNat = new SourceNat(this)
    this.routeExceptions = new RouteExceptions(this)
    this.identification = new IdentificationSource(this)
    this.nextHopObjects = new NextHopObjects(this)
    this.neighbors = new NeighborTable(this)
    this.loopback = addLoopback(this)
    this.icmp = new Icmp(this)
    this.udp = new UdpStack(this)
    this.tcp = new TcpStack(this)
    announceHost(this)
  }

  /** Plugs the end of a cable in. The device is up when the port is; its index is the next free one unless given. */
  addInterface(port: Port, name: string, index: number = this.interfaces.nextIndex): Interface {
    return plugIn(this, port, name, index)
  }

  /**
   * `ip link add NAME type KIND` for devices without a cable. EEXIST when the name is taken. A bridge gets a forwarding
   * plane; ports join it with `setMaster`. bond, vxlan, geneve and ipip devices exist but carry nothing.
   */
  addDummy(name: string, kind: Exclude<InterfaceKind, 'loopback' | 'veth'>): AddedInterface {
    return this.interfaces.get(name) === undefined
      ? { ok: true, interface: addDevice(this, name, kind) }
      : failure('EEXIST')
  }

  /** `ip link del`: its routes, addresses and neighbours go. EOPNOTSUPP for `lo`. */
  removeInterface(device: Interface): Result {
    if (device === this.loopback) return failure('EOPNOTSUPP')
    removeDevice(this, device)
    return OK
  }

  /** EEXIST when the name is taken. */
  renameInterface(device: Interface, name: string): Result {
    if (this.interfaces.get(name) !== undefined) return failure('EEXIST')
    this.sysctl.renameDevice(device.name, name)
    this.interfaces.rename(device, name)
    device.addresses = device.addresses.map(own => ({ ...own, label: own.label.replace(/^[^:]*/, name) }))
    this.monitor.notify({ kind: 'link', interface: device, isRemoved: false })
    return OK
  }

  /** `ip link set … up|down`. */
  setInterfaceUp(device: Interface, up: boolean): void {
    setInterfaceUp(this, device, up)
  }

  /** `ip link set … master BRIDGE`, or `nomaster` with undefined. EINVAL unless the master is a bridge. */
  setMaster(device: Interface, master: Interface | undefined): Result {
    return setMaster(this, device, master)
  }

  /** Changing the MAC address empties the device's neighbour table. */
  setMac(device: Interface, mac: MacAddress): Result {
    device.mac = mac
    device.hasOwnMac = true
    this.neighbors.flushDevice(device, 'all')
    this.monitor.notify({ kind: 'link', interface: device, isRemoved: false })
    return OK
  }

  /** EINVAL below 68 bytes. */
  setMtu(device: Interface, mtuBytes: number): Result {
    if (mtuBytes < 68) return failure('EINVAL', 'mtu less than device minimum.')
    device.mtuBytes = mtuBytes
    this.fib.version += 1
    this.monitor.notify({ kind: 'link', interface: device, isRemoved: false })
    return OK
  }

  /** `ip addr add`. EEXIST "ipv4: Address already assigned.". */
  addAddress(device: Interface, request: AddressRequest): Result {
    return addAddress(this, device, request)
  }

  /** `ip addr del`. EADDRNOTAVAIL "ipv4: Address not found.". */
  deleteAddress(device: Interface, request: { readonly address: Ipv4Address; readonly length: number }): Result {
    return deleteAddress(this, device, request)
  }

  /** `ip route add|replace|append|prepend|change`, with the kernel's checks of gateways, devices and sources. */
  addRoute(route: FibRoute, mode: RouteMode): Result {
    return addRoutes(this, [route.prefix], route, mode)
  }

  /** The same for several prefixes, each named once: all of them get the route, or none. */
  addRoutes(prefixes: readonly Prefix[], route: RouteFacts, mode: RouteMode): Result {
    return addRoutes(this, prefixes, route, mode)
  }

  /** `ip route del`: the first match goes. ESRCH when nothing matches. */
  deleteRoute(match: RouteMatch): Result {
    return deleteRoutes(this, [match.prefix], match)
  }

  /** The same for several prefixes. ESRCH when any of them has no such route; those of the others go. */
  deleteRoutes(prefixes: readonly Prefix[], filter: RouteFilter): Result {
    return deleteRoutes(this, prefixes, filter)
  }

  /** Sends a packet of this host's own: route, source, hooks, neighbour. Errors are those of sendmsg(2). */
  sendPacket(packet: OutgoingPacket): SendResult {
    return sendPacket(this, packet)
  }

  /** Sends a packet on a way that is known. Errors as `sendPacket`. */
  sendRouted(packet: Ipv4Packet, route: RouteLookup): SendResult {
    return sendRouted(this, packet, route)
  }

  /** What `ip route get` shows: the route, next hop and source for a packet of this host's own. */
  routeFor(destination: Ipv4Address, source?: Ipv4Address, transport?: TransportFlow): RouteLookup {
    if (transport === undefined) return routeFor(this, { destination, source })
    const { tos, protocol, sourcePort, destinationPort } = transport
    return routeFor(this, { destination, source, tos, protocol, sourcePort, destinationPort })
  }

  /** A frame has come in on a device. */
  receiveFrame(device: Interface, frame: EthernetFrame): void {
    receiveFrame(this, device, frame)
  }

  /** Hands a packet to the IP stack as if it had come in on the device, behind the ingress hooks. */
  receivePacket(device: Interface, packet: Ipv4Packet): void {
    receivePacket(this, device, packet, true)
  }

  /** Whether the address is one of this host's own (any address of 127/8 too). */
  isLocalAddress(address: Ipv4Address): boolean {
    return this.fib.isLocal(address)
  }

  /** Rises with every change of what routing looks at (`rt_genid_ipv4`, include/net/net_namespace.h). */
  get routeGeneration(): number {
    return this.fib.version + this.sysctl.version
  }

  /** The seed of the multipath hash in force: the sysctl's when it is set. */
  get effectiveMultipathSeed(): number {
    return this.sysctl.ipv4.fib_multipath_hash_seed || this.multipathSeed
  }
}

/** Answer of `addDummy`. */
export type AddedInterface = { readonly ok: true; readonly interface: Interface } | (Result & { readonly ok: false })
