import { describe, expect, it } from 'vitest'
import { SESSION_TRANSITIONS, type SessionActions, type SessionEvent } from '../../src/bgp/session-machine.ts'
import { MachineRun } from '../../src/sim/transition-table.ts'

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

const PATHS: Readonly<Record<string, readonly SessionEvent[]>> = {
  Idle: [],
  Connect: ['start'],
  Active: ['start', 'tcpFails'],
  OpenSent: ['start', 'tcpOpen'],
  OpenConfirm: ['start', 'tcpOpen', 'openReceived'],
  Established: ['start', 'tcpOpen', 'openReceived', 'keepaliveReceived'],
  Clearing: ['start', 'tcpOpen', 'openReceived', 'keepaliveReceived', 'stop'],
}

/** RFC 4271 §8.2.2 with FRR's Clearing state: from, event, to, what is done. */
const ROWS: readonly [string, SessionEvent, string, readonly (keyof SessionActions)[]][] = [
  ['Idle', 'start', 'Connect', ['beginConnecting', 'startConnectRetryTimer']],
  ['Idle', 'keepaliveReceived', 'Idle', []],
  ['Connect', 'tcpOpen', 'OpenSent', ['sendOpen']],
  ['Connect', 'tcpOpenDelayed', 'Connect', ['startDelayOpenTimer']],
  ['Connect', 'delayOpenTimerExpires', 'OpenSent', ['sendOpen']],
  ['Connect', 'tcpFails', 'Active', ['closeConnection', 'startConnectRetryTimer']],
  ['Connect', 'connectRetryTimerExpires', 'Connect', ['closeConnection', 'beginConnecting', 'startConnectRetryTimer']],
  ['Connect', 'stop', 'Idle', ['closeConnection', 'enterIdle']],
  ['Connect', 'openReceived', 'OpenConfirm', ['sendOpen', 'acceptOpen']],
  ['Active', 'connectRetryTimerExpires', 'Connect', ['beginConnecting', 'startConnectRetryTimer']],
  ['Active', 'tcpOpen', 'OpenSent', ['sendOpen']],
  ['Active', 'updateReceived', 'Idle', ['doubleStartDelay', 'closeConnection', 'enterIdle']],
  ['OpenSent', 'openReceived', 'OpenConfirm', ['acceptOpen']],
  ['OpenSent', 'tcpClosed', 'Active', ['closeConnection', 'startConnectRetryTimer']],
  ['OpenSent', 'holdTimerExpires', 'Idle', ['sendHoldTimerExpired', 'closeConnection', 'enterIdle']],
  ['OpenSent', 'keepaliveReceived', 'Idle', ['sendStateMachineError', 'closeConnection', 'enterIdle']],
  ['OpenSent', 'updateReceived', 'Idle', ['sendStateMachineError', 'closeConnection', 'enterIdle']],
  ['OpenSent', 'notificationReceived', 'Idle', ['doubleStartDelay', 'closeConnection', 'enterIdle']],
  ['OpenConfirm', 'keepaliveReceived', 'Established', ['establish']],
  ['OpenConfirm', 'tcpClosed', 'Idle', ['closeConnection', 'enterIdle']],
  ['OpenConfirm', 'updateReceived', 'Idle', ['sendStateMachineError', 'closeConnection', 'enterIdle']],
  ['OpenConfirm', 'notificationReceived', 'Idle', ['doubleStartDelay', 'closeConnection', 'enterIdle']],
  ['Established', 'stop', 'Clearing', ['closeConnection', 'beginClearing']],
  ['Established', 'tcpClosed', 'Clearing', ['closeConnection', 'beginClearing']],
  ['Established', 'holdTimerExpires', 'Clearing', ['sendHoldTimerExpired', 'closeConnection', 'beginClearing']],
  ['Established', 'notificationReceived', 'Clearing', ['doubleStartDelay', 'closeConnection', 'beginClearing']],
  ['Clearing', 'cleared', 'Idle', ['enterIdle']],
  ['Clearing', 'tcpOpen', 'Clearing', []],
]

describe('connection machine (RFC 4271 §8)', () => {
  it.each(ROWS)('in %s on %s goes to %s', (from, event, to, actions) => {
    const done: string[] = []
    const owner = Object.fromEntries(NAMES.map(name => [name, () => done.push(name)])) as unknown as SessionActions
    const run = new MachineRun(SESSION_TRANSITIONS, owner)
    for (const each of PATHS[from]!) run.send(each)
    expect(run.state).toBe(from)
    done.length = 0
    run.send(event)
    expect(run.state).toBe(to)
    expect(done).toEqual(actions)
  })
})
