import { type ManifestKind, topLevel } from '../manifest-kind.ts'
import { integer, object, required, UNMODELLED, withDefault } from '../schema.ts'
import { LABEL_SELECTOR } from './label-selector.ts'
import { POD_TEMPLATE } from './pod-template.ts'
import { checkWorkload } from './workload-check.ts'

export const REPLICA_SET: ManifestKind = {
  kind: 'ReplicaSet',
  apiVersions: ['apps/v1'],
  flavour: 'builtin',
  schema: topLevel('ReplicaSet', {
    spec: required(
      object('ReplicaSetSpec', {
        replicas: withDefault(integer(0), 1),
        selector: required(LABEL_SELECTOR),
        template: required(POD_TEMPLATE),
        minReadySeconds: UNMODELLED,
      }),
    ),
  }),
  check: checkWorkload,
}
