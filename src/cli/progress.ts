import type { Lab } from '../lab/lab.ts'
import { StatusLine } from './status-line.ts'

/** Between two looks at what else happens to the program, and between two drawings, milliseconds. */
const BREATH_MS = 15
const REDRAW_MS = 200

/** A line on stderr that tells how far a long run is; only on a terminal. */
export class Progress {
  readonly #line = new StatusLine()
  #breathedMs = performance.now()
  #drawn = { atMs: performance.now(), nowNs: 0, events: 0 }

  /** To be called often; lets other events of the program happen and draws now and then. */
  async breathe(lab: Lab): Promise<void> {
    const nowMs = performance.now()
    if (nowMs - this.#breathedMs < BREATH_MS) return
    await new Promise<void>(resume => setImmediate(resume))
    this.#breathedMs = performance.now()
    if (nowMs - this.#drawn.atMs >= REDRAW_MS) this.#draw(lab, nowMs)
  }

  /** Takes the line away. */
  clear(): void {
    this.#line.clear()
  }

  #draw({ simulator }: Lab, atMs: number): void {
    const { nowNs, executedEvents: events } = simulator
    const before = this.#drawn
    this.#drawn = { atMs, nowNs, events }
    const seconds = (atMs - before.atMs) / 1000
    const atWork = simulator.pendingWorkOrigins().length
    const parts = [
      `${(nowNs / 1e9).toFixed(1)}s simulated`,
      `${Math.round((events - before.events) / seconds)} events/s`,
      atWork === 0 ? 'settled' : `${atWork} at work`,
      estimate((nowNs - before.nowNs) / seconds, simulator.deadlineNs - nowNs),
    ]
    this.#line.show(parts.filter(part => part !== '').join(', '))
  }
}

/** How long the run may still take at its present pace: a wait for a lab to settle may end long before. */
function estimate(nsPerSecond: number, leftNs: number): string {
  const seconds = leftNs / nsPerSecond
  return Number.isFinite(seconds) ? `at most ${Math.ceil(seconds)}s left` : ''
}
