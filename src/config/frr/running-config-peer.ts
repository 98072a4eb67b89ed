import type { BfdSettings } from '../../model/bfd.ts'
import { formatIpv4 } from '../../wire/address.ts'
import type { BgpDraft, FamilyOptions, PeerDraft, PeerOptions } from './bgp-draft.ts'

/** Session lines of a neighbour or group, without indent (bgpd/bgp_vty.c `bgp_config_write_peer_global`). */
export function formatPeerSession(peer: PeerDraft, bgp: BgpDraft): readonly string[] {
  const lines = [...formatIdentity(peer, bgp), ...formatOptions(peer.options), ...formatCapabilities(peer)]
  return lines.map(line => line.replace(/^(no )?/, `$1neighbor ${peer.key} `))
}

/** The line that makes the peer. A member does not repeat the AS of its group. */
function formatIdentity(peer: PeerDraft, bgp: BgpDraft): readonly string[] {
  const remote = peer.options.remoteAs
  const group = peer.group
  const remoteAs = remote === undefined ? [] : [`remote-as ${remote}`]
  if (peer.kind === 'group') return ['peer-group', ...remoteAs]
  if (peer.kind === 'interface') {
    const v6Only = peer.isV6Only ? ' v6only' : ''
    return [
      `interface${v6Only}${group === undefined ? '' : ` peer-group ${group}`}${remote === undefined ? '' : ` remote-as ${remote}`}`,
    ]
  }
  if (group === undefined) return remoteAs
  const groupAs = bgp.groups.get(group)?.options.remoteAs
  return [...(groupAs === undefined ? remoteAs : []), `peer-group ${group}`]
}

function formatOptions(options: PeerOptions): readonly string[] {
  const { localAs, timers, updateSource } = options
  const localWords = `${localAs?.noPrepend ? ' no-prepend' : ''}${localAs?.replaceAs ? ' replace-as' : ''}`
  return [
    ...(localAs === undefined ? [] : [`local-as ${localAs.asn}${localWords}`]),
    ...valued('description', options.description),
    ...(options.shutdown
      ? [`shutdown${options.shutdownMessage === undefined ? '' : ` message ${options.shutdownMessage}`}`]
      : []),
    ...valued('password', options.password),
    ...switched('solo', options.solo),
    ...valued('port', options.port === 179 ? undefined : options.port),
    ...switched('passive', options.passive),
    ...valued('ebgp-multihop', options.ebgpMultihopTtl),
    ...valued('ttl-security hops', options.ttlSecurityHops),
    ...switched('disable-connected-check', options.disableConnectedCheck),
    ...(options.enforceFirstAs === undefined ? [] : [`${options.enforceFirstAs ? '' : 'no '}enforce-first-as`]),
    ...(updateSource === undefined
      ? []
      : [`update-source ${typeof updateSource === 'number' ? formatIpv4(updateSource) : updateSource.interface}`]),
    ...valued('advertisement-interval', options.advertisementIntervalSeconds),
    ...(timers === undefined ? [] : [`timers ${timers.keepaliveSeconds} ${timers.holdSeconds}`]),
    ...valued('timers connect', options.connectRetrySeconds),
    ...valued('timers delayopen', options.delayOpenSeconds),
    ...switched('bfd', options.bfd),
    ...bfdLines(options.bfdSettings),
  ]
}

function formatCapabilities({ options, family, kind }: PeerDraft): readonly string[] {
  return [
    ...switched('capability dynamic', options.dynamicCapability),
    ...(kind === 'interface' && options.extendedNextHop === false ? ['no capability extended-nexthop'] : []),
    ...switched('capability extended-nexthop', kind === 'interface' ? undefined : options.extendedNextHop),
    ...switched('capability software-version', options.softwareVersion),
    ...switched('dont-capability-negotiate', options.dontCapabilityNegotiate),
    ...switched('override-capability', options.overrideCapability),
    ...switched('strict-capability-match', options.strictCapabilityMatch),
    ...switched('sender-as-path-loop-detection', family.senderAsPathLoopDetection),
  ]
}

