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
  readonly #listeners = new Set<Listener>()

  /**
   * Calls `hear` for each event from now on. Returns the function that ends it. While `isDeaf` nothing is heard: a daemon has
   * the kernel leave out what it brought about itself (a filter on its netlink socket, `netlink_install_filter` of FRR's
   * zebra/kernel_netlink.c).
   */
  subscribe(hear: (event: MonitorEvent) => void, isDeaf: () => boolean = () => false): () => void {
    const listener = { hear, isDeaf }
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Whether somebody would hear an event now: events that are frequent need not be made when nobody does. */
  get hasListeners(): boolean {
    for (const listener of this.#listeners) if (!listener.isDeaf()) return true
    return false
  }

  notify(event: MonitorEvent): void {
    if (this.#listeners.size === 0) return
    for (const listener of [...this.#listeners]) if (!listener.isDeaf()) listener.hear(event)
  }
}

interface Listener {
  readonly hear: (event: MonitorEvent) => void
  readonly isDeaf: () => boolean
}
