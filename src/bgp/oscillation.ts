import type { Simulator } from '../sim/simulator.ts'
import { formatIpv4, formatPrefix, type Prefix } from '../wire/address.ts'
import { formatAsPath } from './as-path.ts'
import type { Path } from './path.ts'
import type { Destination } from './rib.ts'

/** A router's change of mind. */
interface Move {
  readonly atNs: number
  readonly router: string
  /** The best path it took: `via 10.0.0.1 (65001 65002)`, or `nothing`. */
  readonly best: string
}

/** A prefix for which routers choose in a circle for ever. */
export interface Oscillation {
  readonly prefix: Prefix
  /** Those that change their minds, by name. */
  readonly routers: readonly string[]
  /** From a state of all their choices to the same state again. */
  readonly cycle: readonly Move[]
  /** How often one state has come back, and since when. */
  readonly recurrences: number
  readonly sinceNs: number
}

/** Changes of one router's best path for one prefix, within one wait, that still count as convergence. */
const PATIENCE = 64
/** A state that has come back so often, with nothing from outside, is not left any more. */
const RECURRENCES = 50
/** Moves kept: a cycle is looked for in these. */
const MEMORY = 10_000

/**
 * Looks for BGP configurations without a stable solution (Griffin, Shepherd and Wilfong, "The stable paths problem and
 * interdomain routing", 2002: BAD GADGET; RFC 3345 on MED). While somebody waits for a lab to settle, it counts how often each
 * router changes its best path for a prefix; above the patience it remembers the choices of all that do, and a combination
 * of choices that keeps coming back is an oscillation.
 */
export class OscillationWatch {
  /** How many wait for the lab to settle. */
  #waiting = 0
  readonly #counts = new Map<string, number[]>()
  readonly #restless = new Map<Prefix, RestlessPrefix>()
  #found: Oscillation | undefined

  /** What was found since `start`. */
  get found(): Oscillation | undefined {
    return this.#found
  }

  /** Begins to look; what nobody waits for any more is forgotten. */
  start(): void {
    this.#waiting += 1
    if (this.#waiting > 1) return
    this.#counts.clear()
    this.#restless.clear()
    this.#found = undefined
  }

  stop(): void {
    this.#waiting -= 1
  }

  /** Whether it wants to hear of changes. */
  get isLooking(): boolean {
    return this.#waiting > 0 && this.#found === undefined
  }

  /** A router has another best path for a prefix of this number. */
  note(router: string, number: number, { prefix, best }: Pick<Destination, 'prefix' | 'best'>, atNs: number): void {
    const counts = getOrMake(this.#counts, router, () => [])
    const count = (counts[number] ?? 0) + 1
    counts[number] = count
    if (count <= PATIENCE) return
    const restless = getOrMake(this.#restless, prefix, () => new RestlessPrefix(prefix))
    this.#found = restless.note({ atNs, router, best: describeBest(best) })
  }
}

function getOrMake<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = map.get(key) ?? make()
  map.set(key, value)
  return value
}

class RestlessPrefix {
  readonly #prefix: Prefix
  readonly #choices = new Map<string, string>()
  readonly #moves: Move[] = []
  /** By state: when it was seen first, how often, and after which move last. */
  readonly #states = new Map<string, { readonly sinceNs: number; count: number; after: number }>()

  constructor(prefix: Prefix) {
    this.#prefix = prefix
  }

  note(move: Move): Oscillation | undefined {
    if (this.#moves.length >= MEMORY) return undefined
    this.#choices.set(move.router, move.best)
    this.#moves.push(move)
    const routers = [...this.#choices.keys()].sort()
    const key = routers.map(name => `${name} ${this.#choices.get(name)}`).join('\n')
    const state = this.#states.get(key)
    if (state === undefined) {
      this.#states.set(key, { sinceNs: move.atNs, count: 1, after: this.#moves.length })
      return undefined
    }
    const cycle = this.#moves.slice(state.after)
    state.after = this.#moves.length
    state.count += 1
    if (state.count <= RECURRENCES) return undefined
    return { prefix: this.#prefix, routers, cycle, recurrences: state.count - 1, sinceNs: state.sinceNs }
  }
}

function describeBest(path: Path | undefined): string {
  if (path === undefined) return 'nothing'
  const { address } = path.peer
  return `${address === undefined ? 'its own' : `via ${formatIpv4(address)}`} (${formatAsPath(path.attributes.asPath)})`
}

const WATCHES = new WeakMap<Simulator, OscillationWatch>()

/** The watch of a simulation, shared by all its speakers. */
export function oscillationWatch(simulator: Simulator): OscillationWatch {
  let watch = WATCHES.get(simulator)
  if (watch === undefined) {
    watch = new OscillationWatch()
    WATCHES.set(simulator, watch)
  }
  return watch
}

/** What a person needs to see: the prefix, the routers, and who chooses what after whom. */
export function describeOscillation({ prefix, routers, cycle, recurrences, sinceNs }: Oscillation): readonly string[] {
  const first = `BGP never settles on ${formatPrefix(prefix)}: ${routers.join(', ')} choose in a circle`
  const since = `the same choices came back ${recurrences} times since ${(sinceNs / 1e9).toFixed(3)}s`
  return [first, since, ...cycle.map(({ router, best }) => `${router}: ${best}`)]
}
