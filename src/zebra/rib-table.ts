import { type Ipv4Address, type Prefix, prefixLength, prefixOf } from '../wire/address.ts'
import type { RibNode } from './route-entry.ts'

/** The prefixes of the routing table, with longest-prefix search. */
export class RibTable {
  readonly #nodes = new Map<Prefix, RibNode>()
  /** How many prefixes there are of each length. */
  readonly #lengths = new Array<number>(33).fill(0)

  get(prefix: Prefix): RibNode | undefined {
    return this.#nodes.get(prefix)
  }

  /** The node of the prefix, made if need be. */
  obtain(prefix: Prefix): RibNode {
    let node = this.#nodes.get(prefix)
    if (node === undefined) {
      node = { prefix, entries: [], fibEntry: undefined, isQueued: false }
      this.#nodes.set(prefix, node)
      this.#lengths[prefixLength(prefix)]! += 1
    }
    return node
  }

  /** Forgets a node that has nothing left. */
  discard(node: RibNode): void {
    if (node.entries.length > 0 || node.isQueued || !this.#nodes.delete(node.prefix)) return
    this.#lengths[prefixLength(node.prefix)]! -= 1
  }

  /** Nodes that hold the address, longest prefix first, none longer than `fromLength`. */
  *matches(address: Ipv4Address, fromLength = 32): Generator<RibNode> {
    for (let length = fromLength; length >= 0; length -= 1) {
      if (this.#lengths[length] === 0) continue
      const node = this.#nodes.get(prefixOf(address, length))
      if (node !== undefined && node.entries.length > 0) yield node
    }
  }

  /** In the order of `show ip route`: by address, the shorter prefix first. */
  sorted(): readonly RibNode[] {
    return [...this.#nodes.values()].sort((a, b) => a.prefix - b.prefix)
  }
}
