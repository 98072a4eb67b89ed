import type { Host } from '../../../host/host.ts'
import type { Interface } from '../../../host/interface.ts'
import { type Ipv4Address, prefixLength } from '../../../wire/address.ts'

/** Devices that are never the node's own legs into a network. */
const EXCLUDED = /^(lo$|cilium_|lxc|docker|cni)/
const MAIN_TABLE = 254

/**
 * The devices that Cilium works on: those named by the chart's `devices` (a `+` at the end stands for any rest), or, without
 * it, those that are up and have the default route or the node's address.
 * Source: pkg/datapath/linux/devices_controller.go (isSelectedDevice).
 */
export function selectedDevices(
  host: Host,
  nodeAddress: Ipv4Address,
  patterns: readonly string[],
): readonly Interface[] {
  const candidates = [...host.interfaces].filter(
    device => device.isUp && !device.isLoopback && !EXCLUDED.test(device.name),
  )
  if (patterns.length > 0) return candidates.filter(device => patterns.some(pattern => fits(pattern, device.name)))
  const withDefaultRoute = new Set<Interface | undefined>()
  for (const route of host.fib.routes(MAIN_TABLE)) {
    if (prefixLength(route.prefix) !== 0) continue
    for (const hop of route.nextHops) withDefaultRoute.add(hop.interface)
  }
  return candidates.filter(
    device => withDefaultRoute.has(device) || device.addresses.some(own => own.address === nodeAddress),
  )
}

function fits(pattern: string, name: string): boolean {
  return pattern.endsWith('+') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}
