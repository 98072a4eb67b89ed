import { describeOscillation, type OscillationWatch, oscillationWatch } from '../bgp/oscillation.ts'
import type { RunOutcome, Simulator } from '../sim/simulator.ts'
import { formatDuration } from '../text/duration.ts'

/** Names of what is still at work, at most. */
const MOST_NAMES = 8

/**
 * A wait for a lab to settle: until only periodic work is left, or until it is known that this will never be. `end` ends it.
 */
export class Settling {
  readonly #simulator: Simulator
  readonly #oscillations: OscillationWatch

  constructor(simulator: Simulator) {
    this.#simulator = simulator
    this.#oscillations = oscillationWatch(simulator)
    this.#oscillations.start()
  }

  /** To be asked before every event. */
  get isOver(): boolean {
    return this.#simulator.pendingWork === 0 || this.#oscillations.found !== undefined
  }

  /** Whether routers choose in a circle. */
  get isOscillating(): boolean {
    return this.#oscillations.found !== undefined
  }

  /** Ends the wait. @returns why the lab has not settled, in lines; nothing when it has */
  end(outcome: RunOutcome, limitNs: number): readonly string[] {
    const { found } = this.#oscillations
    this.#oscillations.stop()
    if (found !== undefined) return describeOscillation(found)
    if (this.#simulator.pendingWork === 0) return []
    const names = this.#simulator.pendingWorkOrigins()
    const more = names.length > MOST_NAMES ? ' …' : ''
    const why =
      outcome === 'events' ? 'the limit of events is reached' : `not settled within ${formatDuration(limitNs)}`
    return [why, `still at work: ${names.slice(0, MOST_NAMES).join(', ')}${more}`]
  }
}
