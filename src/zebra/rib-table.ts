import { PrefixTable } from '../host/prefix-table.ts'
import type { Ipv4Address, Prefix } from '../wire/address.ts'
import type { RibNode } from './route-entry.ts'

/** The prefixes of the routing table, with longest-prefix search. */
export class RibTable {
  readonly #nodes = new PrefixTable<RibNode>()

  get(prefix: Prefix): RibNode | undefined {
    return this.#nodes.get(prefix)
  }

  /** The node of the prefix, made if need be. */
  obtain(prefix: Prefix): RibNode {
    let node = this.#nodes.get(prefix)
    if (node === undefined) {
      node = { prefix, entries: [], fibEntry: undefined, isQueued: false }
      this.#nodes.set(prefix, node)
    }
    return node
  }

  /** Forgets a node that has nothing left. */
  discard(node: RibNode): void {
    if (node.entries.length === 0 && !node.isQueued) this.#nodes.delete(node.prefix)
  }

  /** The node with the longest prefix, of `longest` at most, that holds the address; empty ones do not count. */
  match(address: Ipv4Address, longest = 32): RibNode | undefined {
    for (const length of this.#nodes.lengths) {
      if (length > longest) continue
      const node = this.#nodes.at(length, address)
      if (node !== undefined && node.entries.length > 0) return node
    }
    return undefined
  }

  /** In the order of `show ip route`: by address, the shorter prefix first. */
  sorted(): readonly RibNode[] {
    return [...this.#nodes.values()].sort((a, b) => a.prefix - b.prefix)
  }
}
