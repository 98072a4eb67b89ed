const NO_WORDS = new Int32Array(0)

/** A set of prefixes by their numbers: a bit for each, up to the greatest. */
export class NumberSet {
  #words = NO_WORDS
  #size = 0

  get size(): number {
    return this.#size
  }

  has(number: number): boolean {
    const word = number >>> 5
    return word < this.#words.length && (this.#words[word]! & (1 << number)) !== 0
  }

  addAll(numbers: readonly number[]): void {
    for (const number of numbers) this.#add(number)
  }

  deleteAll(numbers: readonly number[]): void {
    for (const number of numbers) {
      if (!this.has(number)) continue
      this.#words[number >>> 5]! ^= 1 << number
      this.#size -= 1
    }
  }

  /** Whether any number is in both. */
  meets(other: NumberSet): boolean {
    const words = this.#words
    const others = other.#words
    const common = Math.min(words.length, others.length)
    for (let word = 0; word < common; word += 1) if ((words[word]! & others[word]!) !== 0) return true
    return false
  }

  #add(number: number): void {
    if (this.has(number)) return
    const word = number >>> 5
    if (word >= this.#words.length) this.#grow(word)
    this.#words[word]! |= 1 << number
    this.#size += 1
  }

  /** To twice the size, or as far as is needed, that a table which fills up is copied a few times only. */
  #grow(word: number): void {
    const grown = new Int32Array(Math.max(word + 1, Math.min(2 * this.#words.length, this.#words.length + 1024)))
    grown.set(this.#words)
    this.#words = grown
  }
}
