import type { ResultFile } from './results.ts'

/** The same fabrics on real FRR 8.4.4 in network namespaces and in the simulator, one after the other: seconds. */
export interface RealComparison {
  readonly machine: ResultFile['machine']
  readonly rows: readonly {
    readonly size: string
    readonly phase: string
    readonly real: number
    /** The first run of a process. */
    readonly cold: number
    /** The shortest of the next ones. */
    readonly warm: number
  }[]
}
