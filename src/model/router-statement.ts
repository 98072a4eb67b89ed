import type { SourceRef } from './source.ts'

/** A line of a router's configuration that was understood, in FRR's words whatever the dialect. */
export interface RouterStatement {
  /** The line that opened the block it stands in: `router bgp 65001`, `interface eth1`; empty outside of blocks. */
  readonly block: string
  /** Words separated by single blanks, with the `no` if it has one. */
  readonly text: string
  readonly source: SourceRef
}
