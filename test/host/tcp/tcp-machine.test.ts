import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createActor } from 'xstate'
import {
  TCP_EVENTS,
  TCP_STATES,
  TCP_TRANSITIONS,
  type TcpState,
  tcpMachine,
} from '../../../src/host/tcp/tcp-machine.ts'

test('the table does what the machine does, for any events', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...TCP_EVENTS), { maxLength: 30 }), events => {
      const done: string[] = []
      const names = Object.keys(tcpMachine.implementations.actions)
      const actions = Object.fromEntries(names.map(name => [name, () => done.push(name)]))
      const actor = createActor(tcpMachine.provide({ actions })).start()
      let state: TcpState = 'closed'
      const expected: string[] = []
      for (const event of events) {
        actor.send({ type: event })
        const transition = TCP_TRANSITIONS.step(state, event)
        if (transition !== undefined) {
          state = transition.next
          expected.push(...transition.actions)
        }
        expect(actor.getSnapshot().value).toBe(state)
      }
      expect(done).toEqual(expected)
    }),
  )
})

test('every state is reached', () => {
  const reached = new Set<TcpState>(['closed'])
  for (const state of reached)
    for (const event of TCP_EVENTS) reached.add(TCP_TRANSITIONS.step(state, event)?.next ?? state)
  expect([...reached].sort()).toEqual([...TCP_STATES].sort())
})

test('every state but closed can be aborted', () => {
  const stuck = TCP_STATES.filter(state => state !== 'closed' && TCP_TRANSITIONS.step(state, 'abort') === undefined)
  expect(stuck).toEqual([])
})
