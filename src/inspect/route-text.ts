import type { FibRoute } from '../host/fib.ts'
import { formatIpv4, formatPrefix } from '../wire/address.ts'

/** `10.0.0.0/24 via 10.0.101.1 eth2, 10.0.103.1 eth3`, as short as a mark needs it. */
export function routeText({ prefix, type, nextHops, nextHopId }: FibRoute): string {
  const to = formatPrefix(prefix)
  if (type !== 'unicast') return `${type} ${to}`
  if (nextHops.length === 0) return nextHopId === undefined ? to : `${to} nhid ${nextHopId}`
  const hops = nextHops.map(({ gateway, interface: device }) =>
    [gateway === undefined ? '' : formatIpv4(gateway), device?.name ?? ''].filter(Boolean).join(' '),
  )
  return `${to} via ${hops.join(', ')}`
}
