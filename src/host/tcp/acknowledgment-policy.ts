/**
 * When an ACK leaves by itself: quick acknowledgments first, then delayed ones (tcp_event_data_recv, __tcp_ack_snd_check,
 * tcp_measure_rcv_mss in net/ipv4/tcp_input.c; tcp_cleanup_rbuf in tcp.c; tcp_send_delayed_ack in tcp_output.c).
 *
 * The threshold of "pingpong" mode is 1, as measured on 6.18: one answer within the ATO ends quick acknowledgment.
 */
const MS = 1_000_000

/** TCP_ATO_MIN and TCP_DELACK_MAX. */
const ATO_MIN_NS = 40 * MS
const DELAY_MAX_NS = 200 * MS
const QUICK_MAX = 16

/** TCP_MSS_DEFAULT: first guess of what the other side sends. */
const FIRST_MSS_ESTIMATE = 536

export class AcknowledgmentPolicy {
  /** Something received waits for its ACK. */
  isScheduled = false
  #quick = 0
  #isPingpong = false
  #atoNs = 0
  #lastDataNs = 0
  #estimatedMss = FIRST_MSS_ESTIMATE
  /** Small segments since the last ACK: 0, 1, or 2 for more. */
  #pushed = 0

  /** Data came in order. */
  receiveData(bytes: number, nowNs: number, windowBytes: number, announcedMss: number, timeoutNs: number): void {
    this.isScheduled = true
    this.#measure(bytes, announcedMss)
    if (this.#atoNs === 0) {
      this.#addQuick(windowBytes)
      this.#atoNs = ATO_MIN_NS
    } else {
      const gapNs = nowNs - this.#lastDataNs
      if (gapNs <= ATO_MIN_NS / 2) this.#atoNs = this.#atoNs / 2 + ATO_MIN_NS / 2
      else if (gapNs < this.#atoNs) this.#atoNs = Math.min(this.#atoNs / 2 + gapNs, timeoutNs)
      else if (gapNs > timeoutNs) this.#addQuick(windowBytes)
    }
    this.#lastDataNs = nowNs
  }

  /** A FIN came: the program's close usually brings the ACK along. */
  receiveFin(): void {
    this.isScheduled = true
    this.#isPingpong = true
  }

  /** Something out of order or repeated came: back to quick mode (tcp_enter_quickack_mode). */
  enterQuickMode(windowBytes: number): void {
    this.#addQuick(windowBytes)
    this.#isPingpong = false
    this.#atoNs = ATO_MIN_NS
  }

  /** Whether the ACK leaves now. @param unacknowledgedBytes received since the last ACK */
  isDue(unacknowledgedBytes: number): boolean {
    if (!this.isScheduled) return false
    if (this.#quick > 0 && !this.#isPingpong) return true
    return unacknowledgedBytes > this.#estimatedMss || this.#pushed === 2 || (this.#pushed === 1 && !this.#isPingpong)
  }

  /** How long the ACK may wait, nanoseconds. */
  delayNs(smoothedNs: number | undefined): number {
    const limitNs = smoothedNs === undefined ? DELAY_MAX_NS : Math.min(Math.max(smoothedNs, ATO_MIN_NS), DELAY_MAX_NS)
    return Math.round(Math.max(ATO_MIN_NS, Math.min(this.#atoNs, limitNs)))
  }

  /** The delay is over without an answer that would have carried the ACK. */
  expire(timeoutNs: number): void {
    if (this.#isPingpong) {
      this.#isPingpong = false
      this.#atoNs = ATO_MIN_NS
    } else {
      this.#atoNs = Math.min(2 * this.#atoNs, timeoutNs)
    }
  }

  /** A segment with an ACK has left. */
  sent(): void {
    this.isScheduled = false
    this.#pushed = 0
    if (this.#quick > 0) {
      this.#quick -= 1
      if (this.#quick === 0) this.#atoNs = ATO_MIN_NS
    }
  }

  /** Data has left: an answer soon after what came last means a dialogue. */
  sentData(nowNs: number): void {
    if (nowNs - this.#lastDataNs < this.#atoNs) this.#isPingpong = true
  }

  #measure(bytes: number, announcedMss: number): void {
    if (bytes >= this.#estimatedMss) this.#estimatedMss = Math.min(bytes, announcedMss)
    else this.#pushed = Math.min(this.#pushed + 1, 2)
  }

  #addQuick(windowBytes: number): void {
    const quota = Math.min(Math.max(Math.floor(windowBytes / (2 * this.#estimatedMss)), 2), QUICK_MAX)
    this.#quick = Math.max(this.#quick, quota)
  }
}
