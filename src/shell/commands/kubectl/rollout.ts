import { isControlledBy } from '../../../kubernetes/api/owner.ts'
import { formatTimestamp } from '../../../kubernetes/api/timestamp.ts'
import type { DaemonSet, Deployment } from '../../../kubernetes/api/workload.ts'
import { REVISION_ANNOTATION } from '../../../kubernetes/controllers/deployment-controller.ts'
import type { KubernetesObject } from '../../../model/kubernetes-object.ts'
import type { Coroutine } from '../../../sim/coroutine.ts'
import { parseGoDuration } from './age.ts'
import { flag, switchFlag, unmodelled } from './flags.ts'
import { fail, type KubectlRequest, REQUEST_NS, type Subcommand } from './request.ts'
import { objectName, select } from './resources.ts'

/** How often the state is looked at. Ours; real kubectl watches. */
const POLL_NS = 100_000_000

/** What a restart writes into the pod template. */
const RESTART_ANNOTATION = 'kubectl.kubernetes.io/restartedAt'

export const rollout: Subcommand = {
  name: 'rollout',
  flags: [
    flag('timeout'),
    flag('watch', 'w', 'switch'),
    flag('selector', 'l'),
    switchFlag('all-namespaces', 'A'),
    unmodelled('revision'),
    unmodelled('to-revision'),
    unmodelled('filename', 'list', 'f'),
  ],
  *run(request) {
    yield { sleepNs: REQUEST_NS }
    const [verb, ...operands] = request.flags.operands
    if (verb !== 'status' && verb !== 'restart' && verb !== 'history') {
      fail(
        verb === undefined
          ? 'rollout needs a subcommand'
          : `kubectl rollout ${verb} is not modelled; status, restart and history are`,
      )
    }
    const { objects, errors } = select(request, operands)
    for (const error of errors) request.context.error(`${error}\n`)
    let exitCode = errors.length > 0 ? 1 : 0
    for (const object of objects) {
      if (verb === 'restart') exitCode = restart(request, object) || exitCode
      else if (verb === 'history') history(request, object)
      else exitCode = (yield* status(request, object)) || exitCode
    }
    return exitCode
  },
}

function restart(request: KubectlRequest, object: KubernetesObject): number {
  const { store, context } = request
  const name = objectName(store, object)
  if (object.kind !== 'Deployment' && object.kind !== 'DaemonSet') {
    context.error(`error: ${name.replace('/', ' "')}" restarting is not supported\n`)
    return 1
  }
  store.update(object.kind, object.metadata.namespace, object.metadata.name, draft => {
    const { template } = draft.spec
    const annotations = {
      ...template.metadata?.annotations,
      [RESTART_ANNOTATION]: formatTimestamp(context.lab.simulator.wallMs),
    }
    template.metadata = { ...template.metadata, annotations }
  })
  context.out(`${name} restarted\n`)
  return 0
}

function history(request: KubectlRequest, object: KubernetesObject): void {
  const { store, context } = request
  const revisions = store
    .list('ReplicaSet', object.metadata.namespace)
    .filter(set => isControlledBy(set, object))
    .map(set => Number(set.metadata.annotations?.[REVISION_ANNOTATION] ?? 0))
    .sort((a, b) => a - b)
  const lines = revisions.map(revision => `${String(revision).padEnd(10)}<none>\n`).join('')
  context.out(`${objectName(store, object)} \nREVISION  CHANGE-CAUSE\n${lines}\n`)
}

/** Prints each new message until the rollout is complete. */
function* status(request: KubectlRequest, object: KubernetesObject): Coroutine<number> {
  const { store, context, flags } = request
  const { simulator } = context.lab
  const timeoutNs = parseGoDuration(flags.text('timeout') ?? '0s') ?? fail('invalid argument for "--timeout" flag')
  const startNs = simulator.nowNs
  let last = ''
  for (;;) {
    const current = store.get(object.kind, object.metadata.namespace, object.metadata.name) as
      | KubernetesObject
      | undefined
    if (current === undefined) {
      context.error('error: object has been deleted\n')
      return 1
    }
    const { message, isDone } = progress(current)
    if (message !== last) context.out(message)
    last = message
    if (isDone || flags.text('watch') === 'false') return 0
    if (timeoutNs > 0 && simulator.nowNs - startNs >= timeoutNs) {
      context.error('error: timed out waiting for the condition\n')
      return 1
    }
    const wake = yield { sleepNs: POLL_NS }
    if (wake === 'interrupt') return 130
  }
}

/** Source: k8s.io/kubectl pkg/polymorphichelpers/rollout_status.go. */
function progress(object: KubernetesObject): { message: string; isDone: boolean } {
  if (object.kind === 'Deployment') return deploymentProgress(object as Deployment)
  if (object.kind === 'DaemonSet') return daemonSetProgress(object as DaemonSet)
  return fail(`no status viewer has been implemented for ${object.kind}`)
}

function deploymentProgress({ metadata, spec, status }: Deployment): { message: string; isDone: boolean } {
  const waiting = (text: string) => ({ message: `Waiting for deployment ${text}\n`, isDone: false })
  const name = `"${metadata.name}" rollout to finish:`
  if ((metadata.generation ?? 0) > (status.observedGeneration ?? 0)) return waiting('spec update to be observed...')
  const updated = status.updatedReplicas ?? 0
  const total = status.replicas ?? 0
  const available = status.availableReplicas ?? 0
  if (updated < spec.replicas)
    return waiting(`${name} ${updated} out of ${spec.replicas} new replicas have been updated...`)
  if (total > updated) return waiting(`${name} ${total - updated} old replicas are pending termination...`)
  if (available < updated) return waiting(`${name} ${available} of ${updated} updated replicas are available...`)
  return { message: `deployment "${metadata.name}" successfully rolled out\n`, isDone: true }
}

function daemonSetProgress({ metadata, status }: DaemonSet): { message: string; isDone: boolean } {
  const wanted = status.desiredNumberScheduled ?? 0
  const updated = status.updatedNumberScheduled ?? 0
  const available = status.numberAvailable ?? 0
  const name = `Waiting for daemon set "${metadata.name}" rollout to finish:`
  if ((metadata.generation ?? 0) > (status.observedGeneration ?? 0)) {
    return { message: 'Waiting for daemon set spec update to be observed...\n', isDone: false }
  }
  if (updated < wanted)
    return { message: `${name} ${updated} out of ${wanted} new pods have been updated...\n`, isDone: false }
  if (available < wanted)
    return { message: `${name} ${available} of ${wanted} updated pods are available...\n`, isDone: false }
  return { message: `daemon set "${metadata.name}" successfully rolled out\n`, isDone: true }
}
