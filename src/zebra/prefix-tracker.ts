import type { PrefixTracking } from '../bgp/route-manager.ts'
import { type Prefix, prefixAddress } from '../wire/address.ts'
import { AddressIndex, type PrefixGroup } from './address-index.ts'
import type { RibTable } from './rib-table.ts'
import type { RouteEntry } from './route-entry.ts'

interface Tracked {
  readonly onChange: () => void
  entry: RouteEntry | undefined
}

/** Watches exact prefixes for routes that bgp did not make: what `network` with import-check asks for. */
export class PrefixTracker {
  readonly #table: RibTable
  readonly #tracked = new Map<Prefix, Tracked[]>()
  /** Addresses of all networks that have ever been watched. */
  readonly #networks = new AddressIndex()

  constructor(table: RibTable) {
    this.#table = table
  }

  track(prefix: Prefix, onChange: () => void): PrefixTracking {
    this.#networks.add(prefixAddress(prefix))
    const tracked: Tracked = { onChange, entry: this.#find(prefix) }
    this.#tracked.set(prefix, [...(this.#tracked.get(prefix) ?? []), tracked])
    return {
      get isPresent() {
        return tracked.entry !== undefined
      },
      get metric() {
        return tracked.entry?.request.metric ?? 0
      },
      stop: () => {
        const rest = this.#tracked.get(prefix)?.filter(other => other !== tracked) ?? []
        if (rest.length > 0) this.#tracked.set(prefix, rest)
        else this.#tracked.delete(prefix)
      },
    }
  }

  /** Whether any of the prefixes may be watched. */
  concerns(group: PrefixGroup): boolean {
    return this.#networks.hasWithinAny(group)
  }

  /** The routes of a prefix have changed. */
  evaluate(prefix: Prefix): void {
    for (const tracked of this.#tracked.get(prefix) ?? []) {
      if (!this.#tracked.get(prefix)?.includes(tracked)) continue
      const old = tracked.entry
      tracked.entry = this.#find(prefix)
      const isSame = (old === undefined) === (tracked.entry === undefined)
      if (!isSame || old?.request.metric !== tracked.entry?.request.metric) tracked.onChange()
    }
  }

  #find(prefix: Prefix): RouteEntry | undefined {
    return this.#table
      .get(prefix)
      ?.entries.find(
        entry => entry.isSelected && entry.isInstalled && !entry.isRemoved && entry.request.protocol !== 'bgp',
      )
  }
}
