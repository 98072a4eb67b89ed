import type { Lease } from '../../api/configuration.ts'
import type { Store } from '../../api/store.ts'
import { formatMicroTime, parseTimestamp } from '../../api/timestamp.ts'

/** What stands in a lease. Times are milliseconds of the wall clock. */
export interface ElectionRecord {
  /** Empty: released. */
  readonly holder: string
  readonly leaseDurationSeconds: number
  readonly acquireMs: number
  readonly renewMs: number
  readonly transitions: number
}

/**
 * One candidate's view of a Lease object. A write says which version it follows, so that of two candidates who read the
 * same version only the first succeeds. Source: k8s.io/client-go tools/leaderelection/resourcelock/leaselock.go.
 */
export class LeaseLock {
  readonly namespace: string
  readonly name: string
  readonly #store: Store
  /** The node it is read and written from: nothing works while that is parted from the API server. */
  readonly #nodeName: string
  #version: string | undefined

  constructor(store: Store, namespace: string, name: string, nodeName = '') {
    this.#store = store
    this.#nodeName = nodeName
    this.namespace = namespace
    this.name = name
  }

  /** The lease as it is now; undefined when there is none. */
  read(): Lease | undefined {
    const lease = !this.#isReachable ? undefined : this.#store.get('Lease', this.namespace, this.name)
    this.#version = lease?.metadata.resourceVersion
    return lease
  }

  /** False when somebody else was first. */
  create(record: ElectionRecord): boolean {
    if (!this.#isReachable) return false
    const lease: Lease = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: this.name, namespace: this.namespace },
      spec: specOf(record),
    }
    const created = this.#store.create(lease)
    if (created.ok) this.#version = created.object.metadata.resourceVersion
    return created.ok
  }

  /** False when the lease has changed since it was last read or written here, or is gone. */
  update(record: ElectionRecord): boolean {
    if (this.#version === undefined || !this.#isReachable) return false
    const updated = this.#store.update(
      'Lease',
      this.namespace,
      this.name,
      draft => {
        draft.spec = specOf(record)
      },
      this.#version,
    )
    if (updated.ok) this.#version = updated.object.metadata.resourceVersion
    return updated.ok
  }

  get #isReachable(): boolean {
    return this.#store.isReachableFrom(this.#nodeName)
  }
}

function specOf(record: ElectionRecord): Lease['spec'] {
  return {
    holderIdentity: record.holder,
    leaseDurationSeconds: record.leaseDurationSeconds,
    acquireTime: formatMicroTime(record.acquireMs),
    renewTime: formatMicroTime(record.renewMs),
    leaseTransitions: record.transitions,
  }
}

/** What a lease says of the election, and the same as text: who reads it compares the text with what it has seen before. */
interface ElectionFacts {
  readonly record: ElectionRecord
  readonly text: string
}

/** A stored lease never changes, and all candidates read the same one. */
const factsOf = new WeakMap<Lease, ElectionFacts>()

export function electionFacts(lease: Lease): ElectionFacts {
  let facts = factsOf.get(lease)
  if (facts === undefined) {
    facts = { record: recordOf(lease), text: JSON.stringify(lease.spec) }
    factsOf.set(lease, facts)
  }
  return facts
}

function recordOf({ spec }: Lease): ElectionRecord {
  return {
    holder: spec.holderIdentity ?? '',
    leaseDurationSeconds: spec.leaseDurationSeconds ?? 0,
    acquireMs: parseTimestamp(spec.acquireTime ?? ''),
    renewMs: parseTimestamp(spec.renewTime ?? ''),
    transitions: spec.leaseTransitions ?? 0,
  }
}
