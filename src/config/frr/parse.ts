import type { FrrVersion } from '../../model/frr-version.ts'
import type { RouterModel } from '../../model/router.ts'
import type { Converted } from '../diagnostic.ts'

export interface FrrConfigOptions {
  /** Name for diagnostics. */
  readonly file: string
  /** Decides over the image's tag. */
  readonly version?: FrrVersion
  /** Image of the node: `quay.io/frrouting/frr:10.1.0`. */
  readonly image?: string
}

/** Reads an integrated frr.conf as `vtysh -b` does. */
export function parseFrrConfig(_text: string, _options: FrrConfigOptions): Converted<RouterModel> {
  return { model: undefined, diagnostics: [] }
}
