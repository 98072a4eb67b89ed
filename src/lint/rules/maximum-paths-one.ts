import { idlePaths } from '../idle-paths.ts'
import type { LintRule } from '../rule.ts'

export const maximumPathsOne: LintRule = {
  id: 'bgp/maximum-paths-one',
  level: 'info',
  summary: 'equal paths come in, but maximum-paths 1 lets the router use only one of them',
  explain:
    'FRR uses all equal paths by default. With maximum-paths 1 one uplink carries everything and the others stand by.',
  *check(context) {
    yield* idlePaths(
      context,
      ({ model }, type) => (type === 'ibgp' ? model.maximumPaths.ibgp : model.maximumPaths.ebgp) === 1,
      {
        why: 'maximum-paths is 1',
        statement: 'maximum-paths',
        fix: 'raise maximum-paths (or maximum-paths ibgp)',
      },
    )
  },
}
