import { parseIpv4 } from '../../../src/wire/address.ts'
import { decodeBgpMessage } from '../../../src/wire/bgp/decode.ts'
import { encodeBgpMessage } from '../../../src/wire/bgp/encode.ts'
import type { BgpMessage } from '../../../src/wire/bgp/message.ts'
import type { Benchmark, Sample } from '../benchmark.ts'
import { internetRoutes } from '../support/internet-routes.ts'
import { shortest } from '../support/measure.ts'

/** UPDATE messages of an Internet-like table, each with one set of attributes and its prefixes. */
export const bgpCodec: Benchmark = {
  name: 'bgp-codec',
  what: 'UPDATE messages to bytes and back',
  unit: 'messages',
  sizes: [10_000, 100_000].map(prefixes => ({
    name: `${prefixes.toLocaleString('en')} prefixes`,
    run: () => both(updates(prefixes)),
  })),
}

function both(messages: readonly BgpMessage[]): readonly Sample[] {
  let encoded: Uint8Array[] = []
  const encode = shortest(
    3,
    () => {},
    () => {
      encoded = messages.map(message => encodeBgpMessage(message))
    },
  )
  const decode = shortest(
    3,
    () => {},
    () => {
      for (const bytes of encoded) decodeBgpMessage(bytes, { fourOctetAsn: true })
    },
  )
  return [
    { phase: 'encode', ...encode, amount: messages.length },
    { phase: 'decode', ...decode, amount: messages.length },
  ]
}

function updates(prefixes: number): readonly BgpMessage[] {
  const nextHop = parseIpv4('192.0.2.1')!
  return internetRoutes(prefixes).map(({ attributes, prefixes: announced }) => ({
    protocol: 'bgp',
    type: 'update',
    withdrawn: [],
    nextHop,
    attributes: { atomicAggregate: false, largeCommunities: [], clusterList: [], unknown: [], ...attributes },
    announced,
    fourOctetAsn: true,
  }))
}
