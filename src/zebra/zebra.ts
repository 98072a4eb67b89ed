import type {
  BgpRoute,
  ConnectedNetwork,
  NextHopTracking,
  PrefixTracking,
  RedistributedRoute,
  RouteManager,
} from '../bgp/route-manager.ts'
import type { Host } from '../host/host.ts'
import type { FrrVersion } from '../model/frr-version.ts'
import type { PolicyModel } from '../model/policy.ts'
import type { RouterInterfaceModel, StaticRouteModel, ZebraModel } from '../model/router.ts'
import type { Ipv4Address, Prefix } from '../wire/address.ts'
import type { RibRow } from './rib-row.ts'

export interface ZebraOptions {
  readonly host: Host
  readonly version: FrrVersion
  readonly model: ZebraModel
  readonly policy: PolicyModel
  /** Profile of the configuration. */
  readonly defaults: 'traditional' | 'datacenter'
}

/** A router's route manager, as FRR's zebra and staticd: protocols compete here, the winner enters the kernel. */
export class Zebra implements RouteManager {
  readonly #options: ZebraOptions

  constructor(options: ZebraOptions) {
    this.#options = options
  }

  get version(): FrrVersion {
    return this.#options.version
  }

  /** Learns interfaces, addresses and kernel routes that are there, and begins to listen. */
  start(): void {}

  /** Takes its routes out of the kernel and stops listening. */
  stop(): void {}

  /** Configures interfaces: addresses into the kernel, `shutdown`. Unknown interfaces are remembered. */
  applyInterfaces(_interfaces: readonly RouterInterfaceModel[]): void {}

  /** Replaces the static routes. */
  applyStaticRoutes(_routes: readonly StaticRouteModel[]): void {}

  /** Entries in the order of `show ip route`: by prefix, newest entry of a prefix first. */
  snapshotRib(_filter?: (row: RibRow) => boolean): readonly RibRow[] {
    return []
  }

  get routerId(): Ipv4Address {
    return 0 as Ipv4Address
  }

  onRouterIdChange(_listener: (routerId: Ipv4Address) => void): () => void {
    return () => {}
  }

  trackNextHop(_address: Ipv4Address, _options: { connectedOnly: boolean }, _onChange: () => void): NextHopTracking {
    return { isValid: false, metric: 0, isConnected: false, stop() {} }
  }

  trackPrefix(_prefix: Prefix, _onChange: () => void): PrefixTracking {
    return { isPresent: false, metric: 0, stop() {} }
  }

  install(_route: BgpRoute): void {}

  withdraw(_prefix: Prefix): void {}

  redistribute(
    _protocol: 'connected' | 'static' | 'kernel',
    _onAdd: (route: RedistributedRoute) => void,
    _onRemove: (prefix: Prefix) => void,
  ): { stop(): void } {
    return { stop() {} }
  }

  connectedNetwork(_address: Ipv4Address): ConnectedNetwork | undefined {
    return undefined
  }

  onInterfaceDown(_listener: (interfaceName: string) => void): () => void {
    return () => {}
  }

  interfaceAddress(_name: string): Ipv4Address | undefined {
    return undefined
  }
}
