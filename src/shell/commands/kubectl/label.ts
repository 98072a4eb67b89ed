import { checkLabels } from '../../../config/manifest/check.ts'
import { formatApiError } from '../../../kubernetes/api/api-error.ts'
import { qualifiedPlural } from '../../../kubernetes/api/resource-kind.ts'
import type { KubernetesObject } from '../../../model/kubernetes-object.ts'
import type { Coroutine } from '../../../sim/coroutine.ts'
import { flag, ignored, switchFlag, unmodelled } from './flags.ts'
import { fail, type KubectlRequest, REQUEST_NS, type Subcommand } from './request.ts'
import { objectName, select } from './resources.ts'

const FLAGS = [
  flag('selector', 'l'),
  flag('field-selector'),
  switchFlag('all'),
  switchFlag('all-namespaces', 'A'),
  switchFlag('overwrite'),
  switchFlag('list'),
  ignored('field-manager'),
  unmodelled('filename', 'list', 'f'),
  unmodelled('dry-run'),
  unmodelled('output', 'text', 'o'),
  unmodelled('resource-version'),
  unmodelled('local', 'switch'),
]

export const label: Subcommand = { name: 'label', flags: FLAGS, run: request => change(request, 'labels') }
export const annotate: Subcommand = { name: 'annotate', flags: FLAGS, run: request => change(request, 'annotations') }

/** `KEY=VALUE` sets, `KEY-` removes. */
interface Change {
  readonly key: string
  readonly value: string | undefined
}

function* change(request: KubectlRequest, field: 'labels' | 'annotations'): Coroutine<number> {
  yield { sleepNs: REQUEST_NS }
  const { changes, operands } = split(request, field)
  if (operands.length === 0) fail('one or more resources must be specified as <resource> <name> or <resource>/<name>')
  const selection = select(request, operands)
  const isNarrowed = request.flags.isOn('all') || request.flags.text('selector') !== undefined
  if (!selection.isByName && !isNarrowed) fail('resource(s) were provided, but no name was specified')
  if (changes.length === 0 && !request.flags.isOn('list')) fail(`at least one ${field.slice(0, -1)} update is required`)
  const errors = [...selection.errors]
  for (const object of selection.objects) {
    const error = changeOne(request, object, field, changes)
    if (error !== undefined) errors.push(error)
  }
  if (selection.objects.length === 0 && errors.length === 0) request.context.error('No resources found\n')
  for (const error of errors) request.context.error(`${error}\n`)
  return errors.length > 0 ? 1 : 0
}

function split(request: KubectlRequest, field: string): { changes: Change[]; operands: string[] } {
  const changes: Change[] = []
  const operands: string[] = []
  for (const word of request.flags.operands) {
    const equals = word.indexOf('=')
    if (equals > 0) changes.push({ key: word.slice(0, equals), value: word.slice(equals + 1) })
    else if (word.endsWith('-') && operands.length > 0) changes.push({ key: word.slice(0, -1), value: undefined })
    else if (changes.length > 0) fail(`unexpected argument after ${field}: ${word}`)
    else operands.push(word)
  }
  return { changes, operands }
}

function changeOne(
  request: KubectlRequest,
  object: KubernetesObject,
  field: 'labels' | 'annotations',
  changes: readonly Change[],
): string | undefined {
  const { store, context, flags } = request
  const { namespace, name } = object.metadata
  const resource = store.kind(object.kind)!
  const before = object.metadata[field] ?? {}
  for (const { key, value } of changes) {
    const existing = before[key]
    if (value !== undefined && existing !== undefined && existing !== value && !flags.isOn('overwrite')) {
      return `error: '${key}' already has a value (${existing}), and --overwrite is false`
    }
    if (value === undefined && existing === undefined) {
      const what = field === 'labels' ? 'label' : 'annotation'
      context.out(`${what} "${key}" not found.\n`)
    }
  }
  const draftOf = (values: Record<string, string>) => ({ ...object, metadata: { ...object.metadata, [field]: values } })
  const after: Record<string, string> = { ...before }
  for (const { key, value } of changes) {
    if (value === undefined) delete after[key]
    else after[key] = value
  }
  const wrong = checkLabels(draftOf(after))[0]
  if (wrong !== undefined) {
    const message = `${resource.kind} "${name}" is invalid: ${wrong.message}`
    return formatApiError({ reason: 'Invalid', code: 422, message })
  }
  const result = store.update(object.kind, namespace, name, draft => {
    const metadata = (draft as KubernetesObject).metadata
    if (Object.keys(after).length > 0) metadata[field] = after
    else delete metadata[field]
  })
  if (!result.ok) return `error: ${qualifiedPlural(resource)}: ${result.error.message}`
  store.sources.change(object, result.object as KubernetesObject, context.place?.()?.source)
  context.out(`${objectName(store, object)} ${outcome(field, changes, result.changed)}\n`)
  return undefined
}

/** Source: k8s.io/kubectl pkg/cmd/label/label.go `updateDataChangeMsg`; annotate always says annotated. */
function outcome(field: string, changes: readonly Change[], isChanged: boolean): string {
  if (field === 'annotations') return 'annotated'
  if (!isChanged) return 'not labeled'
  return changes.every(change => change.value === undefined) ? 'unlabeled' : 'labeled'
}
