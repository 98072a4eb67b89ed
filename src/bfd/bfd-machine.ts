import { setup } from 'xstate'

/* The session state machine of RFC 5880 §6.2 and §6.8.6, as data. */

/** What the machine makes its owner do. */
export interface BfdActions {
  /** Up was entered. */
  comeUp(): void
  /** Up was left; `diagnostic` says why (RFC 5880 §4.1). */
  goDown(diagnostic: number): void
  /** Any state was entered: the neighbour is told at once. */
  tell(): void
}

export type BfdEvent =
  | { readonly type: 'down' }
  | { readonly type: 'init' }
  | { readonly type: 'up' }
  | { readonly type: 'adminDown' }
  | { readonly type: 'timeout' }

/** Diagnostics used: RFC 5880 §4.1. */
export const DIAGNOSTIC = { none: 0, detectionTimeExpired: 1, neighborDown: 3 } as const

type Arguments = { context: { readonly owner: BfdActions } }

const neighborIsDown = { target: 'down', actions: 'goDownByNeighbor' } as const

export const bfdMachine = setup({
  types: {
    context: {} as { readonly owner: BfdActions },
    events: {} as BfdEvent,
    input: {} as { readonly owner: BfdActions },
  },
  actions: {
    comeUp: ({ context }: Arguments) => context.owner.comeUp(),
    tell: ({ context }: Arguments) => context.owner.tell(),
    goDownByTimeout: ({ context }: Arguments) => context.owner.goDown(DIAGNOSTIC.detectionTimeExpired),
    goDownByNeighbor: ({ context }: Arguments) => context.owner.goDown(DIAGNOSTIC.neighborDown),
  },
}).createMachine({
  id: 'bfd-session',
  context: ({ input }) => input,
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
