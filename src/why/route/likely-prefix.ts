import {
  formatIpv4,
  type Ipv4Address,
  type Prefix,
  parsePrefix,
  prefixContains,
  prefixLength,
} from '../../wire/address.ts'
import type { Question } from '../question.ts'

/** The prefix that somebody's files or tables would give an address; the host route when nobody's do. */
export function likelyPrefix({ map }: Question, address: Ipv4Address): Prefix {
  const candidates = map.nodes.flatMap(node => {
    const stated = map
      .speakersAt(node)
      .flatMap(({ speaker }) => [
        ...speaker.model.networks.map(network => network.prefix),
        ...speaker.table.rib.sorted().map(destination => destination.prefix),
      ])
    const held = node.host.fib
      .routes()
      .filter(route => route.protocol !== 'bgp')
      .map(route => route.prefix)
    const written = (node.router?.model.interfaces ?? []).flatMap(one =>
      one.addresses.map(value => parsePrefix(`${formatIpv4(value.address)}/${value.length}`)!),
    )
    return [...stated, ...held, ...written]
  })
  const fitting = candidates.filter(prefix => prefix !== 0 && prefixContains(prefix, address))
  const longest = fitting.sort((a, b) => prefixLength(b) - prefixLength(a))[0]
  return longest ?? parsePrefix(`${formatIpv4(address)}/32`)!
}
