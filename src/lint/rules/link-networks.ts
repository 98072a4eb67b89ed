import type { InterfaceAddress } from '../../host/interface.ts'
import { formatAddressWithLength, networkAddress } from '../../wire/address.ts'
import type { LintRule } from '../rule.ts'
import type { Station } from '../wires.ts'

export const linkNetworks: LintRule = {
  id: 'address/link-networks',
  level: 'warning',
  summary: 'the two ends of a link have addresses in different networks',
  explain:
    'Neither end finds the other on the link then: there is no connected route to it, ARP is not even asked, and a single-hop eBGP session does not start. Different lengths work only as far as the networks overlap.',
  *check(context) {
    for (const [one, other, ...rest] of context.wires.networks()) {
      if (rest.length > 0 || one === undefined || other === undefined) continue
      if (one.host === other.host || !isRouted(one) || !isRouted(other)) continue
      const [own, theirs] = [networksOf(one), networksOf(other)]
      if (own.length === 0 || theirs.length === 0) continue
      const texts = [own, theirs].map(list => list.map(formatAddressWithLength).join(', '))
      const place = context.atAddress(other.host, other.device, formatAddressWithLength(theirs[0]!))
      const names = `${one.node}:${one.device.name} (${texts[0]}) and ${other.node}:${other.device.name} (${texts[1]})`
      if (!own.some(mine => theirs.some(their => hold(mine, their)))) {
        yield {
          message: `${names} share a link but no network`,
          source: place,
          fix: 'put both addresses into one network',
        }
      } else if (own.length === 1 && theirs.length === 1 && own[0]!.length !== theirs[0]!.length) {
        yield {
          message: `${names} share a link but have different prefix lengths`,
          source: place,
          fix: `use one prefix length at both ends`,
        }
      }
    }
  },
}

/** Each lies in the other's network, or at least one of them does. */
function hold(one: InterfaceAddress, other: InterfaceAddress): boolean {
  return isIn(one, other) || isIn(other, one)
}

function isIn(inner: InterfaceAddress, outer: InterfaceAddress): boolean {
  return networkAddress(inner.address, outer.length) === networkAddress(outer.address, outer.length)
}

/** Addresses with a network: a /32 on a link is borrowed or reached by other means. */
function networksOf({ device }: Station): readonly InterfaceAddress[] {
  return device.addresses.filter(one => one.length < 32 && one.peer === undefined)
}

function isRouted({ device }: Station): boolean {
  return device.kind === 'veth'
}
