import type { KubernetesObject } from '../../model/kubernetes-object.ts'
import { ANY, type Field, KEPT, type ObjectSchema, object, required, TEXT, TEXT_LIST, TEXT_MAP } from './schema.ts'
import type { Flavour, ManifestIssue } from './validate.ts'

/** What the API server checks of one kind. */
export interface ManifestKind {
  readonly kind: string
  /** `v1`, `apps/v1`; several when the same schema is served in several versions. */
  readonly apiVersions: readonly string[]
  readonly flavour: Flavour
  readonly schema: ObjectSchema
  /** What is wrong with the name; a lowercase subdomain is asked for unless given. */
  readonly checkName?: (name: string) => string | undefined
  /** Checks that concern several fields; called when the structure is right. */
  readonly check?: (object: KubernetesObject) => ManifestIssue[]
  /** Accepted and stored, without any effect here. */
  readonly isUnmodelled?: boolean
}

/** Schema of the top of an object: apiVersion, kind, metadata and the fields given. */
export function topLevel(kind: string, fields: Readonly<Record<string, Field>>): ObjectSchema {
  return object(kind, { apiVersion: required(TEXT), kind: required(TEXT), metadata: METADATA, status: KEPT, ...fields })
}

/** `metadata` as users may write it; what the server sets itself is ignored. */
export const METADATA = object('ObjectMeta', {
  name: TEXT,
  generateName: TEXT,
  namespace: TEXT,
  labels: TEXT_MAP,
  annotations: TEXT_MAP,
  finalizers: TEXT_LIST,
  ownerReferences: ANY,
  uid: KEPT,
  resourceVersion: KEPT,
  generation: KEPT,
  creationTimestamp: KEPT,
  deletionTimestamp: KEPT,
  deletionGracePeriodSeconds: KEPT,
  managedFields: KEPT,
  selfLink: KEPT,
})

/** Makes an `invalid` issue. */
export function invalid(path: readonly (string | number)[], message: string): ManifestIssue {
  return { kind: 'invalid', path, message }
}
