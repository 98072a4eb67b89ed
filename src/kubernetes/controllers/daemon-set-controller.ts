/**
 * DaemonSets: one pod on each node whose taints it tolerates.
 * Differs from Kubernetes: outdated pods are replaced all at once, not one node after the other.
 */
import { controllerOf, isControlledBy } from '../api/owner.ts'
import { isPodReady, isPodTerminating, type Pod } from '../api/pod.ts'
import { templateHash } from '../api/random-name.ts'
import { matchesLabels } from '../api/selector.ts'
import type { Store } from '../api/store.ts'
import type { DaemonSet } from '../api/workload.ts'
import type { Cluster } from '../cluster.ts'
import { Controller, keyOf, splitKey } from '../controller.ts'
import { PodCreator } from './pod-creator.ts'
import { findUntolerated } from './taints.ts'

/** What the controller lets its pods tolerate. Source: pkg/controller/daemon/util `AddOrUpdateDaemonPodTolerations`. */
const DAEMON_TOLERATIONS = [
  'not-ready',
  'unreachable',
  'disk-pressure',
  'memory-pressure',
  'pid-pressure',
  'unschedulable',
].map(name => ({ key: `node.kubernetes.io/${name}`, operator: 'Exists' as const }))

/** Tells pods of an older template apart; all of those are replaced at once. */
const REVISION_LABEL = 'controller-revision-hash'

export class DaemonSetController {
  readonly #store: Store
  readonly #queue: Controller
  readonly #pods: PodCreator

  constructor(cluster: Cluster) {
    this.#store = cluster.store
    this.#pods = new PodCreator(cluster)
    const name = `cluster ${cluster.name} daemonset controller`
    this.#queue = new Controller(cluster.simulator, name, key => this.#reconcile(key))
  }

  start(): void {
    this.#store.watch('DaemonSet', 'daemonset-controller', event => this.#queue.enqueue(keyOf(event.object)))
    this.#store.watch('Node', 'daemonset-controller', () => {
      for (const set of this.#store.list('DaemonSet')) this.#queue.enqueue(keyOf(set))
    })
    this.#store.watch('Pod', 'daemonset-controller', event => {
      const owner = controllerOf(event.object)
      if (owner?.kind === 'DaemonSet') this.#queue.enqueue(`${event.object.metadata.namespace}/${owner.name}`)
    })
  }

  #reconcile(key: string): void {
    const { namespace, name } = splitKey(key)
    const set = this.#store.get('DaemonSet', namespace, name)
    if (set === undefined || set.metadata.deletionTimestamp !== undefined) return
    const { template } = set.spec
    const tolerations = [...(template.spec.tolerations ?? []), ...DAEMON_TOLERATIONS]
    const all = this.#store.list('Pod', namespace).filter(pod => isControlledBy(pod, set))
    const pods = all.filter(pod => !isPodTerminating(pod))
    const nodes = this.#store
      .list('Node')
      .filter(node => findUntolerated(node.spec.taints ?? [], tolerations) === undefined)
      .filter(node => matchesLabels(template.spec.nodeSelector ?? {}, node.metadata.labels))
      .map(node => node.metadata.name)
    for (const node of nodes) {
      // a pod that is still going keeps its place: two agents of a node never run side by side
      if (all.some(pod => pod.spec.nodeName === node)) continue
      const additions = { labels: { [REVISION_LABEL]: templateHash(template) }, spec: { nodeName: node, tolerations } }
      this.#pods.create(set, `${keyOf(set)} ${node}`, additions)
    }
    for (const pod of pods) {
      const isOutdated = pod.metadata.labels?.[REVISION_LABEL] !== templateHash(template)
      if (isOutdated || !nodes.includes(pod.spec.nodeName!)) this.#store.delete('Pod', namespace, pod.metadata.name)
    }
    this.#updateStatus(set, pods, nodes.length)
  }

  #updateStatus(set: DaemonSet, pods: readonly Pod[], wanted: number): void {
    const ready = pods.filter(isPodReady).length
    this.#store.update('DaemonSet', set.metadata.namespace, set.metadata.name, draft => {
      draft.status = {
        currentNumberScheduled: pods.length,
        desiredNumberScheduled: wanted,
        numberMisscheduled: 0,
        numberReady: ready,
        numberAvailable: ready,
        updatedNumberScheduled: pods.length,
        observedGeneration: draft.metadata.generation ?? 1,
        ...(ready < wanted ? { numberUnavailable: wanted - ready } : {}),
      }
    })
  }
}
