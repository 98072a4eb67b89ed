import { assert } from '../assert.ts'
import type { Host } from '../host/host.ts'
import type { Interface } from '../host/interface.ts'
import { Cable } from '../link/cable.ts'
import { Port } from '../link/port.ts'
import { hash32 } from '../sim/random.ts'
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
  readonly #simulator: Simulator
  readonly #machine: Host
  readonly #bridge: Interface
  readonly #taken = new Set<Ipv4Address>()
  readonly #members = new Map<Interface, { host: Host; cable: Cable; outside: Interface; address: Ipv4Address }>()

  constructor(simulator: Simulator, machine: Host, options: DockerNetworkOptions) {
    this.options = options
    this.#simulator = simulator
    this.#machine = machine
    this.#bridge = addBridge(machine, options.bridge)
    machine.setMac(this.#bridge, bridgeMac(options.bridge))
    machine.setMtu(this.#bridge, options.mtuBytes)
    const length = prefixLength(options.subnet)
    machine.addAddress(this.#bridge, {
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
    const port = new Port(vethName(host.name), bridgeMac(`veth ${host.name}`), mtuBytes)
    const cable = new Cable(this.#simulator, `${bridge} ${host.name}`, inside, port)
    const outside = this.#machine.addInterface(port, port.name)
    this.#machine.setMaster(outside, this.#bridge)
    const device = host.addInterface(inside, name)
    device.peer = outside
    outside.peer = device
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
    this.#members.set(device, { host, cable, outside, address })
    return device
  }

  /** Takes a container off the network. */
  disconnect(device: Interface): void {
    const member = this.#members.get(device)
    if (member === undefined) return
    member.host.removeInterface(device)
    member.cable.remove()
    this.#machine.removeInterface(member.outside)
    this.#taken.delete(member.address)
    this.#members.delete(device)
  }

  /** Takes the network away with the machine's interface on it. */
  remove(): void {
    for (const device of [...this.#members.keys()]) this.disconnect(device)
    this.#machine.removeInterface(this.#bridge)
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

/** A bridge device on the machine, up; the one that is there already under this name. */
export function addBridge(machine: Host, name: string): Interface {
  const known = machine.interfaces.get(name)
  if (known !== undefined) return known
  const made = machine.addDummy(name, 'bridge')
  assert(made.ok, `bridge ${name} cannot be made`)
  machine.setInterfaceUp(made.interface, true)
  return made.interface
}

/** docker's veth names are `veth` and seven random digits; ours follow from the container's name. */
function vethName(container: string): string {
  return `veth${hash32(container).toString(16).padStart(8, '0').slice(1)}`
}
