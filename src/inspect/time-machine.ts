import type { Lab } from '../lab/lab.ts'
import { Settling } from '../lab/settling.ts'
import type { ScenarioEvent } from '../scenario/result.ts'
import type { ReadOnlyFiles } from '../shell/files.ts'
import type { Terminal } from '../shell/terminal.ts'
import type { Act, ActOutcome, Branch, ComingStep, CommandView, DatedAct, SetupView } from './act.ts'
import { comingSteps } from './coming-steps.ts'
import { History } from './history.ts'
import { type LabSource, readLabSource } from './lab-source.ts'
import { type CaptureOptions, LiveCapture } from './live-capture.ts'
import type { Mark, MarkKind } from './mark.ts'
import { describeAct, normalize, perform, refusal } from './perform.ts'
import { Replicas } from './replicas.ts'
import { type RunEnd, type RunLimits, runAlong } from './run-along.ts'
import { type ToScenarioOptions, toScenario } from './to-scenario.ts'
import { hasReached, type Position, World } from './world.ts'

export type { Branch, SetupView } from './act.ts'
export type { RunLimits } from './run-along.ts'

export interface TimeMachineOptions {
  /** Absolute path of a containerlab file, a setup script or a scenario. */
  readonly path: string
  readonly files: ReadOnlyFiles
  /** Overrides the scenario's; 1 unless given. */
  readonly seed?: number
  /** Called every few hundred events of a long run, so that the program can draw and hear keys. */
  readonly breathe?: () => Promise<void>
  /** Most parked copies of the lab. Default: by its size. */
  readonly maxReplicas?: number
}

/**
 * Why a run came back. `reached`: the instant asked for, or the longest span that is looked ahead; `settled`; `changed`: a
 * mark of the kinds asked for; `done`: the command has ended; `cancelled`; `events`: the limit of events; `quiet`: the
 * simulator's own limit of events; `oscillates`: routers choose in a circle for ever, as `oscillation` tells; `unchanged`:
 * nothing changes within `LOOK_AHEAD_NS`, and no time has passed.
 */
export type Stop =
  | 'reached'
  | 'settled'
  | 'changed'
  | 'unchanged'
  | 'done'
  | 'quiet'
  | 'cancelled'
  | 'events'
  | 'oscillates'

/** How far a run goes that looks for something which may never come, simulated. */
const LONGEST_RUN_NS = 3600e9
/**
 * How far a change is looked for, simulated: longer than hold times (180 s), leases, ageing of ARP and MAC tables (300 s) and
 * the eviction of pods (340 s).
 */
export const LOOK_AHEAD_NS = 600e9
/** Nanoseconds are exact up to some 104 days. */
const LAST_INSTANT_NS = 100 * 86_400e9

/**
 * A lab or scenario with its time in hand: forwards event by event or at any length, and back, by executing again from a
 * parked copy. Opened at instant 0 with nothing built but what takes no time. After `goTo` `lab` may be another object:
 * never keep it.
 *
 * One operation at a time: a second one waits for the first; `signal` ends that.
 */
export class TimeMachine {
  readonly #source: LabSource
  readonly #options: TimeMachineOptions
  readonly #history = new History()
  readonly #replicas: Replicas
  readonly #captures = new Set<LiveCapture>()
  #world: World
  #oscillation: readonly string[] = []
  /** The kinds of what was marked since the last look. */
  readonly #news = new Set<MarkKind>()
  #actCount = 0
  #revision = 0
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(options: TimeMachineOptions, source: LabSource, world: World, marks: readonly Mark[]) {
    this.#options = options
    this.#source = source
    this.#world = world
    this.#replicas = new Replicas(options.maxReplicas)
    for (const mark of marks) this.#history.mark(mark)
    this.#show(world)
  }

  /** InspectError when the file is wrong, with all its mistakes. */
  static async open(options: TimeMachineOptions): Promise<TimeMachine> {
    const source = readLabSource(options.path, options.files, options.seed)
    const marks: Mark[] = []
    const world = await World.open(source, mark => marks.push(mark))
    return new TimeMachine(options, source, world, marks)
  }

  get path(): string {
    return this.#source.path
  }

  get seed(): number {
    return this.#source.seed
  }

  /** The scenario's claim; undefined for a lab. */
  get claim(): string | undefined {
    return this.#source.scenario?.claim
  }

