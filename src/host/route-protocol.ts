/** Who installed a route (`rtm_protocol`): the names of iproute2, `frr-static` for the 196 of FRR's package, else the number. */
export type RouteProtocol = keyof typeof ROUTE_PROTOCOL_NUMBERS | number

export const ROUTE_PROTOCOL_NUMBERS = {
  unspec: 0,
  redirect: 1,
  kernel: 2,
  boot: 3,
  static: 4,
  gated: 8,
  ra: 9,
  mrt: 10,
  zebra: 11,
  bird: 12,
  dnrouted: 13,
  xorp: 14,
  ntk: 15,
  dhcp: 16,
  mrouted: 17,
  keepalived: 18,
  babel: 42,
  openr: 99,
  bgp: 186,
  isis: 187,
  ospf: 188,
  rip: 189,
  eigrp: 192,
  'frr-static': 196,
} as const
