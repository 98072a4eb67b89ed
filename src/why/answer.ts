import type { SourceRef } from '../model/source.ts'

/** What a `why` question is answered with: the verdict in one sentence, then what it rests on. */
export interface Answer {
  /** As asked, in words: `why does leaf1 have no route to 10.0.0.0/24`. */
  readonly question: string
  /** One sentence without a full stop. */
  readonly verdict: string
  /** There is a route, the target is reached, the address is announced. */
  readonly isPositive: boolean
  /** Most important first. */
  readonly steps: readonly Step[]
}

/** One thing that was looked at. Its own steps are what it rests on. */
export interface Step {
  readonly text: string
  /** `pass`: a gate that lets through, `fail`: the gate that does not, `info`: only told. */
  readonly outcome: 'pass' | 'fail' | 'info'
  /** The object of the user's files that is responsible. */
  readonly source?: SourceRef
  readonly steps?: readonly Step[]
}
