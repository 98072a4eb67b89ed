/**
 * A candidate in the election for one lease: it polls until it can take the lease, then leads until it is cancelled or
 * cannot renew it, then polls again. Whether another's lease has run out is judged on the candidate's own clock, from the
 * moment it saw the record change: the times in the lease are not compared.
 *
 * A thousand services on a hundred nodes are a hundred thousand candidates, nearly all of which poll for ever: so a poll is
 * one event of the simulation, and only a leadership is a state machine.
 *
 * Source: k8s.io/client-go tools/leaderelection/leaderelection.go (acquire, tryAcquireOrRenew, isLeaseValid, release).
 */
import { type Actor, createActor } from 'xstate'
import type { Origin } from '../../../sim/origin.ts'
import type { Random } from '../../../sim/random.ts'
import type { Simulator } from '../../../sim/simulator.ts'
import { Timer } from '../../../sim/timer.ts'
import { type LeadershipActions, leadershipMachine } from './leadership-machine.ts'
import { type ElectionRecord, electionFacts, type LeaseLock } from './lease-lock.ts'
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

export class LeaderElection implements LeadershipActions {
  readonly #options: LeaderElectionOptions
  readonly #timer: Timer
  /** While the candidate leads. */
  #leadership: Actor<typeof leadershipMachine> | undefined
  #deadline: Timer | undefined
  #observed: ElectionRecord | undefined
  #observedText = ''
  #observedAtNs = 0
  /** Counts attempts: an answer to one that was given up is not heard. */
  #attempt = 0
  #isLeading = false

  constructor(options: LeaderElectionOptions) {
    const { simulator, origin } = options
    this.#options = options
    this.#timer = new Timer(simulator, origin, 'background', () => {
      if (this.#leadership !== undefined) this.#leadership.send({ type: 'timerExpires' })
      else if (this.#isHolder) this.attempt()
      else this.#readAndDecide(this.#attempt)
    })
  }

  get isLeading(): boolean {
    return this.#isLeading
  }

  /** Who held the lease when it was last looked at; empty: nobody. */
  get observedHolder(): string {
    return this.#observed?.holder ?? ''
  }

  start(): void {
    this.attempt()
  }

  /** Ends in order: a leader empties the lease, so that the next poll of another candidate takes it. */
  cancel(): void {
    if (this.#leadership === undefined) this.stopTimers()
    else this.#leadership.send({ type: 'cancel' })
  }

  /** Ends without a word: the lease stays until it runs out. */
  abandon(): void {
    this.stopTimers()
    this.#leadership?.stop()
  }

  /** Tries to take or to renew the lease. */
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

  startRetryTimer(): void {
    this.#timer.restart(this.#options.timings.retryPeriodNs)
  }

  startDeadline(): void {
    const { simulator, origin, timings } = this.#options
    this.#deadline ??= new Timer(simulator, origin, 'background', () =>
      this.#leadership?.send({ type: 'deadlineExpires' }),
    )
    this.#deadline.restart(timings.renewDeadlineNs)
  }

  stopDeadline(): void {
    this.#deadline?.stop()
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
    this.#deadline?.stop()
  }

  beginAnew(): void {
    this.#leadership = undefined
    this.#observed = undefined
    this.#observedText = ''
    this.attempt()
  }

  get #isHolder(): boolean {
    return this.#observed?.holder === this.#options.identity
  }

  #isLeaseValid(): boolean {
    if (this.#observed === undefined) return false
    return this.#observedAtNs + this.#observed.leaseDurationSeconds * 1e9 > this.#options.simulator.nowNs
  }

  /**
   * The next poll, after the retry period and a jitter of up to 1.2 of it. Who is no holder decides nothing before the API
   * server answers, so that the event is already the answer.
   */
  #startPollTimer(): void {
    const { retryPeriodNs } = this.#options.timings
    const jitter = this.#options.random.float() * JITTER_FACTOR
    const delayNs = Math.round(retryPeriodNs * (1 + jitter))
    this.#timer.restart(this.#isHolder ? delayNs : delayNs + REQUEST_NS)
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
    const { record, text } = electionFacts(lease)
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
    if (this.#leadership !== undefined) {
      this.#leadership.send({ type: isHeld ? 'attemptSucceeds' : 'attemptFails' })
    } else if (isHeld) {
      this.#leadership = createActor(leadershipMachine, { input: { owner: this } })
      this.#leadership.start()
    } else {
      this.#startPollTimer()
    }
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
