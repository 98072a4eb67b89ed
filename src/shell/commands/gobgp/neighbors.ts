import type { PeerRow, PeerState } from '../../../bgp/snapshot.ts'
import { left, right } from '../../../text/table.ts'
import { formatIpv4 } from '../../../wire/address.ts'
import { formatAge } from './age.ts'

const STATES: Record<PeerState, string> = {
  Idle: 'Idle',
  Connect: 'Connect',
  Active: 'Active',
  OpenSent: 'Sent',
  OpenConfirm: 'Confirm',
  Established: 'Establ',
  Clearing: 'Idle',
}

/** `gobgp neighbor`: one line each, by address; columns grow with their contents. */
export function neighborList(peers: readonly PeerRow[], nowNs: number): string {
  const rows = [...peers]
    .sort((a, b) => a.address - b.address)
    .map(peer => ({
      address: formatIpv4(peer.address),
      asn: String(peer.remoteAs),
      time: peer.changedAtNs === undefined ? 'never' : formatAge(nowNs - peer.changedAtNs),
      state: peer.idleReason === 'Admin' ? 'Idle(Admin)' : STATES[peer.state],
      received: peer.state === 'Established' ? peer.receivedPrefixes : 0,
      accepted: peer.state === 'Established' ? peer.acceptedPrefixes : 0,
    }))
  const widest = (texts: readonly string[], least: number): number => Math.max(least, ...texts.map(text => text.length))
  const addressWidth = widest(
    rows.map(row => row.address),
    'Peer'.length,
  )
  const asnWidth = widest(
    rows.map(row => row.asn),
    'AS'.length,
  )
  const timeWidth = widest(
    rows.map(row => row.time),
    'Up/Down'.length,
  )
  const line = (words: readonly (string | number)[]): string =>
    `${left(words[0]!, addressWidth)} ${right(words[1]!, asnWidth)} ${right(words[2]!, timeWidth)} ` +
    `${left(words[3]!, 11)} |${right(words[4]!, 9)} ${right(words[5]!, 9)}\n`
  const body = rows.map(row => line([row.address, row.asn, row.time, row.state, row.received, row.accepted]))
  return line(['Peer', 'AS', 'Up/Down', 'State', '#Received', 'Accepted']) + body.join('')
}
