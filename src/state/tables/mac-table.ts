import { forwardingEntries } from '../../shell/commands/bridge.ts'
import { formatMac } from '../../wire/address.ts'
import { seconds } from '../seconds.ts'
import { stateNodes } from '../state-nodes.ts'
import { defineTable } from '../table.ts'

/** An entry of a bridge's forwarding table. */
export interface MacTableRow {
  /** Where the bridge is: mostly `machine`. */
  readonly node: string
  readonly bridge: string
  readonly mac: string
  /** The bridge's port. */
  readonly port: string
  /** The port's own address: `permanent`, not learned. */
  readonly isOwn: boolean
  /** Since a frame from it last came in; null for own addresses. */
  readonly ageSeconds: number | null
}

export const macTable = defineTable<MacTableRow>({
  name: 'macTable',
  title: 'MAC tables of bridges',
  scope: 'node',
  key: ['node', 'bridge', 'mac', 'port'],
  volatile: ['ageSeconds'],
  rows: (lab, node) =>
    stateNodes(lab, node).flatMap(({ node: { host }, name }) =>
      forwardingEntries(host, {}).map(({ mac, port, updatedAtNs }) => ({
        node: name,
        bridge: port.master!.name,
        mac: formatMac(mac),
        port: port.name,
        isOwn: updatedAtNs === undefined,
        ageSeconds: updatedAtNs === undefined ? null : seconds(lab.simulator.nowNs - updatedAtNs),
      })),
    ),
})
