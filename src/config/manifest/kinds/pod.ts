import { type ManifestKind, topLevel } from '../manifest-kind.ts'
import { required } from '../schema.ts'
import { POD_SPEC } from './pod-template.ts'

export const POD: ManifestKind = {
  kind: 'Pod',
  apiVersions: ['v1'],
  flavour: 'builtin',
  schema: topLevel('Pod', { spec: required(POD_SPEC) }),
}
