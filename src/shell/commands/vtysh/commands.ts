import { clearBgp } from './clear-bgp.ts'
import { Grammar } from './grammar.ts'
import { showBfdPeers, showBfdPeersBrief, showBfdPeersCounters } from './show-bfd.ts'
import { showBgp, showBgpPrefix } from './show-bgp.ts'
import { showBgpNeighborRoutes } from './show-bgp-neighbor-routes.ts'
import { showBgpNeighbors } from './show-bgp-neighbors.ts'
import { showBgpNexthop } from './show-bgp-nexthop.ts'
import { showBgpSummary } from './show-bgp-summary.ts'
import { showIpRoute, showIpRouteAddress, showIpRouteSummary } from './show-ip-route.ts'
import { showPrefixLists, showRouteMaps } from './show-policy.ts'
import { showInterfaceBrief, showRunningConfig, showVersion } from './show-system.ts'
import type { VtyshAction } from './vtysh-context.ts'

/** What a line at vtysh's top level means. */
export type Meaning =
  | { readonly kind: 'run'; readonly action: VtyshAction }
  | { readonly kind: 'configure' }
  | { readonly kind: 'leave' }
  | { readonly kind: 'ignore' }
  /** FRR has it; the simulator does not. */
  | { readonly kind: 'unmodelled' }
  /** The daemon that would answer does not run. */
  | { readonly kind: 'absent'; readonly daemon: string }

const BGP = '<ip bgp [ipv4 unicast]|bgp [ipv4 unicast]|ip bgp [vrf default]|bgp vrf default [ipv4 unicast]>'

const ACTIONS: readonly (readonly [string, VtyshAction])[] = [
  ['show ip <route|fib> [json]', showIpRoute],
  ['show ip route vrf default [json]', showIpRoute],
  ['show ip <route|fib> <bgp|static|connected|kernel|local> [json]', showIpRoute],
  ['show ip route nexthop-group', showIpRoute],
  ['show ip <route|fib> A.B.C.D/M longer-prefixes [json]', showIpRoute],
  ['show ip <route|fib> <A.B.C.D|A.B.C.D/M> [json]', showIpRouteAddress],
  ['show ip route summary [json]', showIpRouteSummary],
  [`show ${BGP} [wide]`, showBgp],
  [`show ${BGP} [json]`, showBgp],
  [`show ${BGP} detail [json]`, showBgp],
  [`show ${BGP} json detail`, showBgp],
  [`show ${BGP} A.B.C.D/M longer-prefixes [json]`, showBgp],
  [`show ${BGP} <A.B.C.D|A.B.C.D/M> [json]`, showBgpPrefix],
  [`show ${BGP} <A.B.C.D|A.B.C.D/M> <bestpath|multipath> [json]`, showBgpPrefix],
  [`show ${BGP} summary [wide]`, showBgpSummary],
  [`show ${BGP} summary [json]`, showBgpSummary],
  [`show ${BGP} summary <established|failed> [json]`, showBgpSummary],
  [`show ${BGP} neighbors [json]`, showBgpNeighbors],
  [`show ${BGP} neighbors <A.B.C.D|WORD> [json]`, showBgpNeighbors],
  [`show ${BGP} neighbors <A.B.C.D|WORD> <advertised-routes|received-routes|routes> [json]`, showBgpNeighborRoutes],
  [`show ${BGP} neighbors <A.B.C.D|WORD> <advertised-routes|received-routes|routes> wide`, showBgpNeighborRoutes],
  ['show <ip bgp|bgp> nexthop', showBgpNexthop],
  ['show bfd peers [json]', showBfdPeers],
  ['show bfd peers brief [json]', showBfdPeersBrief],
  ['show bfd peers counters [json]', showBfdPeersCounters],
  ['show bfd peer A.B.C.D [json]', showBfdPeers],
  ['show ip prefix-list [WORD]', showPrefixLists],
  ['show route-map [WORD]', showRouteMaps],
  ['show running-config', showRunningConfig],
  ['write terminal', showRunningConfig],
  ['show interface brief', showInterfaceBrief],
  ['show version', showVersion],
  ['clear <ip bgp|bgp> [ipv4 unicast] <*|A.B.C.D|NUMBER|external|WORD>', clearBgp],
  ['clear <ip bgp|bgp> [ipv4 unicast] <*|A.B.C.D|NUMBER|external|WORD> soft', clearBgp],
  ['clear <ip bgp|bgp> [ipv4 unicast] <*|A.B.C.D|NUMBER|external|WORD> [soft] <in|out>', clearBgp],
]

