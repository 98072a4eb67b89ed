/** Numbers and the words that tcpdump prints for them. */
type Tokens = Readonly<Record<number, string>>

/** The word of a number, or the text for unknown ones. */
export function tokenText(tokens: Tokens, value: number, unknown: string): string {
  return tokens[value] ?? unknown
}

/** The words of all bits that are set, in the table's order, or `none`. */
export function bitsText(
  bits: readonly (readonly [bit: number, text: string])[],
  value: number,
  separator: string,
  none = 'none',
): string {
  const words = bits.filter(([bit]) => (value & bit) === bit).map(([, text]) => text)
  return words.length === 0 ? none : words.join(separator)
}

export const ETHER_TYPES: Tokens = {
  2048: 'IPv4',
  34887: 'MPLS unicast',
  34888: 'MPLS multicast',
  34525: 'IPv6',
  33024: '802.1Q',
  37120: '802.1Q-9100',
  34984: '802.1Q-QinQ',
  37376: '802.1Q-9200',
  35045: '802.1AE MACsec',
  2054: 'ARP',
  32821: 'Reverse ARP',
  25944: 'TEB',
  32923: 'Appletalk',
  33011: 'Appletalk ARP',
  33079: 'IPX',
  34827: 'PPP',
  34824: 'MPCP',
  34825: 'Slow Protocols',
  34915: 'PPPoE D',
  34916: 'PPPoE S',
  34958: 'EAPOL',
  34969: 'Realtek protocols',
  36864: 'Loopback',
  35151: 'NSH',
  35074: 'CFM',
  35020: 'LLDP',
  35063: 'PTP',
}

export const IP_PROTOCOLS: Tokens = {
  0: 'Options',
  1: 'ICMP',
  2: 'IGMP',
  4: 'IPIP',
  6: 'TCP',
  8: 'EGP',
  9: 'IGRP',
  17: 'UDP',
  33: 'DCCP',
  41: 'IPv6',
  43: 'Routing',
  44: 'Fragment',
  46: 'RSVP',
  47: 'GRE',
  50: 'ESP',
  51: 'AH',
  55: 'Mobile IP',
  58: 'ICMPv6',
  62: 'Mobile IP (old)',
  88: 'EIGRP',
  89: 'OSPF',
  103: 'PIM',
  108: 'Compressed IP',
  112: 'VRRP',
  113: 'PGM',
  132: 'SCTP',
  135: 'Mobility',
  143: 'Ethernet',
}

/** Names in /etc/protocols, for options without -n. */
const PROTOCOL_NAMES: Tokens = {
  1: 'icmp',
  2: 'igmp',
  4: 'ipencap',
  6: 'tcp',
  17: 'udp',
  41: 'ipv6',
  47: 'gre',
  89: 'ospf',
}

/** `ip-proto-6`, or the protocol's name when numbers are not wanted. */
export function protocolName(protocol: number, isNumeric: boolean): string {
  return isNumeric ? `ip-proto-${protocol}` : tokenText(PROTOCOL_NAMES, protocol, `ip-proto-${protocol}`)
}

const TCP_SERVICES: Tokens = {
  20: 'ftp-data',
  21: 'ftp',
  22: 'ssh',
  23: 'telnet',
  25: 'smtp',
  53: 'domain',
  80: 'http',
  110: 'pop3',
  179: 'bgp',
  443: 'https',
  2601: 'zebra',
  2605: 'bgpd',
  8080: 'http-alt',
}
const UDP_SERVICES: Tokens = {
  53: 'domain',
  67: 'bootps',
  68: 'bootpc',
  123: 'ntp',
  161: 'snmp',
  443: 'https',
  514: 'syslog',
}

/** A port as tcpdump writes it: by its name in the services table unless -n was given. */
export function portText(port: number, protocol: 'tcp' | 'udp', isNumeric: boolean): string {
  if (isNumeric) return String(port)
  return tokenText(protocol === 'tcp' ? TCP_SERVICES : UDP_SERVICES, port, String(port))
}
