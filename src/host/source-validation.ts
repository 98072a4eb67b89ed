import type { Ipv4Address } from '../wire/address.ts'
import { isLoopback, isMulticast, LIMITED_BROADCAST } from '../wire/address.ts'
import type { DropReason } from './drop-reason.ts'
import type { Host } from './host.ts'
import type { Interface } from './interface.ts'

/** `isOnLink`: the sender is directly connected to the device, which redirects need. */
export type SourceVerdict =
  | { readonly ok: true; readonly isOnLink: boolean }
  | { readonly ok: false; readonly reason: DropReason }

const PASSES: SourceVerdict = { ok: true, isOnLink: false }
const PASSES_ON_LINK: SourceVerdict = { ok: true, isOnLink: true }
const MARTIAN: SourceVerdict = { ok: false, reason: 'martian-source' }
const OWN: SourceVerdict = { ok: false, reason: 'own-source-address' }
const REVERSE_PATH: SourceVerdict = { ok: false, reason: 'reverse-path-filter' }

/**
 * Whether a packet with this source may come in on the device (fib_validate_source, net/ipv4/fib_frontend.c): a source of
 * our own never may (accept_local 0), then rp_filter decides: 1 strict, 2 loose, effective value max(all, device).
 */
export function validateSource(host: Host, device: Interface, source: Ipv4Address): SourceVerdict {
  if (device.isLoopback) return PASSES
  if (isMulticast(source) || source === LIMITED_BROADCAST || source >>> 24 === 0) return MARTIAN
  if (isLoopback(source) && device.settings.route_localnet === 0) return MARTIAN
  const level = host.sysctl.maximum(device, 'rp_filter')
  const route = host.fib.lookup(source)
  if (route === undefined) return level === 0 ? PASSES : REVERSE_PATH
  if (route.type === 'local') return host.sysctl.either(device, 'accept_local') ? PASSES : OWN
  if (route.type === 'broadcast') return MARTIAN
  if (route.type !== 'unicast') return level === 0 ? PASSES : REVERSE_PATH
  for (const hop of route.nextHops) {
    if (hop.interface === device) return hop.gateway === undefined ? PASSES_ON_LINK : PASSES
  }
  return level === 1 ? REVERSE_PATH : PASSES
}
