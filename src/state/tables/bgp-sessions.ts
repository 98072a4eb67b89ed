import type { PeerRow } from '../../bgp/snapshot.ts'
import type { Speaker } from '../../bgp/speaker.ts'
import type { Lab } from '../../lab/lab.ts'
import { speakersOf } from '../../lab/speakers.ts'
import { summaryColumns } from '../../shell/commands/vtysh/show-bgp-summary.ts'
import { formatIpv4 } from '../../wire/address.ts'
import { seconds } from '../seconds.ts'
import { stateNodes } from '../state-nodes.ts'
import { defineTable } from '../table.ts'

/** A peer of a BGP speaker: FRR, gobgpd or a virtual router of Cilium. */
export interface BgpSessionRow {
  readonly node: string
  /** Of the speaker: a Cilium node may have several. */
  readonly asn: number
  /** The peer's address. */
  readonly peer: string
  /** Of an unnumbered peer. */
  readonly interface: string | null
  /** What the peer calls itself. */
  readonly hostName: string | null
  readonly remoteAsn: number
  /** `Established`, `Active`, `Idle (Admin)`, … */
  readonly state: string
  readonly isUp: boolean
  /** Column State/PfxRcd of `show ip bgp summary`: a state, or how many prefixes were accepted. */
  readonly summary: string
  readonly receivedPrefixes: number
  readonly sentPrefixes: number
  /** Since it came up or went down; null: never up. */
  readonly changedSeconds: number | null
  readonly messagesReceived: number
  readonly messagesSent: number
  readonly connectionsEstablished: number
  readonly connectionsDropped: number
  /** Why it last ended, in FRR's words. */
  readonly lastReset: string | null
  readonly description: string | null
}

export const bgpSessions = defineTable<BgpSessionRow>({
  name: 'bgpSessions',
  title: 'BGP sessions',
  scope: 'node',
  key: ['node', 'asn', 'peer', 'interface'],
  volatile: [
    'changedSeconds',
    'messagesReceived',
    'messagesSent',
    'connectionsEstablished',
    'connectionsDropped',
    'lastReset',
  ],
  rows: (lab, node) =>
    stateNodes(lab, node).flatMap(named =>
      speakersOf(lab, named.node).flatMap(speaker => sessionRows(lab, named.name, speaker)),
    ),
})

function sessionRows(lab: Lab, node: string, speaker: Speaker): readonly BgpSessionRow[] {
  return speaker
    .snapshotPeers()
    .peers.filter(peer => peer.isFamilyActive)
    .map(peer => sessionRow(node, speaker.model.asn, peer, lab.simulator.nowNs))
}

function sessionRow(node: string, asn: number, peer: PeerRow, nowNs: number): BgpSessionRow {
  const { state, idleReason } = peer
  return {
    node,
    asn,
    peer: formatIpv4(peer.address),
    interface: peer.interface ?? null,
    hostName: peer.hostName ?? null,
    remoteAsn: peer.remoteAs,
    state: idleReason === undefined ? state : `Idle (${idleReason})`,
    isUp: state === 'Established',
    summary: summaryColumns(peer)[0],
    receivedPrefixes: peer.acceptedPrefixes,
    sentPrefixes: peer.sentPrefixes,
    changedSeconds: peer.changedAtNs === undefined ? null : seconds(nowNs - peer.changedAtNs),
    messagesReceived: peer.received.total,
    messagesSent: peer.sent.total,
    connectionsEstablished: peer.connectionsEstablished,
    connectionsDropped: peer.connectionsDropped,
    lastReset: peer.lastReset?.text ?? null,
    description: peer.description ?? null,
  }
}
