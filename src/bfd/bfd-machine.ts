import { setup } from 'xstate'
import { type MachineRun, TransitionTable } from '../sim/transition-table.ts'
import type { BfdState } from '../wire/bfd.ts'

/* The session state machine of RFC 5880 §6.2 and §6.8.6, as data. */

/** What the machine makes its owner do. */
export interface BfdActions {
  /** Up was entered. */
  comeUp(): void
  /** Up was left, or Init: nothing was heard for the detection time. */
  goDownByTimeout(): void
  /** The neighbour says that it is down. */
  goDownByNeighbor(): void
  /** Any state was entered: the neighbour is told at once. */
  tell(): void
}

export type BfdEvent = 'down' | 'init' | 'up' | 'adminDown' | 'timeout'

/** Diagnostics used: RFC 5880 §4.1. */
export const DIAGNOSTIC = { none: 0, detectionTimeExpired: 1, neighborDown: 3 } as const

const neighborIsDown = { target: 'down', actions: 'goDownByNeighbor' } as const

const bfdMachine = setup({
  types: { events: {} as { readonly type: BfdEvent } },
  actions: { comeUp: () => {}, tell: () => {}, goDownByTimeout: () => {}, goDownByNeighbor: () => {} },
}).createMachine({
  id: 'bfd-session',
  initial: 'down',
  states: {
    down: { on: { down: { target: 'init', actions: 'tell' }, init: { target: 'up', actions: ['comeUp', 'tell'] } } },
    init: {
      on: {
        init: { target: 'up', actions: ['comeUp', 'tell'] },
        up: { target: 'up', actions: ['comeUp', 'tell'] },
        adminDown: neighborIsDown,
        timeout: { target: 'down', actions: 'goDownByTimeout' },
      },
    },
    up: {
      on: {
        down: neighborIsDown,
        adminDown: neighborIsDown,
        timeout: { target: 'down', actions: 'goDownByTimeout' },
      },
    },
  },
})

/** The states are named as packets name them. */
type State = Exclude<BfdState, 'admin-down'>

/** One session's way through the machine. */
export type BfdRun = MachineRun<State, BfdEvent, keyof BfdActions>

export const BFD_TRANSITIONS = new TransitionTable<State, BfdEvent, keyof BfdActions>(bfdMachine)
