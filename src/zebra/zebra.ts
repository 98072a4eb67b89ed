import type {
  BgpRoute,
  ConnectedNetwork,
  NextHopTracking,
  PrefixTracking,
  RedistributedRoute,
  RouteManager,
} from '../bgp/route-manager.ts'
import type { Host } from '../host/host.ts'
import type { Interface } from '../host/interface.ts'
import type { MonitorEvent } from '../host/monitor.ts'
import type { FrrVersion } from '../model/frr-version.ts'
import type { PolicyModel } from '../model/policy.ts'
import type { RouterInterfaceModel, StaticRouteModel, ZebraModel } from '../model/router.ts'
import type { Origin } from '../sim/origin.ts'
import { formatPrefix, type Ipv4Address, type Prefix, prefixOf } from '../wire/address.ts'
import { BgpRequests } from './bgp-requests.ts'
import { ConnectedNetworks } from './connected-networks.ts'
import { InterfaceConfiguration } from './interface-configuration.ts'
import { InterfaceWatcher } from './interface-watcher.ts'
import { Kernel } from './kernel.ts'
import { isOwnRoute, kernelPreference, kernelRouteRequest } from './kernel-routes.ts'
import { type NextHop, newNextHop } from './next-hop.ts'
import { NextHopGroups } from './next-hop-group.ts'
import { NextHopTracker } from './next-hop-tracker.ts'
import { PrefixTracker } from './prefix-tracker.ts'
import { applyProtocolRouteMap } from './protocol-route-map.ts'
import { Redistribution } from './redistribution.ts'
import { Rib } from './rib.ts'
import type { RibRow } from './rib-row.ts'
import { ribRows } from './rib-snapshot.ts'
import { RibTable } from './rib-table.ts'
import type { RibNode, RouteEntry, RouteRequest } from './route-entry.ts'
import { chooseRouterId } from './router-id.ts'
import { StaticRoutes } from './static-routes.ts'

export interface ZebraOptions {
  readonly host: Host
  readonly version: FrrVersion
  readonly model: ZebraModel
  readonly policy: PolicyModel
  /** Profile of the configuration. */
  readonly defaults: 'traditional' | 'datacenter'
}

/** IPv6 link-local networks take numbers of next-hop entries soon after the start: received and resolved form each. */
const LINK_LOCAL_IDS_PER_INTERFACE = 2
const LINK_LOCAL_DELAY_NS = 15_000_000

/**
 * A router's route manager, as FRR's zebra and staticd: protocols compete here, the winner enters the kernel.
 *
 * Differs from FRR: IPv6, VRFs, further tables and routing protocols other than bgp and static are not modelled.
 */
export class Zebra implements RouteManager {
  readonly #options: ZebraOptions
  readonly #origin: Origin
  readonly #kernel: Kernel
  readonly #groups: NextHopGroups
  readonly #table = new RibTable()
  readonly #rib: Rib
  readonly #tracker: NextHopTracker
  readonly #prefixTracker: PrefixTracker
  readonly #redistribution: Redistribution
  readonly #watcher: InterfaceWatcher
  readonly #statics: StaticRoutes
  readonly #configuration: InterfaceConfiguration
  readonly #routerIdListeners = new Set<(routerId: Ipv4Address) => void>()
  readonly #downListeners = new Set<(interfaceName: string) => void>()
  readonly #descriptions = new Map<string, string>()
  readonly #connected: ConnectedNetworks
  readonly #bgpRequests = new BgpRequests()
  #routerId = 0 as Ipv4Address
  #unsubscribe: (() => void) | undefined

