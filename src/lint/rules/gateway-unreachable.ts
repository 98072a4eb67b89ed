import { formatIpv4, formatPrefix } from '../../wire/address.ts'
import type { LintRule } from '../rule.ts'

export const gatewayUnreachable: LintRule = {
  id: 'route/gateway-unreachable',
  level: 'warning',
  summary: "a static route's gateway is in none of the router's networks, and no route leads to it",
  explain:
    'zebra keeps such a route inactive: it is in the configuration and in no table. Mostly a mistyped gateway or prefix length.',
  *check(context) {
    for (const [host, nodes] of context.hosts()) {
      const router = nodes.find(node => node.router !== undefined)?.router
      if (router === undefined || context.speakers.some(one => one.host === host && one.hasForeignRoutes)) continue
      for (const { prefix, gateway, source, onlink } of router.model.staticRoutes) {
        if (gateway === undefined || onlink || isConnected(host.interfaces.all(), gateway)) continue
        const route = host.fib.match(gateway)
        const isDefault = route !== undefined && route.prefix === 0
        if (route?.type === 'unicast' && (!isDefault || router.model.zebra.resolveViaDefault)) continue
        const why = route?.type === 'local' ? 'is its own address' : 'is in none of its networks'
        yield {
          message: `${context.nameOf(host)}'s route to ${formatPrefix(prefix)} is not used: the gateway ${formatIpv4(gateway)} ${why}`,
          source,
          fix: 'correct the gateway, or the address of the interface towards it',
        }
      }
    }
  },
}

function isConnected(
  devices: readonly { hasSubnetOf(address: number): boolean; isUp: boolean }[],
  gateway: number,
): boolean {
  return devices.some(device => device.isUp && device.hasSubnetOf(gateway))
}
