import { transition } from 'xstate'
import { type NeighborEvent, neighborMachine } from './neighbor-machine.ts'

/** States in the order of their numbers; `none` is an entry before anything happened to it. */
export const NEIGHBOR_STATES = [
  'none',
  'incomplete',
  'reachable',
  'stale',
  'delay',
  'probe',
  'failed',
  'permanent',
  'noarp',
] as const

export type NeighborStateName = (typeof NEIGHBOR_STATES)[number]

/** Numbers of the states, for the packet path. */
export const STATE = {
  none: 0,
  incomplete: 1,
  reachable: 2,
  stale: 3,
  delay: 4,
  probe: 5,
  failed: 6,
  permanent: 7,
  noarp: 8,
} as const satisfies Record<NeighborStateName, number>

export const NEIGHBOR_EVENTS = [
  'packetIsSent',
  'timerFindsConfirmed',
  'timerFindsUsed',
  'timerFindsIdle',
  'timerFindsUnconfirmed',
  'timerRetransmits',
  'timerGivesUp',
  'reachabilityIsLearned',
  'addressIsLearned',
  'administratorSetsPermanent',
  'administratorSetsNoarp',
  'administratorSetsReachable',
  'administratorSetsStale',
  'administratorSetsDelay',
  'administratorSetsProbe',
  'administratorSetsFailed',
  'administratorSetsIncomplete',
] as const satisfies readonly NeighborEvent[]

/** Numbers of the events. */
export const EVENT = Object.fromEntries(NEIGHBOR_EVENTS.map((name, index) => [name, index])) as Record<
  NeighborEvent,
  number
>

export type NeighborAction =
  | 'startSolicitation'
  | 'startProbing'
  | 'sendRequest'
  | 'startRetransmitTimer'
  | 'startReachableTimer'
  | 'restartReachableTimer'
  | 'startDelayTimer'
  | 'stopTimer'
  | 'sendQueue'
  | 'failQueue'

/** One cell of the table. */
export interface NeighborTransition {
  readonly next: number
  readonly actions: readonly NeighborAction[]
}

/** By state and event: undefined where it has not been asked for, null where nothing happens. */
const KNOWN: (NeighborTransition | null | undefined)[][] = NEIGHBOR_STATES.map(() =>
  NEIGHBOR_EVENTS.map(() => undefined),
)

/** What an event does, worked out by xstate when it happens for the first time; undefined where nothing happens. */
export function neighborTransition(state: number, event: number): NeighborTransition | undefined {
  const row = KNOWN[state]!
  let known = row[event]
  if (known === undefined) {
    known = workOut(NEIGHBOR_STATES[state]!, NEIGHBOR_EVENTS[event]!)
    row[event] = known
  }
  return known ?? undefined
}

function workOut(value: NeighborStateName, type: NeighborEvent): NeighborTransition | null {
  const snapshot = neighborMachine.resolveState({ value })
  if (!snapshot.can({ type })) return null
  const [next, actions] = transition(neighborMachine, snapshot, { type })
  return { next: STATE[next.value as NeighborStateName], actions: actions.map(action => action.type as NeighborAction) }
}
