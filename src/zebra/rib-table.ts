import { PrefixTable } from '../host/prefix-table.ts'
import { type Ipv4Address, type Prefix, prefixOf } from '../wire/address.ts'
import { prefixGroup } from './address-index.ts'
import type { RibNode } from './route-entry.ts'

/** A prefix with its node. */
export interface RibMatch {
  readonly prefix: Prefix
  readonly node: RibNode
}

/** The prefixes of the routing table, with longest-prefix search. */
export class RibTable {
  readonly #nodes = new PrefixTable<RibNode>()

  get(prefix: Prefix): RibNode | undefined {
    return this.#nodes.get(prefix)
  }

  /**
   * The nodes that hold these prefixes and no others, in their order. Prefixes without a node get one together when `makes`, and
   * are left out otherwise. Where a node holds more than what is asked for, `part` takes it apart at a position, so that only
   * those before stay, and returns the node of the others.
   */
  nodesOf(
    prefixes: readonly Prefix[],
    makes: boolean,
    part: (node: RibNode, position: number) => RibNode,
  ): readonly RibNode[] {
    const nodes: RibNode[] = []
    let start = 0
    while (start < prefixes.length) {
      let node = this.#nodes.get(prefixes[start]!)
      const position = node?.prefixes.indexOf(prefixes[start]!) ?? 0
      const length = node === undefined ? this.#unknown(prefixes, start) : inCommon(prefixes, start, node, position)
      if (node === undefined) {
        if (makes) nodes.push(this.#make(length === prefixes.length ? prefixes : prefixes.slice(start, start + length)))
      } else {
        if (position > 0) node = part(node, position)
        if (length < node.prefixes.length) part(node, length)
        nodes.push(node)
      }
      start += length
    }
    return nodes
  }

  /** How many prefixes from here on have no node. */
  #unknown(prefixes: readonly Prefix[], start: number): number {
    let end = start + 1
    while (end < prefixes.length && this.#nodes.get(prefixes[end]!) === undefined) end += 1
    return end - start
  }

  #make(prefixes: readonly Prefix[]): RibNode {
    const { firstAddress, lastAddress } = prefixGroup(prefixes)
    const node: RibNode = { prefixes, firstAddress, lastAddress, entries: [], fibEntry: undefined, isQueued: false }
    for (const prefix of prefixes) this.#nodes.set(prefix, node)
    return node
  }

  /** Takes the prefixes from a position on out of a node, into one of their own with entries like its. */
  part(node: RibNode, position: number): RibNode {
    const rest = this.#make(node.prefixes.slice(position))
    const { prefixes, firstAddress, lastAddress } = prefixGroup(node.prefixes.slice(0, position))
    node.prefixes = prefixes
    node.firstAddress = firstAddress
    node.lastAddress = lastAddress
    rest.entries = node.entries.map(entry => entry.copy())
    rest.fibEntry = node.fibEntry && rest.entries[node.entries.indexOf(node.fibEntry)]
    rest.isQueued = node.isQueued
    return rest
  }

  /** Forgets a node that has nothing left. */
  discard(node: RibNode): void {
    if (node.entries.length > 0 || node.isQueued) return
    for (const prefix of node.prefixes) this.#nodes.delete(prefix)
  }

  /** The longest prefix, of `longest` at most, that holds the address; one without entries does not count. */
  match(address: Ipv4Address, longest = 32): RibMatch | undefined {
    for (const length of this.#nodes.lengths) {
      if (length > longest) continue
      const node = this.#nodes.at(length, address)
      if (node !== undefined && node.entries.length > 0) return { prefix: prefixOf(address, length), node }
    }
    return undefined
  }

  /** In the order of `show ip route`: by address, the shorter prefix first. */
  sorted(): readonly RibMatch[] {
    const all: RibMatch[] = []
    this.#nodes.forEach((node, prefix) => {
      all.push({ prefix, node })
    })
    return all.sort((a, b) => a.prefix - b.prefix)
  }
}

/** For how many prefixes both go on alike. */
function inCommon(prefixes: readonly Prefix[], start: number, node: RibNode, position: number): number {
  let length = 1
  while (
    start + length < prefixes.length &&
    position + length < node.prefixes.length &&
    prefixes[start + length] === node.prefixes[position + length]
  ) {
    length += 1
  }
  return length
}
