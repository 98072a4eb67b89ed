/**
 * Congestion control, in segments: slow start and congestion avoidance of RFC 5681, NewReno's recovery of RFC 6582.
 *
 * Differs from Linux: Reno instead of CUBIC; the growth beyond the first losses is slower on long fat paths.
 */

/** TCP_INIT_CWND, RFC 6928. */
const INITIAL_WINDOW_SEGMENTS = 10

export class Congestion {
  windowSegments = INITIAL_WINDOW_SEGMENTS
  thresholdSegments = Number.POSITIVE_INFINITY
  /** Recovery lasts until this position is acknowledged; undefined outside of it. */
  recoverUntil: number | undefined
  duplicates = 0

  /** New data was acknowledged. @param isLimited whether the window was in use, so that growth means something */
  acknowledge(segments: number, isLimited: boolean): void {
    this.duplicates = 0
    if (this.recoverUntil !== undefined || !isLimited) return
    if (this.windowSegments < this.thresholdSegments) this.windowSegments += segments
    else this.windowSegments += segments / this.windowSegments
  }

  /** The third duplicate: halve, and keep the three that have left the network in mind. */
  startRecovery(flightSegments: number, until: number): void {
    this.thresholdSegments = Math.max(flightSegments / 2, 2)
    this.windowSegments = this.thresholdSegments + 3
    this.recoverUntil = until
  }

  /** Ends recovery once all of its time is acknowledged; a partial ACK (RFC 6582) says that more was lost. */
  endRecoveryAt(acknowledged: number): 'none' | 'partial' | 'ended' {
    if (this.recoverUntil === undefined) return 'none'
    if (acknowledged < this.recoverUntil) return 'partial'
    this.recoverUntil = undefined
    this.windowSegments = Math.min(this.windowSegments, this.thresholdSegments)
    return 'ended'
  }

  /** The retransmission timer went off. */
  collapse(flightSegments: number): void {
    this.thresholdSegments = Math.max(flightSegments / 2, 2)
    this.windowSegments = 1
    this.recoverUntil = undefined
    this.duplicates = 0
  }

  /** Idle longer than the timeout: start as at first (net.ipv4.tcp_slow_start_after_idle). */
  restartAfterIdle(): void {
    this.windowSegments = Math.min(this.windowSegments, INITIAL_WINDOW_SEGMENTS)
  }
}
