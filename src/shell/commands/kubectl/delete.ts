import { formatApiError } from '../../../kubernetes/api/api-error.ts'
import { qualifiedSingular } from '../../../kubernetes/api/resource-kind.ts'
import type { KubernetesObject } from '../../../model/kubernetes-object.ts'
import type { Coroutine } from '../../../sim/coroutine.ts'
import { parseGoDuration } from './age.ts'
import { flag, ignored, switchFlag, unmodelled } from './flags.ts'
import { parseManifestFiles } from './manifest-files.ts'
import { fail, type KubectlRequest, REQUEST_NS, type Subcommand } from './request.ts'
import { select } from './resources.ts'

const NO_RESOURCES =
  "You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'"

/** How often kubectl looks whether an object is gone. Ours; real kubectl watches. */
const POLL_NS = 100_000_000

export const deleteCommand: Subcommand = {
  name: 'delete',
  flags: [
    flag('filename', 'f', 'list'),
    switchFlag('recursive', 'R'),
    flag('selector', 'l'),
    flag('field-selector'),
    switchFlag('all'),
    switchFlag('all-namespaces', 'A'),
    switchFlag('ignore-not-found'),
    flag('wait', undefined, 'switch'),
    flag('timeout'),
    flag('cascade'),
    flag('output', 'o'),
    switchFlag('force'),
    switchFlag('now'),
    ignored('grace-period'),
    unmodelled('kustomize', 'text', 'k'),
    unmodelled('dry-run'),
    unmodelled('raw'),
    unmodelled('interactive', 'switch', 'i'),
  ],
  *run(request) {
    yield { sleepNs: REQUEST_NS }
    const { objects, errors } = findVictims(request)
    const deleted: KubernetesObject[] = []
    for (const object of objects) {
      yield { sleepNs: REQUEST_NS }
      if (deleteOne(request, object, errors)) deleted.push(object)
    }
    const shown = request.flags.isOn('ignore-not-found')
      ? errors.filter(error => !error.includes('(NotFound)'))
      : errors
    if (objects.length === 0 && errors.length === 0) request.context.out('No resources found\n')
    const isWaiting = request.flags.text('wait') !== 'false'
    const timedOut = isWaiting && (yield* waitForAll(request, deleted))
    if (timedOut) shown.push('error: timed out waiting for the condition')
    for (const error of shown) request.context.error(`${error}\n`)
    return shown.length > 0 ? 1 : 0
  },
}

function findVictims(request: KubectlRequest): { objects: readonly KubernetesObject[]; errors: string[] } {
  const { flags, store } = request
  if (flags.list('filename').length > 0) {
    const objects: KubernetesObject[] = []
    const errors: string[] = []
    for (const { document, fileName } of parseManifestFiles(request)) {
      const { kind, apiVersion, metadata } = document.object
      const resource = store.kind(kind)
      if (resource === undefined) {
        errors.push(
          `error: resource mapping not found for name: "${metadata.name}" namespace: "${metadata.namespace ?? ''}" from "${fileName}": no matches for kind "${kind}" in version "${apiVersion}"\nensure CRDs are installed first`,
        )
        continue
      }
      const namespace = resource.isNamespaced ? (metadata.namespace ?? request.namespace) : undefined
      const object = store.get(kind, namespace, metadata.name) as KubernetesObject | undefined
      if (object !== undefined) objects.push(object)
      else {
        const { reason, message } = store.notFound(kind, metadata.name)
        errors.push(`Error from server (${reason}): error when deleting "${fileName}": ${message}`)
      }
    }
    return { objects, errors }
  }
  if (flags.operands.length === 0) fail(NO_RESOURCES)
  const selection = select(request)
  const isNarrowed =
    flags.isOn('all') || flags.text('selector') !== undefined || flags.text('field-selector') !== undefined
  if (!selection.isByName && !isNarrowed) fail('resource(s) were provided, but no name was specified')
  return { objects: selection.objects, errors: [...selection.errors] }
}

function deleteOne(request: KubectlRequest, object: KubernetesObject, errors: string[]): boolean {
  const { store, context, flags } = request
  const orphan = flags.text('cascade') === 'orphan'
  const result = store.delete(object.kind, object.metadata.namespace, object.metadata.name, { orphan })
  if (!result.ok) {
    errors.push(formatApiError(result.error))
    return false
  }
  const resource = store.kind(object.kind)!
  const name = `${qualifiedSingular(resource)} "${object.metadata.name}"`
  if (flags.text('output') === 'name') context.out(`${qualifiedSingular(resource)}/${object.metadata.name}\n`)
  else context.out(`${name} ${flags.isOn('force') ? 'force deleted' : 'deleted'}\n`)
  return true
}

/** Waits until all are gone; true when the time ran out. */
function* waitForAll(request: KubectlRequest, objects: readonly KubernetesObject[]): Coroutine<boolean> {
  const { store, context, flags } = request
  const timeoutText = flags.text('timeout')
  const limitNs =
    timeoutText === undefined
      ? 0
      : (parseGoDuration(timeoutText) ?? fail(`invalid argument "${timeoutText}" for "--timeout" flag`))
  const startNs = context.lab.simulator.nowNs
  const isThere = (object: KubernetesObject) =>
    (store.get(object.kind, object.metadata.namespace, object.metadata.name) as KubernetesObject | undefined)?.metadata
      .uid === object.metadata.uid
  while (objects.some(isThere)) {
    if (limitNs > 0 && context.lab.simulator.nowNs - startNs >= limitNs) return true
    const wake = yield { sleepNs: POLL_NS }
    if (wake === 'interrupt') return false
  }
  return false
}
