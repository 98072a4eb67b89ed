/*
 * The helper's side of graceful restart (RFC 4724 §4.2, RFC 8538): when a peer that can restart gracefully goes away without
 * a word, its routes stay, marked stale, until it has sent them again or time is up. As FRR does it (bgpd/bgp_fsm.c bgp_stop,
 * bgp_establish; bgp_packet.c bgp_update_receive).
 * The helper leaves it to the peer to connect, measured on FRR 8.4.4. A restarting FRR 8.4.4 without `preserve-fw-state`
 * decides at once, without waiting for anybody's End-of-RIB (bgp_fsm.c bgp_update_gr_info).
 * Differs from FRR: with `preserve-fw-state` too a restarting speaker does not wait for the End-of-RIB of its peers (up to
 * 360 s) before it decides and announces.
 * Differs from GoBGP: a restarting speaker never waits.
 */
import { Timer } from '../sim/timer.ts'
import type { PeerConnection } from './peer-connection.ts'
import type { RouteTable } from './route-table.ts'
import type { Session } from './session.ts'
import type { SpeakerHost } from './transport.ts'

interface Waiting {
  /** The peer's restart time: no session by then, no routes. */
  readonly restart: Timer
  /** Own stale-path time: what has not come again by then goes. */
  readonly stale: Timer
}

/** Left of the timers that run. */
export interface RestartTimers {
  readonly restartNs?: number
  readonly staleNs?: number
}

export class GracefulRestart {
  readonly #host: SpeakerHost
  readonly #table: RouteTable
  readonly #stalePathSeconds: number
  readonly #waiting = new Map<Session, Waiting>()

  constructor(host: SpeakerHost, table: RouteTable, stalePathSeconds: number) {
    this.#host = host
    this.#table = table
    this.#stalePathSeconds = stalePathSeconds
  }

  /** Whether the routes of the session that has just ended stay. */
  keeps({ negotiated, lossIsGraceful }: PeerConnection): boolean {
    return lossIsGraceful && negotiated?.gracefulRestart !== undefined
  }

  /** Marks the routes of the lost session and begins to wait. */
  begin(session: Session, { negotiated }: PeerConnection): void {
    this.forget(session)
    this.#table.received.markStale(session)
    const timer = (action: () => void): Timer =>
      new Timer(this.#host.simulator, this.#host.origin, 'background', action)
    const waiting = {
      restart: timer(() => this.#restartIsOver(session)),
      stale: timer(() => this.#table.received.clearStale(session)),
    }
    // GoBGP dials all the same
    session.isRestartAwaited = session.speaker.behaviour.kind === 'frr'
    waiting.restart.restart((negotiated?.gracefulRestart?.restartSeconds ?? 0) * 1e9)
    waiting.stale.restart(this.#stalePathSeconds * 1e9)
    this.#waiting.set(session, waiting)
  }

  /** The session is up again: a peer that has lost its forwarding state, or restarts no more, loses the old routes at once. */
  resume(session: Session): void {
    const waiting = this.#waiting.get(session)
    if (waiting === undefined) return
    waiting.restart.stop()
    session.isRestartAwaited = false
    const restart = session.main.negotiated?.gracefulRestart
    if (restart?.forwards !== true) this.#table.received.clearStale(session)
    if (restart === undefined) this.forget(session)
  }

  /** End-of-RIB has come: what the peer did not send again is gone. The stale-path timer runs on all the same. */
  finish(session: Session): void {
    if (this.#waiting.has(session)) this.#table.received.clearStale(session)
  }

  timers(session: Session): RestartTimers {
    const waiting = this.#waiting.get(session)
    if (waiting === undefined) return {}
    const { restart, stale } = waiting
    return {
      ...(restart.isRunning ? { restartNs: restart.remainingNs } : {}),
      ...(stale.isRunning ? { staleNs: stale.remainingNs } : {}),
    }
  }

  /** Stops waiting; the routes are somebody else's matter. */
  forget(session: Session): void {
    const waiting = this.#waiting.get(session)
    waiting?.restart.stop()
    waiting?.stale.stop()
    this.#waiting.delete(session)
    session.isRestartAwaited = false
  }

  /** No session in time: the routes go, and the peer is dialled again. */
  #restartIsOver(session: Session): void {
    this.forget(session)
    this.#table.received.clearStale(session)
    session.main.dialAgain()
  }
}
