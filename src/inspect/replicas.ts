import { hasReached, type Position, type World } from './world.ts'

/** Memory that parked copies may take together, bytes. */
const BUDGET_BYTES = 256e6
/** Measured: a settled lab takes about 0.2 MB per network namespace, and its routes. */
const BYTES_PER_HOST = 200_000
const BYTES_PER_ROUTE = 1500
const MOST = 6
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

  /** What is to be done next for the present position; undefined when all stand well. Superfluous copies are let go. */
  errand(present: World): Errand | undefined {
    const { events } = present.position
    const places = this.#places(present)
    const free = [...this.#parked].sort((a, b) => b.position.events - a.position.events)
    // what lies ahead is worth its place as long as there is room
    const ahead = free.filter(world => world.position.events > events)
    let errand: Errand | undefined
    let used = 0
    for (const [index, place] of places.entries()) {
      const world = free.find(one => one.position.events <= place && !ahead.includes(one))
      const next = places[index - 1] ?? events
      if (world === undefined) errand ??= { world: undefined, events: place }
      else {
        free.splice(free.indexOf(world), 1)
        used += 1
        if (place - world.position.events > SLACK * (next - place) + 1) errand ??= { world, events: place }
      }
    }
    const most = this.#mostFor(present)
    const spare = free.filter(world => !ahead.includes(world))
    const kept = ahead.slice(
      0,
      Math.max(0, most - used - (errand?.world === undefined && errand !== undefined ? 1 : 0)),
    )
    const gone = new Set([...spare, ...ahead.filter(world => !kept.includes(world))])
    this.#parked = this.#parked.filter(world => !gone.has(world))
    return errand
  }

  /** Where copies shall stand, in events, the latest first: 1/16, 1/4 and so on of the way back. */
  #places(present: World): readonly number[] {
    const { events } = present.position
    const most = this.#mostFor(present)
    const shares = [1 / 32, 1 / 12, 1 / 5, 2 / 5, 2 / 3, 1].slice(0, most)
    const places = shares.map(share => Math.floor(events * (1 - share)))
    return [...new Set(places)]
  }

  #mostFor({ observer: { hosts } }: World): number {
    if (this.#most !== undefined) return this.#most
    const routes = hosts.reduce((sum, host) => sum + host.fib.routes().length, 0)
    const bytes = hosts.length * BYTES_PER_HOST + routes * BYTES_PER_ROUTE
    return Math.max(LEAST, Math.min(MOST, Math.floor(BUDGET_BYTES / Math.max(1, bytes))))
  }
}
