import { describe, expect, it } from 'vitest'
import { apiError } from '../../../../src/kubernetes/api/api-error.ts'
import { BUILTIN_KINDS } from '../../../../src/kubernetes/api/builtin-kinds.ts'
import type { Lease } from '../../../../src/kubernetes/api/configuration.ts'
import { Store } from '../../../../src/kubernetes/api/store.ts'
import { LeaderElection } from '../../../../src/kubernetes/cilium/l2/leader-election.ts'
import { LeaseLock } from '../../../../src/kubernetes/cilium/l2/lease-lock.ts'
import { Simulator } from '../../../../src/sim/simulator.ts'

const TIMINGS = { leaseDurationNs: 15e9, renewDeadlineNs: 5e9, retryPeriodNs: 2e9 }

/** Candidates for one lease and what they said, with the second at which they said it. */
function election(names: readonly string[] = ['a', 'b']) {
  const simulator = new Simulator()
  const store = new Store(simulator, 'test')
  store.registerKinds(BUILTIN_KINDS)
  store.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system' } })
  const said: string[] = []
  /** When each candidate has read the lease, nanoseconds. */
  const reads = new Map<string, number[]>(names.map(name => [name, []]))
  const candidates = new Map(
    names.map(name => {
      const say = (what: string) => said.push(`${name} ${what}`)
      const lock = new LeaseLock(store, 'kube-system', 'lease')
      const read = lock.read.bind(lock)
      lock.read = () => {
        reads.get(name)!.push(simulator.nowNs)
        return read()
      }
      const candidate = new LeaderElection({
        simulator,
        origin: simulator.origin(name),
        random: simulator.random.fork(name),
        lock,
        identity: name,
        timings: TIMINGS,
        onStartedLeading: () => say('leads'),
        onStoppedLeading: () => say('stops'),
      })
      return [name, candidate] as const
    }),
  )
  let isServerDown = false
  store.addAdmission('Lease', () => (isServerDown ? apiError('Forbidden', 'the server is down') : undefined))
  return {
    simulator,
    store,
    said,
    reads,
    candidate: (name: string) => candidates.get(name)!,
    lease: (): Lease | undefined => store.get('Lease', 'kube-system', 'lease'),
    pass: (seconds: number) => simulator.runUntil(simulator.nowNs + seconds * 1e9),
    /** Lets time pass in hundredths of a second until something was said, a minute at most. */
    until: (count: number) => {
      const limitNs = simulator.nowNs + 60e9
      while (said.length < count && simulator.nowNs < limitNs) simulator.runUntil(simulator.nowNs + 1e7)
    },
    takeServerDown: (isDown: boolean) => {
      isServerDown = isDown
    },
  }
}

