/** Link types of captures as files number them (www.tcpdump.org/linktypes.html). */
export const LINK_TYPE = { ethernet: 1, raw: 101, cookedV1: 113, rawIpv4: 228, cookedV2: 276 } as const

/** Names and descriptions as libpcap gives them. */
const NAMES: Readonly<Record<number, readonly [name: string, description: string]>> = {
  0: ['NULL', 'BSD loopback'],
  1: ['EN10MB', 'Ethernet'],
  101: ['RAW', 'Raw IP'],
  105: ['IEEE802_11', '802.11'],
  113: ['LINUX_SLL', 'Linux cooked v1'],
  127: ['IEEE802_11_RADIO', '802.11 plus radiotap header'],
  228: ['IPV4', 'Raw IPv4'],
  276: ['LINUX_SLL2', 'Linux cooked v2'],
}

/** `EN10MB (Ethernet)`, or the number of a type without a name. */
export function linkTypeText(linkType: number): string {
  const known = NAMES[linkType]
  return known === undefined ? String(linkType) : `${known[0]} (${known[1]})`
}
