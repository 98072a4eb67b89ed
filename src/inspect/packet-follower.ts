import type { PacketHandle } from './live-capture.ts'
import type { RunLimits, TimeMachine } from './time-machine.ts'

/** One passage of the packet. */
export interface Hop {
  readonly node: string
  /** Empty for what happens inside the node: a drop. */
  readonly interface: string
  readonly direction: 'in' | 'out'
  readonly atNs: number
  /** As tcpdump -n prints it, without the time. */
  readonly text: string
  /** What is not as it was at the hop before: `destination 10.0.5.100:80 -> 10.1.1.134:80`, `IP option added`, `TTL 64 -> 63`. */
  readonly changes: readonly string[]
  /** Why it ended here. */
  readonly dropped?: string
}

/** The life of a packet. */
export interface Journey {
  /** From its sender on, in order of time. Copies of a flooded frame are left out where they were not taken. */
  readonly there: readonly Hop[]
  /** The way of what its receiver answered. */
  readonly back: readonly Hop[]
  /** Position in `there` (or `back`) of the frame that was asked for. */
  readonly at: { readonly way: 'there' | 'back'; readonly index: number }
  /** One line: delivered, answered, dropped where and why. */
  readonly end: string
}

/** Follows packets by executing their time again on a parked copy of the lab, with a tap on every interface. */
export declare class PacketFollower {
  constructor(machine: TimeMachine)
  /** Undefined when the frame is not found, or the signal ended the search. */
  follow(handle: PacketHandle, limits?: RunLimits): Promise<Journey | undefined>
}