  constructor(options: ZebraOptions) {
    const { host, model, version } = options
    const { simulator } = host
    this.#options = options
    this.#origin = simulator.origin(`zebra ${host.name}`)
    this.#kernel = new Kernel(host)
    const keepSeconds = model.nextHopGroupKeepSeconds
    const shared = { simulator, origin: this.#origin }
    const reinstallsAtInterfaceUp = version >= 805
    this.#groups = new NextHopGroups({ ...shared, sink: this.#kernel, keepSeconds, reinstallsAtInterfaceUp })
    this.#rib = this.#makeRib()
    const interfaceName = this.#interfaceName.bind(this)
    const resolvesViaDefault = model.resolveViaDefault
    this.#tracker = new NextHopTracker({ table: this.#table, resolvesViaDefault, interfaceName })
    this.#prefixTracker = new PrefixTracker(this.#table)
    this.#connected = new ConnectedNetworks(this.#table, interfaceName)
    this.#redistribution = new Redistribution(this.#table, interfaceName)
    this.#watcher = this.#makeWatcher()
    const isInterfaceUp = (index: number): boolean => this.#watcher.isUsable(index)
    this.#statics = new StaticRoutes({ host, rib: this.#rib, tracker: this.#tracker, isInterfaceUp })
    this.#configuration = new InterfaceConfiguration(host)
  }

  get version(): FrrVersion {
    return this.#options.version
  }

  /**
   * Learns interfaces, addresses and kernel routes that are there, and begins to listen. They are processed at once: the
   * configuration is read by a daemon that has been running for a while, and finds them in the table.
   */
  start(): void {
    const { host } = this.#options
    this.#unsubscribe ??= host.monitor.subscribe(
      event => this.#handle(event),
      () => this.#kernel.isWriting,
    )
    this.#watcher.start()
    for (const route of host.fib.routes()) {
      const request = isOwnRoute(route) ? undefined : kernelRouteRequest(route)
      if (request !== undefined) this.#rib.add([route.prefix], request)
    }
    this.#rib.processNow()
    this.#updateRouterId()
    host.simulator.schedule(this.#origin, LINK_LOCAL_DELAY_NS, () => this.#skipLinkLocalIds(), 'work')
  }

  /** Works on all requests that are waiting now, instead of in 10 ms. */
  processNow(): void {
    this.#rib.processNow()
  }

  /** Takes its routes out of the kernel and stops listening. */
  stop(): void {
    this.#unsubscribe?.()
    this.#unsubscribe = undefined
    for (const { prefix, node } of this.#table.sorted()) {
      const entry = node.fibEntry
      if (entry === undefined || (entry.request.protocol !== 'bgp' && entry.request.protocol !== 'static')) continue
      this.#kernel.removeRoute([prefix], entry)
    }
    this.#groups.stop()
  }

  /** Configures interfaces: addresses into the kernel, `shutdown`. Unknown interfaces are remembered. */
  applyInterfaces(interfaces: readonly RouterInterfaceModel[]): void {
    for (const { name, description } of interfaces) {
      if (description !== undefined) this.#descriptions.set(name, description)
    }
    this.#configuration.apply(interfaces)
  }

  /** Replaces the static routes. */
  applyStaticRoutes(routes: readonly StaticRouteModel[]): void {
    this.#statics.apply(routes)
  }

  /** Entries in the order of `show ip route`: by prefix, newest entry of a prefix first. */
  snapshotRib(filter: (row: RibRow) => boolean = () => true): readonly RibRow[] {
    return ribRows(this.#table, index => this.#interfaceName(index)).filter(filter)
  }

  /** `description` of an interface section; undefined without one. */
  interfaceDescription(name: string): string | undefined {
    return this.#descriptions.get(name)
  }

  get routerId(): Ipv4Address {
    return this.#routerId
  }

  onRouterIdChange(listener: (routerId: Ipv4Address) => void): () => void {
    this.#routerIdListeners.add(listener)
    return () => this.#routerIdListeners.delete(listener)
  }

  trackNextHop(
    address: Ipv4Address,
    options: { readonly connectedOnly: boolean },
    onChange: () => void,
  ): NextHopTracking {
    return this.#tracker.track(address, options.connectedOnly, onChange)
  }

  trackPrefix(prefix: Prefix, onChange: () => void): PrefixTracking {
    return this.#prefixTracker.track(prefix, onChange)
  }

  install(prefixes: readonly Prefix[], route: BgpRoute): void {
    this.#rib.add(prefixes, this.#bgpRequests.request(route))
  }

  withdraw(prefixes: readonly Prefix[]): void {
    this.#rib.remove(prefixes, isFromBgp)
  }

  redistribute(
    protocol: 'connected' | 'static' | 'kernel',
    onAdd: (route: RedistributedRoute) => void,
    onRemove: (prefix: Prefix) => void,
  ): { stop(): void } {
    return { stop: this.#redistribution.subscribe(protocol, onAdd, onRemove) }
  }

  connectedNetwork(address: Ipv4Address): ConnectedNetwork | undefined {
    return this.#connected.holding(address, this.#rib.connectedVersion)
  }

  onInterfaceDown(listener: (interfaceName: string) => void): () => void {
    this.#downListeners.add(listener)
    return () => this.#downListeners.delete(listener)
  }

  interfaceAddress(name: string, peer: Ipv4Address): Ipv4Address | undefined {
    const addresses = this.#options.host.interfaces.get(name)?.addresses ?? []
    const commonBits = (address: Ipv4Address): number => Math.clz32(address ^ peer)
    return addresses
      .filter(({ scope }) => scope === 'global')
      .map(({ address }) => address)
      .reduce<Ipv4Address | undefined>(
        (best, address) => (best === undefined || commonBits(address) > commonBits(best) ? address : best),
        undefined,
      )
  }

  #makeRib(): Rib {
    const { host, model, version } = this.#options
    return new Rib({
      simulator: host.simulator,
      origin: this.#origin,
      version,
      table: this.#table,
      groups: this.#groups,
      kernel: this.#kernel,
      resolution: {
        table: this.#table,
        resolvesViaDefault: model.resolveViaDefault,
        isInterfaceUp: (index, withCarrier) => {
          const device = host.interfaces.at(index)
          return device?.isUp === true && (device.hasCarrier || !withCarrier)
        },
        applyRouteMap: (prefix, request, nextHop) => this.#applyRouteMap(prefix, request, nextHop),
      },
      hasBgpRouteMap: model.protocolRouteMaps.has('bgp') || model.protocolRouteMaps.has('any'),
      isLoopback: index => host.interfaces.at(index)?.isLoopback === true,
      onAnswer: node => this.#answered(node),
      onDeselected: (node, old, next) => this.#redistribution.remove(node, old, next),
    })
  }

  /** The kernel has said what became of a route: whoever it may concern learns of it. */
  #answered(node: RibNode): void {
    const { host } = this.#options
    const { prefixes, fibEntry } = node
    const isRejected = fibEntry?.isRejected === true
    const isOfInterest =
      isRejected ||
      (fibEntry !== undefined && fibEntry.request.protocol !== 'bgp') ||
      this.#redistribution.concerns(node) ||
      this.#prefixTracker.concerns(node) ||
      this.#tracker.concerns(node)
    for (const prefix of isOfInterest ? prefixes : []) {
      if (isRejected) host.journal.record(host.name, 'zebra.rejected', { prefix: formatPrefix(prefix) })
      this.#redistribution.update(prefix, node)
      this.#prefixTracker.evaluate(prefix)
      this.#tracker.evaluate(prefix)
    }
  }

  #makeWatcher(): InterfaceWatcher {
    return new InterfaceWatcher({
      host: this.#options.host,
      onUp: device => this.#interfaceUp(device),
      onDown: device => this.#interfaceDown(device),
      onNetwork: (prefix, device, isPresent) => this.#setConnected('connected', prefix, device, isPresent),
      onAddress: (address, device, isPresent) => {
        if (this.version >= 1000) this.#setConnected('local', prefixOf(address.address, 32), device, isPresent)
        this.#updateRouterId()
      },
    })
  }

