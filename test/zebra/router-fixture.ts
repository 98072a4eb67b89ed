import { Host } from '../../src/host/host.ts'
import { EMPTY_POLICY, type PolicyModel } from '../../src/model/policy.ts'
import type { StaticRouteModel, ZebraModel } from '../../src/model/router.ts'
import { Simulator } from '../../src/sim/simulator.ts'
import {
  formatIpv4,
  formatPrefix,
  type Ipv4Address,
  type Prefix,
  parseIpv4,
  parsePrefix,
} from '../../src/wire/address.ts'
import type { RibNextHop, RibRow } from '../../src/zebra/rib-row.ts'
import { Zebra } from '../../src/zebra/zebra.ts'

export interface FixtureOptions {
  readonly version?: number
  readonly model?: Partial<ZebraModel>
  readonly policy?: Partial<PolicyModel>
}

/** A router with eth1 to eth4, 10.0.N.1/24 on ethN, and a running zebra. */
export class RouterFixture {
  readonly simulator = new Simulator()
  readonly host: Host
  readonly zebra: Zebra

  constructor(options: FixtureOptions = {}) {
    this.host = new Host({ name: 'r1', simulator: this.simulator, multipathSeed: 1 })
    for (let number = 1; number <= 4; number += 1) {
      const added = this.host.addDummy(`eth${number}`, 'dummy')
      if (!added.ok) throw new Error('no device')
      this.host.setInterfaceUp(added.interface, true)
      this.host.addAddress(added.interface, { address: address(`10.0.${number}.1`), length: 24 })
    }
    this.zebra = new Zebra({
      host: this.host,
      version: options.version ?? 804,
      model: { resolveViaDefault: false, nextHopGroupKeepSeconds: 180, protocolRouteMaps: new Map(), ...options.model },
      policy: { ...EMPTY_POLICY, ...options.policy },
      defaults: 'traditional',
    })
    this.zebra.start()
    this.settle()
  }

  /** Lets everything that is on its way happen; 100 ms. */
  settle(seconds = 0.1): void {
    this.simulator.runUntil(this.simulator.nowNs + seconds * 1e9)
  }

  setUp(name: string, up: boolean): void {
    this.host.setInterfaceUp(this.host.interfaces.get(name)!, up)
    this.settle()
  }

  /** bgpd installs a route; `pN` is 10.0.N.2. */
  bgp(prefixText: string, gateways: readonly string[], options: { recursive?: boolean; metric?: number } = {}): void {
    this.zebra.install([prefix(prefixText)], {
      kind: options.recursive === true ? 'ibgp' : 'ebgp',
      distance: options.recursive === true ? 200 : 20,
      metric: options.metric ?? 0,
      nextHops: gateways.map(gateway => ({ gateway: address(gateway.replace(/^p(\d)$/, '10.0.$1.2')), weight: 1 })),
      isRecursive: options.recursive === true,
    })
    this.settle()
  }

  withdraw(prefixText: string): void {
    this.zebra.withdraw([prefix(prefixText)])
    this.settle()
  }

  /** Replaces the static routes: `10.9.0.0/24 10.0.1.2`, `10.9.0.0/24 eth1`, `10.9.0.0/24 blackhole`, with a distance behind. */
  statics(...lines: readonly string[]): void {
    this.zebra.applyStaticRoutes(lines.map(staticRoute))
    this.settle()
  }

  /** Gateways of the kernel's route in its order; undefined without a route. */
  kernel(prefixText: string): readonly string[] | undefined {
    const route = this.host.fib.routesOf(prefix(prefixText))[0]
    if (route === undefined) return undefined
    if (route.type !== 'unicast') return [route.type]
    return route.nextHops.map(hop =>
      hop.gateway === undefined ? (hop.interface?.name ?? '?') : formatIpv4(hop.gateway),
    )
  }

  /** `show ip route` in short: `B>* 10.9.0.0/24 10.0.1.2`. */
  rows(prefixText: string): readonly string[] {
    return this.zebra.snapshotRib(row => row.prefix === prefix(prefixText)).map(shortRow)
  }
}

export function address(text: string): Ipv4Address {
  return parseIpv4(text)!
}

export function prefix(text: string): Prefix {
  return parsePrefix(text)!
}

function staticRoute(line: string): StaticRouteModel {
  const [prefixText, ...words] = line.split(' ')
  const gateway = words.map(parseIpv4).find(found => found !== undefined)
  const device = words.find(word => word.startsWith('eth'))
  const distance = words.find(word => /^\d+$/.test(word))
  return {
    prefix: prefix(prefixText!),
    type: words.includes('blackhole') ? 'blackhole' : words.includes('reject') ? 'unreachable' : 'unicast',
    distance: Number(distance ?? 1),
    onlink: words.includes('onlink'),
    source: { file: 'frr.conf', line: 1, column: 1 },
    ...(gateway === undefined ? {} : { gateway }),
    ...(device === undefined ? {} : { interface: device }),
  }
}

function shortRow(row: RibRow): string {
  const letter = { kernel: 'K', connected: 'C', local: 'L', static: 'S', bgp: 'B' }[row.protocol]
  const mark = row.isInstalled ? '*' : row.isRejected ? 'r' : ' '
  const hops = row.nextHops.map(shortHop).join(' ')
  return `${letter}${row.isSelected ? '>' : ' '}${mark} ${formatPrefix(row.prefix)} ${hops}`
}

function shortHop(hop: RibNextHop): string {
  const name = hop.gateway === undefined ? (hop.interface ?? hop.type) : formatIpv4(hop.gateway)
  const inner = hop.resolved.length === 0 ? '' : `(${hop.resolved.map(shortHop).join(' ')})`
  return `${name}${inner}${hop.isActive ? '' : '!'}`
}
