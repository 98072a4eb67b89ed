import type { Host } from '../host/host.ts'
import type { Interface } from '../host/interface.ts'
import { Bridge } from '../link/bridge.ts'
import { Cable } from '../link/cable.ts'
import { Port } from '../link/port.ts'
import type { Simulator } from '../sim/simulator.ts'
import {
  broadcastAddress,
  DEFAULT_ROUTE,
  type Ipv4Address,
  ipv4,
  type Prefix,
  prefixAddress,
  prefixLength,
} from '../wire/address.ts'
import { bridgeMac, dockerMac } from './deterministic-mac.ts'

export interface DockerNetworkOptions {
  readonly name: string
  /** Interface name on the machine: `br-…`. */
  readonly bridge: string
  readonly subnet: Prefix
  readonly gateway: Ipv4Address
  readonly mtuBytes: number
}

/** A docker bridge network: a bridge, the machine's address on it as gateway, and addresses handed out in order. */
export class DockerNetwork {
  readonly options: DockerNetworkOptions
  readonly bridge: Bridge
  readonly #simulator: Simulator
  readonly #machine: Host
  readonly #machineInterface: Interface
  readonly #taken = new Set<Ipv4Address>()
  readonly #members = new Map<Interface, { host: Host; cable: Cable; port: Port; address: Ipv4Address }>()

  constructor(simulator: Simulator, machine: Host, options: DockerNetworkOptions) {
    this.options = options
    this.#simulator = simulator
    this.#machine = machine
    this.bridge = new Bridge(simulator, options.bridge)
    const outer = new Port(options.bridge, bridgeMac(options.bridge), options.mtuBytes)
    const inner = new Port('self', bridgeMac(`${options.bridge} port`), options.mtuBytes)
    new Cable(simulator, `${options.bridge} self`, outer, inner, { latencyNs: 0 })
    this.bridge.addPort(inner)
    this.#machineInterface = machine.addInterface(outer, options.bridge)
    machine.setInterfaceUp(this.#machineInterface, true)
    const length = prefixLength(options.subnet)
    machine.addAddress(this.#machineInterface, {
      address: options.gateway,
      length,
      broadcast: broadcastAddress(options.gateway, length),
    })
    this.#taken.add(options.gateway)
  }

  /** Plugs a container in as `name`, with an address and the default route, as docker does before anything runs in it. */
  connect(host: Host, name: string, wanted?: Ipv4Address): Interface {
    const address = wanted ?? this.#nextAddress()
    this.#taken.add(address)
    const { subnet, gateway, mtuBytes, bridge } = this.options
    const inside = new Port(name, dockerMac(address), mtuBytes)
    const outside = new Port(`veth ${host.name}`, bridgeMac(`veth ${host.name}`), mtuBytes)
    const cable = new Cable(this.#simulator, `${bridge} ${host.name}`, inside, outside)
    this.bridge.addPort(outside)
    const device = host.addInterface(inside, name)
    host.setInterfaceUp(device, true)
    const length = prefixLength(subnet)
    host.addAddress(device, { address, length, broadcast: broadcastAddress(address, length) })
    host.addRoute(
      {
        prefix: DEFAULT_ROUTE,
        type: 'unicast',
        table: 254,
        tos: 0,
        metric: 0,
        protocol: 'boot',
        scope: 'global',
        nextHops: [{ gateway, interface: device, weight: 1, onlink: false, isDead: false, isLinkDown: false }],
      },
      'add',
    )
    this.#members.set(device, { host, cable, port: outside, address })
    return device
  }

  /** Takes a container off the network. */
  disconnect(device: Interface): void {
    const member = this.#members.get(device)
    if (member === undefined) return
    member.host.removeInterface(device)
    member.cable.remove()
    this.bridge.removePort(member.port)
    this.#taken.delete(member.address)
    this.#members.delete(device)
  }

  /** Takes the network away with the machine's interface on it. */
  remove(): void {
    for (const device of [...this.#members.keys()]) this.disconnect(device)
    this.#machine.removeInterface(this.#machineInterface)
  }

  get isEmpty(): boolean {
    return this.#members.size === 0
  }

  /** docker takes the lowest free address. Differs from containerlab: nodes start one after the other, in file order. */
  #nextAddress(): Ipv4Address {
    const { subnet } = this.options
    const last = broadcastAddress(prefixAddress(subnet), prefixLength(subnet))
    for (let value = prefixAddress(subnet) + 1; value < last; value += 1)
      if (!this.#taken.has(ipv4(value))) return ipv4(value)
    return ipv4(last - 1)
  }
}
