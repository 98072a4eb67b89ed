import { isResolved } from '../../shell/commands/arp.ts'
import { formatIpv4, formatMac } from '../../wire/address.ts'
import { seconds } from '../seconds.ts'
import { stateNodes } from '../state-nodes.ts'
import { defineTable } from '../table.ts'

/** An entry of a neighbour (ARP) table. */
export interface NeighborStateRow {
  readonly node: string
  readonly address: string
  readonly interface: string
  /** Null while it is not known. */
  readonly mac: string | null
  /** As `ip neigh` writes it: `REACHABLE`, `STALE`, `FAILED`, … */
  readonly state: string
  /** Whether `arp` shows a MAC address, not `<incomplete>`. */
  readonly isComplete: boolean
  /** Since its state last changed. */
  readonly ageSeconds: number
  readonly usedSeconds: number
  readonly confirmedSeconds: number
}

export const neighbors = defineTable<NeighborStateRow>({
  name: 'neighbors',
  title: 'Neighbours (ARP)',
  scope: 'node',
  key: ['node', 'address', 'interface'],
  volatile: ['mac', 'state', 'ageSeconds', 'usedSeconds', 'confirmedSeconds'],
  rows: (lab, node) => {
    const { nowNs } = lab.simulator
    return stateNodes(lab, node).flatMap(({ node: { host }, name }) =>
      host.neighbors.snapshot().map(row => ({
        node: name,
        address: formatIpv4(row.address),
        interface: row.interface.name,
        mac: isResolved(row) ? formatMac(row.mac!) : null,
        state: row.state,
        isComplete: isResolved(row),
        ageSeconds: seconds(nowNs - row.updatedAtNs),
        usedSeconds: seconds(nowNs - row.usedAtNs),
        confirmedSeconds: seconds(nowNs - row.confirmedAtNs),
      })),
    )
  },
})
