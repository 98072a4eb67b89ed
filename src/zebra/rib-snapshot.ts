import type { Prefix } from '../wire/address.ts'
import { flattenNextHops, isRecursive, type NextHop } from './next-hop.ts'
import type { RibNextHop, RibRow } from './rib-row.ts'
import type { RibTable } from './rib-table.ts'
import type { RouteEntry } from './route-entry.ts'

/** Rows for `show ip route`: by prefix, the newest entry of a prefix first. Entries about to go are left out. */
export function ribRows(table: RibTable, interfaceName: (index: number) => string | undefined): readonly RibRow[] {
  return table
    .sorted()
    .flatMap(({ prefix, node }) =>
      node.entries.filter(entry => !entry.isRemoved).map(entry => ribRow(prefix, entry, interfaceName)),
    )
}

function ribRow(prefix: Prefix, entry: RouteEntry, interfaceName: (index: number) => string | undefined): RibRow {
  const { protocol, bgpKind, distance, metric, tag, allowsRecursion } = entry.request
  const duplicates = new Set(
    flattenNextHops(entry.group.nextHops)
      .filter(flat => flat.isDuplicate)
      .map(flat => flat.nextHop),
  )
  const convert = (hop: NextHop): RibNextHop => {
    const isInFib = entry.group.isInFib && hop.isActive && !isRecursive(hop)
    return nextHopRow(hop, isInFib, duplicates.has(hop), interfaceName(hop.interfaceIndex), hop.resolved.map(convert))
  }
  return {
    prefix,
    protocol,
    ...(bgpKind === undefined ? {} : { bgpKind }),
    distance,
    metric,
    ...(tag === undefined ? {} : { tag }),
    isSelected: entry.isSelected,
    isInstalled: entry.isInstalled,
    isQueued: entry.isQueued,
    isRejected: entry.isRejected,
    allowsRecursion,
    isKeyedByDistance: entry.request.isKeyedByDistance,
    nextHopGroupId: entry.group.id,
    ...(entry.installedGroupId === undefined ? {} : { installedNextHopGroupId: entry.installedGroupId }),
    updatedAtNs: entry.updatedAtNs,
    nextHops: entry.group.nextHops.map(convert),
  }
}

function nextHopRow(
  hop: NextHop,
  isInFib: boolean,
  isDuplicate: boolean,
  name: string | undefined,
  resolved: readonly RibNextHop[],
): RibNextHop {
  return {
    type:
      hop.type === 'interface' ? 'interface' : hop.type === 'blackhole' ? (hop.blackhole ?? 'blackhole') : 'gateway',
    ...(hop.gateway === 0 ? {} : { gateway: hop.gateway }),
    ...(name === undefined ? {} : { interface: name, interfaceIndex: hop.interfaceIndex }),
    weight: hop.weight,
    isActive: hop.isActive,
    isInFib,
    isRecursive: isRecursive(hop),
    isDuplicate,
    isOnlink: hop.isOnlink,
    ...(hop.preferredSource === undefined ? {} : { preferredSource: hop.preferredSource }),
    resolved,
  }
}
