/**
 * Who schedules an event: a node, a cable, a controller. Its name orders events of the same instant, so it must be unique
 * and must not depend on the order in which the lab was built.
 */
export interface Origin {
  readonly name: string
  /** Sequence number of the next event; only the simulator advances it. */
  nextSequence: number
}
