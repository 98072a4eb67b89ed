import { formatApiError } from '../../../kubernetes/api/api-error.ts'
import { validateObject } from '../../../kubernetes/api/validate-object.ts'
import type { KubernetesObject } from '../../../model/kubernetes-object.ts'
import { flag, ignored, switchFlag, unmodelled } from './flags.ts'
import { formatData } from './output.ts'
import { fail, type KubectlRequest, REQUEST_NS, type Subcommand } from './request.ts'
import { objectName } from './resources.ts'
import { creationError, type Target, writeManifests } from './write-manifests.ts'

export const create: Subcommand = {
  name: 'create',
  flags: [
    flag('filename', 'f', 'list'),
    switchFlag('recursive', 'R'),
    flag('output', 'o'),
    flag('dry-run'),
    flag('image', undefined, 'list'),
    flag('replicas', 'r'),
    flag('port'),
    flag('tcp', undefined, 'list'),
    flag('clusterip'),
    flag('node-port'),
    flag('external-name'),
    flag('from-literal', undefined, 'list'),
    ignored('validate'),
    ignored('save-config', 'switch'),
    ignored('field-manager'),
    unmodelled('edit', 'switch'),
    unmodelled('from-file', 'list'),
    unmodelled('from-env-file', 'list'),
    unmodelled('kustomize', 'text', 'k'),
    unmodelled('raw'),
  ],
  *run(request) {
    if (request.flags.list('filename').length > 0)
      return yield* writeManifests(request, target => createOne(request, target))
    const object = buildObject(request)
    const mode = request.flags.text('dry-run') ?? 'none'
    if (mode !== 'none') return printDryRun(request, object)
    yield { sleepNs: REQUEST_NS }
    const refusal = validateObject(object)
    const result = refusal === undefined ? request.store.create(object) : { ok: false as const, error: refusal }
    if (!result.ok) {
      const prefix =
        result.error.reason === 'Invalid' ? formatApiError(result.error) : createError(object, result.error)
      request.context.error(`${prefix}\n`)
      return 1
    }
    request.store.sources.change(undefined, result.object, request.context.place?.()?.source)
    request.context.out(`${objectName(request.store, object)} created\n`)
    return 0
  },
}

function createError(object: KubernetesObject, error: { reason: string; message: string }): string {
  const verb =
    object.kind === 'Deployment' || object.kind === 'Service' ? `failed to create ${object.kind.toLowerCase()}: ` : ''
  return verb === '' ? `Error from server (${error.reason}): ${error.message}` : `error: ${verb}${error.message}`
}

function createOne(request: KubectlRequest, { object, fileName, locate }: Target): string | undefined {
  const { status: _status, ...written } = object
  const refusal = validateObject(written)
  const result = refusal === undefined ? request.store.create(written) : { ok: false as const, error: refusal }
  if (!result.ok) return creationError(result.error, fileName)
  request.store.sources.record(result.object, locate, written)
  request.context.out(`${objectName(request.store, object)} created\n`)
  return undefined
}

function printDryRun(request: KubectlRequest, object: KubernetesObject): number {
  const format = request.flags.text('output')
  if (format === undefined) request.context.out(`${objectName(request.store, object)} created (dry run)\n`)
  else request.context.out(formatData(request.store, [object], format, false))
  return 0
}

function buildObject(request: KubectlRequest): KubernetesObject {
  const [what, ...rest] = request.flags.operands
  switch (what) {
    case undefined:
      return fail('must specify one of -f and -k')
    case 'namespace':
    case 'ns':
      return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: oneName(rest) } }
    case 'deployment':
    case 'deploy':
      return buildDeployment(request, oneName(rest))
    case 'service':
    case 'svc':
      return buildService(request, rest)
    case 'configmap':
    case 'cm':
      return { ...namespaced(request, 'v1', 'ConfigMap', oneName(rest)), data: literals(request) } as KubernetesObject
    case 'secret': {
      if (rest[0] !== 'generic') fail(`creating a secret of type ${rest[0] ?? '""'} is not modelled; "generic" is`)
      return {
        ...namespaced(request, 'v1', 'Secret', oneName(rest.slice(1))),
        stringData: literals(request),
      } as KubernetesObject
    }
    default:
      return fail(
        `unknown command "${request.flags.operands.join(' ')}"; kubectl create of this resource is not modelled`,
      )
  }
}

function namespaced(request: KubectlRequest, apiVersion: string, kind: string, name: string): KubernetesObject {
  return { apiVersion, kind, metadata: { name, namespace: request.namespace } }
}

function oneName(words: readonly string[]): string {
  if (words.length !== 1) fail(`exactly one NAME is required, got ${words.length}`)
  return words[0]!
}

function literals(request: KubectlRequest): Record<string, string> {
  const pairs = request.flags.list('from-literal').map(text => {
    const equals = text.indexOf('=')
    if (equals < 1) fail(`invalid literal source ${text}, expected key=value`)
    return [text.slice(0, equals), text.slice(equals + 1)]
  })
  return Object.fromEntries(pairs) as Record<string, string>
}

function buildDeployment(request: KubectlRequest, name: string): KubernetesObject {
  const { flags } = request
  const images = flags.list('image')
  if (images.length === 0) fail('required flag(s) "image" not set')
  const port = flags.text('port')
  const containers = images.map((image, index) => ({
    name: (image.split('/').at(-1) ?? image).split(/[:@]/)[0]!,
    image,
    ...(port !== undefined && index === 0 ? { ports: [{ containerPort: Number(port) }] } : {}),
  }))
  const labels = { app: name }
  const object = namespaced(request, 'apps/v1', 'Deployment', name)
  object.metadata.labels = labels
  object.spec = {
    replicas: Number(flags.text('replicas') ?? 1),
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers } },
  }
  return object
}

const SERVICE_TYPES: Readonly<Record<string, string>> = {
  clusterip: 'ClusterIP',
  nodeport: 'NodePort',
  loadbalancer: 'LoadBalancer',
  externalname: 'ExternalName',
}

/** `kubectl create service loadbalancer NAME --tcp=80:8080`. */
function buildService(request: KubectlRequest, words: readonly string[]): KubernetesObject {
  const { flags } = request
  const type = SERVICE_TYPES[words[0] ?? ''] ?? fail(`unknown command "service ${words[0] ?? ''}"`)
  const name = oneName(words.slice(1))
  const object = namespaced(request, 'v1', 'Service', name)
  object.metadata.labels = { app: name }
  const nodePort = flags.text('node-port')
  const ports = flags.list('tcp').map(text => {
    const [port, target] = text.split(':')
    const targetPort = /^\d+$/.test(target ?? '') || target === undefined ? Number(target ?? port) : target
    return {
      name: text.replace(':', '-'),
      port: Number(port),
      targetPort,
      protocol: 'TCP',
      ...(nodePort === undefined ? {} : { nodePort: Number(nodePort) }),
    }
  })
  const clusterIP = flags.text('clusterip')
  const externalName = flags.text('external-name')
  object.spec = {
    type,
    selector: { app: name },
    ports,
    ...(clusterIP === undefined ? {} : { clusterIP }),
    ...(externalName === undefined ? {} : { externalName }),
  }
  return object
}
