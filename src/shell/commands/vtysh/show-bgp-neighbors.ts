import { BFD_DEFAULTS } from '../../../bfd/bfd-daemon.ts'
import type { PeerRow, PeersSnapshot } from '../../../bgp/snapshot.ts'
import { formatIpv4, formatPrefix } from '../../../wire/address.ts'
import type { BgpCapability } from '../../../wire/bgp/message.ts'
import { peerAddress } from './bgp-names.ts'
import { jsonPretty } from './json-c.ts'
import { familyLines } from './show-bgp-neighbor-family.ts'
import { gracefulLines } from './show-bgp-neighbor-graceful.ts'
import { neighborJson } from './show-bgp-neighbor-json.ts'
import { formatPeerSpan } from './uptime.ts'
import { hasWord, requireSpeaker, type VtyshContext } from './vtysh-context.ts'

/**
 * `show ip bgp neighbors [X] [json]` (`bgp_show_peer`, bgpd/bgp_vty.c).
 *
 * Differs from FRR: the lines `Nexthop global` and `Nexthop local`, which need IPv6, print `::`; lines of features that
 * are not modelled (conditional advertisement in use) are missing.
 */
export function showBgpNeighbors(context: VtyshContext): number {
  const isJson = hasWord(context, 'json')
  const speaker = requireSpeaker(context, isJson ? '{}\n' : '% BGP instance not found\n')
  if (speaker === undefined) return 0
  const snapshot = speaker.snapshotPeers()
  const last = context.words.filter(word => word !== 'json').at(-1) ?? ''
  const wanted = last.startsWith('neighbor') ? undefined : last
  const peers = snapshot.peers.filter(peer => wanted === undefined || peerAddress(peer) === wanted)
  if (peers.length === 0 && wanted !== undefined) {
    context.out(isJson ? `${jsonPretty({ bgpNoSuchNeighbor: true })}\n` : '% No such neighbor in this view/vrf\n\n')
  } else if (isJson) {
    const members = peers.map(peer => [peerAddress(peer), neighborJson(context, snapshot, peer)] as const)
    // This command, unlike the others, escapes slashes.
    context.out(`${jsonPretty(Object.fromEntries(members)).replaceAll('/', '\\/')}\n`)
  } else context.out(peers.map(peer => neighborText(context, snapshot, peer)).join(''))
  return 0
}

function neighborText(context: VtyshContext, snapshot: PeersSnapshot, peer: PeerRow): string {
  const span = (atNs: number | undefined): string =>
    formatPeerSpan(context.simulator.nowNs - (atNs ?? context.simulator.nowNs))
  return [
    ...headLines(snapshot, peer),
    `  BGP state = ${stateText(peer)}${peer.state === 'Established' ? `, up for ${span(peer.changedAtNs)}` : ''}`,
    `  Last read ${span(peer.lastReadAtNs)}, Last write ${span(peer.lastWriteAtNs)}`,
    ...timerLines(peer),
    ...(peer.state === 'Established' ? capabilityLines(context, peer) : []),
    ...gracefulLines(peer),
    ...statisticsLines(peer),
    ...familyLines(context, peer),
    `  Connections established ${peer.connectionsEstablished}; dropped ${peer.connectionsDropped}`,
    ...lastResetLines(peer, span),
    ...endLines(context, peer),
    '',
    ...bfdLines(context, peer),
    '',
    '',
  ].join('\n')
}

function stateText(peer: PeerRow): string {
  if (peer.idleReason !== undefined) return `Idle (${peer.idleReason})`
  if (peer.state !== 'Active') return peer.state
  if (peer.model.passive) return 'Active (passive)'
  return peer.gracefulRestart.isAwaited ? 'Active (NSF passive)' : 'Active'
}

