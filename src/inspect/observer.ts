import type { Host } from '../host/host.ts'
import { watchHosts } from '../host/host-watch.ts'
import type { MonitorEvent } from '../host/monitor.ts'
import type { Lease } from '../kubernetes/api/configuration.ts'
import type { Lab } from '../lab/lab.ts'
import type { Cable } from '../link/cable.ts'
import { watchCables } from '../link/cable-watch.ts'
import { journalMark, NeighborMarks } from './journal-mark.ts'
import type { Mark, MarkKind } from './mark.ts'
import { routeText } from './route-text.ts'

const MAIN_TABLE = 254
/** Node leases are renewed by one and the same for ever. */
const DULL_NAMESPACE = 'kube-node-lease'

/**
 * Notes what changes in a lab, as marks. It only looks: the journal, what kernels announce, the store's leases; nothing of
 * the simulation depends on it.
 */
export class Observer {
  /** Every host that was ever made. */
  readonly hosts: Host[] = []
  /** Every cable that was ever laid. */
  readonly cables: Cable[] = []
  /** Takes the marks; nobody does for parked copies. */
  onMark: ((mark: Mark) => void) | undefined
  readonly #lab: Lab
  readonly #neighbors = new NeighborMarks()
  readonly #holders = new Map<string, string>()
  readonly #revisions = new Map<string, number>()
  /** Journal entries seen, those that have fallen off included. */
  #seen = 0

  /** @param lab with nothing built in it yet */
  constructor(lab: Lab) {
    this.#lab = lab
    this.#watch(lab.machine.host)
    watchHosts(lab.simulator, host => this.#watch(host))
    watchCables(lab.simulator, cable => this.cables.push(cable))
  }

  /** Notes what came since the last look. Called after every event. */
  look(): void {
    const { journal } = this.#lab.simulator
    const total = journal.dropped + journal.entries.length
    if (total !== this.#seen) this.#readJournal(total)
    if (this.#lab.clusters.size > 0) this.#lookAtLeases()
  }

  #watch(host: Host): void {
    this.hosts.push(host)
    host.monitor.subscribe(event => {
      if (event.kind === 'route') this.#noteRoute(host, event)
    })
  }

  #noteRoute(host: Host, { route, added, isReplaced }: Extract<MonitorEvent, { kind: 'route' }>): void {
    if (this.onMark === undefined || route.table !== MAIN_TABLE) return
    const sign = added ? (isReplaced ? '~' : '+') : '-'
    this.#tell(this.#lab.simulator.nowNs, 'routing', host.name, `${sign} ${routeText(route)}`)
  }

  #readJournal(total: number): void {
    const { entries, dropped } = this.#lab.simulator.journal
    for (let index = Math.max(0, this.#seen - dropped); index < entries.length; index += 1) {
      const entry = entries[index]!
      if (entry.kind === 'neighbor.state') {
        const text = this.#neighbors.markOf(entry)
        if (text !== undefined) this.#tell(entry.atNs, 'arp', entry.node, text)
        continue
      }
      const mark = journalMark(entry)
      if (mark !== undefined) this.#tell(entry.atNs, mark.kind, entry.node, mark.text)
    }
    this.#seen = total
  }

  /** Leases have no journal: their holders are compared whenever something was written to the store. */
  #lookAtLeases(): void {
    for (const { name: cluster, store } of this.#lab.clusters.values()) {
      if (store.revision === this.#revisions.get(cluster)) continue
      this.#revisions.set(cluster, store.revision)
      for (const { metadata, spec } of store.list('Lease') as readonly Lease[]) {
        if (metadata.namespace === DULL_NAMESPACE) continue
        const key = `${cluster} ${metadata.namespace} ${metadata.name}`
        const holder = spec.holderIdentity ?? ''
        const before = this.#holders.get(key) ?? ''
        if (holder === before) continue
        this.#holders.set(key, holder)
        const text = `${metadata.name} ${holder === '' ? `given back by ${before}` : `held by ${holder}`}`
        this.#tell(this.#lab.simulator.nowNs, 'lease', cluster, text)
      }
    }
  }

  #tell(atNs: number, kind: MarkKind, name: string, text: string): void {
    const node = this.#lab.node(name)?.name ?? name
    this.onMark?.({ atNs, events: this.#lab.simulator.executedEvents, kind, node, text })
  }
}
