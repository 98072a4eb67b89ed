import type { BgpModel } from '../model/bgp.ts'
import type { Random } from '../sim/random.ts'
import type { Ipv4Address } from '../wire/address.ts'
import type { BgpRouteRefresh, BgpUpdate } from '../wire/bgp/message.ts'
import type { ExportedRoute } from './export.ts'
import type { BgpBehaviour } from './implementation.ts'
import type { NextHopCache } from './next-hop.ts'
import type { OpenMessages } from './open-messages.ts'
import type { PeerConnection } from './peer-connection.ts'
import type { PrefixNumbers } from './prefix-numbers.ts'
import type { RouteManager } from './route-manager.ts'
import type { Session } from './session.ts'
import type { SpeakerHost } from './transport.ts'
import type { UpdateBurst } from './update-burst.ts'

/** What a session needs of its speaker. */
export interface SessionSpeaker {
  readonly host: SpeakerHost
  readonly model: BgpModel
  readonly behaviour: BgpBehaviour
  readonly routes: RouteManager
  readonly nextHops: NextHopCache
  readonly opens: OpenMessages
  readonly numbers: PrefixNumbers
  readonly random: Random
  readonly routerId: Ipv4Address
  readonly startedAtNs: number
  /** The hold after the start is over. */
  readonly isReleased: boolean
  nameOf(session: Session): string
  /** The next hop that the route shows to the peer. */
  nextHopFor(session: Session, route: ExportedRoute): Ipv4Address
  /** A peer structure was made (`extra`: stubs of accepted connections): the coalesce time is worked out anew. */
  onPeerStructure(extra: number): void
  onSessionUp(session: Session): void
  onSessionDown(session: Session, connection: PeerConnection): void
  receiveUpdate(session: Session, update: BgpUpdate): void
  receiveEchoes(session: Session, burst: UpdateBurst, from: number, to: number): boolean
  receiveRouteRefresh(session: Session, message: BgpRouteRefresh): void
  /** The route advertisement timer is over. */
  flush(session: Session): void
}
