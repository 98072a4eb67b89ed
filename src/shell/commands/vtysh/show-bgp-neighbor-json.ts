import type { PeerRow, PeersSnapshot } from '../../../bgp/snapshot.ts'
import { formatIpv4 } from '../../../wire/address.ts'
import type { Json } from './json-c.ts'
import { formatPeerSpan } from './uptime.ts'
import type { VtyshContext } from './vtysh-context.ts'

type Members = { readonly [key: string]: Json | undefined }

/** The main keys of `show ip bgp neighbors json`, in bgpd's order; capabilities and graceful restart are left out. */
export function neighborJson(context: VtyshContext, snapshot: PeersSnapshot, peer: PeerRow): Json {
  return {
    remoteAs: peer.remoteAs,
    localAs: peer.localAs,
    nbrInternalLink: peer.isInternal || undefined,
    nbrExternalLink: !peer.isInternal || undefined,
    localRole: 'undefined',
    remoteRole: 'undefined',
    nbrDesc: peer.description,
    hostname: peer.hostName,
    peerGroup: peer.peerGroup,
    bgpVersion: 4,
    remoteRouterId: formatIpv4(peer.remoteRouterId),
    localRouterId: formatIpv4(snapshot.routerId),
    bgpState: peer.state,
    ...timerKeys(context, peer),
    messageStats: messageStats(peer),
    minBtwnAdvertisementRunsTimerMsecs: peer.model.advertisementIntervalSeconds * 1000,
    addressFamilyInfo: familyInfo(peer),
    connectionsEstablished: peer.connectionsEstablished,
    connectionsDropped: peer.connectionsDropped,
    ...endKeys(context, peer),
  }
}

function timerKeys(context: VtyshContext, peer: PeerRow): Members {
  const { nowNs, wallMs } = context.simulator
  const since = (atNs: number | undefined): number => (atNs === undefined ? 0 : Math.floor((nowNs - atNs) / 1e9))
  const isUp = peer.state === 'Established'
  const up = since(peer.changedAtNs)
  return {
    bgpTimerUpMsec: isUp ? up * 1000 : undefined,
    bgpTimerUpString: isUp ? formatPeerSpan(up * 1e9) : undefined,
    bgpTimerUpEstablishedEpoch: isUp ? Math.floor(wallMs / 1000) - up : undefined,
    bgpTimerLastRead: since(peer.lastReadAtNs) * 1000,
    bgpTimerLastWrite: since(peer.lastWriteAtNs) * 1000,
    bgpTimerConfiguredHoldTimeMsecs: peer.configuredHoldSeconds * 1000,
    bgpTimerConfiguredKeepAliveIntervalMsecs: peer.configuredKeepaliveSeconds * 1000,
    bgpTimerHoldTimeMsecs: peer.holdSeconds * 1000,
    bgpTimerKeepAliveIntervalMsecs: peer.keepaliveSeconds * 1000,
    extendedOptionalParametersLength: false,
    bgpTimerConfiguredConditionalAdvertisementsSec: 60,
  }
}

function messageStats({ sent, received }: PeerRow): Json {
  return {
    depthInq: 0,
    depthOutq: 0,
    opensSent: sent.opens,
    opensRecv: received.opens,
    notificationsSent: sent.notifications,
    notificationsRecv: received.notifications,
    updatesSent: sent.updates,
    updatesRecv: received.updates,
    keepalivesSent: sent.keepalives,
    keepalivesRecv: received.keepalives,
    routeRefreshSent: sent.routeRefreshes,
    routeRefreshRecv: received.routeRefreshes,
    capabilitySent: 0,
    capabilityRecv: 0,
    totalSent: sent.total,
    totalRecv: received.total,
  }
}

function familyInfo(peer: PeerRow): Json {
  const family = peer.model.ipv4Unicast
  if (family === undefined) return {}
  const isUp = peer.state === 'Established' && peer.isFamilyNegotiated
  return {
    ipv4Unicast: {
      updateGroupId: isUp ? peer.updateGroup : undefined,
      subGroupId: isUp ? peer.updateGroup : undefined,
      packetQueueLength: isUp ? 0 : undefined,
      routeReflectorClient: family.routeReflectorClient || undefined,
      inboundSoftConfigPermit: family.softReconfigurationInbound || undefined,
      routerAlwaysNextHop: family.nextHopSelf !== 'off' || undefined,
      commAttriSentToNbr: 'extendedAndStandard',
      acceptedPrefixCounter: peer.acceptedPrefixes,
      sentPrefixCounter: isUp ? peer.sentPrefixes : undefined,
    },
  }
}

function endKeys(context: VtyshContext, peer: PeerRow): Members {
  const { lastReset, localAddress, localPort } = peer
  const isConnected = localAddress !== undefined && localPort !== undefined
  const resetNs = context.simulator.nowNs - (lastReset?.atNs ?? 0)
  return {
    lastReset: lastReset === undefined ? 'never' : undefined,
    lastResetTimerMsecs: lastReset === undefined ? undefined : Math.floor(resetNs / 1e9) * 1000,
    lastResetDueTo: lastReset?.text,
    lastResetCode: lastReset?.code,
    internalBgpNbrMaxHopsAway: peer.isInternal ? peer.ttl : undefined,
    externalBgpNbrMaxHopsAway: peer.isInternal ? undefined : peer.ttl,
    hostLocal: isConnected ? formatIpv4(localAddress) : undefined,
    portLocal: localPort,
    hostForeign: isConnected ? formatIpv4(peer.address) : undefined,
    portForeign: peer.remotePort,
    nexthop: isConnected ? formatIpv4(peer.nextHopAddress ?? localAddress) : undefined,
    connectRetryTimer: peer.connectRetrySeconds,
  }
}
