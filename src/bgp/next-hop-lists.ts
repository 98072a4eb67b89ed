import type { Ipv4Address } from '../wire/address.ts'
import type { BgpRoute } from './route-manager.ts'

/**
 * The lists of next hops that a speaker hands to its route manager, one object for each distinct list: the routes of a fabric
 * have a handful of them, so that what takes them works each list out once.
 */
export class NextHopLists {
  readonly #lists = new Map<number, BgpRoute['nextHops'][]>()

  intern(gateways: readonly Ipv4Address[]): BgpRoute['nextHops'] {
    let hash = gateways.length
    for (const gateway of gateways) hash = (Math.imul(hash, 31) + gateway) | 0
    const alike = this.#lists.get(hash)
    const known = alike?.find(list => isSame(list, gateways))
    if (known !== undefined) return known
    const made = gateways.map(gateway => ({ gateway, weight: 1 }))
    if (alike === undefined) this.#lists.set(hash, [made])
    else alike.push(made)
    return made
  }
}

function isSame(list: BgpRoute['nextHops'], gateways: readonly Ipv4Address[]): boolean {
  if (list.length !== gateways.length) return false
  for (let index = 0; index < list.length; index += 1) if (list[index]!.gateway !== gateways[index]) return false
  return true
}
