import { broadcastAddress, type Ipv4Address, LIMITED_BROADCAST, networkAddress, prefixOf } from '../wire/address.ts'
import { type FibRoute, fibRoute, type RouteType } from './fib.ts'
import type { Host } from './host.ts'
import { type Interface, type InterfaceAddress, isInSubnet } from './interface.ts'

/**
 * The routes that the kernel keeps for the addresses of a device: local ones always; connected and broadcast ones while
 * it is up (fib_add_ifaddr, net/ipv4/fib_frontend.c). The subnet's zero address has no route, as since Linux 5.14.
 */
export function kernelRoutes(device: Interface): readonly FibRoute[] {
  const routes: FibRoute[] = []
  for (const own of device.addresses) {
    for (const route of kernelRoutesOf(device, own)) if (!routes.some(other => isSame(other, route))) routes.push(route)
  }
  return routes
}

/** Those for one address of the device; addresses of a subnet have some in common. */
export function kernelRoutesOf(device: Interface, own: InterfaceAddress): readonly FibRoute[] {
  const source = own.isSecondary ? primaryOf(device, own).address : own.address
  const routes = [kernelRoute(device, 'local', own.address, 32, source)]
  if (!device.isUp) return routes
  const given = own.broadcast === LIMITED_BROADCAST ? undefined : own.broadcast
  if (given !== undefined) routes.push(kernelRoute(device, 'broadcast', given, 32, source))
  const subnet = own.peer ?? own.address
  const network = networkAddress(subnet, own.length)
  if (own.isSecondary || network >>> 24 === 0 || (own.length === 32 && network === own.address)) return routes
  routes.push(kernelRoute(device, device.isLoopback ? 'local' : 'unicast', network, own.length, source))
  if (own.length >= 31) return routes
  const last = broadcastAddress(subnet, own.length)
  if (last !== given) routes.push(kernelRoute(device, 'broadcast', last, 32, source))
  return routes
}

/** Brings the tables from one set of kernel routes to another, announcing each change. */
export function changeKernelRoutes(host: Host, before: readonly FibRoute[], after: readonly FibRoute[]): void {
  for (const route of before) {
    if (after.some(other => isSame(other, route))) continue
    const { prefix, table, type, preferredSource, nextHops } = route
    const filter = { table, type, protocol: 'kernel' as const, nextHops }
    const [removed] = host.fib.delete([prefix], preferredSource === undefined ? filter : { ...filter, preferredSource })
    if (removed === undefined) continue
    host.monitor.notify({ kind: 'route', route: removed.routeOf(prefix), added: false, isReplaced: false })
  }
  for (const route of after) if (!before.some(other => isSame(other, route))) addKernelRoute(host, route)
}

/** Adds a kernel route unless it is there. */
export function addKernelRoute(host: Host, route: FibRoute): void {
  const result = host.fib.insert([route.prefix], route, 'append')
  if (!result.ok) return
  host.monitor.notify({ kind: 'route', route: result.entry.routeOf(route.prefix), added: true, isReplaced: false })
}

function kernelRoute(
  device: Interface,
  type: RouteType,
  address: Ipv4Address,
  length: number,
  source: Ipv4Address,
): FibRoute {
  const nextHops = [{ interface: device, isLinkDown: !device.hasCarrier }]
  return fibRoute({ prefix: prefixOf(address, length), type, protocol: 'kernel', preferredSource: source, nextHops })
}

function primaryOf(device: Interface, secondary: InterfaceAddress): InterfaceAddress {
  return device.addresses.find(own => !own.isSecondary && isInSubnet(own, secondary.address)) ?? secondary
}

function isSame(a: FibRoute, b: FibRoute): boolean {
  return a.prefix === b.prefix && a.type === b.type && a.preferredSource === b.preferredSource
}
