import type { Host } from '../../host/host.ts'
import { parseIpv4 } from '../../wire/address.ts'

/** The kernel's default for a device without a word about it. */
const DEFAULT_MTU_BYTES = 1500

/** Cilium asks the routing table how it would reach this address to find "the" device. Source: pkg/mtu/detect_linux.go. */
const PROBE_ADDRESS = parseIpv4('1.1.1.1')!

/**
 * MTU for the pods of a node with native routing, which takes nothing off.
 * `default-route`: that of the device towards 1.1.1.1, 1500 without a route. `smallest`: the smallest of the devices that
 * are up and have a global address (the agent's and the pods' own devices left out).
 */
export function detectPodMtu(host: Host, rule: 'default-route' | 'smallest'): number {
  if (rule === 'default-route') {
    const answer = host.routeFor(PROBE_ADDRESS)
    return answer.ok ? answer.interface.mtuBytes : DEFAULT_MTU_BYTES
  }
  let smallest: number | undefined
  for (const device of host.interfaces) {
    const isExternal = device.isUp && !device.isLoopback && !/^(cilium_|lxc)/.test(device.name)
    if (!isExternal || !device.addresses.some(own => own.scope === 'global')) continue
    smallest = Math.min(smallest ?? device.mtuBytes, device.mtuBytes)
  }
  return smallest ?? DEFAULT_MTU_BYTES
}
