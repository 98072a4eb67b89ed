import { formatAddressWithLength, formatIpv4, formatPrefix } from '../wire/address.ts'
import type { InterfacePlan, PeerGroupPlan, RouterPlan } from './fabric-plan.ts'

/** The router's `frr.conf`, as FRR's `show running-config` would order it. */
export function writeFrr(router: RouterPlan): string {
  return [
    'frr defaults traditional',
    `hostname ${router.name}`,
    '!',
    ...router.interfaces.flatMap(interfaceLines),
    'interface lo',
    ...router.loopbackAddresses.map(address => ` ip address ${formatAddressWithLength(address)}`),
    'exit',
    '!',
    ...bgpLines(router),
    '',
  ].join('\n')
}

function interfaceLines({ name, description, address }: InterfacePlan): string[] {
  return [
    `interface ${name}`,
    ` description ${description}`,
    ` ip address ${formatAddressWithLength(address)}`,
    'exit',
    '!',
  ]
}

function bgpLines({ autonomousSystem, routerId, clusterId, peerGroups, announced }: RouterPlan): string[] {
  const isExternal = peerGroups.some(group => group.remoteAs !== 'internal')
  return [
    `router bgp ${autonomousSystem}`,
    ` bgp router-id ${formatIpv4(routerId)}`,
    ...(clusterId === undefined ? [] : [` bgp cluster-id ${formatIpv4(clusterId)}`]),
    ...(isExternal ? [' no bgp ebgp-requires-policy', ' bgp bestpath as-path multipath-relax'] : []),
    ...peerGroups.flatMap(peerLines),
    ' !',
    ' address-family ipv4 unicast',
    ...announced.map(prefix => `  network ${formatPrefix(prefix)}`),
    ...peerGroups.flatMap(familyLines),
    ' exit-address-family',
    'exit',
  ]
}

function peerLines({ name, remoteAs, peers }: PeerGroupPlan): string[] {
  return [
    ` neighbor ${name} peer-group`,
    ` neighbor ${name} remote-as ${remoteAs}`,
    ...peers.map(peer => ` neighbor ${formatIpv4(peer)} peer-group ${name}`),
  ]
}

function familyLines({ name, areClients, setsNextHop }: PeerGroupPlan): string[] {
  return [
    ...(areClients ? [`  neighbor ${name} route-reflector-client`] : []),
    ...(setsNextHop ? [`  neighbor ${name} next-hop-self force`] : []),
  ]
}

/** `/etc/frr/daemons`: bgpd beside the ones that always run. The same for every router. */
export const FRR_DAEMONS = `bgpd=yes
vtysh_enable=yes
zebra_options="  -A 127.0.0.1 -s 90000000"
bgpd_options="   -A 127.0.0.1"
staticd_options="-A 127.0.0.1"
`
