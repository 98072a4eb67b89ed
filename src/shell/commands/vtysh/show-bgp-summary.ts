import type { PeerRow, PeersSnapshot } from '../../../bgp/snapshot.ts'
import type { FrrVersion } from '../../../model/frr-version.ts'
import { formatIpv4 } from '../../../wire/address.ts'
import { peerAddress, peerText } from './bgp-names.ts'
import { type Json, jsonPretty } from './json-c.ts'
import { formatPeerSpan } from './uptime.ts'
import { hasWord, requireSpeaker, type VtyshContext } from './vtysh-context.ts'

/** Sizes of bgpd's structures in the 8.4.4 Debian build, bytes: what the memory figures are made of. */
const DESTINATION_BYTES = 192
const PEER_BYTES = 741_464
const PEER_GROUP_BYTES = 64

/**
 * `show ip bgp summary [established|failed] [wide] [json]` and its other spellings (`bgp_show_summary`, bgpd/bgp_vty.c).
 *
 * Differs from FRR: memory figures are those of 8.4.4 in every version.
 */
export function showBgpSummary(context: VtyshContext): number {
  const isJson = hasWord(context, 'json')
  const speaker = requireSpeaker(context, isJson ? '{}\n' : '% BGP instance not found\n')
  if (speaker === undefined) return isJson ? 0 : 1
  const snapshot = speaker.snapshotPeers()
  const peers = snapshot.peers.filter(peer => peer.isFamilyActive)
  if (isJson) context.out(`${jsonPretty(summaryJson(context, snapshot, peers))}\n`)
  else if (peers.length === 0) context.out('% No BGP neighbors found in VRF default\n')
  else context.out(summaryText(context, snapshot, peers))
  return 0
}

function namesFamily(context: VtyshContext): boolean {
  return hasWord(context, 'unicast')
}

function hasFailed(peer: PeerRow): boolean {
  return peer.state !== 'Established' || !peer.isFamilyNegotiated
}

function summaryText(context: VtyshContext, snapshot: PeersSnapshot, peers: readonly PeerRow[]): string {
  const isFailed = hasWord(context, 'failed')
  const isEstablished = hasWord(context, 'established')
  const shown = peers.filter(peer => (isFailed ? hasFailed(peer) : !isEstablished || !hasFailed(peer)))
  const width = Math.max(16, ...peers.map(peer => peerName(peer, snapshot).length + 1))
  const heading = isFailed
    ? `\n${'Neighbor'.padEnd(width)}EstdCnt DropCnt ResetTime Reason\n`
    : `\n${'Neighbor'.padEnd(width)}V         AS   MsgRcvd   MsgSent   TblVer  InQ OutQ  Up/Down State/PfxRcd   PfxSnt Desc\n`
  const rows = shown.map(peer =>
    isFailed ? failedRow(context, snapshot, peer, width) : peerRow(context, snapshot, peer, width),
  )
  const displayed = isFailed || isEstablished ? `\nDisplayed neighbors ${shown.length}` : ''
  return [
    namesFamily(context) ? '' : '\nIPv4 Unicast Summary (VRF default):\n',
    headText(context.version, snapshot, peers.length),
    shown.length > 0 || isFailed ? heading : '',
    ...rows,
    `${displayed}\nTotal number of neighbors ${peers.length}\n`,
    dynamicText(snapshot),
  ].join('')
}

function headText(version: FrrVersion, snapshot: PeersSnapshot, count: number): string {
  const vrf = version >= 1000 ? 'VRF default vrf-id 0' : 'vrf-id 0'
  const groups = snapshot.peerGroups
  return [
    `BGP router identifier ${formatIpv4(snapshot.routerId)}, local AS number ${snapshot.asn} ${vrf}\n`,
    `BGP table version ${snapshot.tableVersion}\n`,
    `RIB entries ${snapshot.ribEntries}, using ${memoryText(snapshot.ribEntries * DESTINATION_BYTES)} of memory\n`,
    `Peers ${count}, using ${memoryText(count * PEER_BYTES)} of memory\n`,
    groups > 0 ? `Peer groups ${groups}, using ${memoryText(groups * PEER_GROUP_BYTES)} of memory\n` : '',
  ].join('')
}

/** `mtype_memstr`, lib/memory.c: bytes up to 10 KiB, KiB up to 10 MiB, rounded. */
function memoryText(bytes: number): string {
  const units: readonly (readonly [number, string])[] = [
    [30, 'GiB'],
    [20, 'MiB'],
    [10, 'KiB'],
  ]
  for (const [shift, unit] of units) {
    if (bytes >= 10 * 2 ** shift) return `${Math.floor((bytes + 2 ** (shift - 1)) / 2 ** shift)} ${unit}`
  }
  return `${bytes} bytes`
}

function peerName(peer: PeerRow, snapshot: PeersSnapshot): string {
  return `${peer.dynamicRange === undefined ? '' : '*'}${peerText(peer, snapshot.showHostname)}`
}

function spanSinceChange(context: VtyshContext, peer: PeerRow): string {
  return peer.changedAtNs === undefined ? 'never' : formatPeerSpan(context.simulator.nowNs - peer.changedAtNs)
}

function peerRow(context: VtyshContext, snapshot: PeersSnapshot, peer: PeerRow, width: number): string {
  const counters = `${String(peer.received.total).padStart(9)} ${String(peer.sent.total).padStart(9)} ${'0'.padStart(8)}`
  const queues = `${'0'.padStart(4)} ${'0'.padStart(4)} ${spanSinceChange(context, peer).padStart(8)}`
  const [state, sent] = summaryColumns(peer)
  const description = shortDescription(peer.description, hasWord(context, 'wide') ? 64 : 20)
  const head = `${peerName(peer, snapshot).padEnd(width)}4 ${String(peer.remoteAs).padStart(10)}`
  return `${head} ${counters} ${queues} ${state.padStart(12)} ${sent.padStart(8)} ${description}\n`
}

