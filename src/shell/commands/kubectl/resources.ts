import { formatApiError } from '../../../kubernetes/api/api-error.ts'
import { qualifiedSingular, type ResourceKind } from '../../../kubernetes/api/resource-kind.ts'
import { matchesSelector, parseSelector } from '../../../kubernetes/api/selector.ts'
import type { Store } from '../../../kubernetes/api/store.ts'
import type { KubernetesObject, LabelSelector } from '../../../model/kubernetes-object.ts'
import { fail, type KubectlRequest } from './request.ts'

/** Objects that operands and selectors stand for, in the order kubectl handles them. */
export interface Selection {
  readonly objects: readonly KubernetesObject[]
  /** One entry for each kind asked for, in order; empty lists included. */
  readonly groups: readonly { readonly resource: ResourceKind; readonly objects: readonly KubernetesObject[] }[]
  /** What the API server answered to names that do not exist, as kubectl prints it. */
  readonly errors: readonly string[]
  /** Whether single objects were asked for by name. */
  readonly isByName: boolean
}

/** The kind behind a word: plural, singular, short name or kind, with `.group` or `.version.group` behind it or not. */
function findResource(store: Store, word: string): ResourceKind | undefined {
  const lower = word.toLowerCase()
  const dot = lower.indexOf('.')
  const name = dot < 0 ? lower : lower.slice(0, dot)
  const group = dot < 0 ? undefined : lower.slice(dot + 1)
  return store.kinds.find(kind => {
    const isNamed = [kind.plural, kind.singular, kind.kind.toLowerCase(), ...kind.shortNames].includes(name)
    return (
      isNamed &&
      (group === undefined || group === kind.group || kind.versions.some(v => group === `${v}.${kind.group}`))
    )
  })
}

/** The same; ends the command when there is no such resource. */
export function requireResource(store: Store, word: string): ResourceKind {
  return findResource(store, word) ?? fail(`the server doesn't have a resource type "${word}"`)
}

/** `-l`; ends the command when it cannot be parsed. */
function selectorFlag(request: KubectlRequest): LabelSelector | undefined {
  const text = request.flags.text('selector')
  if (text === undefined) return undefined
  return parseSelector(text) ?? fail(`unable to parse requirement: ${text}`)
}

/**
 * Resolves operands: `TYPE`, `TYPE,TYPE`, `TYPE NAME…`, `TYPE/NAME…`, with `-l` and `-A`. `all` stands for the kinds that
 * kubectl counts as such.
 */
export function select(request: KubectlRequest, operands: readonly string[] = request.flags.operands): Selection {
  const { store } = request
  if (operands.some(word => word.includes('/'))) return selectBySlash(request, operands)
  const words = (operands[0] ?? '').split(',').filter(word => word !== '')
  const resources = words.flatMap(word =>
    word === 'all' ? store.kinds.filter(kind => kind.isInAll).sort(compareInAll) : [requireResource(store, word)],
  )
  const names = operands.slice(1)
  if (names.length > 0)
    return selectNames(
      request,
      resources.flatMap(resource => names.map(name => ({ resource, name }))),
    )
  const selector = selectorFlag(request)
  const isEverywhere = request.flags.isOn('all-namespaces')
  const groups = resources.map(resource => {
    const namespace = resource.isNamespaced && !isEverywhere ? request.namespace : undefined
    const objects = (store.list(resource.kind, namespace) as readonly KubernetesObject[])
      .filter(object => selector === undefined || matchesSelector(selector, object.metadata.labels))
      .filter(object => matchesFields(request, object))
    return { resource, objects }
  })
  return { objects: groups.flatMap(group => group.objects), groups, errors: [], isByName: false }
}

const ALL_ORDER = ['Pod', 'Service', 'DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet', 'CronJob', 'Job']

function compareInAll(a: ResourceKind, b: ResourceKind): number {
  return ALL_ORDER.indexOf(a.kind) - ALL_ORDER.indexOf(b.kind)
}

function selectBySlash(request: KubectlRequest, operands: readonly string[]): Selection {
  const pairs = operands.map(word => {
    const [type, name, ...rest] = word.split('/')
    if (name === undefined) {
      fail(
        "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
      )
    }
    if (!type || name === '' || rest.length > 0) {
      fail(`arguments in resource/name form must have a single resource and name`)
    }
    return { resource: requireResource(request.store, type), name }
  })
  return selectNames(request, pairs)
}

function selectNames(request: KubectlRequest, pairs: readonly { resource: ResourceKind; name: string }[]): Selection {
  const groups: { resource: ResourceKind; objects: KubernetesObject[] }[] = []
  const errors: string[] = []
  if (request.flags.isOn('all-namespaces')) fail('a resource cannot be retrieved by name across all namespaces')
  for (const { resource, name } of pairs) {
    const namespace = resource.isNamespaced ? request.namespace : undefined
    const object = request.store.get(resource.kind, namespace, name) as KubernetesObject | undefined
    if (object === undefined) {
      errors.push(formatApiError(request.store.notFound(resource.kind, name)))
      continue
    }
    const group = groups.find(one => one.resource === resource)
    if (group === undefined) groups.push({ resource, objects: [object] })
    else group.objects.push(object)
  }
  return { objects: groups.flatMap(group => group.objects), groups, errors, isByName: true }
}

/** `--field-selector`: the fields that pods and all objects can be selected by. */
function matchesFields(request: KubectlRequest, object: KubernetesObject): boolean {
  const text = request.flags.text('field-selector')
  if (text === undefined) return true
  return text.split(',').every(part => {
    const match = /^([\w.]+)(!=|==|=)(.*)$/.exec(part)
    if (match === null) fail(`invalid selector: '${part}'; can't understand '${part}'`)
    const [, path, operator, value] = match
    const known = ['metadata.name', 'metadata.namespace', 'status.phase', 'spec.nodeName', 'status.podIP']
    if (!known.includes(path!)) fail(`field label not supported: ${path}`)
    let current: unknown = object
    for (const key of path!.split('.')) current = (current as Record<string, unknown> | undefined)?.[key]
    return (String(current ?? '') === value) === (operator !== '!=')
  })
}

/** `deployment.apps/nginx`: how kubectl names an object it did something to. */
export function objectName(store: Store, object: KubernetesObject): string {
  const resource = store.kind(object.kind)
  return `${resource === undefined ? object.kind.toLowerCase() : qualifiedSingular(resource)}/${object.metadata.name}`
}
