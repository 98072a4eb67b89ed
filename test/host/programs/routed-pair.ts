import { Host } from '../../../src/host/host.ts'
import { Cable } from '../../../src/link/cable.ts'
import { Port } from '../../../src/link/port.ts'
import { Simulator } from '../../../src/sim/simulator.ts'
import {
  DEFAULT_ROUTE,
  type Ipv4Address,
  type MacAddress,
  parseAddressWithLength,
  parseIpv4,
} from '../../../src/wire/address.ts'

/** client (10.0.5.20, MTU 9500) — router — server (10.1.1.134, MTU 1500). */
export class RoutedPair {
  readonly simulator = new Simulator()
  readonly client = this.#host('client')
  readonly router = this.#host('router')
  readonly server = this.#host('server')
  readonly clientPort = new Port('eth1', 0x0200_0000_0001 as MacAddress, 9500)

  constructor() {
    const toClient = new Port('eth1', 0x0200_0000_0002 as MacAddress, 9500)
    const toServer = new Port('eth2', 0x0200_0000_0003 as MacAddress, 1500)
    const serverPort = new Port('eth1', 0x0200_0000_0004 as MacAddress, 1500)
    new Cable(this.simulator, 'client-router', this.clientPort, toClient)
    new Cable(this.simulator, 'router-server', toServer, serverPort)
    this.#plug(this.client, this.clientPort, '10.0.5.20/24', '10.0.5.1')
    this.#plug(this.router, toClient, '10.0.5.1/24')
    this.#plug(this.router, toServer, '10.1.1.1/24')
    this.#plug(this.server, serverPort, '10.1.1.134/24', '10.1.1.1')
    this.router.sysctl.set('net.ipv4.ip_forward', '1')
  }

  runFor(seconds: number): void {
    this.simulator.runUntil(this.simulator.nowNs + Math.round(seconds * 1e9))
  }

  #host(name: string): Host {
    const host = new Host({ name, simulator: this.simulator, multipathSeed: 1 })
    host.setInterfaceUp(host.loopback, true)
    return host
  }

  #plug(host: Host, port: Port, addressText: string, gatewayText?: string): void {
    const device = host.addInterface(port, port.name)
    host.addAddress(device, parseAddressWithLength(addressText)!)
    host.setInterfaceUp(device, true)
    if (gatewayText === undefined) return
    const hop = {
      gateway: parseIpv4(gatewayText)!,
      interface: device,
      weight: 1,
      onlink: false,
      isDead: false,
      isLinkDown: false,
    }
    const result = host.addRoute(
      {
        prefix: DEFAULT_ROUTE,
        type: 'unicast',
        table: 254,
        tos: 0,
        metric: 0,
        protocol: 'boot',
        scope: 'global',
        nextHops: [hop],
      },
      'add',
    )
    if (!result.ok) throw new Error(`${result.errno} ${result.message}`)
  }
}

export const SERVER: Ipv4Address = parseIpv4('10.1.1.134')!
