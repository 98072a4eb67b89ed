import type { BarMark } from './time-bar.ts'

/**
 * The instants of marks by kind, so that a bar finds out in no time whether something happened in a span, however many marks
 * there are. It follows a list that grows at its end; of any other list it starts anew.
 */
export class MarkIndex {
  readonly #instants = new Map<string, number[]>()
  #count = 0
  #last: BarMark | undefined

  /** Takes in what is new. */
  update(marks: readonly BarMark[]): this {
    if (this.#count > 0 && marks[this.#count - 1] !== this.#last) {
      this.#instants.clear()
      this.#count = 0
    }
    for (let index = this.#count; index < marks.length; index += 1) {
      const { kind, atNs } = marks[index]!
      const instants = this.#instants.get(kind)
      if (instants === undefined) this.#instants.set(kind, [atNs])
      else instants.push(atNs)
    }
    this.#count = marks.length
    this.#last = marks.at(-1)
    return this
  }

  /** Whether there is a mark of the kind from an instant on and before another one. */
  has(kind: string, fromNs: number, beforeNs: number): boolean {
    const instants = this.#instants.get(kind)
    if (instants === undefined) return false
    let low = 0
    let high = instants.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (instants[middle]! < fromNs) low = middle + 1
      else high = middle
    }
    const found = instants[low]
    return found !== undefined && found < beforeNs
  }
}
