import { type ManifestKind, topLevel } from '../manifest-kind.ts'
import { KEPT } from '../schema.ts'

/** Written by the agents; users only label it. */
export const CILIUM_NODE: ManifestKind = {
  kind: 'CiliumNode',
  apiVersions: ['cilium.io/v2'],
  flavour: 'custom',
  schema: topLevel('CiliumNode', { spec: KEPT }),
}
