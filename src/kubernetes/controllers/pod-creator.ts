import { copyData } from '../../config/manifest/copy-data.ts'
import { controllerReference } from '../api/owner.ts'
import type { Pod, PodSpec } from '../api/pod.ts'
import { randomSuffix } from '../api/random-name.ts'
import type { DaemonSet, ReplicaSet } from '../api/workload.ts'
import type { Cluster } from '../cluster.ts'

/** What a controller adds to the template of its pods. */
interface PodAdditions {
  readonly labels?: Readonly<Record<string, string>>
  readonly spec?: Partial<PodSpec>
}

/**
 * Creates the pods of a controller from the template of their owner. Names end in a random suffix, drawn from a stream of
 * its own for each pod, so that more pods elsewhere change no name. Source: pkg/controller/controller_utils.go `GetPodFromTemplate`.
 */
export class PodCreator {
  readonly #cluster: Cluster
  /** Pods created so far, by place. */
  readonly #created = new Map<string, number>()

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  /** @param place what the pod is for, unique in the cluster: `default/web`, `kube-system/cilium worker2` */
  create(owner: ReplicaSet | DaemonSet, place: string, additions: PodAdditions = {}): void {
    const ordinal = (this.#created.get(place) ?? 0) + 1
    this.#created.set(place, ordinal)
    const { name, store, simulator } = this.#cluster
    const random = simulator.random.fork(`${name} pod ${place} ${ordinal}`)
    const { template } = owner.spec
    store.create<Pod>({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${owner.metadata.name}-${randomSuffix(random)}`,
        namespace: owner.metadata.namespace!,
        generateName: `${owner.metadata.name}-`,
        labels: { ...template.metadata?.labels, ...additions.labels },
        ...(template.metadata?.annotations === undefined ? {} : { annotations: { ...template.metadata.annotations } }),
        ownerReferences: [controllerReference(owner)],
      },
      spec: copyData({ ...template.spec, ...additions.spec }),
      status: { phase: 'Pending' },
    })
  }
}
