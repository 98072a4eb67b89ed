import type { ConnectedNetwork } from '../bgp/route-manager.ts'
import { type Ipv4Address, prefixLength } from '../wire/address.ts'
import type { RibTable } from './rib-table.ts'

/** Which connected network holds an address. bgpd asks for every route that it announces, so answers are kept. */
export class ConnectedNetworks {
  readonly #table: RibTable
  readonly #interfaceName: (index: number) => string | undefined
  readonly #answers = new Map<number, ConnectedNetwork | undefined>()
  #version = 0

  constructor(table: RibTable, interfaceName: (index: number) => string | undefined) {
    this.#table = table
    this.#interfaceName = interfaceName
  }

  /** @param version of the connected routes: answers hold as long as it is the same */
  holding(address: Ipv4Address, version: number): ConnectedNetwork | undefined {
    if (this.#version !== version) this.forget()
    this.#version = version
    const key = address | 0
    let network = this.#answers.get(key)
    if (network === undefined && !this.#answers.has(key)) {
      network = this.#find(address)
      this.#answers.set(key, network)
    }
    return network
  }

  forget(): void {
    this.#answers.clear()
  }

  #find(address: Ipv4Address): ConnectedNetwork | undefined {
    let longest = 32
    for (let found = this.#table.match(address); found !== undefined; found = this.#table.match(address, longest)) {
      const { prefix, node } = found
      longest = prefixLength(prefix) - 1
      const entry = node.entries.find(({ request, isRemoved }) => request.protocol === 'connected' && !isRemoved)
      const name = entry === undefined ? undefined : this.#interfaceName(entry.group.nextHops[0]!.interfaceIndex)
      if (name !== undefined) return { prefix, interface: name }
    }
    return undefined
  }
}
