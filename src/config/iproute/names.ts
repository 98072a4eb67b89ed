/** Names of numbers in routes, as iproute2's /etc/iproute2/rt_* files of Debian 12 have them. */

const PROTOCOL_NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'unspec'],
  [1, 'redirect'],
  [2, 'kernel'],
  [3, 'boot'],
  [4, 'static'],
  [8, 'gated'],
  [9, 'ra'],
  [10, 'mrt'],
  [11, 'zebra'],
  [12, 'bird'],
  [13, 'dnrouted'],
  [14, 'xorp'],
  [15, 'ntk'],
  [16, 'dhcp'],
  [18, 'keepalived'],
  [42, 'babel'],
  [99, 'openr'],
  [186, 'bgp'],
  [187, 'isis'],
  [188, 'ospf'],
  [189, 'rip'],
  [192, 'eigrp'],
  // FRR's package adds these (rt_protos.d/frr.conf)
  [190, 'ripng'],
  [191, 'nhrp'],
  [193, 'ldp'],
  [194, 'sharp'],
  [195, 'pbr'],
  [196, 'static'],
  [197, 'openfabric'],
])

const TABLE_NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'unspec'],
  [253, 'default'],
  [254, 'main'],
  [255, 'local'],
])

const SCOPE_NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'global'],
  [200, 'site'],
  [253, 'link'],
  [254, 'host'],
  [255, 'nowhere'],
])

/** Number of the main routing table (include/uapi/linux/rtnetlink.h RT_TABLE_MAIN). */
export const TABLE_MAIN = 254
/** Number of the table of local and broadcast routes (RT_TABLE_LOCAL). */
export const TABLE_LOCAL = 255
/** Protocol of routes that `ip route add` makes (RTPROT_BOOT). */
export const PROTOCOL_BOOT = 3

/** Name of a route protocol; its number when it has none. */
export function protocolName(protocol: number): string {
  return PROTOCOL_NAMES.get(protocol) ?? String(protocol)
}

/** The lowest number with this name, or the number itself. */
export function protocolNumber(word: string): number | undefined {
  return byName(PROTOCOL_NAMES, word, 255)
}

/** Name of a routing table; its number when it has none. */
export function tableName(table: number): string {
  return TABLE_NAMES.get(table) ?? String(table)
}

/** Number of a routing table by name or number; undefined when it is neither. */
export function tableNumber(word: string): number | undefined {
  return byName(TABLE_NAMES, word, 0xffffffff)
}

/** Name of a scope; its number when it has none. */
export function scopeName(scope: number): string {
  return SCOPE_NAMES.get(scope) ?? String(scope)
}

/** Number of a scope by name or number; undefined when it is neither. */
export function scopeNumber(word: string): number | undefined {
  return byName(SCOPE_NAMES, word, 255)
}

function byName(names: ReadonlyMap<number, string>, word: string, max: number): number | undefined {
  for (const [number, name] of names) if (name === word) return number
  const value = /^0x[0-9a-f]+$/i.test(word) ? Number.parseInt(word, 16) : /^\d+$/.test(word) ? Number(word) : undefined
  return value !== undefined && value <= max ? value : undefined
}
