import type { Pod } from '../../kubernetes/api/pod.ts'
import type { Cluster } from '../../kubernetes/cluster.ts'
import type { Lab } from '../lab.ts'

/** Pods by `name`, `namespace/name`, or the start of a name that ends with a hyphen (`nginx-`); of the current context. */
export function findPods(lab: Lab, text: string): readonly Pod[] {
  const [name = '', namespace = 'default'] = text.split('/').reverse()
  const pods = lab.cluster?.store.list('Pod', namespace) ?? []
  return pods.filter(pod => (name.endsWith('-') ? pod.metadata.name.startsWith(name) : pod.metadata.name === name))
}

/** Deletes a pod, as `kubectl delete pod` does; what controls it makes another one. */
export function killPod(lab: Lab, pod: Pod): void {
  const cluster: Cluster | undefined = lab.cluster
  lab.simulator.as('work', () => cluster?.store.delete('Pod', pod.metadata.namespace, pod.metadata.name))
}
