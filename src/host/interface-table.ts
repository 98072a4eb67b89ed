import { assert } from '../assert.ts'
import type { Interface } from './interface.ts'

/** The devices of a host by index and by name; index 1 is `lo`. Iterates in creation order. */
export class InterfaceTable implements Iterable<Interface> {
  readonly #byIndex = new Map<number, Interface>()
  readonly #byName = new Map<string, Interface>()

  /** The device with this name; undefined when there is none. */
  get(name: string): Interface | undefined {
    return this.#byName.get(name)
  }

  at(index: number): Interface | undefined {
    return this.#byIndex.get(index)
  }

  /** All devices, oldest first (`for_each_netdev`). */
  all(): readonly Interface[] {
    return [...this.#byIndex.values()]
  }

  [Symbol.iterator](): Iterator<Interface> {
    return this.#byIndex.values()
  }

  /** Lowest index above all that are in use. */
  get nextIndex(): number {
    let highest = 0
    for (const index of this.#byIndex.keys()) if (index > highest) highest = index
    return highest + 1
  }

  add(entry: Interface): void {
    assert(!this.#byName.has(entry.name), `two devices named ${entry.name}`)
    this.#byIndex.set(entry.index, entry)
    this.#byName.set(entry.name, entry)
  }

  remove(entry: Interface): void {
    this.#byIndex.delete(entry.index)
    this.#byName.delete(entry.name)
  }

  rename(entry: Interface, name: string): void {
    this.#byName.delete(entry.name)
    entry.name = name
    this.#byName.set(name, entry)
  }
}
