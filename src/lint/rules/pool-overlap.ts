import { poolBlocks } from '../cluster-view.ts'
import { nameOf, overlap, rangeText } from '../pool-words.ts'
import type { LintRule } from '../rule.ts'

export const poolOverlap: LintRule = {
  id: 'cilium/pool-overlap',
  level: 'error',
  summary: 'two blocks of CiliumLoadBalancerIPPools have addresses in common',
  explain:
    'The pool that was created later is marked as conflicting and gives out nothing, whatever its selector says (operator/pkg/lbipam/lbipam.go, settleConflicts).',
  *check(context) {
    for (const view of context.clusters) {
      const blocks = view.pools.flatMap(poolBlocks)
      for (const [index, block] of blocks.entries()) {
        const other = blocks.slice(0, index).find(one => overlap(one, block.range))
        if (other === undefined) continue
        yield {
          message: `${nameOf(block)} overlaps ${other.pool === block.pool ? 'another block of its own' : nameOf(other)} (${rangeText(other)})`,
          source: context.atManifest(view.cluster, block.pool, ...block.path),
          fix: 'take the common addresses out of one of them',
        }
      }
    }
  },
}
