import type { Random } from '../../sim/random.ts'
import type { Ipv4Address } from '../../wire/address.ts'
import type { Endpoint, Flow } from '../../wire/flow.ts'
import type { ConnectionTracker } from './connection-tracker.ts'

const MOST_ATTEMPTS = 128

/**
 * The source of a flow at a new address: with its own port if that is free, else with a port found from a random one on,
 * low ports among low ones. An echo's identifier counts as its port. Undefined when none is found
 * (get_unique_tuple, nf_nat_l4proto_unique_tuple in net/netfilter/nf_nat_core.c).
 */
export function freeSource(
  tracker: ConnectionTracker,
  random: Random,
  flow: Flow,
  address: Ipv4Address,
): Endpoint | undefined {
  const kept = { address, port: flow.sourcePort }
  if (tracker.isFree(flow, kept)) return kept
  const [first, size] = portRange(flow)
  for (let attempts = Math.min(size, MOST_ATTEMPTS); ; attempts /= 2) {
    const offset = random.integer(0, 65536)
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const source = { address, port: first + ((offset + attempt) % size) }
      if (tracker.isFree(flow, source)) return source
    }
    if (attempts >= size || attempts < 16) return undefined
  }
}

/** The first port and how many there are. */
function portRange({ protocol, sourcePort }: Flow): readonly [number, number] {
  if (protocol === 'icmp') return [0, 65536]
  if (sourcePort < 512) return [1, 511]
  return sourcePort < 1024 ? [600, 424] : [1024, 64512]
}
