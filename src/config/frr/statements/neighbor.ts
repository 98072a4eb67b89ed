import { parseIpv4 } from '../../../wire/address.ts'
import type { PeerDraft } from '../bgp-draft.ts'
import { createPeer, findPeer, membersOf, refuseIpv6 } from '../peer-lookup.ts'
import type { Statement, StatementContext } from '../statement.ts'
import type { StatementArguments } from '../statement-arguments.ts'

const REMOTE_AS = '(<asn:asn>|<kind=internal|external|auto>)'

/** Statements that make, bind and remove neighbours and peer-groups. */
export const neighborStatements: readonly Statement[] = [
  {
    node: 'bgp',
    syntax: `neighbor <peer:peer> remote-as ${REMOTE_AS}`,
    no: `neighbor <peer:peer> remote-as [${REMOTE_AS}]`,
    apply: (context, values) => (values.isNegated ? removeRemoteAs(context, values) : applyRemoteAs(context, values)),
  },
  { node: 'bgp', no: 'neighbor <peer:peer>', apply: removeNeighbor },
  {
    node: 'bgp',
    syntax: 'neighbor <peer:peer> peer-group',
    no: 'neighbor <peer:peer> peer-group',
    apply: applyGroup,
  },
  {
    node: 'bgp',
    syntax: 'neighbor <peer:peer> peer-group <group:word>',
    no: 'neighbor <peer:peer> peer-group <group:word>',
    apply: (context, values) => (values.isNegated ? leaveGroup(context, values) : joinGroup(context, values)),
  },
  {
    node: 'bgp',
    syntax: `neighbor <peer:peer> interface [v6only] [(remote-as ${REMOTE_AS}|peer-group <group:word>)]`,
    no: `neighbor <peer:peer> interface [v6only] [(remote-as ${REMOTE_AS}|peer-group <group:word>)]`,
    apply: applyInterfacePeer,
  },
]

function remoteAsOf(values: StatementArguments): PeerDraft['options']['remoteAs'] {
  const asn = values.optionalNumber('asn')
  if (asn !== undefined) return asn
  const kind = values.optionalText('kind')
  return kind === 'internal' || kind === 'external' ? kind : undefined
}

function applyRemoteAs(context: StatementContext, values: StatementArguments): void {
  const key = values.text('peer')
  if (refuseIpv6(context, key)) return
  if (values.has('auto')) context.unmodelled('neighbor … remote-as auto (the session stays down)')
  const { bgp } = context
  const isAddress = parseIpv4(key) !== undefined
  const known = bgp.peers.get(key) ?? (isAddress ? undefined : bgp.groups.get(key))
  if (known === undefined && !isAddress) {
    context.refuse('% Create the peer-group or interface first')
    return
  }
  const group = known?.group === undefined ? undefined : bgp.groups.get(known.group)
  if (group?.options.remoteAs !== undefined) {
    context.refuse('% Peer-group member cannot override remote-as of peer-group.')
    return
  }
  const peer = known ?? createPeer(context, key, 'address')
  peer.options.remoteAs = remoteAsOf(values)
}

function removeRemoteAs(context: StatementContext, values: StatementArguments): void {
  const peer = findPeer(context, values.text('peer'))
  if (peer === undefined) return
  if (peer.kind === 'address') context.bgp.peers.delete(peer.key)
  else peer.options.remoteAs = undefined
}

function removeNeighbor(context: StatementContext, values: StatementArguments): void {
  const peer = findPeer(context, values.text('peer'))
  if (peer?.kind === 'group') removeGroup(context, peer)
  else if (peer !== undefined) context.bgp.peers.delete(peer.key)
}

function removeGroup({ bgp }: StatementContext, group: PeerDraft): void {
  for (const member of membersOf(bgp, group.key)) bgp.peers.delete(member.key)
  for (const [prefix, name] of bgp.listenRanges) if (name === group.key) bgp.listenRanges.delete(prefix)
  bgp.groups.delete(group.key)
}

function applyGroup(context: StatementContext, values: StatementArguments): void {
  const key = values.text('peer')
  const known = context.bgp.groups.get(key)
  if (values.isNegated) {
    if (known === undefined) context.refuse('% Configure the peer-group first')
    else removeGroup(context, known)
  } else if (known === undefined) createPeer(context, key, 'group')
}

function joinGroup(context: StatementContext, values: StatementArguments): void {
  const key = values.text('peer')
  if (refuseIpv6(context, key)) return
  const { bgp } = context
  const group = bgp.groups.get(values.text('group'))
  if (group === undefined) {
    context.refuse('% Configure the peer-group first')
    return
  }
  const known = bgp.peers.get(key)
  if (known === undefined && parseIpv4(key) === undefined) {
    context.refuse('% Create the peer-group or interface first')
    return
  }
  bindToGroup(known ?? createPeer(context, key, 'address'), group)
}

/** The group's families become the member's (bgpd/bgpd.c `peer_group_bind`), and the group's AS replaces its own. */
function bindToGroup(peer: PeerDraft, group: PeerDraft): void {
  peer.group = group.key
  peer.family.activated = group.family.activated
  if (group.options.remoteAs !== undefined) peer.options.remoteAs = undefined
}

function leaveGroup(context: StatementContext, values: StatementArguments): void {
  const peer = findPeer(context, values.text('peer'))
  if (peer === undefined) return
  if (peer.group !== values.text('group')) context.refuse('% Cannot configure peer-group')
  else if (peer.options.remoteAs === undefined && peer.kind === 'address') context.bgp.peers.delete(peer.key)
  else peer.group = undefined
}

function applyInterfacePeer(context: StatementContext, values: StatementArguments): void {
  const key = values.text('peer')
  const { bgp } = context
  if (values.isNegated) {
    bgp.peers.delete(key)
    return
  }
  if (parseIpv4(key) !== undefined || key.includes(':')) {
    context.refuse('% Interface name expected')
    return
  }
  const peer = bgp.peers.get(key) ?? createPeer(context, key, 'interface')
  if (values.has('v6only')) peer.isV6Only = true
  context.unmodelled(`An unnumbered session (neighbor ${key} interface) over IPv6 link-local addresses`)
  const remoteAs = remoteAsOf(values)
  if (remoteAs !== undefined) peer.options.remoteAs = remoteAs
  const groupName = values.optionalText('group')
  if (groupName === undefined) return
  const group = bgp.groups.get(groupName)
  if (group === undefined) context.refuse('% Configure the peer-group first')
  else bindToGroup(peer, group)
}
