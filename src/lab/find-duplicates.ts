import type { Diagnostic } from '../config/diagnostic.ts'
import type { Interface } from '../host/interface.ts'
import { formatIpv4, formatMac } from '../wire/address.ts'
import type { Lab } from './lab.ts'
import type { DeployedTopology } from './topology.ts'

/** A device of a container and how messages call it. */
interface Station {
  readonly node: string
  readonly device: Interface
}

/**
 * Warns of addresses and MACs that two devices of one network have: the same cable, or the same bridges between them. Equal
 * addresses on separate networks are usual (anycast gateways) and not told.
 */
export function findDuplicates(lab: Lab, topology: DeployedTopology): readonly Diagnostic[] {
  const networks = new Map<Interface, Station[]>()
  const seen = new Set<Interface>()
  const domains = joinedDevices(lab)
  for (const node of topology.nodes.values()) {
    if (node.host === lab.machine.host) continue
    for (const device of node.host.interfaces.all()) {
      if (device.kind === 'loopback' || device.master !== undefined || seen.has(device)) continue
      seen.add(device)
      const domain = domains(device)
      networks.set(domain, [...(networks.get(domain) ?? []), { node: node.name, device }])
    }
  }
  return [...networks.values()].flatMap(stations => [
    ...duplicatesIn(topology, stations, 'address', ({ device }) =>
      device.addresses.map(one => formatIpv4(one.address)),
    ),
    ...duplicatesIn(topology, stations, 'MAC address', ({ device }) => [formatMac(device.mac)]),
  ])
}

function duplicatesIn(
  topology: DeployedTopology,
  stations: readonly Station[],
  what: string,
  valuesOf: (station: Station) => readonly string[],
): Diagnostic[] {
  const owners = new Map<string, Station>()
  const found: Diagnostic[] = []
  for (const station of stations) {
    for (const value of valuesOf(station)) {
      const owner = owners.get(value)
      owners.set(value, station)
      if (owner === undefined) continue
      found.push({
        code: 'containerlab/duplicate-address',
        severity: 'warning',
        message: `${what} ${value} is on ${name(owner)} and on ${name(station)}, which share a network`,
        source: topology.model.nodes.find(node => node.name === station.node)!.source,
      })
    }
  }
  return found
}

function name({ node, device }: Station): string {
  return `${node}:${device.name}`
}

/** Tells for a device one that stands for its network: devices joined by cables and by bridges have the same. */
function joinedDevices(lab: Lab): (device: Interface) => Interface {
  const parents = new Map<Interface, Interface>()
  const root = (device: Interface): Interface => {
    let current = device
    for (let next = parents.get(current); next !== undefined; next = parents.get(current)) current = next
    return current
  }
  const join = (a: Interface, b: Interface | undefined) => {
    if (b !== undefined && root(a) !== root(b)) parents.set(root(a), root(b))
  }
  for (const host of new Set([lab.machine.host, ...lab.nodes().map(node => node.host)])) {
    for (const device of host.interfaces.all()) {
      join(device, device.peer)
      join(device, device.master)
    }
  }
  return root
}
