import type { RunOutcome, Simulator } from '../sim/simulator.ts'

export interface ConductorOptions {
  /** Called now and then while a shell waits, so that the program can draw and hear Ctrl-C. */
  readonly breathe?: () => Promise<void>
  /** Events run only when somebody calls `advance`: shells then wait for that, and time can be stopped in their midst. */
  readonly isHeld?: boolean
}

/** A shell that goes on beside others. */
export class Job {
  /** Ctrl-C for all that it runs. */
  readonly interruption = new AbortController()
  /** Words of the command that runs now; undefined between two. */
  running: readonly string[] | undefined
}

interface Wait {
  readonly isOver: () => boolean
  readonly deadlineNs: number
  readonly resolve: (outcome: RunOutcome) => void
}

/** Events between two looks at what else the program has heard, Ctrl-C above all: those of a large lab take milliseconds each. */
export const EVENTS_PER_BREATH = 20

/**
 * Lets shells, which are asynchronous, live in the simulation, which is not. A shell that waits for something is woken
 * between two events, as soon as that has come, and no further event runs until it waits again or has ended. So what
 * shells do depends on simulated time alone, however often the run is stopped and resumed.
 */
export class Conductor {
  readonly #simulator: Simulator
  readonly #options: ConductorOptions
  #isHeld: boolean
  /** In the order in which they came. */
  readonly #waits: Wait[] = []
  /** What a job threw that nobody waits for: a mistake of ours. */
  #failure: { readonly thrown: unknown } | undefined
  /** Jobs that compute at this moment. */
  #computing = 0
  #onRest: (() => void)[] = []

  constructor(simulator: Simulator, options: ConductorOptions) {
    this.#simulator = simulator
    this.#options = options
    this.#isHeld = options.isHeld === true
  }

  /** From now on who waits without a job runs the events, as if it had never been held. */
  release(): void {
    this.#isHeld = false
  }

  /** Starts a job. It lives only while somebody waits without a job, or advances; what it throws is thrown there. */
  spawn(work: () => Promise<void>): void {
    this.#computing += 1
    work()
      .catch((thrown: unknown) => {
        this.#failure ??= { thrown }
      })
      .finally(() => this.#rest())
  }

  /**
   * Waits until something holds, which is looked at before every event, or until everything due up to an instant has run.
   * Whoever waits without a job runs the events meanwhile, unless the conductor is held.
   * @returns `quiet`: it holds
   */
  wait(isOver: () => boolean, deadlineNs: number, job: Job | undefined): Promise<RunOutcome> {
    if (job === undefined && !this.#isHeld) return this.#lead(isOver, deadlineNs)
    return new Promise(resolve => {
      this.#waits.push({ isOver, deadlineNs, resolve })
      this.#rest()
    })
  }

  /**
   * Runs events while `goOn()` holds, at most until the deadline, and wakes shells on the way. When it returns nobody who
   * could go on is asleep.
   */
  async advance(goOn: () => boolean, deadlineNs: number): Promise<RunOutcome> {
    const simulator = this.#simulator
    for (;;) {
      if (this.#computing > 0) await new Promise<void>(resolve => this.#onRest.push(resolve))
      if (this.#failure !== undefined) throw this.#failure.thrown
      if (this.#wake(wait => wait.isOver(), 'quiet')) continue
      if (!goOn()) return 'quiet'
      const limitNs = this.#waits.reduce((least, wait) => Math.min(least, wait.deadlineNs), deadlineNs)
      const outcome = simulator.runWhile(() => this.#computing === 0 && !this.#isSomeoneDue() && goOn(), limitNs)
      if (outcome === 'events') return outcome
      if (outcome === 'deadline' && !this.#wake(wait => wait.deadlineNs <= simulator.nowNs, 'deadline')) return outcome
    }
  }

  async #lead(isOver: () => boolean, deadlineNs: number): Promise<RunOutcome> {
    for (;;) {
      let left = EVENTS_PER_BREATH
      const outcome = await this.advance(() => !isOver() && left-- > 0, deadlineNs)
      if (outcome !== 'quiet' || isOver()) return outcome
      await this.#options.breathe?.()
    }
  }

  #isSomeoneDue(): boolean {
    for (const wait of this.#waits) if (wait.isOver()) return true
    return false
  }

  /** Wakes the first of whom it is true. */
  #wake(isDue: (wait: Wait) => boolean, outcome: RunOutcome): boolean {
    const index = this.#waits.findIndex(isDue)
    if (index < 0) return false
    const [wait] = this.#waits.splice(index, 1)
    this.#computing += 1
    wait!.resolve(outcome)
    return true
  }

  #rest(): void {
    this.#computing -= 1
    if (this.#computing > 0) return
    const waiting = this.#onRest
    this.#onRest = []
    for (const goOn of waiting) goOn()
  }
}
