import type { Host } from '../host/host.ts'
import { type Ipv4Address, ipv4, isLoopback, UNSPECIFIED } from '../wire/address.ts'

/**
 * The router id zebra offers: the configured one, else the highest address of a loopback, else the highest of the other
 * interfaces that are in use (`router_id_get`, zebra/router-id.c). 0.0.0.0 without any.
 */
export function chooseRouterId(
  host: Host,
  configured: Ipv4Address | undefined,
  isUsable: (interfaceIndex: number) => boolean,
): Ipv4Address {
  if (configured !== undefined) return configured
  let onLoopback: Ipv4Address = UNSPECIFIED
  let elsewhere: Ipv4Address = UNSPECIFIED
  for (const device of host.interfaces) {
    if (!isUsable(device.index)) continue
    for (const { address } of device.addresses) {
      if (isLoopback(address)) continue
      if (device.isLoopback) onLoopback = ipv4(Math.max(address, onLoopback))
      else elsewhere = ipv4(Math.max(address, elsewhere))
    }
  }
  return onLoopback === UNSPECIFIED ? elsewhere : onLoopback
}
