import { type ManifestKind, topLevel } from '../manifest-kind.ts'
import { checkLabel1123 } from '../names.ts'
import { ANY, BOOLEAN, integer, KEPT, object, TEXT, TEXT_MAP, withDefault } from '../schema.ts'

/** Small kinds that hold settings: Namespace, ConfigMap, Secret, ServiceAccount, Lease. */

export const NAMESPACE: ManifestKind = {
  kind: 'Namespace',
  apiVersions: ['v1'],
  flavour: 'builtin',
  checkName: checkLabel1123,
  schema: topLevel('Namespace', { spec: { schema: object('NamespaceSpec', { finalizers: KEPT }) } }),
}

export const CONFIG_MAP: ManifestKind = {
  kind: 'ConfigMap',
  apiVersions: ['v1'],
  flavour: 'builtin',
  schema: topLevel('ConfigMap', {
    data: { schema: TEXT_MAP },
    binaryData: { schema: TEXT_MAP },
    immutable: { schema: BOOLEAN },
  }),
}

export const SECRET: ManifestKind = {
  kind: 'Secret',
  apiVersions: ['v1'],
  flavour: 'builtin',
  schema: topLevel('Secret', {
    type: withDefault(TEXT, 'Opaque'),
    data: { schema: TEXT_MAP },
    stringData: { schema: TEXT_MAP },
    immutable: { schema: BOOLEAN },
  }),
}

export const SERVICE_ACCOUNT: ManifestKind = {
  kind: 'ServiceAccount',
  apiVersions: ['v1'],
  flavour: 'builtin',
  schema: topLevel('ServiceAccount', { secrets: KEPT, imagePullSecrets: KEPT, automountServiceAccountToken: KEPT }),
}

export const LEASE: ManifestKind = {
  kind: 'Lease',
  apiVersions: ['coordination.k8s.io/v1'],
  flavour: 'builtin',
  schema: topLevel('Lease', {
    spec: {
      schema: object('LeaseSpec', {
        holderIdentity: TEXT,
        leaseDurationSeconds: integer(1),
        acquireTime: TEXT,
        renewTime: TEXT,
        leaseTransitions: integer(0),
        strategy: ANY,
        preferredHolder: ANY,
      }),
    },
  }),
}
