/**
 * cilium-operator: LB-IPAM fed from watches. One queue for both kinds, so events are handled in the order of the writes.
 */

import { copyData } from '../../config/manifest/copy-data.ts'
import type { KubernetesObject } from '../../model/kubernetes-object.ts'
import { formatTimestamp } from '../api/timestamp.ts'
import type { Cilium } from './cilium.ts'
import { LbIpam } from './lb-ipam/lb-ipam.ts'
import type { KnownPool } from './lb-ipam/pool-store.ts'
import { ingressOf, type ServiceView } from './lb-ipam/service-view.ts'

/** Class names of Cilium's own announcers. Source: operator/pkg/lbipam/cell.go. */
const BGP_CLASS = 'io.cilium/bgp-control-plane'
const L2_CLASS = 'io.cilium/l2-announcer'

export class CiliumOperator {
  readonly #cilium: Cilium
  readonly #lbIpam: LbIpam
  readonly #stopWatching: (() => void)[] = []

  constructor(cilium: Cilium) {
    const { simulator, name, store } = cilium.cluster
    const random = simulator.random.fork(`cluster ${name} lb-ipam`)
    const { config, profile } = cilium
    this.#cilium = cilium
    this.#lbIpam = new LbIpam({
      profile: profile.lbIpam,
      classes: [
        ...(config.isBgpControlPlaneEnabled ? [BGP_CLASS] : []),
        ...(config.isL2AnnouncementsEnabled ? [L2_CLASS] : []),
      ],
      isDefault: config.isDefaultLbIpam,
      now: () => formatTimestamp(simulator.wallMs),
      shuffle: items => shuffled(items, () => random.float()),
      listServices: () => inOrderOfCreation(store.list('Service')),
      writeService: view => this.#writeService(view),
      writePool: pool => this.#writePool(pool),
      complain: (pool, message) => this.log(`pool upsert failed: ${message}`, { pool }),
    })
  }

  /** Begins to watch pools and services. */
  start(): void {
    const { store } = this.#cilium.cluster
    this.#lbIpam.start(inOrderOfCreation(store.list('CiliumLoadBalancerIPPool')))
    this.#stopWatching.push(
      store.watch('CiliumLoadBalancerIPPool', 'cilium-operator', event => {
        if (event.type === 'DELETED') this.#lbIpam.deletePool(event.object.metadata.name)
        else this.#lbIpam.upsertPool(event.object)
      }),
      store.watch('Service', 'cilium-operator', event => {
        const { namespace, name } = event.object.metadata
        if (event.type === 'DELETED') this.#lbIpam.deleteService(namespace!, name)
        else this.#lbIpam.upsertService(event.object)
      }),
    )
  }

  stop(): void {
    for (const stop of this.#stopWatching) stop()
    this.#stopWatching.length = 0
  }

  #writeService(view: ServiceView): void {
    this.#cilium.cluster.store.update('Service', view.namespace, view.name, draft => {
      draft.status.loadBalancer = view.ingress.length === 0 ? {} : { ingress: ingressOf(view) }
      if (view.conditions.length === 0) delete draft.status.conditions
      else draft.status.conditions = copyData(view.conditions)
    })
    this.log('service status patched', {
      service: view.key,
      addresses: ingressOf(view)
        .map(entry => entry.ip)
        .join(','),
    })
  }

  #writePool(pool: KnownPool): void {
    this.#cilium.cluster.store.update('CiliumLoadBalancerIPPool', undefined, pool.name, draft => {
      draft.status = { conditions: copyData(pool.conditions) }
    })
  }

  /** What the operator's log would say. */
  log(message: string, detail: Readonly<Record<string, string>> = {}): void {
    this.#cilium.cluster.simulator.journal.record('cilium-operator', 'cilium.log', { message, ...detail })
  }
}

function inOrderOfCreation<Kind extends KubernetesObject>(objects: readonly Kind[]): readonly Kind[] {
  const createdAt = (object: Kind) => object.metadata.creationTimestamp ?? ''
  return [...objects].sort((one, other) =>
    createdAt(one) < createdAt(other) ? -1 : createdAt(one) > createdAt(other) ? 1 : 0,
  )
}

/** Fisher-Yates. Fewer than two items draw nothing. */
function shuffled<Item>(items: readonly Item[], float: () => number): Item[] {
  const result = [...items]
  for (let index = result.length - 1; index > 0; index -= 1) {
    const other = Math.floor(float() * (index + 1))
    const kept = result[index]!
    result[index] = result[other]!
    result[other] = kept
  }
  return result
}
