import { type Ipv4Address, parseIpv4 } from '../../wire/address.ts'
import { type BgpDraft, createPeerDraft, type PeerDraft } from './bgp-draft.ts'
import type { StatementContext } from './statement.ts'

/**
 * The neighbour or group a `neighbor X …` statement is about. Undefined after saying why: X is IPv6, or was never made
 * (bgpd/bgp_vty.c `peer_and_group_lookup_vty`).
 */
export function findPeer(context: StatementContext, key: string): PeerDraft | undefined {
  if (refuseIpv6(context, key)) return undefined
  const peer = context.bgp.peers.get(key) ?? context.bgp.groups.get(key)
  if (peer === undefined) context.refuse('% Specify remote-as or peer-group commands first')
  return peer
}

/** True, and said, when the neighbour has an IPv6 address. */
export function refuseIpv6(context: StatementContext, key: string): boolean {
  if (!key.includes(':')) return false
  context.unmodelled(`IPv6 neighbor ${key.slice(0, 50)}`)
  return true
}

/** Makes a neighbour; `bgp default ipv4-unicast` of this moment decides whether it exchanges IPv4 (`peer_create`). */
export function createPeer(context: StatementContext, key: string, kind: PeerDraft['kind']): PeerDraft {
  const { bgp } = context
  const peer = createPeerDraft(key, kind, addressOf(key, kind), context.source)
  peer.family.activated = bgp.isIpv4UnicastDefault
  const table = kind === 'group' ? bgp.groups : bgp.peers
  table.set(key, peer)
  return peer
}

function addressOf(key: string, kind: PeerDraft['kind']): Ipv4Address | undefined {
  return kind === 'address' ? parseIpv4(key) : undefined
}

/** Members of a group in the order they were made. */
export function membersOf(bgp: BgpDraft, group: string): readonly PeerDraft[] {
  return [...bgp.peers.values()].filter(peer => peer.group === group)
}
