import type { Origin } from './origin.ts'
import type { Simulator } from './simulator.ts'
import { Timer } from './timer.ts'

/**
 * What a coroutine waits for: a span of time, or a signal. With both, whichever comes first; the value sent back into
 * the generator says which.
 */
interface Wait {
  readonly sleepNs?: number
  readonly signal?: Signal
}

/** `signal`: the signal came; `time`: the span is over; `interrupt`: somebody pressed Ctrl-C. */
type Wake = 'signal' | 'time' | 'interrupt'

/** A command or program that takes simulated time: `const why = yield { sleepNs: 1e9 }`. Returns its result. */
export type Coroutine<Result> = Generator<Wait, Result, Wake>

/** Something that can be waited for. `notify` wakes all who wait now; it keeps no memory. */
export class Signal {
  readonly #waiters = new Set<() => void>()

  notify(): void {
    const waiters = [...this.#waiters]
    this.#waiters.clear()
    for (const wake of waiters) wake()
  }

  /** Calls `wake` once at the next notification. Returns the function that stops waiting. */
  wait(wake: () => void): () => void {
    this.#waiters.add(wake)
    return () => this.#waiters.delete(wake)
  }
}

/** A running coroutine. */
export interface Task<Result> {
  /** The result once it has ended. */
  readonly result: Result | undefined
  readonly isDone: boolean
  /** Notified when it ends. */
  readonly done: Signal
  /** Wakes it with `interrupt`, as Ctrl-C would. */
  interrupt(): void
}

/** Starts a coroutine now; it runs inside the simulation's events until it returns. Its waits count as work. */
export function startCoroutine<Result>(
  simulator: Simulator,
  origin: Origin,
  coroutine: Coroutine<Result>,
): Task<Result> {
  const done = new Signal()
  const state: { result: Result | undefined; isDone: boolean } = { result: undefined, isDone: false }
  let stopWaiting: () => void = () => {}
  const timer = new Timer(simulator, origin, 'work', () => resume('time'))

  function resume(wake: Wake): void {
    stopWaiting()
    timer.stop()
    const step = coroutine.next(wake)
    if (step.done) {
      state.result = step.value
      state.isDone = true
      done.notify()
      return
    }
    const wait = step.value
    if (wait.sleepNs !== undefined) timer.restart(Math.round(wait.sleepNs))
    stopWaiting = wait.signal === undefined ? () => {} : wait.signal.wait(() => resume('signal'))
  }

  resume('time')
  return {
    get result() {
      return state.result
    },
    get isDone() {
      return state.isDone
    },
    done,
    interrupt() {
      if (!state.isDone) resume('interrupt')
    },
  }
}

/** Waits inside one coroutine for another to end. */
export function* join<Result>(task: Task<Result>): Coroutine<Result> {
  while (!task.isDone) {
    const wake = yield { signal: task.done }
    if (wake === 'interrupt') task.interrupt()
  }
  return task.result as Result
}
