import type { EthernetFrame } from '../wire/ethernet.ts'

export interface CaptureOptions {
  /** Container or name; `machine` too. */
  readonly node: string
  /** Device, or `any`. */
  readonly interface: string
  /** pcap-filter(7); default all. */
  readonly filter?: string
  /** Most lines kept, the newest. Default 1000. */
  readonly limit?: number
}

/** Which frame at which place: the same in every execution of the same history. */
export interface PacketHandle {
  readonly node: string
  readonly interface: string
  readonly direction: 'in' | 'out'
  readonly atNs: number
  /** Events that had run, the one included in which it passed. */
  readonly events: number
  /** Position among the frames that passed the interface during that event. */
  readonly ordinal: number
}

export interface CapturedLine {
  readonly handle: PacketHandle
  /** As tcpdump -n prints it, without the newline at the end. */
  readonly text: string
  readonly frame: EthernetFrame
}

/** tcpdump on an interface while time passes; after going back it holds what had passed by then. */
export declare class LiveCapture {
  readonly options: CaptureOptions
  /** The filter's or device's mistake, in tcpdump's words; nothing is captured then. */
  get mistake(): string | undefined
  /** Oldest first. */
  get lines(): readonly CapturedLine[]
  /** How many have fallen off. */
  get dropped(): number
  /** Takes another filter from now on; false when it is wrong, then the old one stays. */
  setFilter(filter: string): boolean
  close(): void
}