/** Lines of a neighbour or group in IPv4 unicast, without indent (`bgp_config_write_peer_af`). */
export function formatPeerFamily(peer: PeerDraft, bgp: BgpDraft): readonly string[] {
  const { family } = peer
  const lines = [
    ...formatActivation(peer, bgp),
    ...switched('route-reflector-client', family.routeReflectorClient),
    ...(family.nextHopSelf === 'on' ? ['next-hop-self'] : []),
    ...(family.nextHopSelf === 'force' ? ['next-hop-self force'] : []),
    ...(family.removePrivateAs === undefined ? [] : [formatRemovePrivate(family.removePrivateAs)]),
    ...switched('as-override', family.asOverride),
    ...formatSendCommunity(family),
    ...formatDefaultOriginate(family),
    ...switched('soft-reconfiguration inbound', family.softReconfigurationInbound),
    ...formatMaximumPrefix(family),
    ...switched('route-server-client', family.routeServerClient),
    ...(family.allowAsIn === undefined ? [] : [`allowas-in${family.allowAsIn === 3 ? '' : ` ${family.allowAsIn}`}`]),
    ...valued('weight', family.weight),
    ...formatPolicies(family),
    ...formatUnchanged(family),
  ]
  return lines.map(line => line.replace(/^(no )?/, `$1neighbor ${peer.key} `))
}

/** Printed where it differs from what the neighbour would have by itself: from its group, or by `bgp default ipv4-unicast`. */
function formatActivation(peer: PeerDraft, bgp: BgpDraft): readonly string[] {
  const group = peer.group === undefined ? undefined : bgp.groups.get(peer.group)
  const byItself = group?.family.activated ?? bgp.isIpv4UnicastDefault
  const isActive = peer.family.activated ?? false
  return isActive === byItself ? [] : [isActive ? 'activate' : 'no activate']
}

function formatRemovePrivate({ all, replaceAs }: NonNullable<FamilyOptions['removePrivateAs']>): string {
  return `remove-private-AS${all ? ' all' : ''}${replaceAs ? ' replace-AS' : ''}`
}

function formatSendCommunity({ sendStandard, sendExtended, sendLarge }: FamilyOptions): readonly string[] {
  const off = [sendStandard, sendExtended, sendLarge].map(value => value === false)
  if (off.every(Boolean)) return ['no send-community all']
  if (off[0] && off[1]) return ['no send-community both']
  const names = ['', ' extended', ' large']
  return names.flatMap((name, index) => (off[index] ? [`no send-community${name}`] : []))
}

function formatDefaultOriginate({ defaultOriginate }: FamilyOptions): readonly string[] {
  if (defaultOriginate === undefined) return []
  const { routeMap } = defaultOriginate
  return [`default-originate${routeMap === undefined ? '' : ` route-map ${routeMap}`}`]
}

function formatMaximumPrefix({ maximumPrefix }: FamilyOptions): readonly string[] {
  if (maximumPrefix === undefined) return []
  const { limit, threshold, warningOnly, restartMinutes } = maximumPrefix
  const words = [
    `maximum-prefix ${limit}`,
    ...(threshold === undefined ? [] : [String(threshold)]),
    ...(warningOnly ? ['warning-only'] : []),
    ...(restartMinutes === undefined ? [] : [`restart ${restartMinutes}`]),
  ]
  return [words.join(' ')]
}

function formatPolicies({ in: inbound, out, unsuppressMap }: FamilyOptions): readonly string[] {
  return [
    ...directed('distribute-list', inbound.distributeList, out.distributeList),
    ...directed('prefix-list', inbound.prefixList, out.prefixList),
    ...directed('route-map', inbound.routeMap, out.routeMap),
    ...valued('unsuppress-map', unsuppressMap),
    ...directed('filter-list', inbound.filterList, out.filterList),
  ]
}

function formatUnchanged({ attributeUnchanged }: FamilyOptions): readonly string[] {
  if (attributeUnchanged === undefined) return []
  const { asPath, nextHop, med } = attributeUnchanged
  if (!asPath && !nextHop && !med) return []
  if (asPath && nextHop && med) return ['attribute-unchanged']
  return [`attribute-unchanged${asPath ? ' as-path' : ''}${nextHop ? ' next-hop' : ''}${med ? ' med' : ''}`]
}

function directed(words: string, inbound: string | undefined, outbound: string | undefined): readonly string[] {
  return [
    ...(inbound === undefined ? [] : [`${words} ${inbound} in`]),
    ...(outbound === undefined ? [] : [`${words} ${outbound} out`]),
  ]
}

function valued(words: string, value: string | number | undefined): readonly string[] {
  return value === undefined ? [] : [`${words} ${value}`]
}

function switched(words: string, value: boolean | undefined): readonly string[] {
  return value ? [words] : []
}

/** Measured on FRR 8.4.4: a profile's line follows the plain one; timers stand in its place in bgpd's file. */
function bfdLines(settings: BfdSettings | undefined): readonly string[] {
  if (settings?.profile !== undefined) return [`bfd profile ${settings.profile}`]
  if (settings?.detectMultiplier === undefined) return []
  return [`bfd ${settings.detectMultiplier} ${settings.receiveMs} ${settings.transmitMs}`]
}
