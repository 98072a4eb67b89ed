/** kubectl run, expose and set image: objects made or changed without a manifest. */
import { formatApiError } from '../../../kubernetes/api/api-error.ts'
import type { Container, PodTemplate } from '../../../kubernetes/api/pod.ts'
import { validateObject } from '../../../kubernetes/api/validate-object.ts'
import type { KubernetesObject, LabelSelector } from '../../../model/kubernetes-object.ts'
import { flag, ignored, switchFlag, unmodelled } from './flags.ts'
import { fail, KubectlError, type KubectlRequest, REQUEST_NS, type Subcommand } from './request.ts'
import { objectName, select } from './resources.ts'

export const run: Subcommand = {
  name: 'run',
  flags: [
    flag('image'),
    flag('port'),
    flag('labels', 'l'),
    flag('restart'),
    ignored('image-pull-policy'),
    ignored('env', 'list'),
    unmodelled('rm', 'switch'),
    unmodelled('stdin', 'switch', 'i'),
    unmodelled('tty', 'switch', 't'),
    unmodelled('command', 'switch'),
    unmodelled('expose', 'switch'),
    unmodelled('overrides'),
    unmodelled('dry-run'),
    unmodelled('output', 'text', 'o'),
  ],
  *run(request) {
    yield { sleepNs: REQUEST_NS }
    const { flags, namespace } = request
    const [name] = flags.operands
    const image = flags.text('image')
    if (name === undefined) fail('NAME is required for run')
    if (image === undefined) fail('required flag(s) "image" not set')
    if (flags.afterDashes !== undefined) fail('running another command than that of the image is not modelled')
    const port = flags.text('port')
    const container = { name, image, ...(port === undefined ? {} : { ports: [{ containerPort: Number(port) }] }) }
    const labels = readLabels(flags.text('labels')) ?? { run: name }
    const spec = { containers: [container], restartPolicy: flags.text('restart') ?? 'Always' }
    return createObject(
      request,
      { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels }, spec },
      'created',
    )
  },
}

export const expose: Subcommand = {
  name: 'expose',
  flags: [
    flag('port'),
    flag('target-port'),
    flag('protocol'),
    flag('type'),
    flag('name'),
    flag('labels', 'l'),
    flag('selector'),
    flag('cluster-ip'),
    flag('load-balancer-ip'),
    flag('external-ip'),
    unmodelled('filename', 'list', 'f'),
    unmodelled('dry-run'),
    unmodelled('output', 'text', 'o'),
    unmodelled('session-affinity'),
  ],
  *run(request) {
    yield { sleepNs: REQUEST_NS }
    const { flags } = request
    const { objects, errors } = select({ ...request, flags: { ...flags, text: () => undefined } })
    if (errors.length > 0) throw new KubectlError(errors.join('\n'))
    const target = objects[0] ?? fail('you must provide one or more resources by argument or filename')
    return createObject(request, serviceFor(request, target), 'exposed')
  },
}

function serviceFor(request: KubectlRequest, target: KubernetesObject): KubernetesObject {
  const { flags, namespace } = request
  const { selector, containers } = podsOf(target)
  const declared = containers.flatMap(container => container.ports ?? [])
  const portText = flags.text('port')
  const numbers = portText === undefined ? declared.map(port => port.containerPort) : portText.split(',').map(Number)
  if (numbers.length === 0)
    fail("couldn't find port via --port flag or introspection\nSee 'kubectl expose -h' for help and examples")
  const targetText = flags.text('target-port')
  const targetPort = targetText === undefined ? undefined : /^\d+$/.test(targetText) ? Number(targetText) : targetText
  const ports = numbers.map((port, index) => ({
    ...(numbers.length > 1 ? { name: `port-${index + 1}` } : {}),
    port,
    protocol: flags.text('protocol') ?? 'TCP',
    targetPort: targetPort ?? port,
  }))
  const optional = {
    clusterIP: flags.text('cluster-ip'),
    loadBalancerIP: flags.text('load-balancer-ip'),
    type: flags.text('type'),
  }
  const externalIp = flags.text('external-ip')
  const spec = {
    ports,
    selector: readLabels(flags.text('selector')) ?? selector,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
    ...(externalIp === undefined ? {} : { externalIPs: [externalIp] }),
  }
  const labels = readLabels(flags.text('labels')) ?? target.metadata.labels
  const name = flags.text('name') ?? target.metadata.name
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, ...(labels === undefined ? {} : { labels: { ...labels } }) },
    spec,
  }
}

