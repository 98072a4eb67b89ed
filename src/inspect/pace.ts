/** Simulated seconds per second of wall time; Infinity: as fast as possible. */
export const SPEEDS: readonly number[] = [0.1, 0.25, 0.5, 1, 2, 5, 10, 60, 600, Number.POSITIVE_INFINITY]

/** Most wall time that one tick makes up for, so that a pause of the program is not followed by a jump, milliseconds. */
const LONGEST_TICK_MS = 250

/**
 * Turns wall time into simulated time while playing. It owns no timer: whoever draws asks at each tick how far to run.
 */
export class Pace {
  readonly #wallMs: () => number
  #speed: number
  #lastMs: number | undefined
  /** Parts of a nanosecond left over, so that slow speeds lose nothing. */
  #restNs = 0

  /** @param wallMs a steady clock, milliseconds */
  constructor(wallMs: () => number, speed = 1) {
    this.#wallMs = wallMs
    this.#speed = speed
  }

  get speed(): number {
    return this.#speed
  }

  set speed(speed: number) {
    this.#speed = speed
    this.#restNs = 0
  }

  get isPlaying(): boolean {
    return this.#lastMs !== undefined
  }

  play(): void {
    this.#lastMs ??= this.#wallMs()
  }

  pause(): void {
    this.#lastMs = undefined
    this.#restNs = 0
  }

  /** The next faster or slower of `SPEEDS`. */
  change(by: 1 | -1): void {
    const next = by === 1 ? SPEEDS.find(speed => speed > this.#speed) : SPEEDS.findLast(speed => speed < this.#speed)
    if (next !== undefined) this.speed = next
  }

  /**
   * How far to run now: the instant that is due. Call it once per tick; time counts from the call before.
   * @returns nanoseconds; `nowNs` when paused, Infinity at full speed
   */
  dueNs(nowNs: number): number {
    if (this.#lastMs === undefined) return nowNs
    const wallMs = this.#wallMs()
    const passedMs = Math.min(LONGEST_TICK_MS, Math.max(0, wallMs - this.#lastMs))
    this.#lastMs = wallMs
    if (this.#speed === Number.POSITIVE_INFINITY) return this.#speed
    const spanNs = passedMs * 1e6 * this.#speed + this.#restNs
    const whole = Math.floor(spanNs)
    this.#restNs = spanNs - whole
    return nowNs + whole
  }
}
