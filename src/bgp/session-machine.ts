import { setup } from 'xstate'
import { type MachineRun, TransitionTable } from '../sim/transition-table.ts'
import type { PeerState } from './snapshot.ts'

/*
 * The connection state machine, RFC 4271 §8.2.2, as data; states and transitions are those of FRR's table (bgpd/bgp_fsm.c),
 * with its Clearing state after Established. KEEPALIVE and UPDATE in Established never come here. The machine is what people
 * read and tests check; connections are driven by its table.
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
  | 'start'
  | 'stop'
  | 'tcpOpen'
  | 'tcpOpenDelayed'
  | 'tcpClosed'
  | 'tcpFails'
  | 'connectRetryTimerExpires'
  | 'holdTimerExpires'
  | 'delayOpenTimerExpires'
  | 'openReceived'
  | 'keepaliveReceived'
  | 'updateReceived'
  | 'notificationReceived'
  | 'cleared'

const closeToIdle = { target: 'Idle', actions: 'closeConnection' } as const
const closeToActive = { target: 'Active', actions: 'closeConnection' } as const
const closeToClearing = { target: 'Clearing', actions: 'closeConnection' } as const
const errorToIdle = { target: 'Idle', actions: ['sendStateMachineError', 'closeConnection'] } as const
const exceptionToIdle = { target: 'Idle', actions: ['doubleStartDelay', 'closeConnection'] } as const

const sessionMachine = setup({
  types: { events: {} as { readonly type: SessionEvent } },
  actions: {
    enterIdle: () => {},
    beginConnecting: () => {},
    startConnectRetryTimer: () => {},
    sendOpen: () => {},
    startDelayOpenTimer: () => {},
    acceptOpen: () => {},
    establish: () => {},
    closeConnection: () => {},
    doubleStartDelay: () => {},
    sendHoldTimerExpired: () => {},
    sendStateMachineError: () => {},
    beginClearing: () => {},
  },
}).createMachine({
  id: 'bgp-session',
  initial: 'Idle',
  states: {
    Idle: {
      entry: 'enterIdle',
      on: {
        start: { target: 'Connect', actions: 'beginConnecting' },
        tcpOpen: { target: 'OpenSent', actions: 'sendOpen' },
      },
    },
    Connect: {
      entry: 'startConnectRetryTimer',
      on: {
        stop: closeToIdle,
        tcpOpen: { target: 'OpenSent', actions: 'sendOpen' },
        tcpOpenDelayed: { actions: 'startDelayOpenTimer' },
        tcpClosed: closeToIdle,
        tcpFails: closeToActive,
        connectRetryTimerExpires: {
          target: 'Connect',
          reenter: true,
          actions: ['closeConnection', 'beginConnecting'],
        },
        delayOpenTimerExpires: { target: 'OpenSent', actions: 'sendOpen' },
        openReceived: { target: 'OpenConfirm', actions: ['sendOpen', 'acceptOpen'] },
        holdTimerExpires: exceptionToIdle,
        keepaliveReceived: exceptionToIdle,
        updateReceived: exceptionToIdle,
        notificationReceived: closeToIdle,
      },
    },
    Active: {
      entry: 'startConnectRetryTimer',
      on: {
        stop: closeToIdle,
        tcpOpen: { target: 'OpenSent', actions: 'sendOpen' },
        tcpOpenDelayed: { actions: 'startDelayOpenTimer' },
        tcpClosed: closeToIdle,
        connectRetryTimerExpires: { target: 'Connect', actions: 'beginConnecting' },
        delayOpenTimerExpires: { target: 'OpenSent', actions: 'sendOpen' },
        openReceived: { target: 'OpenConfirm', actions: ['sendOpen', 'acceptOpen'] },
        holdTimerExpires: exceptionToIdle,
        keepaliveReceived: exceptionToIdle,
        updateReceived: exceptionToIdle,
        notificationReceived: exceptionToIdle,
      },
    },
    OpenSent: {
      on: {
        stop: closeToIdle,
        tcpClosed: closeToActive,
        tcpFails: closeToActive,
        holdTimerExpires: { target: 'Idle', actions: ['sendHoldTimerExpired', 'closeConnection'] },
        openReceived: { target: 'OpenConfirm', actions: 'acceptOpen' },
        keepaliveReceived: errorToIdle,
        updateReceived: errorToIdle,
        notificationReceived: { target: 'Idle', actions: ['doubleStartDelay', 'closeConnection'] },
      },
    },
    OpenConfirm: {
      on: {
        stop: closeToIdle,
        tcpClosed: closeToIdle,
        tcpFails: closeToIdle,
        holdTimerExpires: { target: 'Idle', actions: ['sendHoldTimerExpired', 'closeConnection'] },
        keepaliveReceived: { target: 'Established', actions: 'establish' },
        openReceived: errorToIdle,
        updateReceived: errorToIdle,
        notificationReceived: exceptionToIdle,
      },
    },
    Established: {
      on: {
        stop: closeToClearing,
        tcpClosed: closeToClearing,
        tcpFails: closeToClearing,
        openReceived: closeToClearing,
        holdTimerExpires: { target: 'Clearing', actions: ['sendHoldTimerExpired', 'closeConnection'] },
        notificationReceived: { target: 'Clearing', actions: ['doubleStartDelay', 'closeConnection'] },
      },
    },
    Clearing: {
      entry: 'beginClearing',
      on: { cleared: 'Idle' },
    },
  },
})

/** One connection's way through the machine. */
export type SessionRun = MachineRun<PeerState, SessionEvent, keyof SessionActions>

export const SESSION_TRANSITIONS = new TransitionTable<PeerState, SessionEvent, keyof SessionActions>(sessionMachine)