/** Labels that select the pods of an object, and their containers. */
function podsOf(target: KubernetesObject): { selector: Record<string, string>; containers: readonly Container[] } {
  const spec = target.spec as {
    selector?: LabelSelector | Record<string, string>
    template?: PodTemplate
    containers?: Container[]
  }
  switch (target.kind) {
    case 'Pod':
      return {
        selector:
          target.metadata.labels ??
          fail(
            "couldn't retrieve selectors via --selector flag or introspection: the pod has no labels and cannot be exposed",
          ),
        containers: spec.containers ?? [],
      }
    case 'Service':
      return { selector: (spec.selector ?? {}) as Record<string, string>, containers: [] }
    case 'Deployment':
    case 'ReplicaSet':
      return {
        selector: (spec.selector as LabelSelector).matchLabels ?? {},
        containers: spec.template?.spec.containers ?? [],
      }
    default:
      return fail(`cannot expose a ${target.kind}`)
  }
}

export const set: Subcommand = {
  name: 'set',
  flags: [
    flag('selector', 'l'),
    switchFlag('all'),
    unmodelled('filename', 'list', 'f'),
    unmodelled('dry-run'),
    unmodelled('local', 'switch'),
  ],
  *run(request) {
    yield { sleepNs: REQUEST_NS }
    const [verb, ...words] = request.flags.operands
    if (verb !== 'image') fail(`kubectl set ${verb ?? ''} is not modelled; image is`)
    const images = words.filter(word => word.includes('=')).map(word => word.split('=') as [string, string])
    const { objects, errors } = select(
      request,
      words.filter(word => !word.includes('=')),
    )
    const failures = [...errors]
    for (const object of objects) failures.push(...setImages(request, object, images))
    for (const failure of failures) request.context.error(`${failure}\n`)
    return failures.length > 0 ? 1 : 0
  },
}

function setImages(
  request: KubectlRequest,
  object: KubernetesObject,
  images: readonly (readonly [string, string])[],
): string[] {
  const { store, context } = request
  if (!['Deployment', 'ReplicaSet', 'DaemonSet'].includes(object.kind))
    return [`error: ${objectName(store, object)} is not a workload`]
  const kind = object.kind as 'Deployment' | 'ReplicaSet' | 'DaemonSet'
  const missing: string[] = []
  const result = store.update(kind, object.metadata.namespace, object.metadata.name, draft => {
    const { containers } = draft.spec.template.spec
    for (const [name, image] of images) {
      const wanted = containers.filter(container => name === '*' || container.name === name)
      if (wanted.length === 0) missing.push(`error: unable to find container named "${name}"`)
      for (const container of wanted) container.image = image
    }
  })
  if (missing.length === 0 && result.ok && result.changed) context.out(`${objectName(store, object)} image updated\n`)
  return missing
}

function createObject(request: KubectlRequest, object: KubernetesObject, done: string): number {
  const { store, context } = request
  const refusal = validateObject(object)
  const result = refusal === undefined ? store.create(object) : { ok: false as const, error: refusal }
  if (result.ok) {
    store.sources.change(undefined, result.object, context.place?.()?.source)
    context.out(`${objectName(store, object)} ${done}\n`)
  } else context.error(`${formatApiError(result.error)}\n`)
  return result.ok ? 0 : 1
}

/** `a=b,c=d`; undefined without text. */
function readLabels(text: string | undefined): Record<string, string> | undefined {
  if (text === undefined) return undefined
  const pairs = text.split(',').map(part => {
    const equals = part.indexOf('=')
    if (equals < 1) fail(`unexpected label spec: ${part}`)
    return [part.slice(0, equals), part.slice(equals + 1)]
  })
  return Object.fromEntries(pairs) as Record<string, string>
}
