import type { Host } from '../host/host.ts'
import type { Interface } from '../host/interface.ts'
import type { RouterInterfaceModel } from '../model/router.ts'
import { broadcastAddress, type MacAddress } from '../wire/address.ts'

/**
 * Brings interfaces into the configured state: addresses (with broadcast, as zebra adds them), MTU, MAC, `shutdown`.
 * A section for an interface that is not there is remembered and applied when it appears.
 */
export class InterfaceConfiguration {
  readonly #host: Host
  readonly #waiting = new Map<string, RouterInterfaceModel>()

  constructor(host: Host) {
    this.#host = host
  }

  apply(models: readonly RouterInterfaceModel[]): void {
    for (const model of models) {
      const device = this.#host.interfaces.get(model.name) ?? this.#create(model)
      if (device === undefined) this.#waiting.set(model.name, model)
      else this.#configure(device, model)
    }
    for (const model of models) this.#join(model)
  }

  /** An interface has appeared, perhaps one that a section waits for. */
  interfaceAppeared(device: Interface): void {
    const model = this.#waiting.get(device.name)
    if (model === undefined) return
    this.#waiting.delete(device.name)
    this.#configure(device, model)
    this.#join(model)
  }

  #create(model: RouterInterfaceModel): Interface | undefined {
    if (model.create === undefined) return undefined
    if (model.create === 'vlan') {
      this.#refuse(model, 'VLAN interfaces are not modelled')
      return undefined
    }
    const added = this.#host.addDummy(model.name, model.create)
    if (!added.ok) return undefined
    this.#host.setInterfaceUp(added.interface, true)
    return added.interface
  }

  #configure(device: Interface, model: RouterInterfaceModel): void {
    if (model.mtuBytes !== undefined) this.#host.setMtu(device, model.mtuBytes)
    if (model.mac !== undefined) this.#host.setMac(device, model.mac as MacAddress)
    for (const { address, length } of model.addresses) {
      const broadcast = length <= 30 ? { broadcast: broadcastAddress(address, length) } : {}
      const result = this.#host.addAddress(device, { address, length, ...broadcast })
      if (!result.ok && result.errno !== 'EEXIST') this.#refuse(model, `address refused: ${result.errno}`)
    }
    if (model.shutdown) this.#host.setInterfaceUp(device, false)
  }

  #join(model: RouterInterfaceModel): void {
    const bridge = this.#host.interfaces.get(model.name)
    for (const name of model.members ?? []) {
      const member = this.#host.interfaces.get(name)
      if (bridge === undefined || member === undefined) this.#refuse(model, `member ${name} is not there`)
      else this.#host.setMaster(member, bridge)
    }
  }

  #refuse(model: RouterInterfaceModel, reason: string): void {
    this.#host.journal.record(this.#host.name, 'zebra.interface', { interface: model.name, reason })
  }
}
