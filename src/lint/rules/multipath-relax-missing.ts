import { asPathText } from '../../bgp/attributes.ts'
import { idlePaths, type Path } from '../idle-paths.ts'
import type { LintRule } from '../rule.ts'
import type { SpeakerView } from '../speaker-view.ts'

export const multipathRelaxMissing: LintRule = {
  id: 'bgp/multipath-relax-missing',
  level: 'info',
  summary: 'paths of equal length over different AS come in, but some lie idle',
  explain:
    'Without "bestpath as-path multipath-relax" the AS paths must be the same, not only as long: a leaf below spines of different AS sends everything to one of them.',
  *check(context) {
    const isRelaxMissing = ({ model }: SpeakerView, type: string, best: Path, path: Path): boolean =>
      type === 'ebgp' &&
      model.maximumPaths.ebgp !== 1 &&
      model.bestPath.asPathMultipathRelax === 'off' &&
      asPathText(best.attributes.asPath) !== asPathText(path.attributes.asPath)
    yield* idlePaths(context, isRelaxMissing, {
      why: 'their AS paths differ',
      statement: 'bgp bestpath as-path multipath-relax',
      fix: 'add "bgp bestpath as-path multipath-relax"',
    })
  },
}
