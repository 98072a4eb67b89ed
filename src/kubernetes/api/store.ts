import { assert } from '../../assert.ts'
import { copyData } from '../../config/manifest/copy-data.ts'
import type { KubernetesObject, ObjectMetadata } from '../../model/kubernetes-object.ts'
import type { Simulator } from '../../sim/simulator.ts'
import { type ApiError, apiError } from './api-error.ts'
import { deepEqual } from './deep-equal.ts'
import { deepFreeze } from './deep-freeze.ts'
import type { ObjectOf } from './kind-map.ts'
import { ObjectSources } from './object-sources.ts'
import { qualifiedPlural, type ResourceKind } from './resource-kind.ts'
import { formatTimestamp } from './timestamp.ts'
import { uidFor } from './uid.ts'

/** Outcome of a write. `changed`: false when the write made no difference and nobody was told. */
export type StoreResult<T> =
  | { readonly ok: true; readonly object: T; readonly changed: boolean }
  | { readonly ok: false; readonly error: ApiError }

export interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  /** The object after the change; for DELETED its last state. */
  readonly object: T
  /** Before the change; undefined for ADDED. */
  readonly previous: T | undefined
}

/**
 * Looks at an object on its way in and may change it or refuse it: defaulting, address allocation, validation.
 * `previous` is undefined on creation.
 */
export type Admission<T> = (draft: T, previous: T | undefined) => ApiError | undefined

/** From a write to the moment a watcher sees it. Ours: a round figure of the size seen on an idle API server. */
const WATCH_DELAY_NS = 2_000_000
/** From the removal of an owner to the deletion of what it owns. Ours, like the garbage collector's queue when idle. */
const GARBAGE_DELAY_NS = 20_000_000

/**
 * The objects of one cluster, as API server and etcd keep them. Stored objects are frozen: take what `get` and `list`
 * return as values and write through `update`.
 *
 * Differs from Kubernetes: writers whose changes apply at one instant cannot conflict, so only those who say which version
 * they have read (`resourceVersion`) are checked.
 */
export class Store {
  /** Which files the objects come from. */
  readonly sources = new ObjectSources()
  readonly #simulator: Simulator
  readonly #clusterName: string
  readonly #kinds = new Map<string, ResourceKind>()
  readonly #objects = new Map<string, Map<string, KubernetesObject>>()
  /** The objects of a kind as `list` gives them, until one of them changes. */
  readonly #sorted = new Map<string, readonly KubernetesObject[]>()
  /** Their keys, until one comes or goes. */
  readonly #sortedKeys = new Map<string, readonly string[]>()
  readonly #admissions = new Map<string, Admission<KubernetesObject>[]>()
  readonly #watchers = new Map<string, Set<Watcher>>()
  readonly #creations = new Map<string, number>()
  /** Nodes parted from the API server. */
  readonly #parted = new Set<string>()
  #revision = 0

  constructor(simulator: Simulator, clusterName: string) {
    this.#simulator = simulator
    this.#clusterName = clusterName
  }

