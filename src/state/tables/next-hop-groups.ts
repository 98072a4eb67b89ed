import { protocolName } from '../../config/iproute/names.ts'
import type { Host } from '../../host/host.ts'
import type { NextHopObject } from '../../host/next-hop-objects.ts'
import { protocolNumberOf } from '../../shell/commands/ip/route-text.ts'
import { formatIpv4 } from '../../wire/address.ts'
import { stateNodes } from '../state-nodes.ts'
import { defineTable } from '../table.ts'

/** A nexthop object of the kernel: a next hop, a group of them, or a black hole. */
export interface NextHopGroupRow {
  readonly node: string
  readonly id: number
  /** `next-hop`, `group`, `blackhole`. */
  readonly kind: string
  readonly gateway: string | null
  readonly device: string | null
  /** Of a group: `12` or `12,3` with a weight. */
  readonly members: readonly string[]
  /** Of a group: where its members lead, `10.0.0.1 eth1`. */
  readonly leadsTo: readonly string[]
  readonly protocol: string
  readonly isOnlink: boolean
  /** Routes that use it. */
  readonly routes: number
}

export const nextHopGroups = defineTable<NextHopGroupRow>({
  name: 'nextHopGroups',
  title: 'Next-hop groups',
  scope: 'node',
  key: ['node', 'id'],
  volatile: [],
  rows: (lab, node) =>
    stateNodes(lab, node).flatMap(({ node: { host }, name }) =>
      host.nextHopObjects.all().map(object => groupRow(name, host, object)),
    ),
})

function groupRow(node: string, host: Host, object: NextHopObject): NextHopGroupRow {
  const { id, group, blackhole, onlink } = object
  return {
    node,
    id,
    kind: group !== undefined ? 'group' : blackhole ? 'blackhole' : 'next-hop',
    gateway: object.gateway === undefined ? null : formatIpv4(object.gateway),
    device: blackhole ? null : (object.interface?.name ?? null),
    members: (group ?? []).map(member => (member.weight === 1 ? `${member.id}` : `${member.id},${member.weight}`)),
    leadsTo: (group ?? []).map(member => wayOf(host.nextHopObjects.get(member.id))),
    protocol: protocolName(protocolNumberOf(object.protocol)),
    isOnlink: onlink ?? false,
    routes: host.fib.userCount(id),
  }
}

function wayOf(object: NextHopObject | undefined): string {
  if (object === undefined) return 'nowhere'
  if (object.blackhole) return 'blackhole'
  const gateway = object.gateway === undefined ? [] : [formatIpv4(object.gateway)]
  return [...gateway, object.interface?.name ?? ''].join(' ')
}
