import { applyDefaults } from '../../config/manifest/apply-defaults.ts'
import { manifestKind } from '../../config/manifest/kinds.ts'
import type { KubernetesObject } from '../../model/kubernetes-object.ts'
import type { Store } from './store.ts'

/** Kinds whose objects always have a `status`. */
const KINDS_WITH_STATUS = new Set([
  'Namespace',
  'Node',
  'Pod',
  'Service',
  'Deployment',
  'ReplicaSet',
  'DaemonSet',
  'CustomResourceDefinition',
  'CiliumLoadBalancerIPPool',
  'CiliumL2AnnouncementPolicy',
])

/** Installs the defaulting of the API server for every kind that is served. */
export function admitDefaults(store: Store, kinds: readonly string[]): void {
  for (const kind of kinds) {
    store.addAdmission(kind, draft => {
      setDefaults(draft as KubernetesObject)
      return undefined
    })
  }
}

function setDefaults(draft: KubernetesObject): void {
  const schema = manifestKind(draft.kind)?.schema
  if (schema !== undefined) applyDefaults(schema, draft as unknown as Record<string, unknown>)
  if (KINDS_WITH_STATUS.has(draft.kind)) draft.status ??= {}
  if (draft.kind === 'Secret') encodeStringData(draft as KubernetesObject & SecretData)
}

interface SecretData {
  data?: Record<string, string>
  stringData?: Record<string, string>
}

/** `stringData` is write-only: it ends up in `data` as base64. */
function encodeStringData(secret: SecretData): void {
  if (secret.stringData === undefined) return
  secret.data = { ...secret.data }
  for (const [key, text] of Object.entries(secret.stringData)) secret.data[key] = base64(text)
  delete secret.stringData
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)))
}