function headLines(snapshot: PeersSnapshot, peer: PeerRow): readonly string[] {
  const link = peer.isInternal ? 'internal link' : 'external link'
  const name = peer.interface === undefined ? `is ${formatIpv4(peer.address)}` : `on ${peer.interface}: none`
  const lines = [`BGP neighbor ${name}, remote AS ${peer.remoteAs}, local AS ${peer.localAs}, ${link}`]
  lines.push('  Local Role: undefined', '  Remote Role: undefined')
  if (peer.description !== undefined) lines.push(` Description: ${peer.description}`)
  if (peer.hostName !== undefined) lines.push(`Hostname: ${peer.hostName}`)
  if (peer.peerGroup !== undefined) lines.push(` Member of peer-group ${peer.peerGroup} for session parameters`)
  if (peer.dynamicRange !== undefined)
    lines.push(` Belongs to the subnet range group: ${formatPrefix(peer.dynamicRange)}`)
  if (peer.model.shutdown) lines.push(' Administratively shut down')
  const remoteId = peer.state === 'Established' || peer.state === 'OpenConfirm' ? peer.remoteRouterId : 0
  const ids = `remote router ID ${formatIpv4(remoteId)}, local router ID ${formatIpv4(snapshot.routerId)}`
  lines.push(`  BGP version 4, ${ids}`)
  return lines
}

function timerLines(peer: PeerRow): readonly string[] {
  const configured = `${peer.configuredHoldSeconds} seconds, keepalive interval is ${peer.configuredKeepaliveSeconds} seconds`
  return [
    `  Hold time is ${peer.holdSeconds} seconds, keepalive interval is ${peer.keepaliveSeconds} seconds`,
    `  Configured hold time is ${configured}`,
    '  Configured conditional advertisements interval is 60 seconds',
  ]
}

function capabilityLines(context: VtyshContext, peer: PeerRow): readonly string[] {
  const direction = (name: BgpCapability['name'], received = 'received'): string | undefined => {
    const isSent = peer.advertisedCapabilities.some(capability => capability.name === name)
    const isReceived = peer.receivedCapabilities.some(capability => capability.name === name)
    if (!isSent && !isReceived) return undefined
    return [isSent ? 'advertised' : '', isReceived ? received : ''].filter(part => part !== '').join(' and ')
  }
  const hasOld = peer.receivedCapabilities.some(({ name }) => name === 'route-refresh-old')
  const refresh = context.version >= 901 ? 'received' : hasOld ? 'received(old & new)' : 'received(new)'
  const line = (title: string, text: string | undefined): readonly string[] =>
    text === undefined ? [] : [`    ${title}: ${text}`]
  const addPath = direction('add-path')
  const longLived = direction('long-lived-graceful-restart')
  const isLongLivedReceived = peer.receivedCapabilities.some(({ name }) => name === 'long-lived-graceful-restart')
  const extended = direction('extended-next-hop')
  const restart = peer.receivedCapabilities.find(capability => capability.name === 'graceful-restart')
  const family = restart?.families.find(({ afi, safi }) => afi === 1 && safi === 1)
  return [
    '  Neighbor capabilities:',
    ...line('4 Byte AS', direction('four-octet-asn')),
    ...line('Extended Message', direction('extended-message')),
    ...(addPath === undefined ? [] : ['    AddPath:', `      IPv4 Unicast: RX ${addPath}`]),
    ...line('Extended nexthop', extended),
    ...(extended?.includes('received') === true
      ? ['      Address families by peer:', '                   IPv4 Unicast']
      : []),
    ...line('Long-lived Graceful Restart', longLived),
    ...(isLongLivedReceived ? ['      Address families by peer:'] : []),
    // a family counts where the plain capability names it too
    ...(isLongLivedReceived && family !== undefined ? ['           IPv4 Unicast'] : []),
    ...line('Route refresh', direction('route-refresh', refresh)),
    ...line('Enhanced Route Refresh', direction('enhanced-route-refresh')),
    ...line('Address Family IPv4 Unicast', direction('multiprotocol')),
    `    Hostname Capability: ${hostNameText(peer)}`,
    ...line('Graceful Restart Capability', direction('graceful-restart')),
    ...(restart?.name === 'graceful-restart'
      ? [
          `      Remote Restart timer is ${restart.restartSeconds} seconds`,
          '      Address families by peer:',
          `        ${family === undefined ? 'none' : `IPv4 Unicast(${family.forwarding ? 'preserved' : 'not preserved'})`}`,
        ]
      : []),
  ]
}

function hostNameText(peer: PeerRow): string {
  const nameOf = (capabilities: readonly BgpCapability[]): string | undefined => {
    const found = capabilities.find(capability => capability.name === 'fqdn')
    return found?.name === 'fqdn' ? `(name: ${found.hostName},domain name: ${found.domainName || 'n/a'})` : undefined
  }
  const received = nameOf(peer.receivedCapabilities)
  const sent = nameOf(peer.advertisedCapabilities)
  return `${sent === undefined ? 'not advertised' : `advertised ${sent}`} ${received === undefined ? 'not received' : `received ${received}`}`
}

