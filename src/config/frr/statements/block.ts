import type { ForeignBlockKind, Statement } from '../statement.ts'

/** Blocks that FRR knows and the simulator does not: how they open and what they are. */
const BLOCKS: readonly (readonly [syntax: string, what: string, kind?: ForeignBlockKind])[] = [
  ['router ospf [<what:rest>]', 'OSPF'],
  ['router ospf6 [<what:rest>]', 'OSPFv3'],
  ['router isis <what:rest>', 'IS-IS'],
  ['router openfabric <what:rest>', 'OpenFabric'],
  ['router rip [<what:rest>]', 'RIP'],
  ['router ripng [<what:rest>]', 'RIPng'],
  ['router eigrp <what:rest>', 'EIGRP'],
  ['router babel', 'Babel'],
  ['router pim [<what:rest>]', 'PIM'],
  ['router pim6 [<what:rest>]', 'PIM for IPv6'],
  ['router igmp [<what:rest>]', 'IGMP'],
  ['bfd', 'BFD'],
  ['vrf <name:word>', 'A VRF', 'vrf'],
  ['key chain <name:word>', 'A key chain'],
  ['mpls ldp', 'LDP'],
  ['rpki [<what:rest>]', 'RPKI'],
  ['pbr-map <what:rest>', 'Policy routing (pbr-map)'],
  ['nexthop-group <name:word>', 'A static nexthop-group'],
  ['segment-routing', 'Segment routing'],
  ['l2vpn <what:rest>', 'L2VPN'],
  ['pseudowire <name:word>', 'A pseudowire'],
  ['affinity-map <what:rest>', 'Affinity maps'],
  ['vrrp <what:rest>', 'VRRP'],
  ['dump bgp <what:rest>', 'dump bgp'],
  ['bmp <what:rest>', 'BMP'],
]

export const blockStatements: readonly Statement[] = BLOCKS.map(([syntax, what, kind]) => ({
  node: 'config',
  syntax,
  no: syntax,
  apply(context, values) {
    if (values.isNegated) return
    const names = /^(A VRF|A key chain|A static|A pseudo)/.test(what)
    context.enterForeign(names ? `${what} (${values.line})` : what, kind ?? 'protocol')
  },
}))
