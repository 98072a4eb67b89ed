import type { FibNextHop, RouteScope } from './fib.ts'
import { fibNextHop, scopeNumber, TABLE_MAIN } from './fib.ts'
import type { Host } from './host.ts'
import type { Interface } from './interface.ts'
import { type Failure, failure } from './result.ts'

const SCOPE_LINK = 253

/**
 * Checks a next hop and fills in its device, as the kernel does when a route is added (fib_check_nh_v4_gw and
 * fib_check_nh_nongw, net/ipv4/fib_semantics.c). `scope` is the route's.
 * ENETUNREACH or EINVAL "Nexthop has invalid gateway."; ENETDOWN when the device is down; ENODEV without a device.
 */
export function checkNextHop(
  host: Host,
  hop: Pick<FibNextHop, 'gateway' | 'interface' | 'weight' | 'onlink'>,
  scope: RouteScope,
  table: number = TABLE_MAIN,
): FibNextHop | Failure {
  const { gateway, interface: device } = hop
  if (gateway === undefined) {
    if (device === undefined) return failure('ENODEV')
    if (!device.isUp) return failure('ENETDOWN', 'Device for nexthop is not up.')
    return complete(hop, device)
  }
  if (hop.onlink) {
    if (device === undefined) return failure('ENODEV', 'Nexthop device required for onlink.')
    if (!device.isUp) return failure('ENETDOWN', 'Nexthop device is not up.')
    if (host.fib.addressType(gateway) !== 'unicast') return failure('EINVAL', 'Nexthop has invalid gateway.')
    return complete(hop, device)
  }
  const lowestScope = Math.max(scopeNumber(scope) + 1, SCOPE_LINK)
  const inTable = table === TABLE_MAIN ? undefined : host.fib.lookupIn(table, gateway, device, lowestScope)
  const found = inTable ?? host.fib.lookup(gateway, 0, device, lowestScope)
  if (found === undefined) return failure('ENETUNREACH', 'Nexthop has invalid gateway.')
  if (found.type !== 'unicast' && found.type !== 'local') return failure('EINVAL', 'Nexthop has invalid gateway.')
  const way = found.nextHops.find(candidate => device === undefined || candidate.interface === device)
  if (way?.interface === undefined) return failure('EINVAL', 'No egress device for nexthop gateway.')
  if (!way.interface.isUp) return failure('ENETDOWN')
  return complete(hop, way.interface)
}

function complete(hop: Pick<FibNextHop, 'gateway' | 'weight' | 'onlink'>, device: Interface): FibNextHop {
  const { gateway, weight, onlink } = hop
  return fibNextHop({ gateway, interface: device, weight, onlink, isLinkDown: !device.hasCarrier })
}
