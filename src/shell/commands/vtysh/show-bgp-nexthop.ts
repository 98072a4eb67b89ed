import type { NextHopRow } from '../../../bgp/snapshot.ts'
import { formatIpv4 } from '../../../wire/address.ts'
import { peerAddress } from './bgp-names.ts'
import { formatClock } from './uptime.ts'
import { requireSpeaker, type VtyshContext } from './vtysh-context.ts'

/** `show bgp nexthop` (`bgp_show_nexthops`, bgpd/bgp_nexthop.c). */
export function showBgpNexthop(context: VtyshContext): number {
  const speaker = requireSpeaker(context, '% No such BGP instance exist\n')
  if (speaker === undefined) return 0
  const rows = [...speaker.snapshotNextHops()].sort((a, b) => a.address - b.address)
  context.out('Current BGP nexthop cache:\n')
  for (const row of rows) context.out(nextHopText(context, row))
  return 0
}

function nextHopText(context: VtyshContext, row: NextHopRow): string {
  const peer = row.peer === undefined ? '' : `, peer ${peerAddress(row.peer)}`
  const lines = [
    row.isValid
      ? ` ${formatIpv4(row.address)} valid [IGP metric ${row.metric}], #paths ${row.paths}${peer}`
      : ` ${formatIpv4(row.address)} invalid, #paths ${row.paths}${peer}`,
  ]
  if (row.isValid) {
    const gate = row.gateway === undefined ? '' : `gate ${formatIpv4(row.gateway)}`
    const name = row.interface === undefined ? '' : `if ${row.interface}`
    lines.push(`  ${[gate, name].filter(part => part !== '').join(', ')}`)
  } else if (row.mustBeConnected) lines.push('  Must be Connected')
  lines.push(`  Last update: ${formatClock(context.simulator.epochMs + row.updatedAtNs / 1e6)}`)
  return `${lines.join('\n')}\n\n`
}
