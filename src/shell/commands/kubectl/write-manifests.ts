import { type ApiError, formatApiError } from '../../../kubernetes/api/api-error.ts'
import type { Locate } from '../../../kubernetes/api/object-sources.ts'
import type { ResourceKind } from '../../../kubernetes/api/resource-kind.ts'
import type { KubernetesObject } from '../../../model/kubernetes-object.ts'
import type { Coroutine } from '../../../sim/coroutine.ts'
import { type FiledDocument, parseManifestFiles } from './manifest-files.ts'
import { type KubectlRequest, REQUEST_NS } from './request.ts'

/** An object of a file that the cluster serves the kind of, its namespace filled in. */
export interface Target {
  readonly object: KubernetesObject
  readonly resource: ResourceKind
  readonly fileName: string
  /** Place of a field of the object in the user's files. */
  readonly locate: Locate
}

/**
 * Hands each object of the `-f` files to `write`, in order, one API request apart. Objects that cannot be sent or are
 * refused do not stop the others. `write` returns an error text or nothing.
 * @returns exit code
 */
export function* writeManifests(
  request: KubectlRequest,
  write: (target: Target) => string | undefined,
): Coroutine<number> {
  const documents = parseManifestFiles(request)
  if (documents.length === 0) {
    request.context.error('error: no objects passed to apply\n')
    return 1
  }
  const errors: string[] = []
  for (const filed of documents) {
    yield { sleepNs: REQUEST_NS }
    const resolved = resolve(request, filed)
    const error = typeof resolved === 'string' ? resolved : write(resolved)
    if (error !== undefined) errors.push(error)
  }
  // kubectl leaves `error: ` away when it has several errors to print
  for (const error of errors) request.context.error(`${errors.length > 1 ? error.replace(/^error: /, '') : error}\n`)
  return errors.length > 0 ? 1 : 0
}

function resolve(request: KubectlRequest, { document, fileName, locate }: FiledDocument): Target | string {
  const { object } = document
  const missing = [
    object.apiVersion === '' ? 'apiVersion not set' : '',
    object.kind === '' ? 'kind not set' : '',
  ].filter(text => text !== '')
  if (missing.length > 0) {
    const what = missing.length === 1 ? missing[0]! : `[${missing.join(', ')}]`
    return `error: error validating "${fileName}": error validating data: ${what}; if you choose to ignore these errors, turn validation off with --validate=false`
  }
  const { name, namespace } = object.metadata
  const version = object.apiVersion.split('/').at(-1)!
  const group = object.apiVersion.includes('/') ? object.apiVersion.split('/')[0]! : ''
  const resource = request.store.kind(object.kind)
  if (resource === undefined || resource.group !== group || !resource.versions.includes(version)) {
    return `error: resource mapping not found for name: "${name}" namespace: "${namespace ?? ''}" from "${fileName}": no matches for kind "${object.kind}" in version "${object.apiVersion}"\nensure CRDs are installed first`
  }
  if (!resource.isNamespaced) return { object, resource, fileName, locate }
  const asked = request.flags.text('namespace')
  if (asked !== undefined && namespace !== undefined && asked !== namespace) {
    return `error: the namespace from the provided object "${namespace}" does not match the namespace "${asked}". You must pass '--namespace=${namespace}' to perform this operation.`
  }
  const placed = { ...object, metadata: { ...object.metadata, namespace: namespace ?? request.namespace } }
  return { object: placed, resource, fileName, locate }
}

/** `Error from server (…): error when creating "f.yaml": …` */
export function creationError(error: ApiError, fileName: string): string {
  if (error.reason === 'Invalid') return formatApiError(error)
  return `Error from server (${error.reason}): error when creating "${fileName}": ${error.message}`
}
