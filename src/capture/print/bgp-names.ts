/** Address families as tcpdump names them. */
export const ADDRESS_FAMILIES = {
  1: 'IPv4',
  2: 'IPv6',
  3: 'NSAP',
  4: 'HDLC',
  5: 'BBN 1822',
  6: '802',
  25: 'Layer-2 VPN',
  196: 'Layer-2 VPN',
  65: 'VPLS',
}

/** Subsequent address families as tcpdump names them. */
export const SUBSEQUENT_FAMILIES = {
  0: 'Reserved',
  1: 'Unicast',
  2: 'Multicast',
  3: 'Unicast+Multicast',
  4: 'labeled Unicast',
  5: 'Multicast VPN',
  64: 'Tunnel',
  65: 'VPLS',
  66: 'MDT',
  70: 'EVPN',
  128: 'labeled VPN Unicast',
  129: 'labeled VPN Multicast',
  130: 'labeled VPN Unicast+Multicast',
  132: 'Route Target Routing Information',
}
