import { type Ipv4Address, UNSPECIFIED } from '../wire/address.ts'
import type { NextHopTracking, PrefixTracking, RouteManager } from './route-manager.ts'

const VALID: NextHopTracking = { isValid: true, metric: 0, isConnected: true, stop() {} }
const ABSENT: PrefixTracking = { isPresent: false, metric: 0, stop() {} }

/** A speaker without a routing table: every next hop counts as reachable and nothing is installed (GoBGP as a library). */
export class GobgpRouteManager implements RouteManager {
  readonly routerId: Ipv4Address = UNSPECIFIED

  onRouterIdChange(): () => void {
    return () => {}
  }

  trackNextHop(): NextHopTracking {
    return VALID
  }

  trackPrefix(): PrefixTracking {
    return ABSENT
  }

  install(): void {}

  withdraw(): void {}

  redistribute(): { stop(): void } {
    return { stop() {} }
  }

  connectedNetwork(): undefined {
    return undefined
  }

  onInterfaceDown(): () => void {
    return () => {}
  }

  interfaceAddress(): undefined {
    return undefined
  }
}
