/**
 * Deployments to ReplicaSets, with rolling updates. Not modelled: pause, minReadySeconds, progress deadlines, rollback.
 * Source: Kubernetes pkg/controller/deployment/{sync,rolling}.go.
 */
import { copyData } from '../../config/manifest/copy-data.ts'
import { setCondition } from '../api/condition.ts'
import { controllerReference, isControlledBy } from '../api/owner.ts'
import { templateHash } from '../api/random-name.ts'
import type { Store } from '../api/store.ts'
import { formatTimestamp } from '../api/timestamp.ts'
import type { Deployment, ReplicaSet } from '../api/workload.ts'
import type { Cluster } from '../cluster.ts'
import { Controller, keyOf, splitKey } from '../controller.ts'

const TEMPLATE_HASH_LABEL = 'pod-template-hash'
export const REVISION_ANNOTATION = 'deployment.kubernetes.io/revision'

export class DeploymentController {
  readonly #cluster: Cluster
  readonly #store: Store
  readonly #queue: Controller

  constructor(cluster: Cluster) {
    this.#cluster = cluster
    this.#store = cluster.store
    const name = `cluster ${cluster.name} deployment controller`
    this.#queue = new Controller(cluster.simulator, name, key => this.#reconcile(key))
  }

  start(): void {
    this.#store.watch('Deployment', 'deployment-controller', event => this.#queue.enqueue(keyOf(event.object)))
    this.#store.watch('ReplicaSet', 'deployment-controller', event => {
      const { namespace, ownerReferences } = event.object.metadata
      for (const owner of ownerReferences ?? []) {
        if (owner.kind === 'Deployment') this.#queue.enqueue(`${namespace}/${owner.name}`)
      }
    })
  }

  #reconcile(key: string): void {
    const { namespace, name } = splitKey(key)
    const deployment = this.#store.get('Deployment', namespace, name)
    if (deployment === undefined || deployment.metadata.deletionTimestamp !== undefined) return
    const sets = this.#store.list('ReplicaSet', namespace).filter(set => isControlledBy(set, deployment))
    const hash = templateHash(deployment.spec.template)
    const newName = `${name}-${hash}`
    const current = sets.find(set => set.metadata.name === newName) ?? this.#createReplicaSet(deployment, sets, hash)
    if (current === undefined) return
    const old = sets.filter(set => set.metadata.name !== newName)
    this.#bumpRevision(deployment, current, old)
    if (deployment.spec.strategy?.type === 'Recreate') this.#recreate(deployment, current, old)
    else this.#roll(deployment, current, old)
    this.#updateStatus(deployment, current, old)
  }

  #createReplicaSet(deployment: Deployment, sets: readonly ReplicaSet[], hash: string): ReplicaSet | undefined {
    const { spec, metadata } = deployment
    const labels = { ...spec.template.metadata?.labels, [TEMPLATE_HASH_LABEL]: hash }
    const isRolling = sets.length > 0
    const result = this.#store.create<ReplicaSet>({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${metadata.name}-${hash}`,
        namespace: metadata.namespace!,
        labels,
        annotations: { [REVISION_ANNOTATION]: String(nextRevision(sets)) },
        ownerReferences: [controllerReference(deployment)],
      },
      spec: {
        replicas: isRolling ? 0 : spec.replicas,
        selector: {
          ...spec.selector,
          matchLabels: { ...spec.selector.matchLabels, [TEMPLATE_HASH_LABEL]: hash },
        },
        template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
      },
      status: {},
    })
    return result.ok ? result.object : undefined
  }

  /** A ReplicaSet taken up again after a change back becomes the newest revision. */
  #bumpRevision(deployment: Deployment, current: ReplicaSet, old: readonly ReplicaSet[]): void {
    const newest = Math.max(0, ...old.map(revisionOf))
    const revision = revisionOf(current) > newest ? revisionOf(current) : newest + 1
    const write = (kind: 'ReplicaSet' | 'Deployment', name: string) =>
      this.#store.update(kind, deployment.metadata.namespace, name, draft => {
        draft.metadata.annotations = { ...draft.metadata.annotations, [REVISION_ANNOTATION]: String(revision) }
      })
    write('ReplicaSet', current.metadata.name)
    write('Deployment', deployment.metadata.name)
  }

  #recreate(deployment: Deployment, current: ReplicaSet, old: readonly ReplicaSet[]): void {
    for (const set of old) this.#scale(set, 0)
    if (old.every(set => (set.status.replicas ?? 0) === 0)) this.#scale(current, deployment.spec.replicas)
  }

  #roll(deployment: Deployment, current: ReplicaSet, old: readonly ReplicaSet[]): void {
    const wanted = deployment.spec.replicas
    const live = old.filter(set => set.spec.replicas > 0)
    if (live.length === 0) {
      this.#scale(current, wanted)
      return
    }
    const { maxSurge, maxUnavailable } = rollingLimits(deployment)
    const total = current.spec.replicas + live.reduce((sum, set) => sum + set.spec.replicas, 0)
    const up = Math.max(0, Math.min(wanted + maxSurge - total, wanted - current.spec.replicas))
    this.#scale(current, current.spec.replicas > wanted ? wanted : current.spec.replicas + up)
    const available = [current, ...live].reduce((sum, set) => sum + (set.status.availableReplicas ?? 0), 0)
    const starting = current.spec.replicas + up - (current.status.availableReplicas ?? 0)
    let removable = Math.min(total + up - (wanted - maxUnavailable) - Math.max(0, starting), available)
    for (const set of live) {
      const unhealthy = set.spec.replicas - (set.status.availableReplicas ?? 0)
      const down = Math.min(set.spec.replicas, Math.max(0, removable, unhealthy))
      this.#scale(set, set.spec.replicas - down)
      removable -= down
    }
  }

  #scale(set: ReplicaSet, replicas: number): void {
    this.#store.update('ReplicaSet', set.metadata.namespace, set.metadata.name, draft => {
      draft.spec.replicas = replicas
    })
  }

  #updateStatus(deployment: Deployment, current: ReplicaSet, old: readonly ReplicaSet[]): void {
    const sets = [current, ...old]
    const sum = (pick: (set: ReplicaSet) => number | undefined) =>
      sets.reduce((total, set) => total + (pick(set) ?? 0), 0)
    const replicas = sum(set => set.status.replicas)
    const ready = sum(set => set.status.readyReplicas)
    const available = sum(set => set.status.availableReplicas)
    const updated = current.status.replicas ?? 0
    const wanted = deployment.spec.replicas
    const { maxUnavailable } = rollingLimits(deployment)
    const isComplete = updated === wanted && replicas === wanted && available === wanted
    this.#store.update('Deployment', deployment.metadata.namespace, deployment.metadata.name, draft => {
      const conditions = copyData(draft.status.conditions ?? [])
      const now = formatTimestamp(this.#cluster.simulator.wallMs)
      setCondition(conditions, availableCondition(available >= wanted - maxUnavailable), now)
      setCondition(conditions, progressingCondition(current.metadata.name, isComplete), now)
      draft.status = {
        conditions,
        observedGeneration: draft.metadata.generation ?? 1,
        ...positive({ replicas, updatedReplicas: updated, readyReplicas: ready, availableReplicas: available }),
        ...positive({ unavailableReplicas: wanted - available }),
      }
    })
  }
}

