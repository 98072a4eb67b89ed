import type { BgpOpen } from '../wire/bgp/message.ts'

/**
 * The OPEN messages of one speaker. It says the same to nearly all of its peers, and each connection keeps what was said on
 * it: equal messages are one object.
 */
export class OpenMessages {
  readonly #known = new Map<string, BgpOpen>()

  /** The message to send and to keep instead of one just made. */
  share(open: BgpOpen): BgpOpen {
    const key = JSON.stringify(open)
    const known = this.#known.get(key)
    if (known === undefined) this.#known.set(key, open)
    return known ?? open
  }
}
