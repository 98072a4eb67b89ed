import { type Prefix, prefixOf } from '../../../src/wire/address.ts'
import type { Benchmark, Sample } from '../benchmark.ts'
import { FedSpeaker } from '../support/fed-speaker.ts'
import { heapBytes, measurePhase, settle, shorter } from '../support/measure.ts'

const PREFIXES = 10_000
/** Prefixes of /24 that one UPDATE of 4096 bytes holds, about. */
const PER_UPDATE = 1000
const ROUNDS = 5

/** One speaker alone; every peer announces the same prefixes with paths of one length, so that all of them are multipaths. */
export const speakerUpdates: Benchmark = {
  name: 'speaker-updates',
  what: 'import, decision and export of one speaker, without TCP, zebra and kernel: every peer announces 10,000 prefixes, other attributes for them, and withdraws them',
  unit: 'prefix updates',
  sizes: [4, 16, 64].map(peers => ({ name: `${peers} peers`, run: () => feed(peers) })),
}

async function feed(peers: number): Promise<readonly Sample[]> {
  const fed = new FedSpeaker(peers)
  const updates = makeUpdates()
  const say = (phase: string, say: (peer: number, prefixes: readonly Prefix[]) => void, heap?: number) =>
    measurePhase(
      fed.simulator,
      phase,
      () => {
        for (let peer = 0; peer < peers; peer += 1) for (const prefixes of updates) say(peer, prefixes)
        settle(fed.simulator)
      },
      heap,
    )
  const learn = await say('learn', (peer, prefixes) => fed.announce(peer, prefixes, 0), heapBytes())
  let change: Sample | undefined
  for (let round = 1; round <= ROUNDS; round += 1) {
    change = shorter(change, await say('change', (peer, prefixes) => fed.announce(peer, prefixes, round)))
  }
  return [learn, change!, await say('withdraw', (peer, prefixes) => fed.withdraw(peer, prefixes))]
}

function makeUpdates(): readonly (readonly Prefix[])[] {
  const updates: Prefix[][] = []
  for (let index = 0; index < PREFIXES; index += 1) {
    if (index % PER_UPDATE === 0) updates.push([])
    updates.at(-1)!.push(prefixOf(0x14000000 + index * 256, 24))
  }
  return updates
}