  #setConnected(protocol: 'connected' | 'local', prefix: Prefix, device: Interface, isPresent: boolean): void {
    if (!isPresent) {
      this.#rib.remove(
        [prefix],
        ({ request }) => request.protocol === protocol && request.nextHops[0]!.interfaceIndex === device.index,
      )
      return
    }
    const nextHop = newNextHop({
      type: 'interface',
      interfaceIndex: device.index,
      weight: this.version >= 1000 ? 1 : 0,
    })
    const common = { distance: 0, metric: 0, allowsRecursion: false, isKeyedByDistance: false }
    this.#rib.add([prefix], { protocol, ...common, nextHops: [nextHop] })
  }

  #handle(event: MonitorEvent): void {
    if (event.kind === 'link' || event.kind === 'address') {
      if (event.kind === 'link') {
        this.#connected.forget() // it may have another name
        this.#rib.reconsider('kernel')
      }
      this.#watcher.handle(event)
      if (event.kind === 'link' && !event.isRemoved) this.#configuration.interfaceAppeared(event.interface)
      return
    }
    if (event.kind !== 'route') return
    const { route } = event
    if (isOwnRoute(route)) {
      if (!event.added) this.#rib.reinstall(route.prefix)
      return
    }
    const request = kernelRouteRequest(route)
    if (request === undefined) return
    if (event.added) this.#rib.add([route.prefix], request)
    else
      this.#rib.remove(
        [route.prefix],
        ({ request: { protocol, metric } }) =>
          protocol === 'kernel' && metric === kernelPreference(route.metric).metric,
      )
  }

  #interfaceUp(device: Interface): void {
    this.#groups.interfaceUp(device.index)
    this.#statics.interfaceChanged(device.name)
    this.#updateRouterId()
  }

  #interfaceDown(device: Interface): void {
    this.#groups.interfaceDown(device.index)
    for (const listener of [...this.#downListeners]) listener(device.name)
    this.#statics.interfaceChanged(device.name)
    this.#updateRouterId()
  }

  #updateRouterId(): void {
    const { host, model } = this.#options
    const routerId = chooseRouterId(host, model.routerId, index => this.#watcher.isUsable(index))
    if (routerId === this.#routerId) return
    this.#routerId = routerId
    for (const listener of [...this.#routerIdListeners]) listener(routerId)
  }

  #applyRouteMap(
    prefix: Prefix,
    request: RouteRequest,
    nextHop: NextHop,
  ): { readonly source?: Ipv4Address } | undefined {
    const { model, policy } = this.#options
    const name = model.protocolRouteMaps.get(request.protocol) ?? model.protocolRouteMaps.get('any')
    if (name === undefined) return {}
    return applyProtocolRouteMap(policy, name, {
      prefix,
      protocol: request.protocol,
      gateway: nextHop.gateway,
      interface: this.#interfaceName(nextHop.interfaceIndex),
      metric: request.metric,
      tag: request.tag ?? 0,
    })
  }

  #skipLinkLocalIds(): void {
    for (const device of this.#options.host.interfaces) {
      if (!device.isLoopback && this.#watcher.isUsable(device.index)) this.#groups.skipIds(LINK_LOCAL_IDS_PER_INTERFACE)
    }
  }

  #interfaceName(index: number): string | undefined {
    return this.#options.host.interfaces.at(index)?.name
  }
}

function isFromBgp({ request }: RouteEntry): boolean {
  return request.protocol === 'bgp'
}