  get lab(): Lab {
    return this.#world.lab
  }

  get terminal(): Terminal {
    return this.#world.terminal
  }

  get nowNs(): number {
    return this.lab.simulator.nowNs
  }

  /** How far this history has been seen, nanoseconds. */
  get endNs(): number {
    return Math.max(this.nowNs, this.#history.frontier.atNs)
  }

  /** Grows with everything that may have changed what is shown. */
  get revision(): number {
    return this.#revision
  }

  /** Nothing but periodic work is pending, and the lab is built. */
  get isSettled(): boolean {
    return this.#world.isBuilt && this.lab.simulator.pendingWork === 0
  }

  get setup(): SetupView {
    return this.#world.setup
  }

  /** Of this history, in order, up to its end: later than now after going back. */
  get marks(): readonly Mark[] {
    return this.#history.marks
  }

  /** Acts of this history, in order; those behind now are in the future. */
  get acts(): readonly DatedAct[] {
    return this.#history.acts
  }

  /** The scenario's steps that have not begun. */
  get coming(): readonly ComingStep[] {
    return comingSteps(this.#world)
  }

  /** What the scenario has told up to now: outputs, checks, notes. */
  get scenarioEvents(): readonly ScenarioEvent[] {
    return this.#world.events
  }

  get branches(): readonly Branch[] {
    return this.#history.branches
  }

  /** Commands that run or have run, up to now, in order. */
  get commands(): readonly CommandView[] {
    return this.#world.views
  }

  /** How many copies of the lab are parked. */
  get replicaCount(): number {
    return this.#replicas.count
  }

  /** One event; with nothing to come, nothing happens. */
  stepEvent(): Promise<Stop> {
    return this.#inTurn(async () => {
      const { simulator } = this.lab
      const start = simulator.executedEvents
      const end = await this.#run(this.nowNs + LONGEST_RUN_NS, () => simulator.executedEvents > start, {})
      return end === 'over' ? 'reached' : end
    })
  }

  /** To the end of the instant of the next change; of any kind but acts unless said. Without one, no time passes. */
  stepToChange(kinds?: readonly MarkKind[], limits: RunLimits = {}): Promise<Stop> {
    return this.#inTurn(async () => {
      this.#news.clear()
      const isChanged = (): boolean =>
        [...this.#news].some(kind => (kinds === undefined ? kind !== 'act' : kinds.includes(kind)))
      const { position, applied } = this.#world
      const { frontier } = this.#history
      const held = [...this.#captures].map(capture => capture.keep())
      // a scenario that waits will do something by itself
      const spanNs = this.coming.length > 0 ? LONGEST_RUN_NS : LOOK_AHEAD_NS
      const end = await this.#run(this.nowNs + spanNs, isChanged, limits)
      if (end === 'reached' && this.coming.length === 0 && this.#world.applied === applied) {
        this.#history.unsee(frontier)
        this.#world = (await this.#copyAt(position, applied, {})).world
        for (const bringBack of held) bringBack()
        this.#show(this.#world)
        return 'unchanged'
      }
      if (end !== 'over') return end
      await this.#run(this.nowNs, () => false, {})
      return 'changed'
    })
  }

  /**
   * Forwards: everything due up to and including the instant. Does nothing when it is past.
   * @param atNs Infinity: as far as `limits` let it go
   */
  runTo(atNs: number, limits: RunLimits = {}): Promise<Stop> {
    return this.#inTurn(() => this.#runTo(atNs, limits))
  }

  /** What the last `settle` found going in a circle, in lines; nothing when it found none. */
  get oscillation(): readonly string[] {
    return this.#oscillation
  }

