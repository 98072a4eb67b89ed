/** Wall time before anything is shown, milliseconds. */
const QUIET_MS = 500

/** One line on stderr that is drawn over and over; only on a terminal. */
export class StatusLine {
  readonly #startedMs = performance.now()
  #isShown = false

  show(text: string): void {
    if (!process.stderr.isTTY || performance.now() - this.#startedMs < QUIET_MS) return
    this.#isShown = true
    process.stderr.write(`\r\x1b[K${text}`)
  }

  clear(): void {
    if (this.#isShown) process.stderr.write('\r\x1b[K')
    this.#isShown = false
  }
}
