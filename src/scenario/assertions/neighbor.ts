import { z } from 'zod'
import { type NeighborRow, snapshotNeighbors } from '../../host/neighbor/neighbor-table.ts'
import { formatIpv4, formatMac, parseIpv4 } from '../../wire/address.ts'
import { defineCheck } from '../check.ts'
import { isAnswer, nodeNamed } from '../support/node-named.ts'
import { address, macAddress, nodeName } from '../values.ts'

/** An entry of a node's ARP table: its MAC address, device and state, or its absence. */
export const neighbor = defineCheck(
  'neighbor',
  z.strictObject({
    node: nodeName,
    address,
    mac: macAddress.optional(),
    dev: z.string().optional(),
    state: z.enum(['INCOMPLETE', 'REACHABLE', 'STALE', 'DELAY', 'PROBE', 'FAILED', 'PERMANENT', 'NOARP']).optional(),
    absent: z.boolean().optional(),
  }),
  ({ lab }, { node, address: text, mac, dev, state, absent }) => {
    const facts = [
      mac === undefined ? '' : ` at ${mac}`,
      dev === undefined ? '' : ` on ${dev}`,
      state === undefined ? '' : ` ${state}`,
    ]
    const expected = absent
      ? `no ARP entry for ${text} on ${node}`
      : `ARP entry on ${node} for ${text}${facts.join('')}`
    const found = nodeNamed(lab, node, expected)
    if (isAnswer(found)) return found
    const wanted = parseIpv4(text)!
    const rows = snapshotNeighbors(found.host).filter(row => row.address === wanted)
    const fits = (row: NeighborRow): boolean =>
      (mac === undefined || (row.mac !== undefined && formatMac(row.mac) === mac.toLowerCase())) &&
      (dev === undefined || row.interface.name === dev) &&
      (state === undefined || row.state === state)
    const holds = absent ? rows.length === 0 : rows.some(fits)
    return { holds, expected, seen: rows.length === 0 ? [`${node} has no entry for ${text}`] : rows.map(describe) }
  },
)

function describe({ address: known, interface: device, mac, state }: NeighborRow): string {
  return `${formatIpv4(known)} dev ${device.name} ${mac === undefined ? '' : `lladdr ${formatMac(mac)} `}${state}`
}
