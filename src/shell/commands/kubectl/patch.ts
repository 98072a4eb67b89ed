import { parse } from 'yaml'
import { copyData } from '../../../config/manifest/copy-data.ts'
import { formatApiError } from '../../../kubernetes/api/api-error.ts'
import { validateObject } from '../../../kubernetes/api/validate-object.ts'
import type { KubernetesObject } from '../../../model/kubernetes-object.ts'
import { refuseChange } from './apply.ts'
import { flag, ignored, unmodelled } from './flags.ts'
import { mergePatch, strategicMerge } from './merge-applied.ts'
import { fail, type KubectlRequest, REQUEST_NS, type Subcommand } from './request.ts'
import { objectName, select } from './resources.ts'

export const patch: Subcommand = {
  name: 'patch',
  flags: [
    flag('patch', 'p'),
    flag('type'),
    flag('patch-file'),
    ignored('field-manager'),
    unmodelled('filename', 'list', 'f'),
    unmodelled('output', 'text', 'o'),
    unmodelled('dry-run'),
    unmodelled('subresource'),
  ],
  *run(request) {
    yield { sleepNs: REQUEST_NS }
    const { context, store } = request
    const change = readPatch(request)
    const { objects, errors } = select(request)
    for (const error of errors) context.error(`${error}\n`)
    let exitCode = errors.length > 0 ? 1 : 0
    for (const object of objects) {
      const wanted = patched(request, object, change)
      const refusal = typeof wanted === 'string' ? wanted : (validateObject(wanted) ?? refuseChange(object, wanted))
      if (refusal !== undefined || typeof wanted === 'string') {
        context.error(`${typeof refusal === 'string' ? refusal : formatApiError(refusal!)}\n`)
        exitCode = 1
        continue
      }
      const result = store.update(object.kind, object.metadata.namespace, object.metadata.name, draft => {
        for (const key of Object.keys(draft))
          if (!(key in wanted)) delete (draft as unknown as Record<string, unknown>)[key]
        Object.assign(draft, copyData(wanted))
      })
      if (!result.ok) {
        context.error(`${formatApiError(result.error)}\n`)
        exitCode = 1
      } else {
        store.sources.change(object, result.object as KubernetesObject, context.place?.()?.source)
        context.out(`${objectName(store, object)} patched${result.changed ? '' : ' (no change)'}\n`)
      }
    }
    return exitCode
  },
}

function readPatch(request: KubectlRequest): unknown {
  const { flags, context } = request
  const file = flags.text('patch-file')
  const text =
    file === undefined
      ? flags.text('patch')
      : (context.readFile(file) ?? fail(`unable to read patch file: open ${file}: no such file or directory`))
  if (text === undefined) fail('must specify --patch or --patch-file containing the contents of the patch')
  try {
    return parse(text, { maxAliasCount: 0 }) as unknown
  } catch (thrown) {
    return fail(`unable to parse "${text}": ${(thrown as Error).message.split('\n')[0]}`)
  }
}

function patched(request: KubectlRequest, object: KubernetesObject, change: unknown): KubernetesObject | string {
  const type = request.flags.text('type') ?? 'strategic'
  if (type === 'json') return jsonPatched(object, change)
  if (type !== 'merge' && type !== 'strategic')
    fail(`--type must be one of [json merge strategic], not ${JSON.stringify(type)}`)
  if (typeof change !== 'object' || change === null || Array.isArray(change)) {
    return 'Error from server (BadRequest): json: cannot unmarshal array into Go value of type map[string]interface {}'
  }
  const isCustom = request.store.kind(object.kind)?.group === 'cilium.io'
  if (type === 'strategic' && isCustom) {
    return `Error from server (UnsupportedMediaType): the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml`
  }
  return (type === 'merge' ? mergePatch(change, object) : strategicMerge(change, object)) as KubernetesObject
}

interface Operation {
  readonly op: string
  readonly path: string
  readonly value?: unknown
}

/** RFC 6902: add, replace, remove and test. */
function jsonPatched(object: KubernetesObject, change: unknown): KubernetesObject | string {
  if (!Array.isArray(change))
    return 'Error from server (BadRequest): json: cannot unmarshal object into Go value of type jsonpatch.Patch'
  const result = copyData(object) as unknown as Record<string, unknown>
  for (const operation of change as Operation[]) {
    const error = applyOperation(result, operation)
    if (error !== undefined)
      return `The request is invalid: the server rejected our request due to an error in our request: ${error}`
  }
  return result as unknown as KubernetesObject
}

function applyOperation(root: Record<string, unknown>, { op, path, value }: Operation): string | undefined {
  const keys = path
    .split('/')
    .slice(1)
    .map(key => key.replaceAll('~1', '/').replaceAll('~0', '~'))
  const last = keys.pop()
  let holder: unknown = root
  for (const key of keys) holder = (holder as Record<string, unknown> | undefined)?.[key]
  if (last === undefined || typeof holder !== 'object' || holder === null)
    return `${op} operation does not apply: doc is missing path: "${path}"`
  const isList = Array.isArray(holder)
  const map = holder as Record<string, unknown>
  if (op !== 'add' && !(last in map)) return `${op} operation does not apply: doc is missing key: ${path}`
  if (op === 'add' && isList)
    (holder as unknown[]).splice(last === '-' ? (holder as unknown[]).length : Number(last), 0, value)
  else if (op === 'add' || op === 'replace') map[last] = value
  else if (op === 'remove' && isList) (holder as unknown[]).splice(Number(last), 1)
  else if (op === 'remove') delete map[last]
  else if (op === 'test')
    return JSON.stringify(map[last]) === JSON.stringify(value) ? undefined : `testing value ${path} failed`
  else return `operation ${op} is not modelled`
  return undefined
}
