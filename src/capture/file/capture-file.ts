import type { CapturedPacket } from '../packet.ts'

/** What a capture file holds. */
export interface CaptureFile {
  readonly linkType: number
  readonly snapshotBytes: number
  readonly packets: readonly CapturedPacket[]
  /** Why reading stopped before the end of the file, in libpcap's words. */
  readonly problem?: string
}

/** A file that is no capture: what tcpdump says about it. */
export interface NoCapture {
  readonly error: string
}

/** The largest snapshot length that libpcap accepts. */
export const SNAPSHOT_BYTES_MAX = 262_144
