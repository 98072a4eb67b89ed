/**
 * What happens when devices go up and down and carriers come and go.
 * Sources: Linux net/ipv4/fib_frontend.c (fib_netdev_event), fib_semantics.c (fib_sync_down_dev, fib_sync_up),
 * nexthop.c (nh_netdev_event), arp.c (arp_netdev_event); the table of link events was measured on 6.18.
 */

import type { FibEntry } from './fib-entry.ts'
import type { Host } from './host.ts'
import type { Interface } from './interface.ts'
import { addKernelRoute, kernelRoutes } from './kernel-routes.ts'
import { announce } from './neighbor/arp.ts'
import { multipathBounds } from './usable-next-hops.ts'

/** `ip link set … up|down`. Nothing happens when the state is that already. */
export function setInterfaceUp(host: Host, device: Interface, up: boolean): void {
  if (device.isUp === up) return
  device.isUp = up
  if (up) {
    device.hasBeenUp = true
    reviveRoutes(host, device, 'up')
    for (const route of kernelRoutes(device)) addKernelRoute(host, route)
    tellLink(host, device)
    device.port?.setUp(true)
    if (device.port === undefined) carrierIsBack(host, device)
  } else {
    device.port?.setUp(false)
    goDown(host, device)
    tellLink(host, device)
  }
}

/** Called by the port: the carrier has come or gone. The administrative change that may have caused it comes first. */
export function changeCarrier(host: Host, device: Interface): void {
  if (!device.isUp) return
  if (device.hasCarrier) {
    carrierIsBack(host, device)
  } else {
    for (const entry of host.fib.entries()) if (isClassic(entry)) markLinkDown(entry, device)
    host.nextHopObjects.deleteThrough(device)
    if (host.sysctl.all.arp_evict_nocarrier !== 0 && device.settings.arp_evict_nocarrier !== 0) {
      host.neighbors.flushDevice(device, 'dynamic')
    }
    host.fib.version += 1
  }
  host.routeExceptions.flush()
  tellLink(host, device)
}

/** Every route through the device goes, silently, local ones too: it is removed or has no address left. */
export function removeAllRoutes(host: Host, device: Interface): void {
  killNextHops(host, device, true)
}

function goDown(host: Host, device: Interface): void {
  killNextHops(host, device, false)
  host.nextHopObjects.deleteThrough(device)
  host.neighbors.flushDevice(device, 'all')
  host.routeExceptions.flush()
}

function carrierIsBack(host: Host, device: Interface): void {
  if (!device.hasCarrier) return
  reviveRoutes(host, device, 'carrier')
  if (device.settings.arp_notify === 0 || device.isLoopback) return
  for (const own of device.addresses) announce(host, device, own.address)
}

/** Marks the device's next hops dead; routes without a living one go. `local` routes stay unless `forced`. */
function killNextHops(host: Host, device: Interface, forced: boolean): void {
  const lost = new Set<FibEntry>()
  for (const entry of host.fib.entries()) {
    if (!isClassic(entry) || !entry.nextHops.some(hop => hop.interface === device)) continue
    if (entry.type === 'local' && !forced) continue
    for (const hop of entry.nextHops) {
      if (hop.interface !== device) continue
      hop.isDead = true
      hop.isLinkDown = true
    }
    if (entry.nextHops.every(hop => hop.isDead)) lost.add(entry)
    else entry.bounds = multipathBounds(entry.nextHops)
  }
  const routes = host.fib.deleteWhere(entry => lost.has(entry))
  if (routes > 0) host.journal.record(host.name, 'route.flush', { interface: device.name, routes })
  host.fib.version += 1
}

function markLinkDown(entry: FibEntry, device: Interface): void {
  let isConcerned = false
  for (const hop of entry.nextHops) {
    if (hop.interface !== device || entry.type === 'local') continue
    hop.isLinkDown = true
    isConcerned = true
  }
  if (isConcerned) entry.bounds = multipathBounds(entry.nextHops)
}

/** `up` takes the dead mark off, and with a carrier the other one too; `carrier` takes the linkdown mark off. */
function reviveRoutes(host: Host, device: Interface, event: 'up' | 'carrier'): void {
  for (const entry of host.fib.entries()) {
    if (!isClassic(entry)) continue
    let isConcerned = false
    for (const hop of entry.nextHops) {
      if (hop.interface !== device) continue
      if (event === 'up') hop.isDead = false
      if (event === 'carrier' || device.hasCarrier) hop.isLinkDown = false
      isConcerned = true
    }
    if (isConcerned) entry.bounds = multipathBounds(entry.nextHops)
  }
  host.fib.version += 1
}

/** Routes over nexthop objects follow the objects. */
function isClassic(entry: FibEntry): boolean {
  return entry.nextHopId === undefined
}

function tellLink(host: Host, device: Interface): void {
  const state = !device.isUp ? 'down' : device.hasCarrier ? 'up' : 'no-carrier'
  host.journal.record(host.name, 'interface.state', { interface: device.name, state })
  host.monitor.notify({ kind: 'link', interface: device, isRemoved: false })
}
