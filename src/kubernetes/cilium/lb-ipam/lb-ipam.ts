/**
 * LB-IPAM, the part of cilium-operator that gives LoadBalancer services their addresses. It sleeps until the first pool
 * exists (services are not even looked at) and goes back to sleep when the last one is deleted.
 * Not modelled: IPv6, retries with back-off (writes to the store never fail), metrics.
 * Sources: operator/pkg/lbipam/lbipam.go; Documentation/network/lb-ipam.rst.
 */
import type { CiliumLoadBalancerIPPool } from '../../api/cilium-resources.ts'
import type { Service } from '../../api/service.ts'
import type { LbIpamProfile } from '../profile.ts'
import {
  release,
  type SharingIndex,
  satisfy,
  stripInvalid,
  stripOrImportIngress,
  type Verdict,
} from './assign-addresses.ts'
import type { PoolRange } from './pool-ranges.ts'
import { type KnownPool, PoolStore } from './pool-store.ts'
import { emptyServiceView, isSatisfied, type ServiceView, updateServiceView } from './service-view.ts'
import { updateCondition } from './update-condition.ts'

export interface LbIpamOptions {
  readonly profile: LbIpamProfile
  /** Values of `spec.loadBalancerClass` that are ours. */
  readonly classes: readonly string[]
  /** Whether services without a class are ours. */
  readonly isDefault: boolean
  /** RFC 3339 text of this instant. */
  now(): string
  /** The order in which Go would walk a map of these: several services that wait at once are served in no fixed order. */
  shuffle<Item>(items: readonly Item[]): Item[]
  /** All services, in order of creation: read when the first pool appears. */
  listServices(): readonly Service[]
  /** Replaces ingress and conditions of the service's status. */
  writeService(view: ServiceView): void
  /** Replaces the conditions of the pool's status. */
  writePool(pool: KnownPool): void
  complain(poolName: string, message: string): void
}

export class LbIpam {
  readonly #options: LbIpamOptions
  readonly #services = new Map<string, ServiceView>()
  readonly #sharing: SharingIndex = new Map()
  readonly #pools: PoolStore
  #isAwake = false

