/** While playing, how many times as long as it took to make is something shown before it is made again. */
const SHOWN_PER_COST = 4

/**
 * When something made from the lab must be made again: when the lab has changed. While it plays, which changes it with every
 * frame, what is dear to make is shown a little longer, so that large labs stay fluid.
 */
export class Freshness {
  readonly #wallMs: () => number
  #revision: number | undefined
  #madeAtMs = 0
  #costMs = 0

  /** @param wallMs a steady clock, milliseconds */
  constructor(wallMs: () => number) {
    this.#wallMs = wallMs
  }

  isOver(revision: number, isPlaying: boolean): boolean {
    if (revision === this.#revision) return false
    return !isPlaying || this.#wallMs() - this.#madeAtMs >= SHOWN_PER_COST * this.#costMs
  }

  /** Makes it, and takes note of what that cost. */
  measure<Made>(revision: number, make: () => Made): Made {
    const startMs = this.#wallMs()
    const made = make()
    this.#madeAtMs = this.#wallMs()
    this.#costMs = this.#madeAtMs - startMs
    this.#revision = revision
    return made
  }
}
