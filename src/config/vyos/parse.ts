import type { RouterModel } from '../../model/router.ts'
import type { Converted } from '../diagnostic.ts'

export interface VyosConfigOptions {
  /** Name for diagnostics. */
  readonly file: string
  /** Image of the node: `vyos/vyos:1.4.9`. */
  readonly image?: string
}

/** Reads a VyOS config.boot (or a list of `set` commands) into the router it configures. */
export function parseVyosConfig(_text: string, _options: VyosConfigOptions): Converted<RouterModel> {
  return { model: undefined, diagnostics: [] }
}
