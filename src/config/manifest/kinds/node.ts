import { type ManifestKind, topLevel } from '../manifest-kind.ts'
import { BOOLEAN, KEPT, list, object, oneOf, required, TEXT, TEXT_LIST } from '../schema.ts'

export const NODE: ManifestKind = {
  kind: 'Node',
  apiVersions: ['v1'],
  flavour: 'builtin',
  schema: topLevel('Node', {
    spec: {
      schema: object('NodeSpec', {
        podCIDR: TEXT,
        podCIDRs: TEXT_LIST,
        providerID: KEPT,
        unschedulable: BOOLEAN,
        taints: list(
          object('Taint', {
            key: required(TEXT),
            value: TEXT,
            effect: required(oneOf('NoSchedule', 'PreferNoSchedule', 'NoExecute')),
            timeAdded: KEPT,
          }),
          'v1.Taint',
        ),
      }),
    },
  }),
}
