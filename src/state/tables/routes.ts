import { protocolName } from '../../config/iproute/names.ts'
import { type FibRoute, TABLE_MAIN } from '../../host/fib.ts'
import { destinationText, hopFlags, protocolNumberOf } from '../../shell/commands/ip/route-text.ts'
import { formatIpv4 } from '../../wire/address.ts'
import { numberRepeats } from '../number-repeats.ts'
import { stateNodes } from '../state-nodes.ts'
import { defineTable } from '../table.ts'

/** One next hop of a route of table main; a route without any (a black hole) is one row too. */
export interface RouteRow {
  readonly node: string
  /** As `ip route` writes it: `default`, `10.0.0.1`, `10.0.0.0/24`. */
  readonly destination: string
  readonly metric: number
  readonly tos: number
  readonly gateway: string | null
  readonly device: string | null
  /** `unicast`, `blackhole`, `unreachable`, … */
  readonly type: string
  readonly protocol: string
  readonly scope: string
  readonly source: string | null
  readonly weight: number
  /** `dead`, `onlink`, `linkdown`. */
  readonly flags: readonly string[]
  /** Kernel nexthop object that the route uses. */
  readonly nextHopId: number | null
  /** At the first next hop of a route: how many `route -n` does not show, which prints the first only. Otherwise 0. */
  readonly hiddenFromRoute: number
  /** Not the first next hop: `route -n` does not show it. */
  readonly isHidden: boolean
  /** Next hops that are alike in all columns of the key: which of them, from 0 on. */
  readonly repeat: number
}

export const routes = defineTable<RouteRow>({
  name: 'routes',
  title: 'Routes',
  scope: 'node',
  key: ['node', 'destination', 'metric', 'tos', 'gateway', 'device', 'repeat'],
  volatile: ['nextHopId', 'hiddenFromRoute', 'isHidden'],
  rows: (lab, node) =>
    stateNodes(lab, node).flatMap(({ node: { host }, name }) =>
      numberRepeats<RouteRow>(
        host.fib.routes(TABLE_MAIN).flatMap(route => rowsOf(name, route)),
        ({ destination, metric, tos, gateway, device }) => `${destination} ${metric} ${tos} ${gateway} ${device}`,
      ),
    ),
})

function rowsOf(node: string, route: FibRoute): readonly Omit<RouteRow, 'repeat'>[] {
  const hops = route.nextHops.length === 0 ? [undefined] : route.nextHops
  return hops.map((hop, index) => ({
    node,
    destination: destinationText(route.prefix),
    metric: route.metric,
    tos: route.tos,
    gateway: hop?.gateway === undefined ? null : formatIpv4(hop.gateway),
    device: hop?.interface?.name ?? null,
    type: route.type,
    protocol: protocolName(protocolNumberOf(route.protocol)),
    scope: route.scope,
    source: route.preferredSource === undefined ? null : formatIpv4(route.preferredSource),
    weight: hop?.weight ?? 1,
    flags: hop === undefined ? [] : hopFlags(hop),
    nextHopId: route.nextHopId ?? null,
    hiddenFromRoute: index === 0 ? hops.length - 1 : 0,
    isHidden: index > 0,
  }))
}
