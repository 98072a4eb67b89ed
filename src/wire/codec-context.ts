/** What a packet's bytes depend on besides the packet. */
export interface CodecContext {
  /** Wall clock at the simulation's start, milliseconds since 1970: ping puts the time of day into its data. */
  readonly epochMs: number
  /** BGP messages carry AS numbers of four bytes. Default true. Only for decoding. */
  readonly fourOctetAsn?: boolean
}
