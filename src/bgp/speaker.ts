import type { Host } from '../host/host.ts'
import type { BgpModel, BgpPeerModel } from '../model/bgp.ts'
import type { PolicyModel } from '../model/policy.ts'
import type { Ipv4Address, Prefix } from '../wire/address.ts'
import type { PathAttributes } from '../wire/bgp/attributes.ts'
import type { BgpImplementation } from './implementation.ts'
import type { RouteManager } from './route-manager.ts'
import type { NeighborRoutes, NextHopRow, PeersSnapshot, TableSnapshot } from './snapshot.ts'

export interface SpeakerOptions {
  readonly host: Host
  readonly model: BgpModel
  readonly policy: PolicyModel
  readonly routes: RouteManager
  readonly implementation: BgpImplementation
}

/** `clear bgp …`: hard resets the session; the soft forms re-run policy (in: from the stored copy, or by ROUTE-REFRESH). */
export type ClearHow = 'hard' | 'soft' | 'soft-in' | 'soft-out'

/** One BGP speaker on a host. */
export class Speaker {
  readonly #options: SpeakerOptions

  constructor(options: SpeakerOptions) {
    this.#options = options
  }

  get model(): BgpModel {
    return this.#options.model
  }

  /** Reads the configuration (at this instant) and begins. */
  start(): void {}

  /** Sends what the implementation sends at shutdown, and closes everything. */
  stop(): void {}

  /** Vanishes: connections are reset, nothing is said. */
  crash(): void {}

  /** Announces an own route (GoBGP's AddPath; Cilium's services). Own next hop unless the attributes say otherwise. */
  originate(_prefix: Prefix, _attributes?: Partial<PathAttributes>): void {}

  withdrawOriginated(_prefix: Prefix): void {}

  /** Adds a neighbour to a running speaker, or replaces its configuration. */
  addPeer(_model: BgpPeerModel): void {}

  removePeer(_address: Ipv4Address): void {}

  /** False when there is no such peer. */
  clear(_peer: Ipv4Address | '*', _how: ClearHow): boolean {
    return false
  }

  snapshotTable(): TableSnapshot {
    throw new Error('not built yet')
  }

  snapshotPeers(): PeersSnapshot {
    throw new Error('not built yet')
  }

  /** Undefined: no such peer, family not active, or not Established. */
  snapshotAdvertised(_peer: Ipv4Address): NeighborRoutes | undefined {
    return undefined
  }

  /** Undefined: no such peer or no `soft-reconfiguration inbound`. */
  snapshotReceived(_peer: Ipv4Address): NeighborRoutes | undefined {
    return undefined
  }

  snapshotNextHops(): readonly NextHopRow[] {
    return []
  }
}
