import { setup } from 'xstate'
import { TransitionTable } from '../../sim/transition-table.ts'

/**
 * The connection states of RFC 9293 §3.3.2 as an xstate machine, and the table made from it.
 *
 * The machine is the statement that people read and that tests check; connections, of which there are many, are driven by
 * the table (an array look-up). LISTEN is no state here: a listener makes a connection for each SYN, as Linux does.
 * Data, windows and timers live in `connection.ts`; the actions name what it does.
 */
export const tcpMachine = setup({
  types: { events: {} as { type: TcpEvent } },
  actions: {
    sendSyn: () => {},
    sendSynAck: () => {},
    sendAck: () => {},
    queueFin: () => {},
    sendReset: () => {},
    notifyEstablished: () => {},
    notifyRemoteClose: () => {},
    notifyClosed: () => {},
    startFinWait2Timer: () => {},
    startTimeWaitTimer: () => {},
    release: () => {},
  },
}).createMachine({
  id: 'tcp',
  initial: 'closed',
  states: {
    closed: {
      on: {
        open: { target: 'syn-sent', actions: 'sendSyn' },
        synReceived: { target: 'syn-received', actions: 'sendSynAck' },
      },
    },
    'syn-sent': {
      on: {
        synAckReceived: { target: 'established', actions: ['sendAck', 'notifyEstablished'] },
        synReceived: { target: 'syn-received', actions: 'sendSynAck' },
        close: { target: 'closed', actions: 'release' },
        abort: { target: 'closed', actions: 'release' },
        fail: { target: 'closed', actions: ['release', 'notifyClosed'] },
      },
    },
    'syn-received': {
      on: {
        synReceived: { actions: 'sendSynAck' },
        ackOfSynReceived: { target: 'established', actions: 'notifyEstablished' },
        close: { target: 'fin-wait-1', actions: 'queueFin' },
        abort: { target: 'closed', actions: ['sendReset', 'release'] },
        fail: { target: 'closed', actions: ['release', 'notifyClosed'] },
      },
    },
    established: {
      on: {
        close: { target: 'fin-wait-1', actions: 'queueFin' },
        finReceived: { target: 'close-wait', actions: 'notifyRemoteClose' },
        abort: { target: 'closed', actions: ['sendReset', 'release'] },
        fail: { target: 'closed', actions: ['release', 'notifyClosed'] },
      },
    },
    'fin-wait-1': {
      on: {
        finAcknowledged: { target: 'fin-wait-2', actions: 'startFinWait2Timer' },
        finReceived: { target: 'closing', actions: 'sendAck' },
        abort: { target: 'closed', actions: ['sendReset', 'release'] },
        fail: { target: 'closed', actions: ['release', 'notifyClosed'] },
      },
    },
    'fin-wait-2': {
      on: {
        finReceived: { target: 'time-wait', actions: ['sendAck', 'startTimeWaitTimer', 'notifyClosed'] },
        abort: { target: 'closed', actions: ['sendReset', 'release'] },
        fail: { target: 'closed', actions: ['release', 'notifyClosed'] },
      },
    },
    'close-wait': {
      on: {
        close: { target: 'last-ack', actions: 'queueFin' },
        abort: { target: 'closed', actions: ['sendReset', 'release'] },
        fail: { target: 'closed', actions: ['release', 'notifyClosed'] },
      },
    },
    closing: {
      on: {
        finAcknowledged: { target: 'time-wait', actions: ['startTimeWaitTimer', 'notifyClosed'] },
        abort: { target: 'closed', actions: ['release'] },
        fail: { target: 'closed', actions: ['release', 'notifyClosed'] },
      },
    },
    'last-ack': {
      on: {
        finAcknowledged: { target: 'closed', actions: ['release', 'notifyClosed'] },
        abort: { target: 'closed', actions: ['release'] },
        fail: { target: 'closed', actions: ['release', 'notifyClosed'] },
      },
    },
    'time-wait': {
      on: {
        finReceived: { actions: ['sendAck', 'startTimeWaitTimer'] },
        timeWaitExpires: { target: 'closed', actions: 'release' },
        abort: { target: 'closed', actions: 'release' },
      },
    },
  },
})

/** States of RFC 9293 §3.3.2 without LISTEN, in the order of the table's rows. */
export const TCP_STATES = [
  'closed',
  'syn-sent',
  'syn-received',
  'established',
  'fin-wait-1',
  'fin-wait-2',
  'close-wait',
  'closing',
  'last-ack',
  'time-wait',
] as const
export type TcpState = (typeof TCP_STATES)[number]

/**
 * What happens to a connection. `fail` is every way in which it ends that this side did not ask for: a reset, a timeout, an
 * ICMP error, the kernel going away.
 */
export const TCP_EVENTS = [
  'open',
  'synReceived',
  'synAckReceived',
  'ackOfSynReceived',
  'finReceived',
  'finAcknowledged',
  'close',
  'abort',
  'fail',
  'timeWaitExpires',
] as const
export type TcpEvent = (typeof TCP_EVENTS)[number]

/** Names of the machine's actions, each a method of the connection. */
export type TcpAction =
  | 'sendSyn'
  | 'sendSynAck'
  | 'sendAck'
  | 'queueFin'
  | 'sendReset'
  | 'notifyEstablished'
  | 'notifyRemoteClose'
  | 'notifyClosed'
  | 'startFinWait2Timer'
  | 'startTimeWaitTimer'
  | 'release'

/** What each event does in each state. */
export const TCP_TRANSITIONS = new TransitionTable<TcpState, TcpEvent, TcpAction>(tcpMachine)