  /** Makes kinds known; those already known stay as they are. */
  registerKinds(kinds: readonly ResourceKind[]): void {
    for (const kind of kinds) if (!this.#kinds.has(kind.kind)) this.#kinds.set(kind.kind, kind)
  }

  /** Forgets kinds with all their objects, as the deletion of their CRDs does. */
  unregisterKinds(kinds: readonly string[]): void {
    for (const kind of kinds) {
      for (const object of this.list(kind)) this.#remove(object as KubernetesObject)
      this.#kinds.delete(kind)
    }
  }

  /** Every served kind in the order of registration. */
  get kinds(): readonly ResourceKind[] {
    return [...this.#kinds.values()]
  }

  /** The kind with this name (`Service`), when served. */
  kind(name: string): ResourceKind | undefined {
    return this.#kinds.get(name)
  }

  /** How many objects of this name have been created so far: tells namesakes apart when something is drawn for them. */
  creationCount(kind: string, namespace: string | undefined, name: string): number {
    return this.#creations.get(`${kind} ${objectKey(namespace, name)}`) ?? 0
  }

  /** The resource version of the latest write. */
  get revision(): number {
    return this.#revision
  }

  addAdmission<Kind extends string>(kind: Kind, admission: Admission<ObjectOf<Kind>>): void {
    const list = this.#admissions.get(kind) ?? []
    list.push(admission as unknown as Admission<KubernetesObject>)
    this.#admissions.set(kind, list)
  }

  get<Kind extends string>(kind: Kind, namespace: string | undefined, name: string): ObjectOf<Kind> | undefined {
    return this.#objects.get(kind)?.get(objectKey(namespace, name)) as ObjectOf<Kind> | undefined
  }

  /** Objects sorted by namespace and name, as the API server lists them. */
  list<Kind extends string>(kind: Kind, namespace?: string): readonly ObjectOf<Kind>[] {
    const sorted = this.#sorted.get(kind) ?? this.#sort(kind)
    const found = namespace === undefined ? sorted : sorted.filter(object => object.metadata.namespace === namespace)
    return found as unknown as readonly ObjectOf<Kind>[]
  }

  /** Stores a new object: uid, resourceVersion, generation 1 and creationTimestamp are set here. */
  create<T extends KubernetesObject>(input: T): StoreResult<T> {
    const resource = this.#kinds.get(input.kind)
    assert(resource !== undefined, `kind must be registered: ${input.kind}`)
    const draft = copyData(input)
    const metadata = draft.metadata
    if (resource.isNamespaced) metadata.namespace ??= 'default'
    else delete metadata.namespace
    const key = objectKey(metadata.namespace, metadata.name)
    const refusal = this.#refuseCreation(resource, metadata, key) ?? this.#admit(draft, undefined)
    if (refusal !== undefined) return { ok: false, error: refusal }
    const ordinal = this.creationCount(draft.kind, metadata.namespace, metadata.name)
    this.#creations.set(`${draft.kind} ${key}`, ordinal + 1)
    metadata.uid = uidFor(this.#simulator.random, `${this.#clusterName}/${draft.kind}/${key}/${ordinal}`)
    metadata.resourceVersion = String(++this.#revision)
    metadata.creationTimestamp = formatTimestamp(this.#simulator.wallMs)
    if (hasGeneration(resource)) metadata.generation = 1
    else delete metadata.generation
    this.#put(draft.kind, key, draft)
    this.#notify('ADDED', draft, undefined)
    return { ok: true, object: draft, changed: true }
  }

  /**
   * Changes an object: `change` edits a copy, which is stored when it differs. A changed `spec` counts up `generation`.
   * An object whose last finalizer goes while it is being deleted is removed.
   *
   * @param resourceVersion the version that the writer has read: another writer's change since then is a conflict
   */
  update<Kind extends string>(
    kind: Kind,
    namespace: string | undefined,
    name: string,
    change: (draft: ObjectOf<Kind>) => void,
    resourceVersion?: string,
  ): StoreResult<ObjectOf<Kind>> {
    const previous = this.get(kind, namespace, name) as KubernetesObject | undefined
    if (previous === undefined) return { ok: false, error: this.notFound(kind, name) }
    if (resourceVersion !== undefined && resourceVersion !== previous.metadata.resourceVersion) {
      return { ok: false, error: this.#conflict(kind, name) }
    }
    const draft = copyData(previous)
    change(draft as ObjectOf<Kind>)
    return this.#replace(draft, previous) as StoreResult<ObjectOf<Kind>>
  }

  /**
   * Deletes an object. A pod on a node and an object with finalizers only get a deletionTimestamp; kubelet or the
   * finalizer's owner then removes it. What the object owns follows unless `orphan` is set.
   */
  delete<Kind extends string>(
    kind: Kind,
    namespace: string | undefined,
    name: string,
    options: { readonly orphan?: boolean } = {},
  ): StoreResult<ObjectOf<Kind>> {
    const object = this.get(kind, namespace, name) as KubernetesObject | undefined
    if (object === undefined) return { ok: false, error: this.notFound(kind, name) }
    if (!mustWait(object)) {
      this.#remove(object, options.orphan)
      return { ok: true, object: object as ObjectOf<Kind>, changed: true }
    }
    if (object.metadata.deletionTimestamp !== undefined) {
      return { ok: true, object: object as ObjectOf<Kind>, changed: false }
    }
    return this.update(kind, namespace, name, draft => {
      const metadata = (draft as KubernetesObject).metadata
      metadata.deletionTimestamp = formatTimestamp(this.#simulator.wallMs)
    })
  }

  /** Takes a terminating object out for good: kubelet's last word about a pod. */
  finishDeletion(kind: string, namespace: string | undefined, name: string): void {
    const object = this.get(kind, namespace, name) as KubernetesObject | undefined
    if (object !== undefined) this.#remove(object)
  }

  /**
   * Calls `handler` for each object there is (as ADDED) and for each later change, in order, each in an event of its own
   * shortly after the write. Returns the function that ends the watch.
   *
   * @param watcher who watches, unique for the kind; it orders events of the same instant. Programs of a node name it last:
   *   `cilium bgp worker1`
   */
  watch<Kind extends string>(
    kind: Kind,
    watcher: string,
    handler: (event: WatchEvent<ObjectOf<Kind>>) => void,
  ): () => void {
    const entry: Watcher = {
      origin: this.#simulator.origin(`cluster ${this.#clusterName} ${watcher} watches ${kind}`),
      handler: handler as unknown as Watcher['handler'],
      isActive: true,
      client: watcher.split(' ').at(-1)!,
      missed: [],
    }
    const watchers = this.#watchers.get(kind) ?? new Set()
    this.#watchers.set(kind, watchers)
    watchers.add(entry)
    for (const object of this.list(kind)) {
      this.#deliver(entry, { type: 'ADDED', object: object as KubernetesObject, previous: undefined })
    }
    return () => {
      entry.isActive = false
      watchers.delete(entry)
    }
  }

  /** Whether what runs on this node can read and write: those who write must ask. */
  isReachableFrom(nodeName: string): boolean {
    return !this.#parted.has(nodeName)
  }

  /** Parts a node from the API server: its watches stall. Joined again, they hear what they missed, in order. */
  setReachable(nodeName: string, isReachable: boolean): void {
    if (!isReachable) {
      this.#parted.add(nodeName)
      return
    }
    this.#parted.delete(nodeName)
    for (const watchers of this.#watchers.values()) {
      for (const watcher of watchers) {
        if (watcher.client === nodeName) for (const event of watcher.missed.splice(0)) this.#deliver(watcher, event)
      }
    }
  }

  /** Ends every watch: the cluster is gone. */
  close(): void {
    for (const watchers of this.#watchers.values()) for (const watcher of watchers) watcher.isActive = false
    this.#watchers.clear()
  }

  /** The refusal for an object that is not there. */
  notFound(kind: string, name: string): ApiError {
    const resource = this.#kinds.get(kind)
    const plural = resource === undefined ? kind.toLowerCase() : qualifiedPlural(resource)
    return apiError('NotFound', `${plural} "${name}" not found`)
  }

  #conflict(kind: string, name: string): ApiError {
    const plural = qualifiedPlural(this.#kinds.get(kind)!)
    return apiError(
      'Conflict',
      `Operation cannot be fulfilled on ${plural} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
    )
  }

  #refuseCreation(resource: ResourceKind, metadata: ObjectMetadata, key: string): ApiError | undefined {
    if (resource.isNamespaced && resource.kind !== 'Namespace') {
      const namespace = this.get('Namespace', undefined, metadata.namespace!)
      if (namespace === undefined) return apiError('NotFound', `namespaces "${metadata.namespace!}" not found`)
      if (namespace.metadata.deletionTimestamp !== undefined) {
        const what = `${qualifiedPlural(resource)} "${metadata.name}" is forbidden`
        return apiError(
          'Forbidden',
          `${what}: unable to create new content in namespace ${metadata.namespace!} because it is being terminated`,
        )
      }
    }
    if (this.#objects.get(resource.kind)?.has(key) === true) {
      return apiError('AlreadyExists', `${qualifiedPlural(resource)} "${metadata.name}" already exists`)
    }
    return undefined
  }

  #admit(draft: KubernetesObject, previous: KubernetesObject | undefined): ApiError | undefined {
    for (const admission of this.#admissions.get(draft.kind) ?? []) {
      const refusal = admission(draft, previous)
      if (refusal !== undefined) return refusal
    }
    return undefined
  }

  #replace(draft: KubernetesObject, previous: KubernetesObject): StoreResult<KubernetesObject> {
    const refusal = this.#admit(draft, previous)
    if (refusal !== undefined) return { ok: false, error: refusal }
    if (deepEqual(draft, previous)) return { ok: true, object: previous, changed: false }
    const metadata = draft.metadata
    metadata.resourceVersion = String(++this.#revision)
    const isCounted = previous.metadata.generation !== undefined && !deepEqual(draft.spec, previous.spec)
    if (isCounted) metadata.generation = previous.metadata.generation! + 1
    const isLast = metadata.deletionTimestamp !== undefined && previous.metadata.finalizers !== undefined
    if (isLast && !mustWait(draft)) {
      this.#remove(draft)
      return { ok: true, object: draft, changed: true }
    }
    this.#put(draft.kind, objectKey(metadata.namespace, metadata.name), draft)
    this.#notify('MODIFIED', draft, previous)
    return { ok: true, object: draft, changed: true }
  }

  #sort(kind: string): readonly KubernetesObject[] {
    const objects = this.#objects.get(kind)
    if (objects === undefined) return []
    const keys = this.#sortedKeys.get(kind) ?? [...objects.keys()].sort()
    const sorted = keys.map(key => objects.get(key)!)
    this.#sortedKeys.set(kind, keys)
    this.#sorted.set(kind, sorted)
    return sorted
  }

  #put(kind: string, key: string, object: KubernetesObject): void {
    let objects = this.#objects.get(kind)
    if (objects === undefined) {
      objects = new Map()
      this.#objects.set(kind, objects)
    }
    if (!objects.has(key)) this.#sortedKeys.delete(kind)
    this.#sorted.delete(kind)
    objects.set(key, deepFreeze(object))
  }

  #remove(object: KubernetesObject, orphan = false): void {
    this.#revision += 1
    this.sources.forget(object)
    this.#objects.get(object.kind)?.delete(objectKey(object.metadata.namespace, object.metadata.name))
    this.#sortedKeys.delete(object.kind)
    this.#sorted.delete(object.kind)
    this.#notify('DELETED', object, object)
    if (object.kind === 'Namespace' || orphan) return
    const origin = this.#simulator.origin(`cluster ${this.#clusterName} garbage collector`)
    this.#simulator.schedule(origin, GARBAGE_DELAY_NS, () => this.#collect(object.metadata.uid!), 'work')
  }

  /** Deletes what the removed owner owned. */
  #collect(ownerUid: string): void {
    for (const objects of [...this.#objects.values()]) {
      for (const object of [...objects.values()].sort(compareObjects)) {
        const owners = object.metadata.ownerReferences
        if (owners?.some(owner => owner.uid === ownerUid)) {
          this.delete(object.kind, object.metadata.namespace, object.metadata.name)
        }
      }
    }
  }

  #notify(type: WatchEvent<KubernetesObject>['type'], object: KubernetesObject, previous?: KubernetesObject): void {
    for (const watcher of this.#watchers.get(object.kind) ?? []) this.#deliver(watcher, { type, object, previous })
  }

  /** Lease renewals are periodic, so what they cause inherits their kind; any other change is news. */
  #deliver(watcher: Watcher, event: WatchEvent<KubernetesObject>): void {
    const run = () => {
      if (!watcher.isActive) return
      if (this.#parted.has(watcher.client)) watcher.missed.push(event)
      else watcher.handler(event)
    }
    if (event.object.kind === 'Lease') this.#simulator.schedule(watcher.origin, WATCH_DELAY_NS, run)
    else this.#simulator.schedule(watcher.origin, WATCH_DELAY_NS, run, 'work')
  }
}

interface Watcher {
  readonly origin: ReturnType<Simulator['origin']>
  readonly handler: (event: WatchEvent<KubernetesObject>) => void
  isActive: boolean
  /** The last word of the watcher's name: a node, or a controller. */
  readonly client: string
  /** Not heard yet, as the node is parted from the API server. */
  readonly missed: WatchEvent<KubernetesObject>[]
}

function objectKey(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`
}

function compareObjects(a: KubernetesObject, b: KubernetesObject): number {
  const left = objectKey(a.metadata.namespace, a.metadata.name)
  const right = objectKey(b.metadata.namespace, b.metadata.name)
  return left < right ? -1 : left > right ? 1 : 0
}

/** The core group does not count generations (Kubernetes 1.31); neither do leases. */
function hasGeneration(resource: ResourceKind): boolean {
  return resource.group !== '' && resource.kind !== 'Lease'
}

/** Whether somebody has to let go of the object before it can be removed. */
function mustWait(object: KubernetesObject): boolean {
  if ((object.metadata.finalizers?.length ?? 0) > 0) return true
  return object.kind === 'Pod' && (object.spec as { nodeName?: string }).nodeName !== undefined
}