function availableCondition(isAvailable: boolean) {
  return isAvailable
    ? {
        type: 'Available',
        status: 'True' as const,
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False' as const,
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      }
}

function progressingCondition(set: string, isComplete: boolean) {
  const reason = isComplete ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated'
  const message = isComplete
    ? `ReplicaSet "${set}" has successfully progressed.`
    : `ReplicaSet "${set}" is progressing.`
  return { type: 'Progressing', status: 'True' as const, reason, message }
}

/** Counts that are zero are left out of a status. */
export function positive<T extends Record<string, number>>(counts: T): Partial<T> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)) as Partial<T>
}

/** Percentages: surge is rounded up, unavailable down; both zero means one unavailable. */
function rollingLimits(deployment: Deployment): { maxSurge: number; maxUnavailable: number } {
  const { replicas, strategy } = deployment.spec
  if (strategy?.type === 'Recreate') return { maxSurge: 0, maxUnavailable: 0 }
  const read = (value: number | string | undefined, round: (value: number) => number) => {
    const text = value ?? '25%'
    return typeof text === 'number' ? text : round((Number.parseInt(text, 10) * replicas) / 100)
  }
  const maxSurge = read(strategy?.rollingUpdate?.maxSurge, Math.ceil)
  const maxUnavailable = read(strategy?.rollingUpdate?.maxUnavailable, Math.floor)
  return { maxSurge, maxUnavailable: maxSurge === 0 && maxUnavailable === 0 ? 1 : maxUnavailable }
}

function revisionOf(set: ReplicaSet): number {
  return Number(set.metadata.annotations?.[REVISION_ANNOTATION] ?? 0)
}

function nextRevision(sets: readonly ReplicaSet[]): number {
  return Math.max(0, ...sets.map(revisionOf)) + 1
}
