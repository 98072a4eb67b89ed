import type { ResultFile } from './results.ts'
import type { Times } from './support/measure.ts'

/** The same fabrics on real FRR 8.4.4 in network namespaces and in the simulator, one after the other. */
export interface RealComparison {
  readonly machine: ResultFile['machine']
  /** Processes that wanted a core at the end, one minute's average. */
  readonly load: number
  readonly rows: readonly {
    readonly size: string
    /** BGP routes in all kernels. */
    readonly routes: number
    readonly phase: string
    /** Seconds. */
    readonly real: number
    /** The first run of a process. */
    readonly cold: Times
    /** The shortest of the next ones. */
    readonly warm: Times
  }[]
}
