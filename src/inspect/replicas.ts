import { hasReached, type Position, type World } from './world.ts'

/** Memory that parked copies may take together, bytes. */
const BUDGET_BYTES = 256e6
/** Measured: a settled lab takes 0.2 to 0.3 MB per network namespace, and its routes. */
const BYTES_PER_HOST = 250_000
const BYTES_PER_ROUTE = 1500
/** How far back copies stand, as shares of the way from the present to instant 0. */
const SHARES = [1 / 32, 1 / 12, 1 / 5, 2 / 5, 2 / 3, 1]
const MOST = SHARES.length
const LEAST = 1
/** A copy is brought up when it lags behind its place by more than this share of the way to the next one. */
const SLACK = 0.5

/** A copy that should be further than it is, or one that is missing. */
export interface Errand {
  /** Undefined: a new one. */
  readonly world: World | undefined
  /** How many events it shall have run. */
  readonly events: number
}

/**
 * Parked copies of a lab at earlier positions, from which time is taken up again when it goes back. They stand closer and
 * closer towards the present: going back a little is what people do most.
 */
export class Replicas {
  #parked: World[] = []
  readonly #most: number | undefined
  /** How many copies a lab of this size may have: looked at again when it has grown. */
  #size = { hosts: 0, events: 0, most: LEAST }

  /** @param most how many at most; by the lab's size unless given */
  constructor(most: number | undefined) {
    this.#most = most
  }

  get count(): number {
    return this.#parked.length
  }

  park(world: World): void {
    world.onMark = undefined
    this.#parked.push(world)
  }

  /** Takes the copy out that is nearest before a position; undefined when none is before it. */
  take(before: (position: Position) => boolean): World | undefined {
    const fitting = this.#parked.filter(world => before(world.position))
    const best = fitting.reduce<World | undefined>(
      (found, world) => (found === undefined || hasReached(world.position, found.position) ? world : found),
      undefined,
    )
    this.#parked = this.#parked.filter(world => world !== best)
    return best
  }

  remove(world: World): void {
    this.#parked = this.#parked.filter(one => one !== world)
  }

  /** Lets copies go that are behind a position or have had more acts. */
  dropBehind(at: Position, acts: number): void {
    this.#parked = this.#parked.filter(world => hasReached(at, world.position) && world.applied <= acts)
  }

  /**
   * What is to be done next for the present position; undefined when all stand well. Superfluous copies are let go.
   * @param mayOpen whether a new copy may be asked for
   */
  errand(present: World, mayOpen: boolean): Errand | undefined {
    const { events } = present.position
    const most = this.#mostFor(present)
    const ahead = this.#parked.filter(world => world.position.events > events)
    const behind = this.#parked.filter(world => !ahead.includes(world))
    behind.sort((a, b) => b.position.events - a.position.events)
    const kept: World[] = []
    const errands: Errand[] = []
    let next = events
    for (const place of placesBefore(events, most)) {
      const world = behind.find(one => one.position.events <= place && !kept.includes(one))
      if (world !== undefined) kept.push(world)
      const lag = place - (world?.position.events ?? Number.NEGATIVE_INFINITY)
      if (lag > SLACK * (next - place) + 1) errands.push({ world, events: place })
      next = place
    }
    const errand = errands.find(({ world }) => world !== undefined || mayOpen)
    // what lies ahead is worth its place as long as there is room
    const room = Math.max(0, most - kept.length - (errand !== undefined && errand.world === undefined ? 1 : 0))
    this.#parked = [...kept, ...ahead.slice(0, room)]
    return errand
  }

  #mostFor(present: World): number {
    if (this.#most !== undefined) return this.#most
    const { hosts } = present.observer
    const { events } = present.position
    if (this.#size.hosts !== hosts.length || events > 2 * this.#size.events) {
      const routes = hosts.reduce((sum, host) => sum + host.fib.routes().length, 0)
      const bytes = hosts.length * BYTES_PER_HOST + routes * BYTES_PER_ROUTE
      const most = Math.max(LEAST, Math.min(MOST, Math.floor(BUDGET_BYTES / bytes)))
      this.#size = { hosts: hosts.length, events, most }
    }
    return this.#size.most
  }
}

/** Where copies shall stand, in events, the latest first. */
function placesBefore(events: number, most: number): readonly number[] {
  return [...new Set(SHARES.slice(0, most).map(share => Math.floor(events * (1 - share))))]
}
