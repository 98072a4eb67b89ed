import type { BgpModel } from '../model/bgp.ts'
import type { BgpOpen } from '../wire/bgp/message.ts'
import { type OpenChoices, ownCapabilities } from './capabilities.ts'
import type { BgpBehaviour } from './implementation.ts'

/**
 * The OPEN messages of one speaker. It says the same to nearly all of its peers, and each connection keeps what was said on
 * it: equal messages are one object, made once.
 */
export class OpenMessages {
  readonly #behaviour: BgpBehaviour
  readonly #gracefulRestart: BgpModel['gracefulRestart']
  readonly #known = new Map<string, BgpOpen>()

  constructor(behaviour: BgpBehaviour, gracefulRestart: BgpModel['gracefulRestart']) {
    this.#behaviour = behaviour
    this.#gracefulRestart = gracefulRestart
  }

  /** The message for peers towards which these choices were made. */
  of(choices: OpenChoices): BgpOpen {
    const key = Object.values(choices).join()
    let open = this.#known.get(key)
    if (open === undefined) {
      const { asn, holdSeconds, routerId } = choices
      const capabilities = ownCapabilities(this.#behaviour, this.#gracefulRestart, choices)
      open = { protocol: 'bgp', type: 'open', version: 4, asn, holdSeconds, routerId, capabilities }
      this.#known.set(key, open)
    }
    return open
  }
}
