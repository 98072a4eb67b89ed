/** Spreads networks, which differ in their upper bits, over the upper bits of the product (Knuth's multiplicative hashing). */
const SPREAD = 0x9e3779b1

const SMALLEST = 8
/** Below this many places a table that is full grows fourfold: those of small labs are filled once, and each growth moves all. */
const SMALL = 256

/**
 * Values by network address, as a table with open addressing: each key is found in the place that its hash names, or in one of
 * the next ones. It takes some 20 bytes for a value where a Map takes 45, and routing tables are most of a large fabric.
 */
export class NetworkMap<Value> {
  #keys = new Int32Array(SMALLEST)
  /** Undefined where a place is free. */
  #values: (Value | undefined)[] = new Array(SMALLEST).fill(undefined)
  /** The hash is the upper bits of the product: all but so many. */
  #shift = Math.clz32(SMALLEST) + 1
  #size = 0

  get size(): number {
    return this.#size
  }

  get(network: number): Value | undefined {
    const keys = this.#keys
    const values = this.#values
    const mask = keys.length - 1
    let place = Math.imul(network, SPREAD) >>> this.#shift
    for (;;) {
      const value = values[place]
      if (value === undefined || keys[place] === network) return value
      place = (place + 1) & mask
    }
  }

  /** @param network as a signed 32-bit integer */
  set(network: number, value: Value): void {
    let place = this.#placeOf(network)
    if (this.#values[place] === undefined) {
      const { length } = this.#keys
      if ((this.#size + 1) * 4 > length * 3) {
        this.#resize(length < SMALL ? length * 4 : length * 2)
        place = this.#placeOf(network)
      }
      this.#size += 1
      this.#keys[place] = network
    }
    this.#values[place] = value
  }

  delete(network: number): boolean {
    let free = this.#placeOf(network)
    if (this.#values[free] === undefined) return false
    this.#size -= 1
    const mask = this.#keys.length - 1
    // those behind that could stand in the free place move up, so that no search ends too early
    for (let place = (free + 1) & mask; this.#values[place] !== undefined; place = (place + 1) & mask) {
      const distance = (place - (Math.imul(this.#keys[place]!, SPREAD) >>> this.#shift)) & mask
      if (distance < ((place - free) & mask)) continue
      this.#keys[free] = this.#keys[place]!
      this.#values[free] = this.#values[place]
      free = place
    }
    this.#values[free] = undefined
    return true
  }

  /** Looks at all values, in no useful order. Meanwhile none may come or go. */
  forEach(visit: (value: Value, network: number) => void): void {
    const keys = this.#keys
    const values = this.#values
    for (let place = 0; place < keys.length; place += 1) {
      const value = values[place]
      if (value !== undefined) visit(value, keys[place]!)
    }
  }

  /** Where the network is, or would be. */
  #placeOf(network: number): number {
    const keys = this.#keys
    const values = this.#values
    const mask = keys.length - 1
    let place = Math.imul(network, SPREAD) >>> this.#shift
    while (values[place] !== undefined && keys[place] !== network) place = (place + 1) & mask
    return place
  }

  #resize(capacity: number): void {
    const keys = this.#keys
    const values = this.#values
    this.#keys = new Int32Array(capacity)
    this.#values = new Array(capacity).fill(undefined)
    this.#shift = Math.clz32(capacity) + 1
    for (let old = 0; old < keys.length; old += 1) {
      if (values[old] === undefined) continue
      const place = this.#placeOf(keys[old]!)
      this.#keys[place] = keys[old]!
      this.#values[place] = values[old]
    }
  }
}
