import type { BgpRoute } from '../../../src/bgp/route-manager.ts'
import { Host } from '../../../src/host/host.ts'
import { EMPTY_POLICY } from '../../../src/model/policy.ts'
import { Simulator } from '../../../src/sim/simulator.ts'
import { type Ipv4Address, type Prefix, prefixOf } from '../../../src/wire/address.ts'
import { Zebra } from '../../../src/zebra/zebra.ts'
import type { Benchmark, Sample } from '../benchmark.ts'
import { heapBytes, measurePhase, settle } from '../support/measure.ts'

const PREFIXES = 100_000
const GATEWAYS = 32
const FRR_8_4 = 804

/** A router alone, whose bgpd is a puppet: a route for each list of prefixes, through the same 32 gateways. */
export const routeInstallation: Benchmark = {
  name: 'route-installation',
  what: 'zebra and kernel of one router, without BGP: 100,000 prefixes get a route with 32 next hops, then one with 31, then none; then they return and a link dies',
  unit: 'prefixes',
  sizes: [1, 10].map(perRoute => ({ name: `${perRoute} per route`, run: () => install(perRoute) })),
}

async function install(perRoute: number): Promise<readonly Sample[]> {
  const { simulator, host, zebra } = makeRouter()
  const bursts = makeBursts(perRoute)
  const phase = async (name: string, run: () => void, heap?: number): Promise<Sample> => {
    const sample = await measurePhase(
      simulator,
      name,
      () => {
        run()
        settle(simulator)
      },
      heap,
    )
    return { ...sample, amount: PREFIXES }
  }
  const installAll = (gateways: number): void => {
    const nextHops = Array.from({ length: gateways }, (_, index) => ({ gateway: gatewayOf(index), weight: 1 }))
    for (const prefixes of bursts) zebra.install(prefixes, routeThrough(nextHops))
  }
  const samples = [
    await phase('install', () => installAll(GATEWAYS), heapBytes()),
    await phase('replace', () => installAll(GATEWAYS - 1)),
    await phase('withdraw', () => {
      for (const prefixes of bursts) zebra.withdraw(prefixes)
    }),
    await phase('install again', () => installAll(GATEWAYS)),
  ]
  const lost = await phase('link down', () => host.setInterfaceUp(host.interfaces.get('eth1')!, false))
  return [...samples, lost, await phase('replace after it', () => installAll(GATEWAYS - 1))]
}

function makeRouter() {
  const simulator = new Simulator()
  const host = new Host({ name: 'r1', simulator, multipathSeed: 1 })
  for (let index = 0; index < GATEWAYS; index += 1) {
    const added = host.addDummy(`eth${GATEWAYS - index}`, 'dummy')
    if (!added.ok) throw new Error('no device')
    host.setInterfaceUp(added.interface, true)
    host.addAddress(added.interface, { address: (gatewayOf(index) - 1) as Ipv4Address, length: 31 })
  }
  const zebra = new Zebra({
    host,
    version: FRR_8_4,
    model: { resolveViaDefault: false, nextHopGroupKeepSeconds: 180, protocolRouteMaps: new Map() },
    policy: EMPTY_POLICY,
    defaults: 'datacenter',
  })
  zebra.start()
  settle(simulator)
  return { simulator, host, zebra }
}

/** 10.0.0.1, 10.0.0.3 … */
function gatewayOf(index: number): Ipv4Address {
  return (0x0a000001 + 2 * index) as Ipv4Address
}

function makeBursts(perRoute: number): readonly (readonly Prefix[])[] {
  const bursts: Prefix[][] = []
  for (let index = 0; index < PREFIXES; index += 1) {
    if (index % perRoute === 0) bursts.push([])
    bursts.at(-1)!.push(prefixOf(0x14000000 + index * 256, 24))
  }
  return bursts
}

function routeThrough(nextHops: BgpRoute['nextHops']): BgpRoute {
  return { kind: 'ebgp', distance: 20, metric: 0, nextHops, isRecursive: false }
}
