/**
 * kubelet of one node: registers it, keeps its lease, starts and stops pods. A pod's start takes simulated time: sandbox,
 * image pull (once per image and node), container start.
 * Not modelled: probes, restarts, init containers, volumes, eviction, static pods as files.
 */

import { copyData } from '../config/manifest/copy-data.ts'
import type { Random } from '../sim/random.ts'
import { formatIpv4 } from '../wire/address.ts'
import { setCondition } from './api/condition.ts'
import { isPodTerminating, type Pod, type PodStatus } from './api/pod.ts'
import { formatMicroTime, formatTimestamp } from './api/timestamp.ts'
import type { Cluster } from './cluster.ts'
import type { ClusterNode, RunningPod } from './cluster-node.ts'
import { type RunningContainers, startContainers } from './container-programs.ts'
import { Controller, keyOf, splitKey } from './controller.ts'
import { buildNode, readinessCondition } from './node-object.ts'
import { createSandbox, removeSandbox } from './pod-sandbox.ts'

/** How long the steps of a pod's start take, milliseconds [from, to). Ours: as on a small machine with a near registry. */
const SANDBOX_MS = [200, 500] as const
const PULL_MS = [1500, 4000] as const
const CONTAINER_MS = [100, 300] as const
/** From the deletion to SIGTERM, and from there to the pod's removal: nginx stops at once. Ours. */
const STOP_SIGNAL_MS = 100
const REMOVAL_MS = 900
/** kubelet renews its lease every 10 s (nodeLeaseDurationSeconds 40, a quarter of it). */
const LEASE_PERIOD_NS = 10_000_000_000

/** What kubelet knows of one pod. */
interface PodWorker {
  readonly uid: string
  running: RunningPod | undefined
  containers: RunningContainers | undefined
  isStopping: boolean
}

export class Kubelet {
  readonly #cluster: Cluster
  readonly #node: ClusterNode
  readonly #queue: Controller
  readonly #workers = new Map<string, PodWorker>()
  readonly #images: Set<string>
  readonly #random: Random

  /** @param images images that are on the node already (`kind load docker-image`); grows with each pull */
  constructor(cluster: Cluster, node: ClusterNode, images: Set<string>) {
    this.#cluster = cluster
    this.#node = node
    this.#images = images
    this.#random = cluster.simulator.random.fork(`cluster ${cluster.name} kubelet ${node.name}`)
    const name = `cluster ${cluster.name} kubelet ${node.name}`
    this.#queue = new Controller(cluster.simulator, name, key => this.#reconcile(key))
  }

