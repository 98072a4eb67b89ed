declare const brand: unique symbol

/** An IPv4 address as an unsigned 32-bit integer. */
export type Ipv4Address = number & { readonly [brand]: 'Ipv4Address' }

/**
 * An IPv4 prefix as one integer: network address × 64 + length. Equal prefixes are equal numbers, so they are keys of maps
 * as they are, and their numeric order is the order of `show ip bgp`: by address, then the shorter prefix first.
 */
export type Prefix = number & { readonly [brand]: 'Prefix' }

/** A MAC address as a 48-bit integer. */
export type MacAddress = number & { readonly [brand]: 'MacAddress' }

/** An address with the length of its network, as on an interface: `10.0.5.1/24`. */
export interface AddressWithLength {
  readonly address: Ipv4Address
  readonly length: number
}

/** 0.0.0.0 */
export const UNSPECIFIED = 0 as Ipv4Address
/** 255.255.255.255 */
export const LIMITED_BROADCAST = 0xffffffff as Ipv4Address
/** ff:ff:ff:ff:ff:ff */
export const BROADCAST_MAC = 0xffffffffffff as MacAddress
/** 00:00:00:00:00:00 */
export const ZERO_MAC = 0 as MacAddress

/** 0.0.0.0/0 */
export const DEFAULT_ROUTE: Prefix = prefixOf(0, 0)

/** Any integer as an address; higher bits are cut. */
export function ipv4(value: number): Ipv4Address {
  return (value >>> 0) as Ipv4Address
}

/** Parses dotted-quad text; undefined when it is not an IPv4 address. An octet has no zeros in front. */
export function parseIpv4(text: string): Ipv4Address | undefined {
  let address = 0
  let octet = -1
  let dots = 0
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code === DOT && octet >= 0 && dots < 3) {
      address = address * 256 + octet
      octet = -1
      dots += 1
    } else if (code >= ZERO && code <= ZERO + 9 && octet !== 0) {
      octet = Math.max(octet, 0) * 10 + code - ZERO
      if (octet > 255) return undefined
    } else {
      return undefined
    }
  }
  return dots === 3 && octet >= 0 ? ((address * 256 + octet) as Ipv4Address) : undefined
}

const ZERO = 0x30
const DOT = 0x2e

/** Dotted-quad text of an address. */
export function formatIpv4(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`
}

/** Parses `10.0.5.1/24`, host bits kept. Without a length it is /32. Undefined when it is neither. */
export function parseAddressWithLength(text: string): AddressWithLength | undefined {
  const slash = text.indexOf('/')
  const address = parseIpv4(slash < 0 ? text : text.slice(0, slash))
  if (address === undefined) return undefined
  if (slash < 0) return { address, length: 32 }
  const lengthText = text.slice(slash + 1)
  if (!/^\d{1,2}$/.test(lengthText) || Number(lengthText) > 32) return undefined
  return { address, length: Number(lengthText) }
}

/** `10.0.5.1/24` */
export function formatAddressWithLength(value: AddressWithLength): string {
  return `${formatIpv4(value.address)}/${value.length}`
}

/** Parses `10.0.0.0/24` into a prefix; host bits are masked off, no length means /32. Undefined when it is not one. */
export function parsePrefix(text: string): Prefix | undefined {
  const parsed = parseAddressWithLength(text)
  return parsed === undefined ? undefined : prefixOf(parsed.address, parsed.length)
}

/** The prefix of this length that contains the address. */
export function prefixOf(address: number, length: number): Prefix {
  return (networkAddress(address, length) * 64 + length) as Prefix
}

/** The network address of a prefix. */
export function prefixAddress(prefix: Prefix): Ipv4Address {
  return Math.floor(prefix / 64) as Ipv4Address
}

/** The length of a prefix, 0 to 32. */
export function prefixLength(prefix: Prefix): number {
  // the engine has no instruction for the remainder of numbers beyond 32 bits
  return prefix - Math.floor(prefix / 64) * 64
}

/** `10.0.5.0/24` */
export function formatPrefix(prefix: Prefix): string {
  return `${formatIpv4(prefixAddress(prefix))}/${prefixLength(prefix)}`
}

/** Mask of a length as an address: 24 → 255.255.255.0. */
export function netmask(length: number): Ipv4Address {
  return (length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0) as Ipv4Address
}

/** The address with its host bits cleared. */
export function networkAddress(address: number, length: number): Ipv4Address {
  return ((address & netmask(length)) >>> 0) as Ipv4Address
}

/** The last address of the network. */
export function broadcastAddress(address: number, length: number): Ipv4Address {
  return ((address | ~netmask(length)) >>> 0) as Ipv4Address
}

/** Whether the prefix holds the address. */
export function prefixContains(prefix: Prefix, address: number): boolean {
  return networkAddress(address, prefixLength(prefix)) === prefixAddress(prefix)
}

/** Whether `inner` is `outer` or a part of it. */
export function prefixCovers(outer: Prefix, inner: Prefix): boolean {
  return prefixLength(outer) <= prefixLength(inner) && prefixContains(outer, prefixAddress(inner))
}

/** 224.0.0.0/4 */
export function isMulticast(address: number): boolean {
  return address >>> 28 === 0xe
}

/** 127.0.0.0/8 */
export function isLoopback(address: number): boolean {
  return address >>> 24 === 127
}

/** Parses `aa:c1:ab:07:b9:2e` (any case); undefined when it is not a MAC address. */
export function parseMac(text: string): MacAddress | undefined {
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text)) return undefined
  return Number.parseInt(text.replaceAll(':', ''), 16) as MacAddress
}

/** `aa:c1:ab:07:b9:2e`, in lower case. */
export function formatMac(mac: number): string {
  return mac
    .toString(16)
    .padStart(12, '0')
    .replace(/..(?!$)/g, '$&:')
}

/** Whether the frame address is a group address (broadcast or multicast). */
export function isGroupMac(mac: number): boolean {
  return Math.floor(mac / 2 ** 40) % 2 === 1
}
