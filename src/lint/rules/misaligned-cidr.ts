import { formatIpv4, parseAddressWithLength } from '../../wire/address.ts'
import { poolBlocks } from '../cluster-view.ts'
import { nameOf, rangeText } from '../pool-words.ts'
import type { LintRule } from '../rule.ts'

export const misalignedCidr: LintRule = {
  id: 'cilium/misaligned-cidr',
  level: 'warning',
  summary: "a pool's cidr has host bits: it begins earlier than it seems to",
  explain:
    'The host bits are cut off without a word: 20.0.0.100/24 gives out 20.0.0.0 first, not 20.0.0.100. A range is written with start and stop.',
  *check(context) {
    for (const view of context.clusters) {
      for (const block of view.pools.flatMap(poolBlocks)) {
        const written = parseAddressWithLength(block.cidr ?? '')
        if (written === undefined || written.address === block.range.first) continue
        yield {
          message: `${nameOf(block)}: ${block.cidr} means ${rangeText(block)}`,
          source: context.atManifest(view.cluster, block.pool, ...block.path),
          fix: `write ${formatIpv4(block.range.first)}/${written.length}, or "start: ${formatIpv4(written.address)}" and a stop`,
        }
      }
    }
  },
}
