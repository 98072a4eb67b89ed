import type { Bridge } from '../link/bridge.ts'
import type { Port, Tap } from '../link/port.ts'
import { type Ipv4Address, type MacAddress, networkAddress, ZERO_MAC } from '../wire/address.ts'
import type { DeviceSettings, NeighborSettings } from './sysctl-definitions.ts'

/** Kind of a network device as `ip -d link` names it. */
export type InterfaceKind = 'loopback' | 'veth' | 'dummy' | 'bridge' | 'bond' | 'vxlan' | 'geneve' | 'ipip'

/** Scope of an address; its number in the kernel is global 0, link 253, host 254. */
export type AddressScope = 'global' | 'link' | 'host'

/** One IPv4 address of an interface (`struct in_ifaddr`). */
export interface InterfaceAddress {
  readonly address: Ipv4Address
  readonly length: number
  /** Only when it was given: `ip addr add A/L` sets none. */
  readonly broadcast?: Ipv4Address | undefined
  readonly scope: AddressScope
  /** Another address of the same subnet came first. Changes when the primary is promoted away. */
  readonly isSecondary: boolean
  /** `eth0` or `eth0:1`. */
  readonly label: string
  /** The other end of a point-to-point address; the subnet is then the peer's. */
  readonly peer?: Ipv4Address | undefined
}

/** Frames and bytes as `ip -s link` counts them. */
export interface InterfaceCounters {
  receivedPackets: number
  receivedBytes: number
  receiveDrops: number
  transmittedPackets: number
  transmittedBytes: number
  transmitDrops: number
}

export interface InterfaceOptions {
  readonly index: number
  readonly name: string
  readonly kind: InterfaceKind
  readonly mac?: MacAddress
  readonly mtuBytes: number
  readonly port?: Port
  readonly bridge?: Bridge
  readonly settings: DeviceSettings
  readonly neighborSettings: NeighborSettings
}

/** A network device of a host. Change it through the operations of `Host`, which do what the kernel does then. */
export class Interface {
  readonly index: number
  readonly kind: InterfaceKind
  readonly port: Port | undefined
  /** The forwarding plane of a bridge device. */
  readonly bridge: Bridge | undefined
  name: string
  isUp = false
  /** Whether it has ever been up: before, `ip link` shows qdisc `noop`. */
  hasBeenUp = false
  /** In list order: primaries by scope and age, then secondaries. */
  addresses: InterfaceAddress[] = []
  /** The bridge or bond this is a port of. */
  master: Interface | undefined
  /** Carrier of a bridge when it was last looked at. */
  hadCarrier = false
  /** A bridge whose MAC address was set no longer follows its ports. */
  hasOwnMac = false
  /** See every frame that passes: those of the port, or own ones of a device without a port. */
  readonly taps: Set<Tap>
  /** The other end of a veth pair, set by who made the pair; `ip link` prints `@ifN` from it. */
  peer: Interface | undefined
  readonly qdisc: 'noqueue'
  readonly txQueueLength = 1000
  readonly counters: InterfaceCounters
  /** `net.ipv4.conf.<name>.*` as integers. */
  readonly settings: DeviceSettings
  /** `net.ipv4.neigh.<name>.*` as integers. */
  readonly neighborSettings: NeighborSettings
  #mac: MacAddress
  #mtuBytes: number

  constructor(options: InterfaceOptions) {
    this.index = options.index
    this.name = options.name
    this.kind = options.kind
    this.port = options.port
    this.bridge = options.bridge
    this.qdisc = 'noqueue'
    this.taps = options.port?.taps ?? new Set()
    this.settings = options.settings
    this.neighborSettings = options.neighborSettings
    this.#mac = options.mac ?? ZERO_MAC
    this.#mtuBytes = options.mtuBytes
    this.counters = {
      receivedPackets: 0,
      receivedBytes: 0,
      receiveDrops: 0,
      transmittedPackets: 0,
      transmittedBytes: 0,
      transmitDrops: 0,
    }
  }

  get mac(): MacAddress {
    return this.port === undefined ? this.#mac : this.port.mac
  }

  set mac(mac: MacAddress) {
    this.#mac = mac
    if (this.port !== undefined) this.port.mac = mac
  }

  get mtuBytes(): number {
    return this.port === undefined ? this.#mtuBytes : this.port.mtuBytes
  }

  set mtuBytes(mtuBytes: number) {
    this.#mtuBytes = mtuBytes
    if (this.port !== undefined) this.port.mtuBytes = mtuBytes
  }

  get isLoopback(): boolean {
    return this.kind === 'loopback'
  }

  /** IFF_LOWER_UP. Devices without a wire have it while they are up; a bridge needs a port that has it. */
  get hasCarrier(): boolean {
    if (this.port !== undefined) return this.port.hasCarrier
    if (this.bridge !== undefined) return this.isUp && this.bridge.ports.some(port => port.hasCarrier)
    return this.isUp
  }

  /** Whether one of its primary or secondary subnets holds the address. */
  hasSubnetOf(address: Ipv4Address): boolean {
    for (const own of this.addresses) if (isInSubnet(own, address)) return true
    return false
  }
}

/** Whether the subnet of an interface address holds another address (`inet_ifa_match`). */
export function isInSubnet(own: InterfaceAddress, address: Ipv4Address): boolean {
  return networkAddress(own.peer ?? own.address, own.length) === networkAddress(address, own.length)
}
