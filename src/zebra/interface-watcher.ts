import type { Host } from '../host/host.ts'
import type { Interface, InterfaceAddress } from '../host/interface.ts'
import type { MonitorEvent } from '../host/monitor.ts'
import { isLoopback, type Prefix, prefixOf } from '../wire/address.ts'

export interface InterfaceWatcherOptions {
  readonly host: Host
  /** The interface can carry packets now. */
  onUp(device: Interface): void
  onDown(device: Interface): void
  /** A network begins or ceases to be connected through an interface. */
  onNetwork(prefix: Prefix, device: Interface, isPresent: boolean): void
  /** An own address is or is no longer in use. */
  onAddress(address: InterfaceAddress, device: Interface, isPresent: boolean): void
}

/**
 * What zebra knows of interfaces and addresses (zebra/interface.c, zebra/connected.c). An interface counts as usable when
 * it is administratively up and has carrier (`if_is_operative`); only then are its networks connected. Addresses of one
 * subnet on one interface make one network; 127/8 makes none.
 */
export class InterfaceWatcher {
  readonly #options: InterfaceWatcherOptions
  readonly #usable = new Map<number, Interface>()
  /** Addresses in use, by interface index. */
  readonly #addresses = new Map<number, InterfaceAddress[]>()

  constructor(options: InterfaceWatcherOptions) {
    this.#options = options
  }

  /** Learns what is there. */
  start(): void {
    for (const device of this.#options.host.interfaces) this.#update(device, false)
  }

  handle(event: MonitorEvent): void {
    if (event.kind === 'link') this.#update(event.interface, event.isRemoved)
    if (event.kind !== 'address' || !this.#usable.has(event.interface.index)) return
    if (event.added) this.#addAddress(event.interface, event.address)
    else this.#removeAddress(event.interface, event.address)
  }

  isUsable(interfaceIndex: number): boolean {
    return this.#usable.has(interfaceIndex)
  }

  #update(device: Interface, isRemoved: boolean): void {
    const isUsable = !isRemoved && device.isUp && device.hasCarrier
    if (isUsable === this.#usable.has(device.index)) return
    if (isUsable) {
      this.#usable.set(device.index, device)
      for (const address of device.addresses) this.#addAddress(device, address)
      this.#options.onUp(device)
      return
    }
    this.#usable.delete(device.index)
    this.#options.onDown(device)
    for (const address of [...this.#of(device)]) this.#removeAddress(device, address)
  }

  #of(device: Interface): InterfaceAddress[] {
    let addresses = this.#addresses.get(device.index)
    if (addresses === undefined) {
      addresses = []
      this.#addresses.set(device.index, addresses)
    }
    return addresses
  }

  #addAddress(device: Interface, address: InterfaceAddress): void {
    const known = this.#of(device)
    if (isLoopback(address.address) || known.some(other => isSameAddress(other, address))) return
    const network = networkOf(address)
    const isNew = !known.some(other => networkOf(other) === network)
    known.push(address)
    if (isNew && network !== 0) this.#options.onNetwork(network, device, true)
    this.#options.onAddress(address, device, true)
  }

  #removeAddress(device: Interface, address: InterfaceAddress): void {
    const known = this.#of(device)
    const index = known.findIndex(other => isSameAddress(other, address))
    if (index < 0) return
    known.splice(index, 1)
    const network = networkOf(address)
    const isLast = !known.some(other => networkOf(other) === network)
    if (isLast && network !== 0) this.#options.onNetwork(network, device, false)
    this.#options.onAddress(address, device, false)
  }
}

function isSameAddress(a: InterfaceAddress, b: InterfaceAddress): boolean {
  return a.address === b.address && a.length === b.length && a.peer === b.peer
}

/** The network an address stands in; of a point-to-point address the peer's. */
function networkOf(address: InterfaceAddress): Prefix {
  return prefixOf(address.peer ?? address.address, address.length)
}
