/** Thrown out of a run by Ctrl-C. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

/** Hears Ctrl-C while something runs, in place of the sudden end it would be otherwise. A second one ends the program. */
export class Interruption {
  readonly #controller = new AbortController()
  readonly #hear = (): void => {
    process.off('SIGINT', this.#hear)
    this.#controller.abort()
  }

  constructor() {
    process.on('SIGINT', this.#hear)
  }

  /** Aborted once Ctrl-C was heard. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Interrupted when Ctrl-C was heard. */
  throwIfHeard(): void {
    if (this.signal.aborted) throw new Interrupted()
  }

  /** Hears no longer. */
  close(): void {
    process.off('SIGINT', this.#hear)
  }
}