function statisticsLines(peer: PeerRow): readonly string[] {
  const line = (title: string, sent: number, received: number): string =>
    `    ${`${title}:`.padEnd(15)}${String(sent).padStart(10)} ${String(received).padStart(10)}`
  const { sent, received } = peer
  return [
    '  Message statistics:',
    '    Inq depth is 0',
    '    Outq depth is 0',
    '                         Sent       Rcvd',
    line('Opens', sent.opens, received.opens),
    line('Notifications', sent.notifications, received.notifications),
    line('Updates', sent.updates, received.updates),
    line('Keepalives', sent.keepalives, received.keepalives),
    line('Route Refresh', sent.routeRefreshes, received.routeRefreshes),
    line('Capability', 0, 0),
    line('Total', sent.total, received.total),
    `  Minimum time between advertisement runs is ${peer.model.advertisementIntervalSeconds} seconds`,
    '',
  ]
}

function lastResetLines(peer: PeerRow, span: (atNs: number | undefined) => string): readonly string[] {
  return [
    peer.lastReset === undefined
      ? '  Last reset never'
      : `  Last reset ${span(peer.lastReset.atNs)},  ${peer.lastReset.text}`,
  ]
}

/** FRR bgp_bfd_show_info, measured on 8.4.4. */
function bfdLines(context: VtyshContext, peer: PeerRow): readonly string[] {
  const found = context.router.bfd?.snapshot().find(({ session }) => session.peer === peer.address)
  if (found === undefined || !peer.model.bfd) return []
  const { bfdSettings } = peer.model
  const { session } = found
  const sinceS = Math.floor((context.simulator.nowNs - session.changedAtNs) / 1e9)
  const two = (value: number): string => String(value).padStart(2, '0')
  const age = `${Math.floor(sinceS / 86_400)}:${two(Math.floor(sinceS / 3600) % 24)}:${two(Math.floor(sinceS / 60) % 60)}:${two(sinceS % 60)}`
  return [
    `  BFD: Type: ${peer.ttl > 1 && !peer.isInternal ? 'multi hop' : 'single hop'}`,
    `  Detect Multiplier: ${bfdSettings?.detectMultiplier ?? BFD_DEFAULTS.detectMultiplier}, Min Rx interval: ${bfdSettings?.receiveMs ?? BFD_DEFAULTS.receiveMs}, Min Tx interval: ${bfdSettings?.transmitMs ?? BFD_DEFAULTS.transmitMs}`,
    `  Status: ${session.state === 'up' ? 'Up' : 'Down'}, Last update: ${age}`,
    '',
  ]
}

function endLines(context: VtyshContext, peer: PeerRow): readonly string[] {
  const lines: string[] = []
  const kind = peer.isInternal ? 'Internal' : 'External'
  lines.push(`  ${kind} BGP neighbor may be up to ${peer.ttl} hops away.`)
  if (peer.localAddress !== undefined && peer.localPort !== undefined) {
    lines.push(`Local host: ${formatIpv4(peer.localAddress)}, Local port: ${peer.localPort}`)
    lines.push(`Foreign host: ${formatIpv4(peer.address)}, Foreign port: ${peer.remotePort ?? 0}`)
    lines.push(
      `Nexthop: ${formatIpv4(peer.nextHopAddress ?? peer.localAddress)}`,
      'Nexthop global: ::',
      'Nexthop local: ::',
    )
    lines.push(`BGP connection: ${peer.isSharedNetwork ? 'shared network' : 'non shared network'}`)
  }
  lines.push(`BGP Connect Retry Timer in Seconds: ${peer.connectRetrySeconds}`)
  const due = (atNs: number): number => Math.max(0, Math.floor((atNs - context.simulator.nowNs) / 1e9))
  if (peer.startTimerAtNs !== undefined) lines.push(`Next start timer due in ${due(peer.startTimerAtNs)} seconds`)
  if (peer.connectTimerAtNs !== undefined) lines.push(`Next connect timer due in ${due(peer.connectTimerAtNs)} seconds`)
  const isOn = peer.state === 'Established'
  lines.push(`Read thread: ${isOn ? 'on' : 'off'}  Write thread: ${isOn ? 'on' : 'off'}  FD used: ${isOn ? 20 : -1}`)
  return lines
}
