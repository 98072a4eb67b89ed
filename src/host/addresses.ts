import { type Ipv4Address, isLoopback } from '../wire/address.ts'
import { scopeNumber } from './fib.ts'
import type { Host } from './host.ts'
import { type AddressScope, type Interface, type InterfaceAddress, isInSubnet } from './interface.ts'
import { addKernelRoute, changeKernelRoutes, kernelRoutes, kernelRoutesOf } from './kernel-routes.ts'
import { removeAllRoutes } from './link-events.ts'
import { announce } from './neighbor/arp.ts'
import { failure, OK, type Result } from './result.ts'

/** What `ip addr add` says. Scope: host for 127/8, else global, unless given. */
export interface AddressRequest {
  readonly address: Ipv4Address
  readonly length: number
  readonly broadcast?: Ipv4Address
  readonly scope?: AddressScope
  readonly peer?: Ipv4Address
  readonly label?: string
}

/** Adds an address with its routes (__inet_insert_ifa, net/ipv4/devinet.c). EEXIST when the device has it already. */
export function addAddress(host: Host, device: Interface, request: AddressRequest): Result {
  const scope = request.scope ?? (isLoopback(request.address) ? 'host' : 'global')
  const subnetMates = device.addresses.filter(other => isSameSubnet(other, request))
  if (subnetMates.some(other => other.address === request.address)) {
    return failure('EEXIST', 'ipv4: Address already assigned.')
  }
  if (subnetMates.some(other => other.scope !== scope)) return failure('EINVAL', 'ipv4: Invalid scope value.')
  const { address, length, broadcast, peer, label = device.name } = request
  const added: InterfaceAddress = {
    address,
    length,
    broadcast,
    scope,
    isSecondary: subnetMates.length > 0,
    label,
    peer,
  }
  device.addresses = inserted(device.addresses, added)
  host.sysctl.keepOwnSettings(device.name)
  for (const route of kernelRoutesOf(device, added)) addKernelRoute(host, route)
  host.routeExceptions.flush()
  host.monitor.notify({ kind: 'address', interface: device, address: added, added: true })
  if (device.settings.arp_notify !== 0 && device.isUp && !device.isLoopback) announce(host, device, added.address)
  return OK
}

/** Removes an address. Its secondaries go with it, or the first one takes its place (promote_secondaries). */
export function deleteAddress(
  host: Host,
  device: Interface,
  request: { readonly address: Ipv4Address; readonly length: number },
): Result {
  const own = device.addresses.find(other => other.address === request.address && other.length === request.length)
  if (own === undefined) return failure('EADDRNOTAVAIL', 'ipv4: Address not found.')
  const secondaries = own.isSecondary ? [] : device.addresses.filter(other => other !== own && isSameSubnet(other, own))
  const isPromoting = host.sysctl.either(device, 'promote_secondaries') && secondaries.length > 0
  const gone = new Set(isPromoting ? [own] : [...secondaries, own])
  const promoted = isPromoting ? secondaries[0]! : undefined

  const before = kernelRoutes(device)
  const rest = device.addresses.filter(other => !gone.has(other) && other !== promoted)
  device.addresses = promoted === undefined ? rest : inserted(rest, { ...promoted, isSecondary: false })
  changeKernelRoutes(host, before, kernelRoutes(device))
  for (const address of gone) {
    if (!host.fib.isLocal(address.address)) forgetSource(host, address.address)
    host.monitor.notify({ kind: 'address', interface: device, address, added: false })
  }
  if (device.addresses.length === 0) {
    removeAllRoutes(host, device)
    host.neighbors.flushDevice(device, 'all')
  }
  host.routeExceptions.flush()
  return OK
}

/** Routes that prefer a source which is no longer ours go, silently (fib_sync_down_addr). */
function forgetSource(host: Host, address: Ipv4Address): void {
  host.fib.deleteWhere(entry => entry.preferredSource === address && entry.type !== 'local')
}

/** Primaries by descending scope and age, secondaries last. */
function inserted(addresses: readonly InterfaceAddress[], added: InterfaceAddress): InterfaceAddress[] {
  if (added.isSecondary) return [...addresses, added]
  let position = 0
  addresses.forEach((other, index) => {
    if (!other.isSecondary && scopeNumber(added.scope) <= scopeNumber(other.scope)) position = index + 1
  })
  return [...addresses.slice(0, position), added, ...addresses.slice(position)]
}

function isSameSubnet(a: InterfaceAddress, b: Pick<InterfaceAddress, 'address' | 'length' | 'peer'>): boolean {
  return a.length === b.length && isInSubnet(a, b.peer ?? b.address)
}