/** Commands FRR knows, here only so that they are told from unknown ones. */
const UNMODELLED: readonly string[] = [
  'show interface [WORD]',
  'show interface description',
  'show ip access-list [WORD]',
  'show ip nht [REST]',
  'show ip import-check',
  'show ip multicast',
  'show ip protocol',
  'show ip router-id [REST]',
  'show ip rpf',
  'show ip forwarding',
  'show ip prefix-list <summary|detail> [WORD]',
  'show ipv6 REST',
  'show mpls REST',
  'show nexthop-group rib [REST]',
  'show bgp <ipv6|l2vpn|vrfs|all|view|vrf|labelpool|mac|router|segment-routing|martian|multicast> [REST]',
  'show bgp import-check-table [REST]',
  'show <ip bgp|bgp> <attribute-info|as-path-access-list|cidr-only|community-info|dampening|filter-list|large-community|large-community-list|memory|paths|peer-group|peerhash|prefix-list|regexp|route-map|rpki|statistics|update-groups|view|community-list|community|version> [REST]',
  'show <ip bgp|bgp> neighbors WORD <prefix-counts|filtered-routes|dampened-routes|flap-statistics|received|bestpath-routes|graceful-restart> [REST]',
  'show zebra [REST]',
  'show memory [REST]',
  'show logging',
  'show history',
  'show daemons',
  'show debugging [REST]',
  'show evpn [REST]',
  'show event REST',
  'show hostname',
  'show startup-config',
  'show thread REST',
  'show vrf [REST]',
  'show work-queues',
  'show yang REST',
  'show running-config WORD [REST]',
  'write <file|memory>',
  'write',
  'copy running-config startup-config',
  'debug REST',
  'undebug REST',
  'no debug REST',
  'find REST',
  'list [REST]',
  'ping REST',
  'traceroute REST',
  'ssh REST',
  'clear <counters|ip|ipv6|evpn|zebra> [REST]',
]

/** Commands of daemons that no image of the simulator runs. */
const ABSENT: readonly (readonly [string, string])[] = [
  ['show ip ospf [REST]', 'ospfd'],
  ['show isis REST', 'isisd'],
  ['show ip rip [REST]', 'ripd'],
  ['show ip eigrp REST', 'eigrpd'],
  ['show ip pim REST', 'pimd'],
  ['show ip igmp REST', 'pimd'],
  ['show bfd REST', 'bfdd'],
  ['show vrrp [REST]', 'vrrpd'],
  ['show pbr REST', 'pbrd'],
]

/** The grammar of vtysh's enable mode. */
export function vtyshGrammar(): Grammar<Meaning> {
  const grammar = new Grammar<Meaning>()
  for (const [syntax, action] of ACTIONS) grammar.add(syntax, { kind: 'run', action })
  for (const syntax of UNMODELLED) grammar.add(syntax, { kind: 'unmodelled' })
  for (const [syntax, daemon] of ABSENT) grammar.add(syntax, { kind: 'absent', daemon })
  grammar.add('configure [terminal]', { kind: 'configure' })
  for (const syntax of ['exit', 'quit']) grammar.add(syntax, { kind: 'leave' })
  for (const syntax of [
    'enable',
    'disable',
    'end',
    'terminal length NUMBER',
    'terminal paginate',
    'no terminal length',
  ]) {
    grammar.add(syntax, { kind: 'ignore' })
  }
  return grammar
}
