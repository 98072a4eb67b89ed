import type { BgpModel } from './bgp.ts'

/** What a gobgpd configuration says. */
export interface GobgpModel {
  readonly bgp: BgpModel
  /** Undefined (`port = -1`): it never listens. */
  readonly listenPort: number | undefined
}