  /** Registers the node and begins to work. */
  start(): void {
    const { store } = this.#cluster
    const created = store.create(buildNode(this.#cluster, this.#node))
    const { source, labelSources } = this.#node.model
    if (created.ok && source !== undefined)
      store.sources.record(created.object, path => labelSources?.get(String(path[2])) ?? source)
    this.#renewLease()
    store.watch('Pod', `kubelet ${this.#node.name}`, event => {
      if (event.object.spec.nodeName === this.#node.name) this.#queue.enqueue(keyOf(event.object))
    })
    store.watch('Node', `kubelet ${this.#node.name}`, event => {
      if (event.object.metadata.name === this.#node.name && event.type !== 'DELETED') this.reportStatus()
    })
  }

  /** Brings the node's Ready condition up to date; a node that becomes ready starts the pods that wait for it. */
  reportStatus(): void {
    const { store, simulator } = this.#cluster
    if (!this.#node.isRunning || !store.isReachableFrom(this.#node.name)) return
    const isReady = this.#cluster.cilium?.isReady(this.#node) ?? false
    const result = store.update('Node', undefined, this.#node.name, draft => {
      const conditions = copyData(draft.status.conditions ?? [])
      setCondition(conditions, readinessCondition(isReady), formatTimestamp(simulator.wallMs))
      draft.status = { ...draft.status, conditions }
    })
    if (result.ok && result.changed) this.#lookAtPods()
  }

  /** The agent has begun to work or has ended: its pod's readiness changes, and waiting pods can start. */
  reportAgent(): void {
    this.reportStatus()
    this.#lookAtPods()
  }

  /** The container of the node has stopped or started again. */
  setRunning(isRunning: boolean): void {
    this.#node.isRunning = isRunning
    if (!isRunning) return
    this.#renewLease()
    this.reportStatus()
  }

  /** Ends for good, with all pods of the node. */
  stop(): void {
    this.#node.isRunning = false
    this.#queue.stop()
    for (const [key, worker] of [...this.#workers]) this.#tearDown(key, worker)
  }

  #lookAtPods(): void {
    for (const pod of this.#cluster.store.list('Pod'))
      if (pod.spec.nodeName === this.#node.name) this.#queue.enqueue(keyOf(pod))
  }

  /** Written in the background: it must not keep a lab unsettled. */
  #renewLease(): void {
    if (!this.#node.isRunning) return
    const { store, simulator, name } = this.#cluster
    const holder = this.#node.name
    simulator.as('background', () => {
      if (!store.isReachableFrom(holder)) return
      const renewTime = formatMicroTime(simulator.wallMs)
      const updated = store.update('Lease', 'kube-node-lease', holder, draft => {
        draft.spec = { ...draft.spec, renewTime }
      })
      if (!updated.ok) {
        store.create({
          apiVersion: 'coordination.k8s.io/v1',
          kind: 'Lease',
          metadata: { name: holder, namespace: 'kube-node-lease' },
          spec: { holderIdentity: holder, leaseDurationSeconds: 40, renewTime },
        })
      }
    })
    const origin = simulator.origin(`cluster ${name} kubelet ${holder} lease`)
    simulator.schedule(origin, LEASE_PERIOD_NS, () => this.#renewLease(), 'background')
  }

  #reconcile(key: string): void {
    const { namespace, name } = splitKey(key)
    const pod = this.#cluster.store.get('Pod', namespace, name)
    const worker = this.#workers.get(key)
    if (worker !== undefined && (pod === undefined || pod.metadata.uid !== worker.uid)) this.#tearDown(key, worker)
    if (pod === undefined || !this.#node.isRunning || !this.#cluster.store.isReachableFrom(this.#node.name)) return
    if (isPodTerminating(pod)) this.#stopPod(key, pod)
    else if (!this.#workers.has(key)) this.#startPod(key, pod)
    else this.#reportReadiness(key)
  }

  #startPod(key: string, pod: Pod): void {
    if (pod.spec.hostNetwork !== true && this.#cluster.cilium?.isAgentWorking(this.#node) !== true) {
      this.#reportWaiting(pod)
      return
    }
    const worker: PodWorker = { uid: pod.metadata.uid!, running: undefined, containers: undefined, isStopping: false }
    this.#workers.set(key, worker)
    this.#reportWaiting(pod)
    this.#after(SANDBOX_MS, () => this.#createSandbox(key, worker))
  }

  #createSandbox(key: string, worker: PodWorker): void {
    const pod = this.#livePod(key, worker)
    if (pod === undefined) return
    const running = this.#sandboxFor(pod)
    if (running === undefined) {
      // no address left: kubelet tries again until there is one
      this.#workers.delete(key)
      this.#queue.enqueueAfter(key, 10_000_000_000)
      return
    }
    worker.running = running
    const missing = pod.spec.containers.map(container => container.image).filter(image => !this.#images.has(image))
    const pull = missing.length === 0 || pod.metadata.namespace === 'kube-system' ? 0 : this.#draw(PULL_MS)
    for (const image of missing) this.#images.add(image)
    this.#afterMs(pull + this.#draw(CONTAINER_MS), () => this.#startContainers(key, worker))
  }

  #sandboxFor(pod: Pod): RunningPod | undefined {
    const { namespace, name, uid } = pod.metadata
    if (pod.spec.hostNetwork === true) {
      const { host, address } = this.#node
      const common = { namespace: namespace!, name, uid: uid!, address, host }
      return { ...common, usesHostNetwork: true, nodeInterface: undefined, cable: undefined }
    }
    const network = this.#cluster.cilium
    const address = network?.allocatePodAddress(this.#node, { namespace: namespace!, name })
    if (network === undefined || address === undefined) return undefined
    return createSandbox({ clusterName: this.#cluster.name, node: this.#node, network, pod, address })
  }

  #startContainers(key: string, worker: PodWorker): void {
    const pod = this.#livePod(key, worker)
    if (pod === undefined || worker.running === undefined) return
    worker.containers = startContainers(this.#cluster, pod, worker.running.host)
    this.#node.pods.set(worker.uid, worker.running)
    for (const listener of this.#node.onPodsChange) listener(worker.running, 'started')
    this.#cluster.simulator.journal.record(this.#node.name, 'kubernetes.pod-started', {
      pod: key,
      address: formatIpv4(worker.running.address),
    })
    this.#reportReadiness(key)
  }

  /** Status of a pod whose containers run. The agent's own pod is ready when the agent is. */
  #reportReadiness(key: string): void {
    const worker = this.#workers.get(key)
    if (worker?.running === undefined || worker.containers === undefined || worker.isStopping) return
    const running = worker.running
    const { namespace, name } = splitKey(key)
    const { store, simulator, cilium } = this.#cluster
    store.update('Pod', namespace, name, draft => {
      const isAgent = draft.spec.hostNetwork === true && draft.metadata.labels?.['k8s-app'] === 'cilium'
      const isReady = !isAgent || cilium?.isAgentWorking(this.#node) === true
      const now = formatTimestamp(simulator.wallMs)
      draft.status = runningStatus(draft, { now, hostAddress: this.#node.address, address: running.address, isReady })
    })
  }

  #reportWaiting(pod: Pod): void {
    const { store, simulator } = this.#cluster
    store.update('Pod', pod.metadata.namespace, pod.metadata.name, draft => {
      draft.status = waitingStatus(draft, formatTimestamp(simulator.wallMs), formatIpv4(this.#node.address))
    })
  }

  #stopPod(key: string, pod: Pod): void {
    const worker = this.#workers.get(key)
    if (worker?.isStopping === true) return
    const { namespace, name } = pod.metadata
    if (worker === undefined) {
      this.#cluster.store.finishDeletion('Pod', namespace, name)
      return
    }
    worker.isStopping = true
    this.#afterMs(STOP_SIGNAL_MS, () => worker.containers?.stop())
    this.#afterMs(STOP_SIGNAL_MS + REMOVAL_MS, () => {
      this.#tearDown(key, worker)
      const current = this.#cluster.store.get('Pod', namespace, name)
      if (current?.metadata.uid === worker.uid) this.#cluster.store.finishDeletion('Pod', namespace, name)
    })
  }

  #tearDown(key: string, worker: PodWorker): void {
    if (this.#workers.get(key) === worker) this.#workers.delete(key)
    const { running } = worker
    worker.isStopping = true
    worker.running = undefined
    if (running === undefined) return
    worker.containers?.stop()
    this.#node.pods.delete(worker.uid)
    removeSandbox(this.#node, running)
    if (!running.usesHostNetwork) this.#cluster.cilium?.releasePodAddress(this.#node, running.address)
    for (const listener of this.#node.onPodsChange) listener(running, 'stopped')
    this.#cluster.simulator.journal.record(this.#node.name, 'kubernetes.pod-stopped', { pod: key })
  }

  /** The pod, unless it has gone, is going, or is another one of the same name by now. */
  #livePod(key: string, worker: PodWorker): Pod | undefined {
    const { namespace, name } = splitKey(key)
    const pod = this.#cluster.store.get('Pod', namespace, name)
    return pod?.metadata.uid === worker.uid && !worker.isStopping ? pod : undefined
  }

  #draw([from, to]: readonly [number, number]): number {
    return this.#random.integer(from, to)
  }

  #after(range: readonly [number, number], action: () => void): void {
    this.#afterMs(this.#draw(range), action)
  }

  #afterMs(delayMs: number, action: () => void): void {
    const { simulator, name } = this.#cluster
    const origin = simulator.origin(`cluster ${name} kubelet ${this.#node.name} pods`)
    simulator.schedule(origin, delayMs * 1_000_000, action, 'work')
  }
}

interface RunningFacts {
  readonly now: string
  readonly hostAddress: number
  readonly address: number
  readonly isReady: boolean
}

/** The order kubelet writes them in. */
const CONDITION_ORDER = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled']

function runningStatus(pod: Pod, facts: RunningFacts): PodStatus {
  const conditions = copyData(pod.status.conditions ?? [])
  const ready = facts.isReady ? 'True' : 'False'
  for (const type of ['PodReadyToStartContainers', 'Initialized', 'PodScheduled']) {
    setCondition(conditions, { type, status: 'True' }, facts.now)
  }
  for (const type of ['Ready', 'ContainersReady']) setCondition(conditions, { type, status: ready }, facts.now)
  for (const condition of conditions) if (condition.status === 'True') dropReason(condition)
  conditions.sort((a, b) => CONDITION_ORDER.indexOf(a.type) - CONDITION_ORDER.indexOf(b.type))
  const started = pod.status.containerStatuses?.[0]?.state.running?.startedAt ?? facts.now
  return {
    ...pod.status,
    phase: 'Running',
    conditions,
    hostIP: formatIpv4(facts.hostAddress),
    podIP: formatIpv4(facts.address),
    podIPs: [{ ip: formatIpv4(facts.address) }],
    startTime: pod.status.startTime ?? facts.now,
    qosClass: 'BestEffort',
    containerStatuses: pod.spec.containers.map(({ name, image }) => ({
      name,
      image,
      ready: facts.isReady,
      started: true,
      restartCount: 0,
      state: { running: { startedAt: started } },
    })),
  }
}

function waitingStatus(pod: Pod, now: string, hostIP: string): PodStatus {
  const conditions = copyData(pod.status.conditions ?? [])
  const notReady = { status: 'False' as const, reason: 'ContainersNotReady' }
  const message = `containers with unready status: [${pod.spec.containers.map(container => container.name).join(' ')}]`
  setCondition(conditions, { type: 'PodScheduled', status: 'True' }, now)
  setCondition(conditions, { type: 'Initialized', status: 'True' }, now)
  for (const type of ['Ready', 'ContainersReady']) setCondition(conditions, { type, ...notReady, message }, now)
  return {
    ...pod.status,
    phase: 'Pending',
    hostIP,
    startTime: pod.status.startTime ?? now,
    qosClass: 'BestEffort',
    conditions,
    containerStatuses: pod.spec.containers.map(({ name, image }) => ({
      name,
      image,
      ready: false,
      started: false,
      restartCount: 0,
      state: { waiting: { reason: 'ContainerCreating' } },
    })),
  }
}

function dropReason(condition: { reason?: string; message?: string }): void {
  delete condition.reason
  delete condition.message
}
