import type { Host } from '../../host/host.ts'
import type { Interface } from '../../host/interface.ts'
import type { Lab } from '../../lab/lab.ts'
import type { LabNode } from '../../lab/node.ts'
import { formatIpv4, formatPrefix, type Ipv4Address, parseIpv4 } from '../../wire/address.ts'

/** How one way through the routing tables ends. */
export interface WalkEnd {
  readonly kind: 'arrived' | 'loop' | 'lost'
  /** Names of the nodes passed, the source first. */
  readonly way: readonly string[]
  /** In words. */
  readonly why: string
}

/**
 * The lab's forwarding as the routing tables say now: where a packet may go from each node, over every usable member of a
 * multipath route. Nothing is sent.
 *
 * Differs from a packet: neighbour resolution, filters and MTUs are not looked at; a node of a cluster with Cilium takes
 * the address of any service as its own.
 */
export class ForwardingMap {
  readonly #names = new Map<Host, string>()
  /** Devices that own an address, on hosts that run. */
  readonly #owners = new Map<Ipv4Address, { readonly host: Host; readonly device: Interface }[]>()
  /** Hosts whose datapath takes these addresses: Cilium's services. */
  readonly #serviceHosts = new Set<Host>()
  readonly #serviceAddresses = new Set<Ipv4Address>()

  constructor(lab: Lab) {
    for (const node of [...lab.nodes(), lab.machine]) if (node.isRunning) this.#add(node.host, node.name)
    for (const cluster of lab.clusters.values()) {
      for (const node of cluster.nodes) {
        for (const pod of node.pods.values()) this.#add(pod.host, `pod ${pod.name}`)
        if (node.isRunning && cluster.cilium !== undefined) this.#serviceHosts.add(node.host)
      }
      for (const { spec, status } of cluster.store.list('Service')) {
        const ingress = (status?.loadBalancer?.ingress ?? []).map(one => one.ip)
        for (const text of [...ingress, ...(spec.externalIPs ?? []), ...(spec.clusterIPs ?? [])]) {
          const address = text === undefined ? undefined : parseIpv4(text)
          if (address !== undefined) this.#serviceAddresses.add(address)
        }
      }
    }
  }

  /** Every end of every way from a node to an address. */
  walk(source: LabNode, destination: Ipv4Address): readonly WalkEnd[] {
    const ends: WalkEnd[] = []
    this.#step(source.host, destination, [], ends)
    return ends
  }

  #add(host: Host, name: string): void {
    if (this.#names.has(host)) return
    this.#names.set(host, name)
    for (const device of host.interfaces) {
      for (const { address } of device.addresses)
        this.#owners.set(address, [...(this.#owners.get(address) ?? []), { host, device }])
    }
  }

  #step(host: Host, destination: Ipv4Address, passed: readonly Host[], ends: WalkEnd[]): void {
    const way = [...passed, host].map(one => this.#names.get(one) ?? one.name)
    const end = (kind: WalkEnd['kind'], why: string): number => ends.push({ kind, way, why })
    if (passed.includes(host)) return void end('loop', 'comes back to a node it has passed')
    if (host.isLocalAddress(destination)) return void end('arrived', 'arrived')
    if (this.#serviceHosts.has(host) && this.#serviceAddresses.has(destination)) return void end('arrived', 'a service')
    if (passed.length > 0 && host.sysctl.ipv4.ip_forward === 0) return void end('lost', 'does not forward')
    const route = host.fib.match(destination)
    if (route === undefined) return void end('lost', `no route to ${formatIpv4(destination)}`)
    if (route.type !== 'unicast') return void end('lost', `${route.type} route ${formatPrefix(route.prefix)}`)
    const hops = route.nextHops.filter(hop => !hop.isDead && !hop.isLinkDown)
    if (hops.length === 0) return void end('lost', `no next hop of ${formatPrefix(route.prefix)} is usable`)
    for (const hop of hops) {
      const gateway = hop.gateway ?? destination
      const next = this.#ownerOnLink(host, hop.interface, gateway)
      if (next === undefined) end('lost', `nobody on ${hop.interface?.name ?? 'the link'} has ${formatIpv4(gateway)}`)
      else this.#step(next, destination, [...passed, host], ends)
    }
  }

  /** Who has the address on the other side of a device; the first whose device has carrier when several do. */
  #ownerOnLink(host: Host, device: Interface | undefined, gateway: Ipv4Address): Host | undefined {
    if (device !== undefined && (!device.isUp || !device.hasCarrier)) return undefined
    const peer = device?.peer
    const owners = (this.#owners.get(gateway) ?? []).filter(
      owner => owner.host !== host && owner.device.isUp && (owner.device.kind !== 'veth' || owner.device.hasCarrier),
    )
    return (owners.find(owner => owner.device === peer) ?? owners[0])?.host
  }
}
