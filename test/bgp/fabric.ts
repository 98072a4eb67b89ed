import { formatAsPath } from '../../src/bgp/as-path.ts'
import type { PathRow, PeerRow, PrefixRow } from '../../src/bgp/snapshot.ts'
import { Speaker } from '../../src/bgp/speaker.ts'
import { parseFrrConfig } from '../../src/config/frr/parse.ts'
import type { Host } from '../../src/host/host.ts'
import type { Cable } from '../../src/link/cable.ts'
import { Simulator } from '../../src/sim/simulator.ts'
import { formatIpv4 } from '../../src/wire/address.ts'
import { Zebra } from '../../src/zebra/zebra.ts'
import { ip, join, newHost, prefix } from '../support/two-hosts.ts'

/** FRR routers from their frr.conf texts. Cable N (from 1) joins two of them as 10.0.N.1 and 10.0.N.2; rN has 10.255.0.N on lo. */
export class Fabric {
  readonly simulator = new Simulator()
  readonly hosts = new Map<string, Host>()
  readonly speakers = new Map<string, Speaker>()
  readonly cables: Cable[] = []

  constructor(configs: Readonly<Record<string, string>>, links: readonly (readonly [string, string])[], version = 804) {
    for (const name of Object.keys(configs)) {
      const host = newHost(this.simulator, name)
      host.addAddress(host.loopback, { address: ip(`10.255.0.${name.slice(1)}`), length: 32 })
      host.sysctl.set('net.ipv4.ip_forward', '1')
      this.hosts.set(name, host)
    }
    const count = new Map<string, number>()
    for (const [index, [a, b]] of links.entries()) this.#link(a, b, index + 1, count)
    for (const [name, text] of Object.entries(configs)) this.#startRouter(name, text, version)
  }

  /** Runs until no work is left. */
  settle(seconds = 600): this {
    const outcome = this.simulator.runUntilQuiet(this.simulator.nowNs + seconds * 1e9)
    if (outcome !== 'quiet') throw new Error(`not settled: ${this.simulator.pendingWorkOrigins().join(', ')}`)
    return this
  }

  wait(seconds: number): this {
    this.simulator.runUntil(this.simulator.nowNs + Math.round(seconds * 1e9))
    return this
  }

  row(router: string, prefixText: string): PrefixRow | undefined {
    return this.speakers
      .get(router)!
      .snapshotTable()
      .prefixes.find(each => each.prefix === prefix(prefixText))
  }

  best(router: string, prefixText: string): PathRow | undefined {
    return this.row(router, prefixText)?.paths.find(path => path.isBest)
  }

  /** `nexthop [as path] lp=… med=…` of the best path. */
  bestText(router: string, prefixText: string): string {
    const best = this.best(router, prefixText)
    if (best === undefined) return 'none'
    const { nextHop, asPath, localPreference, med } = best.attributes
    const rest = [localPreference === undefined ? '' : ` lp=${localPreference}`, med === undefined ? '' : ` med=${med}`]
    return `${formatIpv4(nextHop)} [${formatAsPath(asPath)}]${rest.join('')}`
  }

  peer(router: string, address: string): PeerRow {
    return this.speakers
      .get(router)!
      .snapshotPeers()
      .peers.find(each => each.address === ip(address))!
  }

  #link(a: string, b: string, number: number, count: Map<string, number>): void {
    const next = (name: string): string => {
      count.set(name, (count.get(name) ?? 0) + 1)
      return `eth${count.get(name)}`
    }
    const [left, right, cable] = join(this.hosts.get(a)!, next(a), this.hosts.get(b)!, next(b))
    this.cables.push(cable)
    this.hosts.get(a)!.setInterfaceUp(left, true)
    this.hosts.get(b)!.setInterfaceUp(right, true)
    this.hosts.get(a)!.addAddress(left, { address: ip(`10.0.${number}.1`), length: 24 })
    this.hosts.get(b)!.addAddress(right, { address: ip(`10.0.${number}.2`), length: 24 })
  }

  #startRouter(name: string, text: string, version: number): void {
    const { model } = parseFrrConfig(text, { file: `${name}.conf`, version })
    const host = this.hosts.get(name)!
    if (model?.bgp === undefined) throw new Error(`${name} has no bgp`)
    const { policy, zebra: zebraModel, defaults } = model
    const zebra = new Zebra({ host, version, model: zebraModel, policy, defaults })
    const speaker = new Speaker({
      host,
      model: model.bgp,
      policy,
      routes: zebra,
      implementation: { kind: 'frr', version },
    })
    zebra.start()
    zebra.applyInterfaces(model.interfaces)
    zebra.applyStaticRoutes(model.staticRoutes)
    speaker.start()
    this.speakers.set(name, speaker)
  }
}

/** An frr.conf with one static blackhole per prefix, redistributed, and the neighbours `address as`. */
export function router(
  asn: number,
  id: number,
  neighbors: Readonly<Record<string, number>>,
  options: { prefixes?: readonly string[]; global?: string; family?: string; after?: string } = {},
): string {
  const statics = (options.prefixes ?? []).map(each => `ip route ${each} blackhole`)
  const peers = Object.entries(neighbors).map(([address, remote]) => ` neighbor ${address} remote-as ${remote}`)
  return [
    ...statics,
    `router bgp ${asn}`,
    ` bgp router-id ${id}.${id}.${id}.${id}`,
    ' no bgp ebgp-requires-policy',
    ...peers,
    options.global ?? '',
    ' address-family ipv4 unicast',
    ...(options.prefixes ?? []).map(each => `  network ${each}`),
    options.family ?? '',
    ' exit-address-family',
    'exit',
    options.after ?? '',
  ].join('\n')
}
