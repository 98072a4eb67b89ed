import type { PeerRow } from '../../../bgp/snapshot.ts'
import type { PeerFamilyModel } from '../../../model/bgp.ts'
import type { VtyshContext } from './vtysh-context.ts'

/** The block ` For address family: IPv4 Unicast` of a neighbour (`bgp_show_peer_afi`, bgpd/bgp_vty.c). */
export function familyLines(context: VtyshContext, peer: PeerRow): readonly string[] {
  const family = peer.model.ipv4Unicast
  if (family === undefined) return []
  const isUp = peer.state === 'Established' && peer.isFamilyNegotiated
  return [
    ' For address family: IPv4 Unicast',
    ...(peer.peerGroup === undefined ? [] : [`  ${peer.peerGroup} peer-group member`]),
    ...(isUp
      ? [`  Update group ${peer.updateGroup}, subgroup ${peer.updateGroup}`, '  Packet Queue length 0']
      : ['  Not part of any update group']),
    ...optionLines(family),
    ...communityLine(family),
    ...defaultLines(context, peer, family),
    ...policyLines(context, family),
    ...(peer.isInboundPolicyMissing ? ['  Inbound updates discarded due to missing policy'] : []),
    ...(peer.isOutboundPolicyMissing ? ['  Outbound updates discarded due to missing policy'] : []),
    `  ${peer.acceptedPrefixes} accepted prefixes`,
    '',
  ]
}

function optionLines(family: PeerFamilyModel): readonly string[] {
  const lines: string[] = []
  if (family.routeReflectorClient) lines.push('  Route-Reflector Client')
  if (family.routeServerClient) lines.push('  Route-Server Client')
  if (family.softReconfigurationInbound) lines.push('  Inbound soft reconfiguration allowed')
  if (family.removePrivateAs !== undefined) {
    const verb = family.removePrivateAs.replaceAs ? 'replaced' : 'removed'
    lines.push(`  Private AS numbers${family.removePrivateAs.all ? ' (all)' : ''} ${verb} in updates to this neighbor`)
  }
  if (family.asOverride) lines.push('  Override ASNs in outbound updates if aspath equals remote-as')
  if (family.nextHopSelf !== 'off') lines.push('  NEXT_HOP is always this router')
  const { asPath, nextHop, med } = family.attributeUnchanged
  if (asPath) lines.push('  AS_PATH is propagated unchanged to this neighbor')
  if (nextHop) lines.push('  NEXT_HOP is propagated unchanged to this neighbor')
  if (med) lines.push('  MED is propagated unchanged to this neighbor')
  return lines
}

function communityLine(family: PeerFamilyModel): readonly string[] {
  const { standard, extended, large } = family.sendCommunity
  if (!standard && !extended && !large) return []
  const kind = standard && extended ? 'all' : large ? 'large' : extended ? 'extended' : 'standard'
  return [`  Community attribute sent to this neighbor(${kind})`]
}

function defaultLines(context: VtyshContext, peer: PeerRow, family: PeerFamilyModel): readonly string[] {
  if (family.defaultOriginate === undefined) return []
  const { routeMap } = family.defaultOriginate
  const star = routeMap !== undefined && context.router.model.policy.routeMaps.has(routeMap) ? '*' : ''
  const map = routeMap === undefined ? '' : ` default route-map ${star}${routeMap},`
  return [`  Default information originate,${map} default ${peer.isDefaultSent ? 'sent' : 'not sent'}`]
}

/** A star says that the list or map exists. */
function policyLines(context: VtyshContext, family: PeerFamilyModel): readonly string[] {
  const { policy } = context.router.model
  const lines: string[] = []
  const has = (names: PeerFamilyModel['in']): boolean => Object.values(names).some(name => name !== undefined)
  if (has(family.in)) lines.push('  Inbound path policy configured')
  if (has(family.out)) lines.push('  Outbound path policy configured')
  const add = (title: string, name: string | undefined, known: ReadonlyMap<string, unknown>): void => {
    if (name !== undefined) lines.push(`  ${title} ${known.has(name) ? '*' : ''}${name}`)
  }
  add('Incoming update prefix filter list is', family.in.prefixList, policy.prefixLists)
  add('Outgoing update prefix filter list is', family.out.prefixList, policy.prefixLists)
  add('Incoming update network filter list is', family.in.distributeList, policy.accessLists)
  add('Outgoing update network filter list is', family.out.distributeList, policy.accessLists)
  add('Incoming update AS path filter list is', family.in.filterList, policy.asPathLists)
  add('Outgoing update AS path filter list is', family.out.filterList, policy.asPathLists)
  add('Route map for incoming advertisements is', family.in.routeMap, policy.routeMaps)
  add('Route map for outgoing advertisements is', family.out.routeMap, policy.routeMaps)
  return lines
}
