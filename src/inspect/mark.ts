/**
 * What a mark tells of. `routing`: a kernel's routes; `arp`: an address was resolved, moved or lost; `session`: BGP or BFD;
 * `lease`: another holder; `carrier`: a device lost or got its carrier; `node`: a node, program or agent came or went;
 * `pod`: a pod started, stopped or failed; `act`: what the user or the scenario did.
 */
export type MarkKind = 'routing' | 'arp' | 'session' | 'lease' | 'carrier' | 'node' | 'pod' | 'act'

/** Something that happened, for the time bar. */
export interface Mark {
  /** Simulated instant, nanoseconds since the start. */
  readonly atNs: number
  /** How many events had run when it happened, its own included. */
  readonly events: number
  readonly kind: MarkKind
  /** Where: a node's name, `cluster`, or empty for the lab as a whole. */
  readonly node: string
  /** One line without the node's name. */
  readonly text: string
  /** Number of the act that it marks. */
  readonly act?: number
}
