import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createActor, setup } from 'xstate'
import { MachineRun, TransitionTable } from '../../src/sim/transition-table.ts'

type State = 'closed' | 'opening' | 'open'
type Event = 'push' | 'pull' | 'lock'
type Action = 'creak' | 'ring' | 'sweep'

const EVENTS: readonly Event[] = ['push', 'pull', 'lock']

const door = setup({
  types: { events: {} as { readonly type: Event } },
  actions: { creak: () => {}, ring: () => {}, sweep: () => {} },
}).createMachine({
  id: 'door',
  initial: 'closed',
  states: {
    closed: { entry: 'sweep', on: { push: { target: 'opening', actions: 'creak' }, pull: 'closed' } },
    opening: { entry: 'ring', exit: 'creak', on: { push: 'open', pull: { target: 'closed', actions: ['ring'] } } },
    open: { on: { lock: { actions: 'ring' }, pull: { target: 'open', reenter: true, actions: 'sweep' } } },
  },
})

const TABLE = new TransitionTable<State, Event, Action>(door)

function run(react: (action: Action) => void): MachineRun<State, Event, Action> {
  const owner = { creak: () => react('creak'), ring: () => react('ring'), sweep: () => react('sweep') }
  return new MachineRun(TABLE, owner)
}

describe('a run of a machine by its table', () => {
  test('goes the way of an actor of the machine, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...EVENTS), { maxLength: 20 }), events => {
        const expected: Action[] = []
        const note = (action: Action) => () => expected.push(action)
        const actions = { creak: note('creak'), ring: note('ring'), sweep: note('sweep') }
        const actor = createActor(door.provide({ actions })).start()
        const done: Action[] = []
        const one = run(action => done.push(action))
        one.start()
        for (const event of events) {
          actor.send({ type: event })
          one.send(event)
          expect(one.state).toBe(actor.getSnapshot().value)
        }
        expect(done).toEqual(expected)
      }),
    )
  })

  test('takes what its actions send after the transition, first things first', () => {
    const seen: string[] = []
    const one = run(action => {
      seen.push(`${action} in ${one.state}`)
      if (action === 'creak' && one.state === 'closed') {
        one.send('push')
        one.send('lock')
      }
      if (action === 'creak' && one.state === 'opening') one.send('pull')
    })
    one.send('push')
    expect(seen).toEqual(['creak in closed', 'ring in closed', 'creak in opening', 'ring in open', 'sweep in open'])
  })

  test('hears nothing once it is stopped, though a transition under way ends', () => {
    const one = run(() => {
      one.send('push')
      one.stop()
    })
    one.send('push')
    expect(one.state).toBe('opening')
    one.send('push')
    expect(one.state).toBe('opening')
  })
})

test('a transition is worked out once', () => {
  const table = new TransitionTable<State, Event, Action>(door)
  expect(table.step('closed', 'push')).toBe(table.step('closed', 'push'))
  expect(table.step('closed', 'lock')).toBeUndefined()
})

test('a machine of nested states is refused', () => {
  const nested = setup({}).createMachine({ initial: 'a', states: { a: { initial: 'b', states: { b: {} } } } })
  expect(() => new TransitionTable(nested).start).toThrow('nested')
})
