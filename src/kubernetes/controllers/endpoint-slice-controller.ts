/**
 * Services to EndpointSlices and Endpoints. One slice per service.
 * Differs from Kubernetes: slices are not split at 100 endpoints.
 * Source: Kubernetes pkg/controller/endpointslice/reconciler.go, staging/src/k8s.io/endpointslice/utils.go.
 */
import { type Endpoint, type EndpointSlice, type Endpoints, SERVICE_NAME_LABEL } from '../api/endpoint-slice.ts'
import { controllerReference } from '../api/owner.ts'
import { isPodReady, isPodTerminating, type Pod } from '../api/pod.ts'
import { randomSuffix } from '../api/random-name.ts'
import { matchesLabels } from '../api/selector.ts'
import type { Service, ServicePort } from '../api/service.ts'
import type { Store } from '../api/store.ts'
import type { Cluster } from '../cluster.ts'
import { Controller, keyOf, splitKey } from '../controller.ts'

type SlicePort = EndpointSlice['ports'][number]

export class EndpointSliceController {
  readonly #cluster: Cluster
  readonly #store: Store
  readonly #queue: Controller

  constructor(cluster: Cluster) {
    this.#cluster = cluster
    this.#store = cluster.store
    const name = `cluster ${cluster.name} endpointslice controller`
    this.#queue = new Controller(cluster.simulator, name, key => this.#reconcile(key))
  }

  start(): void {
    this.#store.watch('Service', 'endpointslice-controller', event => this.#queue.enqueue(keyOf(event.object)))
    this.#store.watch('Pod', 'endpointslice-controller', event => {
      for (const pod of [event.object, event.previous]) if (pod !== undefined) this.#enqueueServicesOf(pod)
    })
  }

  #enqueueServicesOf(pod: Pod): void {
    for (const service of this.#store.list('Service', pod.metadata.namespace)) {
      const { selector } = service.spec
      if (selector !== undefined && matchesLabels(selector, pod.metadata.labels)) this.#queue.enqueue(keyOf(service))
    }
  }

  #reconcile(key: string): void {
    const { namespace, name } = splitKey(key)
    const service = this.#store.get('Service', namespace, name)
    if (service === undefined) {
      this.#store.delete('Endpoints', namespace, name)
      return
    }
    const { selector } = service.spec
    if (selector === undefined || Object.keys(selector).length === 0 || service.spec.type === 'ExternalName') return
    const pods = this.#store
      .list('Pod', namespace)
      .filter(pod => matchesLabels(selector, pod.metadata.labels) && pod.status.podIP !== undefined)
      .filter(pod => pod.status.phase === 'Running')
    this.#writeSlice(service, pods)
    this.#writeEndpoints(service, pods)
  }

  #writeSlice(service: Service, pods: readonly Pod[]): void {
    const { namespace, name } = service.metadata
    const endpoints = pods.map(pod => endpointOf(service, pod))
    const ports = (service.spec.ports ?? []).flatMap(port => slicePort(port, pods))
    const existing = this.#store
      .list('EndpointSlice', namespace)
      .find(slice => slice.metadata.labels?.[SERVICE_NAME_LABEL] === name)
    if (existing !== undefined) {
      this.#store.update('EndpointSlice', namespace, existing.metadata.name, draft => {
        draft.endpoints = endpoints
        draft.ports = ports
      })
      return
    }
    const random = this.#cluster.simulator.random.fork(`${this.#cluster.name} slice ${service.metadata.uid}`)
    this.#store.create<EndpointSlice>({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: `${name}-${randomSuffix(random)}`,
        namespace: namespace!,
        generateName: `${name}-`,
        labels: {
          ...service.metadata.labels,
          'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
          [SERVICE_NAME_LABEL]: name,
        },
        ownerReferences: [controllerReference(service)],
      },
      addressType: 'IPv4',
      endpoints,
      ports,
    })
  }

  #writeEndpoints(service: Service, pods: readonly Pod[]): void {
    const { namespace, name, labels } = service.metadata
    const alive = pods.filter(pod => !isPodTerminating(pod))
    const toAddress = (pod: Pod) => ({ ip: pod.status.podIP!, nodeName: pod.spec.nodeName!, targetRef: reference(pod) })
    const byAddress = (a: { ip: string }, b: { ip: string }) => (a.ip < b.ip ? -1 : 1)
    const addresses = alive.filter(isPodReady).map(toAddress).sort(byAddress)
    const notReadyAddresses = alive
      .filter(pod => !isPodReady(pod))
      .map(toAddress)
      .sort(byAddress)
    const subset = {
      ...(addresses.length === 0 ? {} : { addresses }),
      ...(notReadyAddresses.length === 0 ? {} : { notReadyAddresses }),
      ports: (service.spec.ports ?? []).flatMap(port => slicePort(port, pods)),
    }
    const subsets = alive.length === 0 ? [] : [subset]
    const updated = this.#store.update('Endpoints', namespace, name, draft => {
      draft.subsets = subsets
    })
    if (updated.ok) return
    const metadata = { name, namespace: namespace!, ...(labels === undefined ? {} : { labels: { ...labels } }) }
    this.#store.create<Endpoints>({ apiVersion: 'v1', kind: 'Endpoints', metadata, subsets })
  }
}

/** A terminating pod that still answers is serving, but no longer ready. */
function endpointOf(service: Service, pod: Pod): Endpoint {
  const terminating = isPodTerminating(pod)
  const serving = isPodReady(pod)
  const ready = service.spec.publishNotReadyAddresses === true || (serving && !terminating)
  return {
    addresses: [pod.status.podIP!],
    conditions: { ready, serving, terminating },
    nodeName: pod.spec.nodeName!,
    targetRef: reference(pod),
  }
}

function reference(pod: Pod) {
  const { namespace, name, uid } = pod.metadata
  return { kind: 'Pod' as const, namespace: namespace!, name, uid: uid! }
}

/** A named target port is looked up in the pods' containers; without a pod that has it there is no port. */
function slicePort(port: ServicePort, pods: readonly Pod[]): SlicePort[] {
  const common = { ...(port.name === undefined ? {} : { name: port.name }), protocol: port.protocol }
  if (typeof port.targetPort === 'number') return [{ ...common, port: port.targetPort }]
  for (const pod of pods) {
    for (const container of pod.spec.containers) {
      const found = container.ports?.find(candidate => candidate.name === port.targetPort)
      if (found !== undefined) return [{ ...common, port: found.containerPort }]
    }
  }
  return []
}
