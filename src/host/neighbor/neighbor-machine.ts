/**
 * Neighbour unreachability detection as Linux does it for ARP: the states of an entry, what happens to it and what it
 * then does. Data (addresses, instants, the queue) lives in `Neighbor`; which of two timer events happens is decided by
 * its instants in `expireTimer` (neighbor-timer.ts).
 *
 * Not modelled: the notice of a neighbour being a router, RFC 7048. Sources: RFC 4861 §7.3; Linux net/core/neighbour.c
 * (neigh_timer_handler, __neigh_event_send, __neigh_update).
 */
import { setup } from 'xstate'

/** What happens to an entry. */
export type NeighborEvent =
  /** A packet is to be sent to it. */
  | 'packetIsSent'
  /** REACHABLE or DELAY timer: it was confirmed recently enough. */
  | 'timerFindsConfirmed'
  /** REACHABLE timer: not confirmed, but used in the last delay time. */
  | 'timerFindsUsed'
  /** REACHABLE timer: neither confirmed nor used. */
  | 'timerFindsIdle'
  /** DELAY timer: no confirmation came. */
  | 'timerFindsUnconfirmed'
  /** INCOMPLETE or PROBE timer: requests are left. */
  | 'timerRetransmits'
  /** INCOMPLETE or PROBE timer: no request is left. */
  | 'timerGivesUp'
  /** A reply to us gave its MAC address. */
  | 'reachabilityIsLearned'
  /** A request or a broadcast gave a MAC address that is news. */
  | 'addressIsLearned'
  | 'administratorSetsPermanent'
  | 'administratorSetsNoarp'
  | 'administratorSetsReachable'
  | 'administratorSetsStale'
  | 'administratorSetsDelay'
  | 'administratorSetsProbe'
  | 'administratorSetsFailed'
  | 'administratorSetsIncomplete'

const machineSetup = setup({
  types: { events: {} as { type: NeighborEvent } },
  actions: {
    /** Broadcast requests are counted from the number of unicast ones, which are not sent. */
    startSolicitation: () => {},
    /** Unicast requests are counted from zero. */
    startProbing: () => {},
    sendRequest: () => {},
    startRetransmitTimer: () => {},
    startReachableTimer: () => {},
    /** Checks again when the last confirmation runs out. */
    restartReachableTimer: () => {},
    startDelayTimer: () => {},
    stopTimer: () => {},
    sendQueue: () => {},
    failQueue: () => {},
  },
})

const RESOLVE = { target: 'incomplete', actions: ['startSolicitation', 'startRetransmitTimer', 'sendRequest'] } as const
const VALID_FROM_UNKNOWN = {
  reachabilityIsLearned: { target: 'reachable', actions: ['startReachableTimer', 'sendQueue'] },
  addressIsLearned: { target: 'stale', actions: ['stopTimer', 'sendQueue'] },
} as const
const VALID_FROM_VALID = {
  reachabilityIsLearned: { target: 'reachable', actions: ['startReachableTimer'] },
  addressIsLearned: { target: 'stale', actions: ['stopTimer'] },
} as const

/** The machine of one neighbour entry. It is compiled to a table at start (neighbor-transitions.ts); no actors run. */
export const neighborMachine = machineSetup.createMachine({
  id: 'neighbor',
  initial: 'none',
  on: {
    administratorSetsPermanent: { target: '.permanent', actions: ['stopTimer', 'sendQueue'] },
    administratorSetsNoarp: { target: '.noarp', actions: ['stopTimer', 'sendQueue'] },
    administratorSetsReachable: { target: '.reachable', actions: ['startReachableTimer', 'sendQueue'] },
    administratorSetsStale: { target: '.stale', actions: ['stopTimer', 'sendQueue'] },
    administratorSetsDelay: { target: '.delay', actions: ['startDelayTimer', 'sendQueue'] },
    administratorSetsProbe: { target: '.probe', actions: ['startProbing', 'startRetransmitTimer', 'sendQueue'] },
    administratorSetsFailed: { target: '.failed', actions: ['stopTimer', 'failQueue'] },
    administratorSetsIncomplete: { target: '.incomplete', actions: ['startSolicitation', 'startRetransmitTimer'] },
  },
  states: {
    none: { on: { packetIsSent: RESOLVE, ...VALID_FROM_UNKNOWN } },
    incomplete: {
      on: {
        timerRetransmits: { target: 'incomplete', actions: ['startRetransmitTimer', 'sendRequest'] },
        timerGivesUp: { target: 'failed', actions: ['failQueue'] },
        ...VALID_FROM_UNKNOWN,
      },
    },
    reachable: {
      on: {
        timerFindsConfirmed: { target: 'reachable', actions: ['restartReachableTimer'] },
        timerFindsUsed: { target: 'delay', actions: ['startDelayTimer'] },
        timerFindsIdle: { target: 'stale' },
        addressIsLearned: VALID_FROM_VALID.addressIsLearned,
      },
    },
    stale: { on: { packetIsSent: { target: 'delay', actions: ['startDelayTimer'] }, ...VALID_FROM_VALID } },
    delay: {
      on: {
        timerFindsConfirmed: { target: 'reachable', actions: ['restartReachableTimer'] },
        timerFindsUnconfirmed: { target: 'probe', actions: ['startProbing', 'startRetransmitTimer', 'sendRequest'] },
        ...VALID_FROM_VALID,
      },
    },
    probe: {
      on: {
        timerRetransmits: { target: 'probe', actions: ['startRetransmitTimer', 'sendRequest'] },
        timerGivesUp: { target: 'failed', actions: ['failQueue'] },
        ...VALID_FROM_VALID,
      },
    },
    failed: { on: { packetIsSent: RESOLVE, ...VALID_FROM_UNKNOWN } },
    permanent: {},
    noarp: {},
  },
})
