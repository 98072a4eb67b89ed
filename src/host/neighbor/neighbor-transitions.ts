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

/** [state][event]: undefined where nothing happens. Compiled once from the machine. */
export const NEIGHBOR_TRANSITIONS: readonly (readonly (NeighborTransition | undefined)[])[] = NEIGHBOR_STATES.map(
  value => NEIGHBOR_EVENTS.map(type => compile(value, type)),
)

function compile(value: NeighborStateName, type: NeighborEvent): NeighborTransition | undefined {
  const snapshot = neighborMachine.resolveState({ value })
  if (!snapshot.can({ type })) return undefined
  const [next, actions] = transition(neighborMachine, snapshot, { type })
  return { next: STATE[next.value as NeighborStateName], actions: actions.map(action => action.type as NeighborAction) }
}
