import type { Lab } from '../lab/lab.ts'

/** Wall time before anything is shown, and between two drawings, milliseconds. */
const QUIET_MS = 1000
const REDRAW_MS = 200

/** A line on stderr that tells how far a long run is; only on a terminal. */
export class Progress {
  readonly #startedMs = performance.now()
  #drawnMs = 0
  #isShown = false

  /** To be called often; lets other events of the program happen and draws now and then. */
  async breathe(lab: Lab): Promise<void> {
    await new Promise<void>(resume => setImmediate(resume))
    const nowMs = performance.now()
    if (!process.stderr.isTTY || nowMs - this.#startedMs < QUIET_MS || nowMs - this.#drawnMs < REDRAW_MS) return
    this.#drawnMs = nowMs
    this.#isShown = true
    const { nowNs, executedEvents } = lab.simulator
    const rate = Math.round(executedEvents / ((nowMs - this.#startedMs) / 1000))
    process.stderr.write(`\r\x1b[K${(nowNs / 1e9).toFixed(1)}s simulated, ${executedEvents} events, ${rate}/s`)
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#isShown) process.stderr.write('\r\x1b[K')
    this.#isShown = false
  }
}
