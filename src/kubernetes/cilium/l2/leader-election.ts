/**
 * A candidate in the election for one lease. Whether another's lease has run out is judged on the candidate's own clock,
 * from the moment it saw the record change: the times in the lease are not compared.
 * Source: k8s.io/client-go tools/leaderelection/leaderelection.go (tryAcquireOrRenew, isLeaseValid, release).
 */
import { type Actor, createActor } from 'xstate'
import type { Origin } from '../../../sim/origin.ts'
import type { Random } from '../../../sim/random.ts'
import type { Simulator } from '../../../sim/simulator.ts'
import { Timer } from '../../../sim/timer.ts'
import type { Lease } from '../../api/configuration.ts'
import { parseTimestamp } from '../../api/timestamp.ts'
import { type ElectionActions, electionMachine } from './election-machine.ts'
import type { ElectionRecord, LeaseLock } from './lease-lock.ts'
import { JITTER_FACTOR, type LeaseTimings } from './lease-timings.ts'

/** From a request to the moment the API server carries it out. Ours: of the size seen on an idle one. */
const REQUEST_NS = 2_000_000

/** How long a released lease says it lasts, seconds. */
const RELEASED_SECONDS = 1

export interface LeaderElectionOptions {
  readonly simulator: Simulator
  readonly origin: Origin
  /** Of this candidate and lease alone. */
  readonly random: Random
  readonly lock: LeaseLock
  /** Written as holder. */
  readonly identity: string
  readonly timings: LeaseTimings
  onStartedLeading(): void
  onStoppedLeading(): void
}

export class LeaderElection implements ElectionActions {
  readonly #options: LeaderElectionOptions
  readonly #actor: Actor<typeof electionMachine>
  readonly #timer: Timer
  readonly #deadline: Timer
  #observed: ElectionRecord | undefined
  #observedText = ''
  #observedAtNs = 0
  /** Counts attempts: an answer to one that was given up is not heard. */
  #attempt = 0
  #isLeading = false

  constructor(options: LeaderElectionOptions) {
    const { simulator, origin } = options
    this.#options = options
    this.#timer = new Timer(simulator, origin, 'background', () => this.#actor.send({ type: 'timerExpires' }))
    this.#deadline = new Timer(simulator, origin, 'background', () => this.#actor.send({ type: 'deadlineExpires' }))
    this.#actor = createActor(electionMachine, { input: { owner: this } })
  }

  get isLeading(): boolean {
    return this.#isLeading
  }

  /** Who held the lease when it was last looked at; empty: nobody. */
  get observedHolder(): string {
    return this.#observed?.holder ?? ''
  }

  start(): void {
    this.#actor.start()
  }

  /** Ends in order: a leader empties the lease, so that the next poll of another candidate takes it. */
  cancel(): void {
    this.#actor.send({ type: 'cancel' })
  }

  /** Ends without a word: the lease stays until it runs out. */
  abandon(): void {
    this.stopTimers()
    this.#actor.stop()
  }

  attempt(): void {
    this.#attempt += 1
    const attempt = this.#attempt
    if (this.#isHolder && this.#isLeaseValid()) {
      this.#request(attempt, () => {
        const kept = this.#observed!
        const { acquireMs, transitions } = kept
        if (!this.#write(attempt, { ...this.#fresh(), acquireMs, transitions })) this.#readAndDecide(attempt)
      })
      return
    }
    this.#request(attempt, () => this.#readAndDecide(attempt))
  }

  startPollTimer(): void {
    const { retryPeriodNs } = this.#options.timings
    const jitter = this.#options.random.float() * JITTER_FACTOR
    this.#timer.restart(Math.round(retryPeriodNs * (1 + jitter)))
  }

  startRetryTimer(): void {
    this.#timer.restart(this.#options.timings.retryPeriodNs)
  }

  startDeadline(): void {
    this.#deadline.restart(this.#options.timings.renewDeadlineNs)
  }

  stopDeadline(): void {
    this.#deadline.stop()
  }

  startLeading(): void {
    this.#isLeading = true
    this.#options.onStartedLeading()
  }

  stopLeading(): void {
    this.#isLeading = false
    this.#options.onStoppedLeading()
  }

  release(): void {
    if (!this.#isHolder) return
    const nowMs = this.#options.simulator.wallMs
    const released: ElectionRecord = {
      holder: '',
      leaseDurationSeconds: RELEASED_SECONDS,
      acquireMs: nowMs,
      renewMs: nowMs,
      transitions: this.#observed!.transitions,
    }
    if (this.#options.lock.update(released)) this.#observe(released)
  }

  stopTimers(): void {
    this.#attempt += 1
    this.#timer.stop()
    this.#deadline.stop()
  }

  forget(): void {
    this.#observed = undefined
    this.#observedText = ''
  }

  get #isHolder(): boolean {
    return this.#observed?.holder === this.#options.identity
  }

  #isLeaseValid(): boolean {
    if (this.#observed === undefined) return false
    return this.#observedAtNs + this.#observed.leaseDurationSeconds * 1e9 > this.#options.simulator.nowNs
  }

  #request(attempt: number, action: () => void): void {
    const { simulator, origin } = this.#options
    simulator.schedule(origin, REQUEST_NS, () => {
      if (attempt === this.#attempt) action()
    })
  }

  /** The slow path: read, judge, then create or take over with a second request. */
  #readAndDecide(attempt: number): void {
    const lease = this.#options.lock.read()
    if (lease === undefined) {
      this.#request(attempt, () => this.#answer(this.#create()))
      return
    }
    const record = recordOf(lease)
    const text = JSON.stringify(lease.spec)
    if (text !== this.#observedText) {
      this.#observe(record)
      this.#observedText = text
    }
    if (record.holder !== '' && !this.#isHolder && this.#isLeaseValid()) {
      this.#answer(false)
      return
    }
    this.#request(attempt, () => {
      const fresh = this.#fresh()
      const wanted = this.#isHolder
        ? { ...fresh, acquireMs: record.acquireMs, transitions: record.transitions }
        : { ...fresh, transitions: record.transitions + 1 }
      if (!this.#write(attempt, wanted)) this.#answer(false)
    })
  }

  #create(): boolean {
    const record = this.#fresh()
    const isCreated = this.#options.lock.create(record)
    if (isCreated) this.#observe(record)
    return isCreated
  }

  /** True when it was written, which has then been answered. */
  #write(attempt: number, record: ElectionRecord): boolean {
    if (attempt !== this.#attempt || !this.#options.lock.update(record)) return false
    this.#observe(record)
    this.#answer(true)
    return true
  }

  #answer(isHeld: boolean): void {
    this.#actor.send({ type: isHeld ? 'attemptSucceeds' : 'attemptFails' })
  }

  #observe(record: ElectionRecord): void {
    this.#observed = record
    this.#observedAtNs = this.#options.simulator.nowNs
  }

  #fresh(): ElectionRecord {
    const { identity, timings, simulator } = this.#options
    const nowMs = simulator.wallMs
    const leaseDurationSeconds = Math.floor(timings.leaseDurationNs / 1e9)
    return { holder: identity, leaseDurationSeconds, acquireMs: nowMs, renewMs: nowMs, transitions: 0 }
  }
}

function recordOf({ spec }: Lease): ElectionRecord {
  return {
    holder: spec.holderIdentity ?? '',
    leaseDurationSeconds: spec.leaseDurationSeconds ?? 0,
    acquireMs: parseTimestamp(spec.acquireTime ?? ''),
    renewMs: parseTimestamp(spec.renewTime ?? ''),
    transitions: spec.leaseTransitions ?? 0,
  }
}
