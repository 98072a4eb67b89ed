import { describe, expect, it } from 'vitest'
import { createActor } from 'xstate'
import { type SessionActions, type SessionEvent, sessionMachine } from '../../src/bgp/session-machine.ts'

const NAMES: readonly (keyof SessionActions)[] = [
  'enterIdle',
  'beginConnecting',
  'startConnectRetryTimer',
  'sendOpen',
  'startDelayOpenTimer',
  'acceptOpen',
  'establish',
  'closeConnection',
  'doubleStartDelay',
  'sendHoldTimerExpired',
  'sendStateMachineError',
  'beginClearing',
]

const PATHS: Readonly<Record<string, readonly SessionEvent['type'][]>> = {
  idle: [],
  connect: ['start'],
  active: ['start', 'tcpFails'],
  openSent: ['start', 'tcpOpen'],
  openConfirm: ['start', 'tcpOpen', 'openReceived'],
  established: ['start', 'tcpOpen', 'openReceived', 'keepaliveReceived'],
  clearing: ['start', 'tcpOpen', 'openReceived', 'keepaliveReceived', 'stop'],
}

/** RFC 4271 §8.2.2 with FRR's Clearing state: from, event, to, what is done. */
const ROWS: readonly [string, SessionEvent['type'], string, readonly (keyof SessionActions)[]][] = [
  ['idle', 'start', 'connect', ['beginConnecting', 'startConnectRetryTimer']],
  ['idle', 'keepaliveReceived', 'idle', []],
  ['connect', 'tcpOpen', 'openSent', ['sendOpen']],
  ['connect', 'tcpOpenDelayed', 'connect', ['startDelayOpenTimer']],
  ['connect', 'delayOpenTimerExpires', 'openSent', ['sendOpen']],
  ['connect', 'tcpFails', 'active', ['closeConnection', 'startConnectRetryTimer']],
  ['connect', 'connectRetryTimerExpires', 'connect', ['closeConnection', 'beginConnecting', 'startConnectRetryTimer']],
  ['connect', 'stop', 'idle', ['closeConnection', 'enterIdle']],
  ['connect', 'openReceived', 'openConfirm', ['sendOpen', 'acceptOpen']],
  ['active', 'connectRetryTimerExpires', 'connect', ['beginConnecting', 'startConnectRetryTimer']],
  ['active', 'tcpOpen', 'openSent', ['sendOpen']],
  ['active', 'updateReceived', 'idle', ['doubleStartDelay', 'closeConnection', 'enterIdle']],
  ['openSent', 'openReceived', 'openConfirm', ['acceptOpen']],
  ['openSent', 'tcpClosed', 'active', ['closeConnection', 'startConnectRetryTimer']],
  ['openSent', 'holdTimerExpires', 'idle', ['sendHoldTimerExpired', 'closeConnection', 'enterIdle']],
  ['openSent', 'keepaliveReceived', 'idle', ['sendStateMachineError', 'closeConnection', 'enterIdle']],
  ['openSent', 'updateReceived', 'idle', ['sendStateMachineError', 'closeConnection', 'enterIdle']],
  ['openSent', 'notificationReceived', 'idle', ['doubleStartDelay', 'closeConnection', 'enterIdle']],
  ['openConfirm', 'keepaliveReceived', 'established', ['establish']],
  ['openConfirm', 'tcpClosed', 'idle', ['closeConnection', 'enterIdle']],
  ['openConfirm', 'updateReceived', 'idle', ['sendStateMachineError', 'closeConnection', 'enterIdle']],
  ['openConfirm', 'notificationReceived', 'idle', ['doubleStartDelay', 'closeConnection', 'enterIdle']],
  ['established', 'stop', 'clearing', ['closeConnection', 'beginClearing']],
  ['established', 'tcpClosed', 'clearing', ['closeConnection', 'beginClearing']],
  ['established', 'holdTimerExpires', 'clearing', ['sendHoldTimerExpired', 'closeConnection', 'beginClearing']],
  ['established', 'notificationReceived', 'clearing', ['doubleStartDelay', 'closeConnection', 'beginClearing']],
  ['clearing', 'cleared', 'idle', ['enterIdle']],
  ['clearing', 'tcpOpen', 'clearing', []],
]

describe('connection machine (RFC 4271 §8)', () => {
  it.each(ROWS)('in %s on %s goes to %s', (from, event, to, actions) => {
    const done: string[] = []
    const owner = Object.fromEntries(NAMES.map(name => [name, () => done.push(name)])) as unknown as SessionActions
    const actor = createActor(sessionMachine, { input: { owner } }).start()
    for (const type of PATHS[from]!) actor.send({ type })
    expect(actor.getSnapshot().value).toBe(from)
    done.length = 0
    actor.send({ type: event })
    expect(actor.getSnapshot().value).toBe(to)
    expect(done).toEqual(actions)
  })
})
