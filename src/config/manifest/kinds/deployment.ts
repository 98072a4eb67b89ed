import { type ManifestKind, topLevel } from '../manifest-kind.ts'
import { INTEGER_OR_TEXT, integer, KEPT, object, oneOf, required, UNMODELLED, withDefault } from '../schema.ts'
import { LABEL_SELECTOR } from './label-selector.ts'
import { POD_TEMPLATE } from './pod-template.ts'
import { checkWorkload } from './workload-check.ts'

export const DEPLOYMENT: ManifestKind = {
  kind: 'Deployment',
  apiVersions: ['apps/v1'],
  flavour: 'builtin',
  schema: topLevel('Deployment', {
    spec: required(
      object('DeploymentSpec', {
        replicas: withDefault(integer(0), 1),
        selector: required(LABEL_SELECTOR),
        template: required(POD_TEMPLATE),
        strategy: withDefault(
          object('DeploymentStrategy', {
            type: withDefault(oneOf('Recreate', 'RollingUpdate'), 'RollingUpdate'),
            rollingUpdate: object('RollingUpdateDeployment', {
              maxSurge: INTEGER_OR_TEXT,
              maxUnavailable: INTEGER_OR_TEXT,
            }),
          }),
          { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
        ),
        revisionHistoryLimit: withDefault(integer(0), 10),
        progressDeadlineSeconds: withDefault(KEPT.schema, 600),
        minReadySeconds: UNMODELLED,
        paused: UNMODELLED,
      }),
    ),
  }),
  check: checkWorkload,
}
