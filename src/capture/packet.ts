import type { Instant } from './print/time-stamps.ts'

/** One packet of a capture. */
export interface CapturedPacket extends Instant {
  /** What was captured: all of it, or as much as the snapshot length lets through. */
  readonly bytes: Uint8Array
  /** Length on the wire. */
  readonly wireBytes: number
}

/** The instant of simulated time, as files and the time column show it. */
export function instantOf(epochMs: number, atNs: number): Instant {
  // both parts stay exact: nanoseconds since 1970 do not fit a double
  const epochSeconds = Math.floor(epochMs / 1000)
  const nanoseconds = Math.round((epochMs - epochSeconds * 1000) * 1e6) + (atNs % 1e9)
  return {
    seconds: epochSeconds + Math.floor(atNs / 1e9) + Math.floor(nanoseconds / 1e9),
    nanoseconds: nanoseconds % 1e9,
  }
}