  /** Until nothing but periodic work is pending, and the lab is built; or until it is known that this will never be. */
  settle(limits: RunLimits = {}): Promise<Stop> {
    return this.#inTurn(async () => {
      const settling = new Settling(this.lab.simulator)
      const isOver = (): boolean => this.isSettled || settling.isOscillating
      const end = await this.#run(this.nowNs + LONGEST_RUN_NS, isOver, limits)
      const { isOscillating } = settling
      const why = settling.end('quiet', 0)
      this.#oscillation = isOscillating ? why : []
      if (end !== 'over') return end
      return this.isSettled ? 'settled' : 'oscillates'
    })
  }

  /** Lets time pass until a command has ended: the number of its act. */
  finish(command: number, limits: RunLimits = {}): Promise<Stop> {
    return this.#inTurn(async () => {
      const task = this.#world.commands.find(({ number }) => number === command)?.background.task
      const end = await this.#run(this.nowNs + LONGEST_RUN_NS, () => task?.isDone !== false, limits)
      return end === 'over' ? 'done' : end
    })
  }

  /** To the instant, backwards too. Cancelled on the way back, it stays where it was. */
  goTo(atNs: number, limits: RunLimits = {}): Promise<Stop> {
    return this.#inTurn(async () => {
      const whole = Math.min(LAST_INSTANT_NS, Math.max(0, Math.round(atNs)))
      if (whole >= this.nowNs) {
        const { frontier } = this.#history
        const own = this.#world.position
        // captures want to see what passes on the way
        const ahead = this.#replicas.take(
          position =>
            this.#captures.size === 0 &&
            position.atNs <= whole &&
            hasReached(frontier, position) &&
            hasReached(position, own),
        )
        if (ahead !== undefined) this.#exchange(ahead)
        return this.#runTo(whole, limits)
      }
      const world = await this.#copyBefore(whole)
      const end = await this.#travel(world, whole, limits)
      if (end === 'reached') this.#exchange(world)
      else this.#replicas.park(world)
      return stopOf(end)
    })
  }

  /** Does it at the end of the present instant. Acts that lay ahead are dropped, kept as a branch. */
  act(wanted: Act): Promise<ActOutcome> {
    return this.#inTurn(async () => {
      await this.#run(this.nowNs, () => false, {})
      const world = this.#world
      const message = refusal(world, wanted)
      if (message !== undefined) return { ok: false, message }
      const act = normalize(world, wanted)
      const { position } = world
      this.#history.cut(position, world.applied)
      this.#replicas.dropBehind(position, world.applied)
      this.#actCount += 1
      const dated: DatedAct = { number: this.#actCount, ...position, act, text: describeAct(act) }
      this.#history.add(dated)
      world.isExploring = true
      this.#mark({ ...position, kind: 'act', node: '', text: dated.text, act: dated.number })
      const notes = await perform(world, dated)
      world.applied += 1
      await world.advance(() => false, this.nowNs)
      return { ok: true, dated, notes }
    })
  }

  /** Goes to another history, to the moment where it parted; its acts come again. */
  switchTo(branch: Branch, limits: RunLimits = {}): Promise<Stop> {
    return this.#inTurn(async () => {
      const { at, acts } = this.#history.take(branch)
      this.#replicas.park(this.#world)
      this.#replicas.dropBehind(at, acts)
      const world = await this.#copyBefore(at.atNs)
      const end = await this.#travel(world, at.atNs, { ...limits, maxEvents: Number.POSITIVE_INFINITY })
      this.#world = world
      this.#show(world)
      return stopOf(end)
    })
  }

  /**
   * Spends about so many events on the parked copies. False when there is nothing left to do.
   * @param mayOpen whether a new copy may be begun, which takes as long as deploying the lab does: with 100 nodes 0.4 s
   */
  idle(maxEvents: number, mayOpen = true): Promise<boolean> {
    return this.#aside(async () => {
      const errand = this.#replicas.errand(this.#world, mayOpen)
      if (errand === undefined) return false
      const world = errand.world ?? (await World.open(this.#source))
      this.#replicas.remove(world)
      await runAlong(world, this.#history, {
        untilNs: this.nowNs,
        isOver: () => world.position.events >= errand.events,
        limits: { maxEvents },
        breathe: undefined,
        isLeader: false,
      })
      this.#replicas.park(world)
      return true
    })
  }

  /** tcpdump on an interface, from now on until it is closed. */
  capture(options: CaptureOptions): LiveCapture {
    const capture = new LiveCapture(options, () => this.#captures.delete(capture))
    this.#captures.add(capture)
    capture.attach(this.#world)
    return capture
  }

  /**
   * Lends a copy of the lab as it is now, for questions that send packets or let time pass: nothing of that is seen here.
   * The copy is thrown away.
   * @returns undefined when it was cancelled on the way
   */
  ask<Result>(
    use: (lab: Lab, terminal: Terminal) => Promise<Result> | Result,
    limits: RunLimits = {},
  ): Promise<Result | undefined> {
    return this.#aside(async () => {
      const { position, applied } = this.#world
      const { world, end } = await this.#copyAt(position, applied, limits)
      if (end === 'cancelled') return undefined
      world.terminal.conductor.release()
      return use(world.lab, world.terminal)
    })
  }

  /**
   * Lends a parked copy at an instant, or before it; what it is driven to has no effect on this history.
   * @param atNs at most now
   * @param isKept false: it is thrown away, because it was driven otherwise than this history
   */
  borrow<Result>(
    atNs: number,
    use: (world: World, run: BorrowedRun) => Promise<Result>,
    isKept = true,
  ): Promise<Result> {
    return this.#aside(async () => {
      const world = await this.#copyBefore(Math.max(0, atNs))
      const run: BorrowedRun = (untilNs, isOver, limits) =>
        runAlong(world, this.#history, { untilNs, isOver, limits, breathe: this.#options.breathe, isLeader: false })
      const result = await use(world, run)
      if (isKept && hasReached(this.#history.frontier, world.position)) this.#replicas.park(world)
      return result
    })
  }

  /**
   * The lab and all acts up to now as a scenario file, which `drylab run` brings to the same state.
   * @param file absolute path of the file to be: the lab is named from there
   */
  toScenario(file: string, options: ToScenarioOptions = {}): string {
    return toScenario(this.#world, this.#history.acts.slice(0, this.#world.applied), file, options)
  }

  /** One after the other; the lab may be another one after each. */
  #inTurn<Result>(operation: () => Promise<Result>): Promise<Result> {
    return this.#aside(() =>
      operation().finally(() => {
        this.#revision += 1
        for (const capture of this.#captures) capture.attach(this.#world)
      }),
    )
  }

  /** The same, for what concerns copies only: what is shown stays as it is. */
  #aside<Result>(operation: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(operation)
    this.#turn = result.catch(() => {})
    return result
  }

  #run(untilNs: number, isOver: () => boolean, limits: RunLimits): Promise<RunEnd> {
    return runAlong(this.#world, this.#history, {
      untilNs,
      isOver,
      limits,
      breathe: async () => {
        this.#revision += 1
        for (const capture of this.#captures) capture.attach(this.#world)
        await this.#options.breathe?.()
      },
      isLeader: true,
    })
  }

  async #runTo(atNs: number, limits: RunLimits): Promise<Stop> {
    const whole = Number.isFinite(atNs) ? Math.min(Math.round(atNs), LAST_INSTANT_NS) : this.nowNs + LONGEST_RUN_NS
    if (whole < this.nowNs) return 'reached'
    return stopOf(await this.#run(whole, () => false, limits))
  }

  /** The nearest copy before an instant that is known; a new one when there is none. */
  async #copyBefore(atNs: number): Promise<World> {
    const { frontier } = this.#history
    const found = this.#replicas.take(position => position.atNs <= atNs && hasReached(frontier, position))
    return found ?? World.open(this.#source)
  }

  /** A copy at a position of this history, after so many acts. */
  async #copyAt(position: Position, applied: number, limits: RunLimits) {
    const world = this.#replicas.take(other => hasReached(position, other)) ?? (await World.open(this.#source))
    const end = await runAlong(world, this.#history, {
      untilNs: position.atNs,
      isOver: () => hasReached(world.position, position) && world.applied === applied,
      limits,
      breathe: this.#options.breathe,
      isLeader: false,
    })
    return { world, end }
  }

  #travel(world: World, atNs: number, limits: RunLimits): Promise<RunEnd> {
    return runAlong(world, this.#history, {
      untilNs: atNs,
      isOver: () => false,
      limits,
      breathe: this.#options.breathe,
      isLeader: false,
    })
  }

  /** Makes another copy the present one. */
  #exchange(world: World): void {
    this.#replicas.park(this.#world)
    this.#world = world
    this.#show(world)
  }

  #show(world: World): void {
    world.onMark = mark => this.#mark(mark)
    for (const capture of this.#captures) capture.attach(world)
  }

  #mark(mark: Mark): void {
    this.#news.add(mark.kind)
    if (this.#world.isExploring) this.#history.mark(mark)
  }
}

/** Drives a borrowed copy. */
export type BorrowedRun = (untilNs: number, isOver: () => boolean, limits: RunLimits) => Promise<RunEnd>

function stopOf(end: RunEnd): Stop {
  return end === 'over' ? 'reached' : end
}
