import { setup } from 'xstate'

/*
 * The connection state machine, RFC 4271 §8.2.2, as data; states and transitions are those of FRR's table (bgpd/bgp_fsm.c),
 * with its Clearing state after Established. KEEPALIVE and UPDATE in Established never come here.
 */

/** What the machine makes its owner do. */
export interface SessionActions {
  /** Idle was entered: all timers off, the start timer runs unless the peer is held back. */
  enterIdle(): void
  /** Tries to open the connection; answers with `tcpOpen` or `tcpFails`, now or later. */
  beginConnecting(): void
  startConnectRetryTimer(): void
  sendOpen(): void
  startDelayOpenTimer(): void
  acceptOpen(): void
  establish(): void
  /** Closes the connection and stops its timers; leaving Established drops the peer's routes. */
  closeConnection(): void
  /** The next start waits twice as long. */
  doubleStartDelay(): void
  sendHoldTimerExpired(): void
  /** NOTIFICATION 5 with the subcode of the state. */
  sendStateMachineError(): void
  beginClearing(): void
}

export type SessionEvent =
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  | { readonly type: 'tcpOpen' }
  | { readonly type: 'tcpOpenDelayed' }
  | { readonly type: 'tcpClosed' }
  | { readonly type: 'tcpFails' }
  | { readonly type: 'connectRetryTimerExpires' }
  | { readonly type: 'holdTimerExpires' }
  | { readonly type: 'delayOpenTimerExpires' }
  | { readonly type: 'openReceived' }
  | { readonly type: 'keepaliveReceived' }
  | { readonly type: 'updateReceived' }
  | { readonly type: 'notificationReceived' }
  | { readonly type: 'cleared' }

/** The machine's input and context: its owner. */
export interface SessionMachineContext {
  readonly owner: SessionActions
}

type Arguments = { context: SessionMachineContext }

const closeToIdle = { target: 'idle', actions: 'closeConnection' } as const
const closeToActive = { target: 'active', actions: 'closeConnection' } as const
const closeToClearing = { target: 'clearing', actions: 'closeConnection' } as const
const errorToIdle = { target: 'idle', actions: ['sendStateMachineError', 'closeConnection'] } as const
const exceptionToIdle = { target: 'idle', actions: ['doubleStartDelay', 'closeConnection'] } as const

export const sessionMachine = setup({
  types: {
    context: {} as SessionMachineContext,
    events: {} as SessionEvent,
    input: {} as SessionMachineContext,
  },
  actions: {
    enterIdle: ({ context }: Arguments) => context.owner.enterIdle(),
    beginConnecting: ({ context }: Arguments) => context.owner.beginConnecting(),
    startConnectRetryTimer: ({ context }: Arguments) => context.owner.startConnectRetryTimer(),
    sendOpen: ({ context }: Arguments) => context.owner.sendOpen(),
    startDelayOpenTimer: ({ context }: Arguments) => context.owner.startDelayOpenTimer(),
    acceptOpen: ({ context }: Arguments) => context.owner.acceptOpen(),
    establish: ({ context }: Arguments) => context.owner.establish(),
    closeConnection: ({ context }: Arguments) => context.owner.closeConnection(),
    doubleStartDelay: ({ context }: Arguments) => context.owner.doubleStartDelay(),
    sendHoldTimerExpired: ({ context }: Arguments) => context.owner.sendHoldTimerExpired(),
    sendStateMachineError: ({ context }: Arguments) => context.owner.sendStateMachineError(),
    beginClearing: ({ context }: Arguments) => context.owner.beginClearing(),
  },
}).createMachine({
  id: 'bgp-session',
  context: ({ input }) => input,
  initial: 'idle',
  states: {
    idle: {
      entry: 'enterIdle',
      on: {
        start: { target: 'connect', actions: 'beginConnecting' },
        tcpOpen: { target: 'openSent', actions: 'sendOpen' },
      },
    },
    connect: {
      entry: 'startConnectRetryTimer',
      on: {
        stop: closeToIdle,
        tcpOpen: { target: 'openSent', actions: 'sendOpen' },
        tcpOpenDelayed: { actions: 'startDelayOpenTimer' },
        tcpClosed: closeToIdle,
        tcpFails: closeToActive,
        connectRetryTimerExpires: {
          target: 'connect',
          reenter: true,
          actions: ['closeConnection', 'beginConnecting'],
        },
        delayOpenTimerExpires: { target: 'openSent', actions: 'sendOpen' },
        openReceived: { target: 'openConfirm', actions: ['sendOpen', 'acceptOpen'] },
        holdTimerExpires: exceptionToIdle,
        keepaliveReceived: exceptionToIdle,
        updateReceived: exceptionToIdle,
        notificationReceived: closeToIdle,
      },
    },
    active: {
      entry: 'startConnectRetryTimer',
      on: {
        stop: closeToIdle,
        tcpOpen: { target: 'openSent', actions: 'sendOpen' },
        tcpOpenDelayed: { actions: 'startDelayOpenTimer' },
        tcpClosed: closeToIdle,
        connectRetryTimerExpires: { target: 'connect', actions: 'beginConnecting' },
        delayOpenTimerExpires: { target: 'openSent', actions: 'sendOpen' },
        openReceived: { target: 'openConfirm', actions: ['sendOpen', 'acceptOpen'] },
        holdTimerExpires: exceptionToIdle,
        keepaliveReceived: exceptionToIdle,
        updateReceived: exceptionToIdle,
        notificationReceived: exceptionToIdle,
      },
    },
    openSent: {
      on: {
        stop: closeToIdle,
        tcpClosed: closeToActive,
        tcpFails: closeToActive,
        holdTimerExpires: { target: 'idle', actions: ['sendHoldTimerExpired', 'closeConnection'] },
        openReceived: { target: 'openConfirm', actions: 'acceptOpen' },
        keepaliveReceived: errorToIdle,
        updateReceived: errorToIdle,
        notificationReceived: { target: 'idle', actions: ['doubleStartDelay', 'closeConnection'] },
      },
    },
    openConfirm: {
      on: {
        stop: closeToIdle,
        tcpClosed: closeToIdle,
        tcpFails: closeToIdle,
        holdTimerExpires: { target: 'idle', actions: ['sendHoldTimerExpired', 'closeConnection'] },
        keepaliveReceived: { target: 'established', actions: 'establish' },
        openReceived: errorToIdle,
        updateReceived: errorToIdle,
        notificationReceived: exceptionToIdle,
      },
    },
    established: {
      on: {
        stop: closeToClearing,
        tcpClosed: closeToClearing,
        tcpFails: closeToClearing,
        openReceived: closeToClearing,
        holdTimerExpires: { target: 'clearing', actions: ['sendHoldTimerExpired', 'closeConnection'] },
        notificationReceived: { target: 'clearing', actions: ['doubleStartDelay', 'closeConnection'] },
      },
    },
    clearing: {
      entry: 'beginClearing',
      on: { cleared: 'idle' },
    },
  },
})
