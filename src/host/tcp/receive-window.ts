/**
 * The window a host advertises (tcp_select_initial_window, tcp_init_buffer_space, __tcp_select_window in net/ipv4).
 *
 * Programs of the simulator read at once, so the free space never changes.
 * Differs from Linux: no receive buffer autotuning, and no scaling ratio measured from arriving buffers (6.6 and later).
 */

/** tcp_adv_win_scale 1: half of the buffer is for data. */
function usableBytes(bufferBytes: number): number {
  return bufferBytes / 2
}

/** net.ipv4.tcp_rmem: least, first and largest receive buffer. */
export interface ReceiveMemory {
  readonly defaultBytes: number
  readonly maximumBytes: number
}

/** Window scale a host offers: so many bits that its largest buffer fits 16 bits. */
export function offeredWindowScale(memory: ReceiveMemory): number {
  return Math.min(Math.max(Math.floor(Math.log2(memory.maximumBytes)) - 15, 0), 14)
}

export class ReceiveWindow {
  /** Bytes advertised last. */
  #advertised: number
  /** RCV.NXT then. */
  #advertisedAt = 0
  #threshold: number
  #scale = 0
  readonly #free: number

  /** @param unitBytes the SYN's window is a multiple of it: the MSS, for a SYN-ACK less the timestamps */
  constructor(memory: ReceiveMemory, unitBytes: number) {
    this.#free = usableBytes(memory.defaultBytes)
    this.#advertised = this.#free > unitBytes ? Math.floor(this.#free / unitBytes) * unitBytes : this.#free
    this.#threshold = this.#advertised
  }

  /** The field of a SYN or SYN-ACK, which is never scaled. */
  get initialField(): number {
    return Math.min(this.#advertised, 0xffff)
  }

  /** Bytes that may still arrive beyond `next`. */
  room(next: number): number {
    return Math.max(0, this.#advertisedAt + this.#advertised - next)
  }

  /** RCV.NXT at the last advertisement: tells what is unacknowledged. */
  get advertisedAt(): number {
    return this.#advertisedAt
  }

  /** The handshake is over. @param scale bits, 0 when either side did not offer it */
  establish(next: number, scale: number, announcedMss: number): void {
    let clamp = this.#free
    if (clamp + announcedMss > this.#free) clamp = Math.max(2 * announcedMss, this.#free - announcedMss)
    this.#threshold = Math.min(this.#advertised, clamp)
    this.#scale = scale
    this.#advertisedAt = next
  }

  /** The window field of the next segment. The right edge never moves left: rounded up to the unit of the scale. */
  select(next: number): number {
    const unit = 1 << this.#scale
    const current = this.room(next)
    let window = Math.ceil(Math.min(this.#free, this.#threshold) / unit) * unit
    if (window < current) window = Math.ceil(current / unit) * unit
    if (this.#scale === 0) window = Math.min(window, 0xffff)
    this.#advertised = window
    this.#advertisedAt = next
    return Math.min(window >> this.#scale, 0xffff)
  }
}
