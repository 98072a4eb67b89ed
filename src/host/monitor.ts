import type { FibRoute } from './fib.ts'
import type { Interface, InterfaceAddress } from './interface.ts'
import type { NeighborRow } from './neighbor/neighbor-table.ts'
import type { NextHopObject } from './next-hop-objects.ts'

/** What rtnetlink tells its listeners (`ip monitor`). */
export type MonitorEvent =
  | { readonly kind: 'link'; readonly interface: Interface; readonly isRemoved: boolean }
  | {
      readonly kind: 'address'
      readonly interface: Interface
      readonly address: InterfaceAddress
      readonly added: boolean
    }
  | { readonly kind: 'route'; readonly route: FibRoute; readonly added: boolean; readonly isReplaced: boolean }
  | { readonly kind: 'neighbor'; readonly neighbor: NeighborRow; readonly added: boolean }
  | { readonly kind: 'nexthop'; readonly nextHop: NextHopObject; readonly added: boolean }

/**
 * Notifications in the order in which the kernel sends them, delivered synchronously after the change. As in Linux,
 * routes and next hop objects that go because a device went down are not announced: only the link event is.
 */
export class Monitor {
  readonly #listeners = new Set<(event: MonitorEvent) => void>()

  /** Calls `listener` for each event from now on. Returns the function that ends it. */
  subscribe(listener: (event: MonitorEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  get hasListeners(): boolean {
    return this.#listeners.size > 0
  }

  notify(event: MonitorEvent): void {
    if (this.#listeners.size > 0) for (const listener of [...this.#listeners]) listener(event)
  }
}
