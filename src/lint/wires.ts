import type { Host } from '../host/host.ts'
import type { Interface } from '../host/interface.ts'
import type { Lab } from '../lab/lab.ts'
import type { Ipv4Address } from '../wire/address.ts'

/** A device with an IP stack of its own on some network, and what messages call it. */
export interface Station {
  /** Node name, or the machine's. */
  readonly node: string
  readonly host: Host
  readonly device: Interface
}

/**
 * Which devices hear each other: those that cables and bridges join make up one network. Taken once; a device that is
 * moved later is not followed.
 */
export class Wires {
  readonly #roots: (device: Interface) => Interface
  readonly #stations = new Map<Interface, Station[]>()
  readonly #owners = new Map<Ipv4Address, Station[]>()

  constructor(lab: Lab) {
    const nodes = [...lab.nodes(), lab.machine].filter(node => node.isRunning)
    const names = new Map<Host, string>()
    for (const { host, name } of nodes) if (!names.has(host)) names.set(host, name)
    this.#roots = joinedDevices([...names.keys()])
    for (const [host, node] of names) for (const device of host.interfaces) this.#add({ node, host, device })
  }

  /** Every network with more than one station, in the order of the nodes. */
  networks(): readonly (readonly Station[])[] {
    return [...this.#stations.values()].filter(stations => stations.length > 1)
  }

  /** All stations of a device's network, itself among them. */
  onNetworkOf(device: Interface): readonly Station[] {
    return this.#stations.get(this.#roots(device)) ?? []
  }

  /** Devices that have the address, wherever they are. */
  owners(address: Ipv4Address): readonly Station[] {
    return this.#owners.get(address) ?? []
  }

  /** Who has the address on a device's network, also while the device is down. */
  ownerOn(device: Interface, address: Ipv4Address): Station | undefined {
    return this.owners(address).find(
      owner =>
        owner.device !== device &&
        this.onNetworkOf(device).some(
          station => station.host === owner.host && (station.device === owner.device || answersForAll(station)),
        ),
    )
  }

  /** Who answers for the address on a device's network: somebody else's device that is up. */
  ownerBehind(device: Interface, address: Ipv4Address): Station | undefined {
    const owner = this.ownerOn(device, address)
    return owner?.device.isUp === true && owner.device.hasCarrier ? owner : undefined
  }

  #add(station: Station): void {
    const { device } = station
    for (const { address } of device.addresses)
      this.#owners.set(address, [...(this.#owners.get(address) ?? []), station])
    if (device.kind === 'loopback' || device.master !== undefined) return
    const root = this.#roots(device)
    this.#stations.set(root, [...(this.#stations.get(root) ?? []), station])
  }
}

/** With arp_ignore 0 a host answers on any device for any address of its own (Linux net/ipv4/arp.c, arp_ignore). */
function answersForAll({ host, device }: Station): boolean {
  return host.sysctl.maximum(device, 'arp_ignore') === 0
}

/** Tells for a device one that stands for its network: devices joined by cables and by bridges have the same. */
function joinedDevices(hosts: readonly Host[]): (device: Interface) => Interface {
  const parents = new Map<Interface, Interface>()
  const root = (device: Interface): Interface => {
    let current = device
    for (let next = parents.get(current); next !== undefined; next = parents.get(current)) current = next
    return current
  }
  const join = (a: Interface, b: Interface | undefined) => {
    if (b !== undefined && root(a) !== root(b)) parents.set(root(a), root(b))
  }
  for (const host of hosts) {
    for (const device of host.interfaces) {
      join(device, device.peer)
      join(device, device.master)
    }
  }
  return root
}
