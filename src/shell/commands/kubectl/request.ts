import type { Store } from '../../../kubernetes/api/store.ts'
import type { Cluster } from '../../../kubernetes/cluster.ts'
import type { Coroutine } from '../../../sim/coroutine.ts'
import type { CommandContext } from '../../command.ts'
import type { FlagSpec, ParsedFlags } from './flags.ts'

/** What a subcommand of kubectl works with. */
export interface KubectlRequest {
  readonly context: CommandContext
  readonly cluster: Cluster
  readonly store: Store
  readonly flags: ParsedFlags
  /** `-n`, or `default`. */
  readonly namespace: string
}

export interface Subcommand {
  /** Words after `kubectl`: `get`, `rollout`. */
  readonly name: string
  readonly flags: readonly FlagSpec[]
  /** Returns the exit code. */
  run(request: KubectlRequest): Coroutine<number>
}

/** One request to the API server over the loopback: its share of simulated time. Ours. */
export const REQUEST_NS = 5_000_000

/** An error that ends the subcommand with exit code 1: its text is printed as it is. */
export class KubectlError extends Error {
  override readonly name = 'KubectlError'
}

/** Ends the subcommand with `error: …`. */
export function fail(message: string): never {
  throw new KubectlError(`error: ${message}`)
}
