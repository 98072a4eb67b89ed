import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createActor } from 'xstate'
import { neighborMachine } from '../../../src/host/neighbor/neighbor-machine.ts'
import {
  EVENT,
  NEIGHBOR_EVENTS,
  NEIGHBOR_STATES,
  neighborTransition,
  STATE,
} from '../../../src/host/neighbor/neighbor-transitions.ts'

test('the compiled table takes the same way as an actor of the machine, whatever happens', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...NEIGHBOR_EVENTS), { maxLength: 40 }), events => {
      const actions: string[] = []
      const actor = createActor(neighborMachine, {
        inspect: event => {
          if (event.type === '@xstate.action') actions.push(event.action.type)
        },
      })
      actor.start()
      let state: number = STATE.none
      for (const type of events) {
        actions.length = 0
        actor.send({ type })
        const transition = neighborTransition(state, EVENT[type])
        state = transition?.next ?? state
        expect(NEIGHBOR_STATES[state]).toBe(actor.getSnapshot().value)
        expect(transition?.actions ?? []).toEqual(actions)
      }
    }),
  )
})
