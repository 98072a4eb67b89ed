import { formatAddressWithLength, formatIpv4, formatPrefix } from '../wire/address.ts'
import type { PeerGroupPlan, RouterPlan } from './fabric-plan.ts'

/** A node of the configuration tree: its words, and its children when it is no leaf. */
type Node = readonly [words: string, children?: readonly Node[]]

/** The release whose syntax the files have. */
export const VYOS_RELEASE = '1.4-rolling-202306080317'

/** Versions of every component's syntax in that release: VyOS migrates what is older or not named. */
const VERSIONS =
  'bgp@4:broadcast-relay@1:cluster@1:config-management@1:conntrack@3:conntrack-sync@2:container@1:' +
  'dhcp-relay@2:dhcp-server@6:dhcpv6-server@1:dns-dynamic@1:dns-forwarding@4:firewall@10:flow-accounting@1:' +
  'https@4:ids@1:interfaces@29:ipoe-server@1:ipsec@12:isis@3:l2tp@4:lldp@1:mdns@1:monitoring@1:nat@5:' +
  'nat66@1:ntp@2:openconnect@2:ospf@2:policy@5:pppoe-server@6:pptp@2:qos@2:quagga@11:rip@1:rpki@1:' +
  'salt@1:snmp@3:ssh@2:sstp@4:system@26:vrf@3:vrrp@3:vyos-accel-ppp@2:wanloadbalance@3:webproxy@2'

/** The router's `config.boot`. */
export function writeVyos(router: RouterPlan): string {
  const tree: Node[] = [
    ['interfaces', interfaceNodes(router)],
    ['protocols', [['bgp', bgpNodes(router)]]],
    ['system', [[`host-name "${router.name}"`]]],
  ]
  return [
    ...tree.flatMap(node => render(node, '')),
    '',
    '',
    '// Warning: Do not remove the following line.',
    `// vyos-config-version: "${VERSIONS}"`,
    `// Release version: ${VYOS_RELEASE}`,
    '',
  ].join('\n')
}

function render([words, children]: Node, indent: string): string[] {
  if (children === undefined) return [`${indent}${words}`]
  return [`${indent}${words} {`, ...children.flatMap(child => render(child, `${indent}    `)), `${indent}}`]
}

function interfaceNodes({ interfaces, loopbackAddresses }: RouterPlan): Node[] {
  return [
    ...interfaces.map(({ name, description, address }): Node => {
      return [`ethernet ${name}`, [[`address "${formatAddressWithLength(address)}"`], [`description "${description}"`]]]
    }),
    ['loopback lo', loopbackAddresses.map((address): Node => [`address "${formatAddressWithLength(address)}"`])],
  ]
}

function bgpNodes({ autonomousSystem, routerId, clusterId, peerGroups, announced }: RouterPlan): Node[] {
  const networks: Node[] = announced.map(prefix => [`network ${formatPrefix(prefix)}`, []])
  const isExternal = peerGroups.some(group => group.remoteAs !== 'internal')
  return [
    ...(networks.length === 0 ? [] : [['address-family', [['ipv4-unicast', networks]]] as Node]),
    ...peerGroups.flatMap(({ name, peers }) =>
      peers.map((peer): Node => [`neighbor ${formatIpv4(peer)}`, [[`peer-group "${name}"`]]]),
    ),
    [
      'parameters',
      [
        ...(isExternal ? [['bestpath', [['as-path', [['multipath-relax', []]]]]] as Node] : []),
        ...(clusterId === undefined ? [] : [[`cluster-id "${formatIpv4(clusterId)}"`] as Node]),
        [`router-id "${formatIpv4(routerId)}"`],
      ],
    ],
    ...peerGroups.map(peerGroupNode),
    [`system-as "${autonomousSystem}"`],
  ]
}

function peerGroupNode({ name, remoteAs, areClients, setsNextHop }: PeerGroupPlan): Node {
  const family: Node[] = [
    ...(setsNextHop ? [['nexthop-self', [['force']]] as Node] : []),
    ...(areClients ? [['route-reflector-client'] as Node] : []),
  ]
  return [`peer-group ${name}`, [['address-family', [['ipv4-unicast', family]]], [`remote-as "${remoteAs}"`]]]
}
