import { type ManifestKind, topLevel } from '../manifest-kind.ts'
import { KEPT, object, required, UNMODELLED } from '../schema.ts'
import { LABEL_SELECTOR } from './label-selector.ts'
import { POD_TEMPLATE } from './pod-template.ts'
import { checkWorkload } from './workload-check.ts'

export const DAEMON_SET: ManifestKind = {
  kind: 'DaemonSet',
  apiVersions: ['apps/v1'],
  flavour: 'builtin',
  schema: topLevel('DaemonSet', {
    spec: required(
      object('DaemonSetSpec', {
        selector: required(LABEL_SELECTOR),
        template: required(POD_TEMPLATE),
        updateStrategy: KEPT,
        revisionHistoryLimit: KEPT,
        minReadySeconds: UNMODELLED,
      }),
    ),
  }),
  check: checkWorkload,
}
