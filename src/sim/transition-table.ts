import { type AnyStateMachine, initialTransition, transition } from 'xstate'
import { assert } from '../assert.ts'

/** What an event does: the state that follows, and what is done on the way, in order. */
export interface Step<State extends string, Action extends string> {
  readonly next: State
  readonly actions: readonly Action[]
}

/**
 * The transitions of an xstate machine that has neither context nor guards nor nested states. xstate works each one out when
 * it is asked for the first time, and never again: a large fabric has tens of thousands of runs of the same few machines, so
 * that a transition must cost no more than a look-up and a run no more than the name of its state.
 */
export class TransitionTable<State extends string, Event extends string, Action extends string> {
  readonly #machine: AnyStateMachine
  readonly #steps: { [state in string]?: { [event in string]?: Step<State, Action> | null } } = {}
  #start: Step<State, Action> | undefined

  constructor(machine: AnyStateMachine) {
    this.#machine = machine
  }

  /** The first state and what is done when it is entered. */
  get start(): Step<State, Action> {
    this.#start ??= toStep(initialTransition(this.#machine))
    return this.#start
  }

  /** Undefined where the event means nothing. */
  step(state: State, event: Event): Step<State, Action> | undefined {
    const known = this.#steps[state]?.[event]
    return known === undefined ? this.#workOut(state, event) : (known ?? undefined)
  }

  #workOut(state: State, event: Event): Step<State, Action> | undefined {
    const from = this.#machine.resolveState({ value: state, context: {} })
    const step = from.can({ type: event })
      ? toStep<State, Action>(transition(this.#machine, from, { type: event }))
      : null
    const row = this.#steps[state] ?? {}
    row[event] = step
    this.#steps[state] = row
    return step ?? undefined
  }
}

/** One run of a machine: it is in a state, and its owner carries out what is to be done. */
export class MachineRun<State extends string, Event extends string, Action extends string> {
  readonly #table: TransitionTable<State, Event, Action>
  readonly #owner: Readonly<Record<Action, () => void>>
  /** While a transition is under way: what its actions sent, which comes after it. */
  #waiting: Event[] | undefined
  #isStopped = false
  #state: State

  constructor(table: TransitionTable<State, Event, Action>, owner: Readonly<Record<Action, () => void>>) {
    this.#table = table
    this.#owner = owner
    this.#state = table.start.next
  }

  /** During a transition the state that is being left. */
  get state(): State {
    return this.#state
  }

  /** Enters the first state. */
  start(): void {
    this.#carryOut(this.#table.start)
  }

  /** Something happens. A transition is over before the next one begins. */
  send(event: Event): void {
    if (this.#isStopped) return
    if (this.#waiting !== undefined) {
      this.#waiting.push(event)
      return
    }
    this.#carryOut(this.#table.step(this.#state, event))
  }

  /** Nothing happens any more; a transition that is under way ends. */
  stop(): void {
    this.#isStopped = true
  }

  #carryOut(first: Step<State, Action> | undefined): void {
    if (first === undefined) return
    const waiting: Event[] = []
    this.#waiting = waiting
    this.#take(first)
    for (const event of waiting) if (!this.#isStopped) this.#take(this.#table.step(this.#state, event))
    this.#waiting = undefined
  }

  #take(step: Step<State, Action> | undefined): void {
    if (step === undefined) return
    for (const action of step.actions) this.#owner[action]()
    this.#state = step.next
  }
}

function toStep<State extends string, Action extends string>([snapshot, actions]: readonly [
  { readonly value: unknown },
  readonly { readonly type: string }[],
]): Step<State, Action> {
  assert(typeof snapshot.value === 'string', 'a machine of nested states has no table')
  return { next: snapshot.value as State, actions: actions.map(action => action.type as Action) }
}
