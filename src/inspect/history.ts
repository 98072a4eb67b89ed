import type { Branch, DatedAct } from './act.ts'
import type { Mark } from './mark.ts'
import { hasReached, type Position, START } from './world.ts'

/** Most marks kept; the oldest of a longer history fall off. */
const MAX_MARKS = 200_000

/** What was done and what was seen, from instant 0 to the furthest that was ever looked at. */
export class History {
  #acts: readonly DatedAct[] = []
  #marks: Mark[] = []
  #frontier: Position = START
  readonly #branches: Branch[] = []
  #branchCount = 0

  get acts(): readonly DatedAct[] {
    return this.#acts
  }

  get marks(): readonly Mark[] {
    return this.#marks
  }

  get branches(): readonly Branch[] {
    return this.#branches
  }

  /** The furthest position that was seen. */
  get frontier(): Position {
    return this.#frontier
  }

  see(position: Position): void {
    if (hasReached(position, this.#frontier)) this.#frontier = position
  }

  /** Nothing was seen beyond a position after all. */
  unsee(frontier: Position): void {
    this.#frontier = frontier
  }

  mark(mark: Mark): void {
    this.#marks.push(mark)
    if (this.#marks.length >= 2 * MAX_MARKS) this.#marks = this.#marks.slice(MAX_MARKS)
  }

  add(act: DatedAct): void {
    this.#acts = [...this.#acts, act]
  }

  /** The act could not be done after all. */
  takeBack(act: DatedAct): void {
    this.#acts = this.#acts.filter(one => one !== act)
  }

  /** Lets go what lies behind a position and behind so many acts; with an act in it, it is kept as a branch. */
  cut(at: Position, actCount: number): void {
    const lost = this.#acts.slice(actCount)
    if (lost.length > 0) this.#branches.push(this.#asBranch(at, actCount))
    const lostNumbers = new Set(lost.map(({ number }) => number))
    this.#acts = this.#acts.slice(0, actCount)
    this.#marks = this.#marks.filter(mark => hasReached(at, mark) && !lostNumbers.has(mark.act ?? 0))
    this.#frontier = at
  }

  /**
   * Takes a branch up in place of this history, which becomes a branch itself.
   * @returns where the two parted, and how many acts they share
   */
  take(branch: Branch): { readonly at: Position; readonly acts: number } {
    const own = this.#acts
    let shared = 0
    while (own[shared] !== undefined && own[shared] === branch.acts[shared]) shared += 1
    const parting = branch.acts[shared] ?? branch.frontier
    const other = own[shared] ?? this.#frontier
    const at: Position = hasReached(parting, other) ? other : parting
    this.#branches.splice(this.#branches.indexOf(branch), 1)
    this.#branches.push(this.#asBranch(at, shared))
    this.#acts = branch.acts
    this.#marks = [...branch.marks]
    this.#frontier = branch.frontier
    return { at: { events: at.events, atNs: at.atNs }, acts: shared }
  }

  #asBranch(at: Position, actCount: number): Branch {
    this.#branchCount += 1
    const first = this.#acts[actCount]
    return {
      name: `${this.#branchCount}: ${first?.text ?? 'without'}`,
      atNs: at.atNs,
      endNs: this.#frontier.atNs,
      acts: this.#acts,
      marks: this.#marks,
      frontier: this.#frontier,
    }
  }
}
