import { isPodReady, isPodTerminating, type Pod } from '../../../kubernetes/api/pod.ts'
import { matchesSelector } from '../../../kubernetes/api/selector.ts'
import type { RunningPod } from '../../../kubernetes/cluster-node.ts'
import type { LabNode } from '../../../lab/node.ts'
import type { LabelSelector } from '../../../model/kubernetes-object.ts'
import { flag, ignored, switchFlag } from './flags.ts'
import { fail, KubectlError, type KubectlRequest, REQUEST_NS, type Subcommand } from './request.ts'
import { requireResource } from './resources.ts'

/** The container of a pod as a node of the lab, kept so that files written into it stay. */
const PLACES = new WeakMap<RunningPod, LabNode>()

export const exec: Subcommand = {
  name: 'exec',
  flags: [
    switchFlag('stdin', 'i'),
    switchFlag('tty', 't'),
    flag('container', 'c'),
    switchFlag('quiet', 'q'),
    ignored('pod-running-timeout'),
  ],
  *run(request) {
    yield { sleepNs: REQUEST_NS }
    const { context, flags } = request
    const words = flags.afterDashes ?? []
    if (flags.operands.length === 0) fail('pod, type/name or --filename must be specified')
    if (words.length === 0) fail('you must specify at least one command for the container')
    const pod = findPod(request, flags.operands[0]!)
    const place = placeOf(request, pod)
    const container = flags.text('container')
    if (container !== undefined && !pod.spec.containers.some(one => one.name === container)) {
      fail(`container ${container} not found in pod ${pod.metadata.name}_${pod.metadata.namespace}`)
    }
    const result = yield* context.runCommand(place, words, flags.isOn('stdin') ? context.stdin : '')
    context.out(result.stdout)
    context.error(result.stderr)
    if (result.exitCode !== 0) context.error(`command terminated with exit code ${result.exitCode}\n`)
    return result.exitCode
  },
}

/** `POD`, `pod/POD`, `deploy/NAME` (a ready pod of it, by name), `svc/NAME`. */
export function findPod(request: KubectlRequest, word: string): Pod {
  const { store, namespace } = request
  const slash = word.indexOf('/')
  const resource = slash < 0 ? store.kind('Pod')! : requireResource(store, word.slice(0, slash))
  const name = word.slice(slash + 1)
  const object = store.get(resource.kind, namespace, name)
  if (object === undefined) {
    const { reason, message } = store.notFound(resource.kind, name)
    throw new KubectlError(`Error from server (${reason}): ${message}`)
  }
  if (resource.kind === 'Pod') return object as Pod
  const written = (object.spec as { selector?: LabelSelector | Record<string, string> }).selector ?? {}
  const selector =
    resource.kind === 'Service' ? { matchLabels: written as Record<string, string> } : (written as LabelSelector)
  const pods = store
    .list('Pod', namespace)
    .filter(pod => matchesSelector(selector, pod.metadata.labels) && !isPodTerminating(pod))
  const chosen = pods.find(isPodReady) ?? pods[0]
  if (chosen === undefined) fail(`timed out waiting for the condition`)
  return chosen
}

function placeOf(request: KubectlRequest, pod: Pod): LabNode {
  const { cluster } = request
  const node = cluster.nodes.find(one => one.name === pod.spec.nodeName)
  const running = node?.pods.get(pod.metadata.uid!)
  if (running === undefined) {
    const name = pod.spec.containers[0]!.name
    if (pod.spec.nodeName === undefined) {
      throw new KubectlError(`Error from server (BadRequest): pod ${pod.metadata.name} does not have a host assigned`)
    }
    fail(`Internal error occurred: unable to upgrade connection: container not found ("${name}")`)
  }
  let place = PLACES.get(running)
  if (place === undefined) {
    place = {
      name: pod.metadata.name,
      containerName: `${pod.metadata.namespace}/${pod.metadata.name}`,
      labName: cluster.name,
      kind: 'linux',
      image: pod.spec.containers[0]!.image,
      hostName: running.usesHostNetwork ? pod.spec.nodeName! : pod.metadata.name,
      host: running.host,
      environment: new Map(),
      files: new Map(),
      router: undefined,
      isRunning: true,
    }
    PLACES.set(running, place)
  }
  return place
}