/** Columns State/PfxRcd and PfxSnt. */
export function summaryColumns(peer: PeerRow): readonly [string, string] {
  if (peer.state !== 'Established') {
    return [peer.idleReason === undefined ? peer.state : `Idle (${peer.idleReason})`, '0']
  }
  if (!peer.isFamilyNegotiated) return ['NoNeg', 'NoNeg']
  return [
    peer.isInboundPolicyMissing ? '(Policy)' : String(peer.acceptedPrefixes),
    peer.isOutboundPolicyMissing ? '(Policy)' : String(peer.sentPrefixes),
  ]
}

/** Cut at the last blank before the limit; without a blank nothing is left (`bgp_peer_description_stripped`). */
function shortDescription(description: string | undefined, limit: number): string {
  if (description === undefined) return 'N/A'
  if (description.length < limit) return description
  const blank = description.slice(0, limit).lastIndexOf(' ')
  return blank < 0 ? '' : description.slice(0, blank)
}

function failedRow(context: VtyshContext, snapshot: PeersSnapshot, peer: PeerRow, width: number): string {
  const counts = `${String(peer.connectionsEstablished).padStart(7)} ${String(peer.connectionsDropped).padStart(7)}`
  const reason = ` ${peer.lastReset?.text ?? ''}`
  return `${peerName(peer, snapshot).padEnd(width)}${counts} ${spanSinceChange(context, peer).padStart(9)} ${reason}\n`
}

function dynamicText(snapshot: PeersSnapshot): string {
  if (snapshot.dynamicPeers === 0) return ''
  return `* - dynamic neighbor\n${snapshot.dynamicPeers} dynamic neighbor(s), limit ${snapshot.listenLimit}\n`
}

function summaryJson(context: VtyshContext, snapshot: PeersSnapshot, peers: readonly PeerRow[]): Json {
  const isFailed = hasWord(context, 'failed')
  const shown = peers.filter(peer =>
    isFailed ? hasFailed(peer) : !hasWord(context, 'established') || !hasFailed(peer),
  )
  const groups = snapshot.peerGroups
  const body: Json = {
    routerId: formatIpv4(snapshot.routerId),
    as: snapshot.asn,
    vrfId: 0,
    vrfName: 'default',
    tableVersion: snapshot.tableVersion,
    ribCount: snapshot.ribEntries,
    ribMemory: snapshot.ribEntries * DESTINATION_BYTES,
    peerCount: peers.length,
    peerMemory: peers.length * PEER_BYTES,
    peerGroupCount: groups > 0 ? groups : undefined,
    peerGroupMemory: groups > 0 ? groups * PEER_GROUP_BYTES : undefined,
    peers: Object.fromEntries(
      shown.map(peer => [peerAddress(peer), isFailed ? failedJson(context, peer) : peerJson(context, peer)]),
    ),
    failedPeers: peers.filter(hasFailed).length,
    displayedPeers: shown.length,
    totalPeers: peers.length,
    dynamicPeers: snapshot.dynamicPeers,
    bestPath: { multiPathRelax: snapshot.isMultipathRelax ? 'true' : 'false' },
  }
  return namesFamily(context) ? body : { ipv4Unicast: body }
}

function peerJson(context: VtyshContext, peer: PeerRow): Json {
  return {
    dynamicPeer: peer.dynamicRange === undefined ? undefined : true,
    hostname: peer.hostName,
    domainname: peer.domainName === '' ? undefined : peer.domainName,
    remoteAs: peer.remoteAs,
    localAs: peer.localAs,
    version: 4,
    msgRcvd: peer.received.total,
    msgSent: peer.sent.total,
    tableVersion: 0,
    outq: 0,
    inq: 0,
    ...uptimeJson(context, peer),
    pfxRcd: peer.acceptedPrefixes,
    pfxSnt: peer.state === 'Established' ? peer.sentPrefixes : 0,
    state: peer.idleReason === undefined ? peer.state : `Idle (${peer.idleReason})`,
    peerState: peerState(peer),
    connectionsEstablished: peer.connectionsEstablished,
    connectionsDropped: peer.connectionsDropped,
    desc: peer.description,
    idType: peer.interface === undefined ? 'ipv4' : 'interface',
  }
}

function uptimeJson(context: VtyshContext, peer: PeerRow): { readonly [key: string]: Json | undefined } {
  if (peer.changedAtNs === undefined) return { peerUptime: 'never', peerUptimeMsec: 0 }
  const seconds = Math.floor((context.simulator.nowNs - peer.changedAtNs) / 1e9)
  return {
    peerUptime: spanSinceChange(context, peer),
    peerUptimeMsec: seconds * 1000,
    peerUptimeEstablishedEpoch: Math.floor(context.simulator.wallMs / 1000) - seconds,
  }
}

function peerState(peer: PeerRow): string {
  if (peer.model.shutdown) return 'Admin'
  if (peer.idleReason === 'PfxCt') return 'PfxCt'
  if (peer.model.passive) return 'Passive'
  return peer.isInboundPolicyMissing || peer.isOutboundPolicyMissing ? 'Policy' : 'OK'
}

function failedJson(context: VtyshContext, peer: PeerRow): Json {
  return {
    connectionsEstablished: peer.connectionsEstablished,
    connectionsDropped: peer.connectionsDropped,
    ...uptimeJson(context, peer),
    lastResetDueTo: peer.lastReset?.text,
    idType: peer.interface === undefined ? 'ipv4' : 'interface',
  }
}
