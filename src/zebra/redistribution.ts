import type { RedistributedRoute } from '../bgp/route-manager.ts'
import { isMulticast, type Prefix, prefixAddress } from '../wire/address.ts'
import { AddressIndex, type PrefixGroup } from './address-index.ts'
import type { RibTable } from './rib-table.ts'
import type { RibNode, RouteEntry } from './route-entry.ts'

type Protocol = 'connected' | 'static' | 'kernel'

interface Feed {
  readonly protocol: Protocol
  readonly onAdd: (route: RedistributedRoute) => void
  readonly onRemove: (prefix: Prefix) => void
  readonly announced: Set<Prefix>
}

/** Hands the chosen routes of a protocol to another one (zebra/redistribute.c). */
export class Redistribution {
  readonly #table: RibTable
  readonly #interfaceName: (index: number) => string | undefined
  readonly #feeds = new Set<Feed>()
  /** Addresses of all networks that have ever been announced. */
  readonly #networks = new AddressIndex()

  constructor(table: RibTable, interfaceName: (index: number) => string | undefined) {
    this.#table = table
    this.#interfaceName = interfaceName
  }

  /** Announces what is there now, then every change. Returns the function that ends it. */
  subscribe(protocol: Protocol, onAdd: Feed['onAdd'], onRemove: Feed['onRemove']): () => void {
    const feed: Feed = { protocol, onAdd, onRemove, announced: new Set() }
    this.#feeds.add(feed)
    for (const { prefix, node } of this.#table.sorted()) {
      const entry = node.entries.find(candidate => candidate.isSelected && !candidate.isRemoved)
      if (entry !== undefined) this.#announce(feed, prefix, entry)
    }
    return () => {
      this.#feeds.delete(feed)
    }
  }

  /** Whether the routes of any of the prefixes, which are none of a protocol that is handed on, may have been announced. */
  concerns(group: PrefixGroup): boolean {
    return this.#feeds.size > 0 && this.#networks.hasWithinAny(group)
  }

  /** The kernel has taken the chosen route of a prefix (`redistribute_update`). */
  update(prefix: Prefix, node: RibNode): void {
    const entry = node.fibEntry
    if (entry === undefined || !entry.isInstalled) return
    for (const feed of this.#feeds) {
      if (entry.request.protocol === feed.protocol) this.#announce(feed, prefix, entry)
      else this.#retract(feed, prefix)
    }
  }

  /** The chosen route goes (`redistribute_delete`). */
  remove(node: RibNode, old: RouteEntry, next: RouteEntry | undefined): void {
    for (const feed of this.#feeds) {
      if (old.request.protocol !== feed.protocol || next?.request.protocol === feed.protocol) continue
      for (const prefix of node.prefixes) this.#retract(feed, prefix)
    }
  }

  #announce(feed: Feed, prefix: Prefix, entry: RouteEntry): void {
    const { protocol, metric, tag } = entry.request
    const address = prefixAddress(prefix)
    if (protocol !== feed.protocol || isMulticast(address) || address >>> 24 === 127) return
    feed.announced.add(prefix)
    this.#networks.add(address)
    const first = entry.group.nextHops.find(hop => hop.isActive)
    const name = first === undefined ? undefined : this.#interfaceName(first.interfaceIndex)
    feed.onAdd({
      prefix,
      metric,
      type: first?.type === 'blackhole' ? (first.blackhole ?? 'blackhole') : 'unicast',
      ...(first === undefined || first.gateway === 0 ? {} : { nextHop: first.gateway }),
      ...(name === undefined ? {} : { interface: name }),
      ...(tag === undefined ? {} : { tag }),
    })
  }

  #retract(feed: Feed, prefix: Prefix): void {
    if (feed.announced.delete(prefix)) feed.onRemove(prefix)
  }
}