  constructor(options: LbIpamOptions) {
    this.#options = options
    this.#pools = new PoolStore({
      profile: options.profile,
      now: options.now,
      shuffle: options.shuffle,
      writeStatus: options.writePool,
      complain: options.complain,
    })
  }

  /** Whether services are being served: false until the first pool exists. */
  get isAwake(): boolean {
    return this.#isAwake
  }

  /** Takes over the pools that exist when the operator starts: all of them before any service is looked at. */
  start(pools: readonly CiliumLoadBalancerIPPool[]): void {
    for (const pool of pools) this.#pools.upsert(pool)
    if (pools.length > 0) this.#wakeUp()
  }

  /** A pool was created or changed. */
  upsertPool(pool: CiliumLoadBalancerIPPool): void {
    const gone = this.#pools.upsert(pool)
    if (gone === undefined) return
    if (!this.#isAwake) {
      this.#wakeUp()
      return
    }
    this.#forgetSharing(gone)
    for (const view of this.#services.values()) dropRanges(view, gone)
    this.#pools.settleConflicts()
    this.#revalidateAll()
    this.#pools.updateCounts()
  }

  /** A pool was deleted: its services lose their addresses at once and are tried against the pools that are left. */
  deletePool(name: string): void {
    const gone = this.#pools.delete(name)
    this.#forgetSharing(gone)
    for (const view of this.#inOrder()) {
      if (dropRanges(view, gone)) this.#revalidate(view)
    }
    this.#pools.settleConflicts()
    this.#satisfyWaiting()
    this.#pools.updateCounts()
    if (this.#pools.size > 0) return
    this.#isAwake = false
    this.#services.clear()
    this.#sharing.clear()
  }

  /** A service was created or changed. */
  upsertService(service: Service): void {
    if (!this.#isAwake) return
    const key = `${service.metadata.namespace ?? 'default'}/${service.metadata.name}`
    if (!this.#isOurs(service)) {
      this.#abandon(key, service)
      return
    }
    const view = this.#services.get(key) ?? emptyServiceView(service)
    updateServiceView(view, service)
    this.#services.set(key, view)
    this.#revalidate(view)
    this.#satisfyWaiting()
    this.#pools.updateCounts()
  }

  /** A service was deleted. */
  deleteService(namespace: string, name: string): void {
    const key = `${namespace}/${name}`
    const view = this.#services.get(key)
    if (view === undefined) return
    for (const held of [...view.held]) release(view, held.address, this.#sharing)
    this.#services.delete(key)
    this.#satisfyWaiting()
    this.#pools.updateCounts()
  }

  #forgetSharing(gone: readonly PoolRange[]): void {
    for (const [key, entries] of this.#sharing) {
      this.#sharing.set(
        key,
        entries.filter(entry => !gone.includes(entry.range)),
      )
    }
  }

  #wakeUp(): void {
    this.#isAwake = true
    this.#pools.settleConflicts()
    for (const service of this.#options.listServices()) {
      if (!this.#isOurs(service)) continue
      const view = emptyServiceView(service)
      updateServiceView(view, service)
      this.#services.set(view.key, view)
    }
    this.#revalidateAll()
    this.#pools.updateCounts()
  }

  /** Source: isResponsibleForSVC. */
  #isOurs(service: Service): boolean {
    if (service.spec.type !== 'LoadBalancer') return false
    const wanted = service.spec.loadBalancerClass
    return wanted === undefined ? this.#options.isDefault : this.#options.classes.includes(wanted)
  }

  /** The service ceased to be ours: addresses and condition are taken off it, so that another controller can have it. */
  #abandon(key: string, service: Service): void {
    const view = this.#services.get(key)
    if (view === undefined) return
    this.deleteService(view.namespace, view.name)
    updateServiceView(view, service)
    view.ingress = []
    view.conditions = view.conditions.filter(condition => condition.type !== this.#options.profile.satisfiedCondition)
    this.#options.writeService(view)
  }

  /** Services that have all they want first, so that they keep it. */
  #revalidateAll(): void {
    for (const view of this.#inOrder()) this.#revalidate(view)
  }

  #inOrder(): ServiceView[] {
    const views = [...this.#services.values()]
    return [...views.filter(isSatisfied), ...this.#options.shuffle(views.filter(view => !isSatisfied(view)))]
  }

  #revalidate(view: ServiceView): void {
    stripInvalid(view, this.#pools, this.#sharing)
    let isChanged = stripOrImportIngress(view, this.#pools, this.#sharing)
    if (!isSatisfied(view)) isChanged = this.#satisfy(view) || isChanged
    if (isChanged) this.#options.writeService(view)
  }

  #satisfyWaiting(): void {
    const waiting = [...this.#services.values()].filter(view => !isSatisfied(view))
    for (const view of this.#options.shuffle(waiting)) if (this.#satisfy(view)) this.#options.writeService(view)
  }

  #satisfy(view: ServiceView): boolean {
    const { isChanged, verdicts } = satisfy(view, this.#pools, this.#sharing)
    let isModified = isChanged
    for (const verdict of verdicts) if (this.#setCondition(view, verdict)) isModified = true
    return isModified
  }

  #setCondition(view: ServiceView, verdict: Verdict): boolean {
    const condition = {
      type: this.#options.profile.satisfiedCondition,
      status: verdict.isSatisfied ? ('True' as const) : ('False' as const),
      reason: verdict.reason,
      message: verdict.message,
      observedGeneration: view.generation,
    }
    return updateCondition(view.conditions, condition, this.#options.now())
  }
}

/** Takes addresses of ranges that are gone off the service. True when it had one. */
function dropRanges(view: ServiceView, gone: readonly PoolRange[]): boolean {
  const left = view.held.filter(held => !gone.includes(held.range))
  const isChanged = left.length !== view.held.length
  view.held = left
  return isChanged
}
