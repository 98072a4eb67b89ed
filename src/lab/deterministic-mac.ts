import { hash32 } from '../sim/random.ts'
import type { Ipv4Address, MacAddress } from '../wire/address.ts'

/** containerlab's own prefix for link addresses (its utils.GenMac); the lower half is random there. */
const CONTAINERLAB_OUI = 0xaac1ab

/**
 * MAC address of a lab link's end: containerlab's prefix and 24 bits of a hash of lab, node and interface, so that two runs
 * print the same tables. Differs from containerlab: there the lower half is random.
 */
export function linkMac(lab: string, node: string, name: string): MacAddress {
  return (CONTAINERLAB_OUI * 2 ** 24 + (hash32(`${lab}/${node}/${name}`) % 2 ** 24)) as MacAddress
}

/** docker's MAC for an address on one of its networks: 02:42 and the address (libnetwork netutils.GenerateMACFromIP). */
export function dockerMac(address: Ipv4Address): MacAddress {
  return (0x0242 * 2 ** 32 + address) as MacAddress
}

/** A locally administered address for the machine's own bridges. */
export function bridgeMac(name: string): MacAddress {
  return (0x0242 * 2 ** 32 + hash32(`bridge ${name}`)) as MacAddress
}