describe('a candidate', () => {
  it('creates the lease when there is none', () => {
    const { candidate, lease, pass, said } = election()
    candidate('a').start()
    pass(0.1)
    expect(said).toEqual(['a leads'])
    expect(lease()!.spec).toMatchObject({ holderIdentity: 'a', leaseDurationSeconds: 15, leaseTransitions: 0 })
  })

  it('of two at the same instant only one succeeds', () => {
    const { candidate, lease, pass, said } = election()
    candidate('a').start()
    candidate('b').start()
    pass(20)
    expect(said).toEqual([`${lease()!.spec.holderIdentity} leads`])
  })

  it('polls every 2.0 to 4.4 seconds while another holds the lease', () => {
    const { candidate, pass, reads } = election()
    candidate('a').start()
    pass(0.1)
    candidate('b').start()
    pass(120)
    const polls = reads.get('b')!
    const gaps = polls.slice(1).map((at, index) => (at - polls[index]!) / 1e9)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2)
    expect(Math.max(...gaps)).toBeLessThan(4.41)
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeGreaterThan(1.5)
  })

  it('takes a released lease at its next poll and counts a transition', () => {
    const { candidate, lease, pass, said } = election()
    candidate('a').start()
    pass(0.1)
    candidate('b').start()
    pass(10)
    candidate('a').cancel()
    expect(lease()!.spec).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1 })
    pass(4.5)
    expect(said).toEqual(['a leads', 'a stops', 'b leads'])
    expect(lease()!.spec).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 })
  })

  it('judges expiry on its own clock: a lease it has just seen counts for its whole duration, however old it is', () => {
    const { candidate, pass, simulator, until } = election()
    candidate('a').start()
    pass(0.1)
    candidate('a').abandon()
    pass(300)
    const seenAtNs = simulator.nowNs
    candidate('b').start()
    until(2)
    expect(simulator.nowNs - seenAtNs).toBeGreaterThan(15e9)
    expect(simulator.nowNs - seenAtNs).toBeLessThan(20e9)
  })

  it('takes its own lease back at once after a restart, without a transition', () => {
    const { candidate, lease, pass, store, simulator } = election(['a'])
    candidate('a').start()
    pass(0.1)
    candidate('a').abandon()
    const again = new LeaderElection({
      simulator,
      origin: simulator.origin('again'),
      random: simulator.random.fork('again'),
      lock: new LeaseLock(store, 'kube-system', 'lease'),
      identity: 'a',
      timings: TIMINGS,
      onStartedLeading: () => {},
      onStoppedLeading: () => {},
    })
    again.start()
    pass(0.1)
    expect(again.isLeading).toBe(true)
    expect(lease()!.spec.leaseTransitions).toBe(0)
  })

  it('creates the lease again when it was deleted under it', () => {
    const { candidate, lease, pass, store, said } = election(['a'])
    candidate('a').start()
    pass(0.1)
    store.delete('Lease', 'kube-system', 'lease')
    pass(3)
    expect(lease()!.spec.holderIdentity).toBe('a')
    expect(said).toEqual(['a leads'])
  })
})

describe('a holder', () => {
  it('gives up five seconds into a renewal that does not succeed', () => {
    const { candidate, pass, said, simulator, takeServerDown, until } = election(['a'])
    candidate('a').start()
    pass(10)
    takeServerDown(true)
    const downAtNs = simulator.nowNs
    until(2)
    expect(said).toEqual(['a leads', 'a stops'])
    // the renewal in which it fails begins up to a retry period after the server went down
    expect(simulator.nowNs - downAtNs).toBeGreaterThan(5e9)
    expect(simulator.nowNs - downAtNs).toBeLessThan(7.1e9)
  })

  it('survives a failure shorter than the deadline', () => {
    const { candidate, pass, said, takeServerDown } = election(['a'])
    candidate('a').start()
    pass(10)
    takeServerDown(true)
    pass(4)
    takeServerDown(false)
    pass(60)
    expect(said).toEqual(['a leads'])
  })

  it('stands again after it gave up', () => {
    const { candidate, pass, said, takeServerDown } = election(['a'])
    candidate('a').start()
    pass(10)
    takeServerDown(true)
    pass(20)
    takeServerDown(false)
    pass(5)
    expect(said).toEqual(['a leads', 'a stops', 'a leads'])
  })

  it('keeps the lease when it dies without a word', () => {
    const { candidate, lease, pass, said } = election(['a'])
    candidate('a').start()
    pass(3)
    candidate('a').abandon()
    pass(60)
    expect(lease()!.spec.holderIdentity).toBe('a')
    expect(said).toEqual(['a leads'])
  })
})

describe('a write to the store with the version that was read', () => {
  it('is refused as a conflict when another came first', () => {
    const { candidate, pass, store, lease } = election(['a'])
    candidate('a').start()
    pass(0.1)
    const version = lease()!.metadata.resourceVersion!
    pass(5)
    const result = store.update('Lease', 'kube-system', 'lease', () => {}, version)
    expect(result).toMatchObject({
      ok: false,
      error: {
        reason: 'Conflict',
        message:
          'Operation cannot be fulfilled on leases.coordination.k8s.io "lease": the object has been modified; please apply your changes to the latest version and try again',
      },
    })
  })
})
