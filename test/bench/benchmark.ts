/** What one phase of a benchmark took, measured in a process of its own. */
export interface Sample {
  /** What happened in this part: `converge`, `link failure`. */
  readonly phase: string
  /** Wall clock. Of several rounds the shortest. */
  readonly seconds: number
  /** Processor time, that of the collector's threads included: less shaken by what else the machine does. */
  readonly processorSeconds?: number
  /** How much work was done, in the benchmark's unit; divided by the seconds it is the rate. */
  readonly amount: number
  /** Events that the simulator executed. */
  readonly events?: number
  /** Prefixes announced or withdrawn in UPDATEs that speakers received. */
  readonly prefixUpdates?: number
  /** Paths held by all speakers at the end. */
  readonly paths?: number
  /** Heap held at the end, after a collection, beyond what was held at the start of the phase, bytes. */
  readonly heapBytes?: number
  /** Simulated time that passed. */
  readonly simulatedSeconds?: number
}

/** One size at which a benchmark runs. */
export interface Size {
  readonly name: string
  /** Sizes of one series are compared with each other: bytes per path and growth. Default: all of a benchmark. */
  readonly series?: string
  /** Runs only with `--full`: takes minutes or gigabytes. */
  readonly isLarge?: boolean
  readonly run: () => Promise<readonly Sample[]> | readonly Sample[]
}

export interface Benchmark {
  readonly name: string
  /** One sentence: what is measured. */
  readonly what: string
  /** What `amount` counts, in the plural. */
  readonly unit: string
  readonly sizes: readonly Size[]
}
