import { copyData } from '../../../config/manifest/copy-data.ts'
import { formatApiError } from '../../../kubernetes/api/api-error.ts'
import { deepEqual } from '../../../kubernetes/api/deep-equal.ts'
import { validateObject } from '../../../kubernetes/api/validate-object.ts'
import type { KubernetesObject } from '../../../model/kubernetes-object.ts'
import { flag, ignored, switchFlag, unmodelled } from './flags.ts'
import { LAST_APPLIED, mergeApplied } from './merge-applied.ts'
import { sortKeys } from './output.ts'
import type { KubectlRequest, Subcommand } from './request.ts'
import { fail } from './request.ts'
import { objectName } from './resources.ts'
import { creationError, type Target, writeManifests } from './write-manifests.ts'

export const apply: Subcommand = {
  name: 'apply',
  flags: [
    flag('filename', 'f', 'list'),
    switchFlag('recursive', 'R'),
    ignored('validate', 'text'),
    ignored('server-side', 'switch'),
    ignored('force-conflicts', 'switch'),
    ignored('field-manager', 'text'),
    ignored('overwrite', 'switch'),
    unmodelled('kustomize', 'text', 'k'),
    unmodelled('prune', 'switch'),
    unmodelled('dry-run'),
    unmodelled('output', 'text', 'o'),
    unmodelled('selector', 'text', 'l'),
    unmodelled('force', 'switch'),
    unmodelled('wait', 'switch'),
  ],
  *run(request) {
    if (request.flags.operands.length > 0) {
      fail(`Unexpected args: [${request.flags.operands.join(' ')}]\nSee 'kubectl apply -h' for help and examples`)
    }
    return yield* writeManifests(request, target => applyOne(request, target))
  },
}

function applyOne(request: KubectlRequest, target: Target): string | undefined {
  const { context, store } = request
  const { resource, fileName, locate } = target
  const { status: _status, ...written } = target.object
  const { kind, metadata } = written
  const appliedText = `${JSON.stringify(sortKeys(withAnnotations(written)))}\n`
  const live = store.get(kind, metadata.namespace, metadata.name) as KubernetesObject | undefined
  if (live === undefined) {
    const object = withAnnotations(written, { [LAST_APPLIED]: appliedText })
    const refusal = validateObject(object)
    const result = refusal === undefined ? store.create(object) : { ok: false as const, error: refusal }
    if (!result.ok) return creationError(result.error, fileName)
    store.sources.record(result.object, locate, written)
    context.out(`${objectName(store, object)} created\n`)
    return undefined
  }
  const lastText = live.metadata.annotations?.[LAST_APPLIED]
  if (lastText === undefined) {
    context.error(
      `Warning: resource ${resource.plural}/${metadata.name} is missing the ${LAST_APPLIED} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n`,
    )
  }
  const last: unknown = lastText === undefined ? {} : JSON.parse(lastText)
  const wanted = withAnnotations(written, { [LAST_APPLIED]: appliedText })
  const merged = mergeApplied(last, wanted, live) as KubernetesObject
  const refusal = validateObject(merged) ?? refuseChange(live, merged)
  if (refusal !== undefined) return patchError(request, target, refusal)
  const result = store.update(kind, metadata.namespace, metadata.name, draft => {
    for (const key of Object.keys(draft))
      if (!(key in merged)) delete (draft as unknown as Record<string, unknown>)[key]
    Object.assign(draft, copyData(merged))
  })
  if (!result.ok) return patchError(request, target, result.error)
  store.sources.record(result.object as KubernetesObject, locate, written)
  context.out(`${objectName(store, live)} ${result.changed ? 'configured' : 'unchanged'}\n`)
  return undefined
}

/** Annotations of the manifest and these; `namespace` is part of what kubectl remembers. */
function withAnnotations(object: KubernetesObject, added: Record<string, string> = {}): KubernetesObject {
  const annotations = { ...object.metadata.annotations, ...added }
  return { ...object, metadata: { ...object.metadata, annotations } }
}

type Refusal = NonNullable<ReturnType<typeof validateObject>>

/** Fields that cannot be changed after creation. */
export function refuseChange(live: KubernetesObject, wanted: KubernetesObject): Refusal | undefined {
  const isWorkload = ['Deployment', 'ReplicaSet', 'DaemonSet'].includes(live.kind)
  const before = (live.spec as { selector?: unknown } | undefined)?.selector
  const after = (wanted.spec as { selector?: unknown } | undefined)?.selector
  if (!isWorkload || deepEqual(before, after)) return undefined
  const message = `${live.kind}.${live.apiVersion.split('/')[0]} "${live.metadata.name}" is invalid: spec.selector: Invalid value: ${JSON.stringify(after)}: field is immutable`
  return { reason: 'Invalid', code: 422, message }
}

/** Source: k8s.io/kubectl pkg/cmd/apply/apply.go: what `patchf` and the wrapped error print. */
function patchError(request: KubectlRequest, { object, resource, fileName }: Target, error: Refusal): string {
  if (error.reason === 'Invalid') return formatApiError(error)
  const version = `${object.apiVersion}, Resource=${resource.plural}`
  const name = `Name: "${object.metadata.name}", Namespace: "${object.metadata.namespace ?? ''}"`
  const { store } = request
  const live = store.get(object.kind, object.metadata.namespace, object.metadata.name) as KubernetesObject | undefined
  const patch = JSON.stringify({ spec: object.spec ?? live?.spec })
  return `Error from server (${error.reason}): error when applying patch:\n${patch}\nto:\nResource: "${version}", GroupVersionKind: "${object.apiVersion}, Kind=${object.kind}"\n${name}\nfor: "${fileName}": error when patching "${fileName}": ${error.message}`
}
