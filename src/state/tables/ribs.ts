import { formatIpv4, formatPrefix } from '../../wire/address.ts'
import type { RibNextHop, RibRow } from '../../zebra/rib-row.ts'
import { numberRepeats } from '../number-repeats.ts'
import { seconds } from '../seconds.ts'
import { stateNodes } from '../state-nodes.ts'
import { defineTable } from '../table.ts'

/** One next hop of a route that zebra knows, chosen or not; those that a recursive one resolves to follow it. */
export interface ZebraRouteRow {
  readonly node: string
  readonly prefix: string
  /** `connected`, `static`, `bgp`, … */
  readonly protocol: string
  readonly distance: number
  readonly metric: number
  /** `gateway`, `interface`, `blackhole`, `unreachable`. */
  readonly hop: string
  readonly gateway: string | null
  readonly interface: string | null
  /** 0; 1 and more for what a recursive next hop resolves to. */
  readonly depth: number
  readonly weight: number
  readonly tag: number | null
  /** `>` of `show ip route`. */
  readonly isSelected: boolean
  /** `*`. */
  readonly isInFib: boolean
  readonly isActive: boolean
  readonly isRecursive: boolean
  readonly isDuplicate: boolean
  /** `q`. */
  readonly isQueued: boolean
  /** `r`. */
  readonly isRejected: boolean
  readonly nextHopGroup: number
  readonly ageSeconds: number
  /** Next hops that are alike in all columns of the key: which of them, from 0 on. */
  readonly repeat: number
}

export const ribs = defineTable<ZebraRouteRow>({
  name: 'ribs',
  title: 'Routing tables of zebra',
  scope: 'node',
  key: ['node', 'prefix', 'protocol', 'distance', 'hop', 'gateway', 'interface', 'depth', 'repeat'],
  volatile: ['nextHopGroup', 'ageSeconds'],
  rows: (lab, node) =>
    stateNodes(lab, node).flatMap(({ node: { router, isRunning }, name }) => {
      if (router === undefined || !isRunning) return []
      return numberRepeats<ZebraRouteRow>(
        router.zebra.snapshotRib().flatMap(row => rowsOf(name, row, lab.simulator.nowNs)),
        ({ prefix, protocol, distance, hop, gateway, interface: device, depth }) =>
          `${prefix} ${protocol} ${distance} ${hop} ${gateway} ${device} ${depth}`,
      )
    }),
})

function rowsOf(node: string, row: RibRow, nowNs: number): readonly Omit<ZebraRouteRow, 'repeat'>[] {
  const { protocol, distance, metric, tag, isSelected, isQueued, isRejected, nextHopGroupId } = row
  const prefix = formatPrefix(row.prefix)
  const ageSeconds = seconds(nowNs - row.updatedAtNs)
  const hopRows = (hop: RibNextHop, depth: number): readonly Omit<ZebraRouteRow, 'repeat'>[] => [
    {
      node,
      prefix,
      protocol,
      distance,
      metric,
      hop: hop.type,
      gateway: hop.gateway === undefined ? null : formatIpv4(hop.gateway),
      interface: hop.interface ?? null,
      depth,
      weight: hop.weight,
      tag: tag ?? null,
      isSelected,
      isInFib: hop.isInFib,
      isActive: hop.isActive,
      isRecursive: hop.isRecursive,
      isDuplicate: hop.isDuplicate,
      isQueued,
      isRejected,
      nextHopGroup: nextHopGroupId,
      ageSeconds,
    },
    ...hop.resolved.flatMap(inner => hopRows(inner, depth + 1)),
  ]
  return row.nextHops.flatMap(hop => hopRows(hop, 0))
}
