import type { KubernetesObject } from '../../../model/kubernetes-object.ts'
import { describeDeployment } from './describe-deployment.ts'
import { annotationRows, formatRows, labelRows, treeLines } from './describe-lines.ts'
import { describeNode } from './describe-node.ts'
import { describePod } from './describe-pod.ts'
import { describeService } from './describe-service.ts'
import { flag, ignored, switchFlag, unmodelled } from './flags.ts'
import { fail, type KubectlRequest, REQUEST_NS, type Subcommand } from './request.ts'
import { select } from './resources.ts'

type Describer = (request: KubectlRequest, object: never) => string

/** Kinds with a layout of their own. */
const DESCRIBERS: Readonly<Record<string, Describer>> = {
  Deployment: describeDeployment,
  Node: describeNode,
  Pod: describePod,
  Service: describeService,
}

export const describe: Subcommand = {
  name: 'describe',
  flags: [
    flag('selector', 'l'),
    switchFlag('all-namespaces', 'A'),
    ignored('show-events', 'switch'),
    ignored('chunk-size'),
    unmodelled('filename', 'list', 'f'),
  ],
  *run(request) {
    yield { sleepNs: REQUEST_NS }
    const { context, flags, namespace } = request
    if (flags.operands.length === 0)
      fail(
        'You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.',
      )
    const selection = select(request)
    context.out(selection.objects.map(object => describeOne(request, object)).join('\n\n'))
    for (const error of selection.errors) context.error(`${error}\n`)
    if (selection.objects.length === 0 && selection.errors.length === 0) {
      const isScoped = !flags.isOn('all-namespaces') && selection.groups.some(group => group.resource.isNamespaced)
      context.error(isScoped ? `No resources found in ${namespace} namespace.\n` : 'No resources found\n')
    }
    return selection.errors.length > 0 ? 1 : 0
  },
}

function describeOne(request: KubectlRequest, object: KubernetesObject): string {
  const describer = DESCRIBERS[object.kind] as
    | ((request: KubectlRequest, object: KubernetesObject) => string)
    | undefined
  return describer === undefined ? describeAny(object) : describer(request, object)
}

/** Other kinds: names, labels and the rest as a tree. Source: describe.go `genericDescriber`. */
function describeAny(object: KubernetesObject): string {
  const { apiVersion, kind, metadata, ...rest } = object
  const rows = [
    ['Name:', metadata.name],
    ['Namespace:', metadata.namespace ?? ''],
    ...labelRows(object),
    ...annotationRows(object),
    ['API Version:', apiVersion],
    ['Kind:', kind],
  ]
  const shown = {
    creationTimestamp: metadata.creationTimestamp,
    ...(metadata.generation === undefined ? {} : { generation: metadata.generation }),
    resourceVersion: metadata.resourceVersion,
    UID: metadata.uid,
  }
  const tree = treeLines({ metadata: shown, ...rest }, 0)
  return `${formatRows(rows)}${tree.join('\n')}\nEvents:  <none>\n`
}
