/**
 * Round-trip times and the retransmission timeout, RFC 6298 with Linux' constants (include/net/tcp.h, net/ipv4/tcp_timer.c).
 *
 * SYN retries are those of kernels before 6.5 (doubling from one second, six of them: 1, 3, 7, 15, 31, 63 s, over at 127 s),
 * because the windows this stack shows are theirs too; newer kernels begin with five gaps of one second.
 */
const MS = 1_000_000

/** TCP_RTO_MIN and TCP_RTO_MAX, nanoseconds. */
const RTO_MIN_NS = 200 * MS
const RTO_MAX_NS = 120_000 * MS

/** TCP_TIMEOUT_INIT: before the first measurement, for SYN and SYN-ACK. */
export const INITIAL_RTO_NS = 1000 * MS

/** net.ipv4.tcp_synack_retries: the last one at 31 s, over at 63 s. */
export const SYN_ACK_RETRIES = 5

/** How long an unanswered retransmission goes on: 15 doublings (net.ipv4.tcp_retries2), 8 once the program has closed. */
export const DATA_GIVE_UP_NS = 924_600 * MS
export const ORPHAN_GIVE_UP_NS = 102_200 * MS

/** Retransmissions after this many do not keep the lab unsettled any more. */
export const WORK_RETRANSMISSIONS = 3

/** TCP_FIN_TIMEOUT and TCP_TIMEWAIT_LEN. */
export const FIN_WAIT_2_NS = 60_000 * MS
/** How long TIME-WAIT lasts (TCP_TIMEWAIT_LEN, include/net/tcp.h). */
export const TIME_WAIT_NS = 60_000 * MS

/** Estimates the round trip of one connection. */
export class RoundTrip {
  /** Smoothed round-trip time, nanoseconds; undefined before the first sample. */
  smoothedNs: number | undefined
  #variationNs = 0

  /** Takes a measurement of a segment that was sent once (Karn's rule is the caller's). */
  sample(roundTripNs: number): void {
    if (this.smoothedNs === undefined) {
      this.smoothedNs = roundTripNs
      this.#variationNs = roundTripNs / 2
      return
    }
    this.#variationNs += (Math.abs(this.smoothedNs - roundTripNs) - this.#variationNs) / 4
    this.smoothedNs += (roundTripNs - this.smoothedNs) / 8
  }

  /** The timeout after `backoffs` doublings, integer nanoseconds. */
  timeoutNs(backoffs: number): number {
    const baseNs =
      this.smoothedNs === undefined ? INITIAL_RTO_NS : this.smoothedNs + Math.max(4 * this.#variationNs, RTO_MIN_NS)
    return Math.round(Math.min(baseNs * 2 ** Math.min(backoffs, 20), RTO_MAX_NS))
  }

  /** When the loss probe goes out (tcp_schedule_loss_probe): two round trips, room for a delayed ACK if one segment is out. */
  probeNs(segmentsInFlight: number): number {
    if (this.smoothedNs === undefined) return this.timeoutNs(0)
    const marginNs = segmentsInFlight === 1 ? RTO_MIN_NS : 8 * MS
    return Math.round(Math.min(2 * this.smoothedNs + marginNs, this.timeoutNs(0)))
  }
}
