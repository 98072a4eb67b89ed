/** Frames to and from bytes. Inside the simulator frames are objects; their bytes exist only where something is captured. */
import type { CodecContext } from './codec-context.ts'
import type { EthernetFrame } from './ethernet.ts'
import { decodeEthernet, encodeEthernet, withEthernetHeader } from './ethernet-codec.ts'
import { encodeIpv4Fragments } from './ipv4-codec.ts'

const NO_CONTEXT: CodecContext = { epochMs: 0 }

/** The bytes of a frame, `frameBytes(frame)` of them, all checksums right. A packet in fragments is written whole. */
export function encodeFrame(frame: EthernetFrame, context: CodecContext = NO_CONTEXT): Uint8Array {
  return encodeEthernet(frame, context)
}

/** The frames that a capture shows for a frame: several when its packet travels in fragments. */
export function encodeFrames(frame: EthernetFrame, context: CodecContext = NO_CONTEXT): readonly Uint8Array[] {
  const { payload } = frame
  if (payload.kind === 'arp' || payload.fragmentBytes === undefined) return [encodeEthernet(frame, context)]
  return encodeIpv4Fragments(payload, context).map(fragment => withEthernetHeader(frame, fragment))
}

/** The frame that the bytes are. @throws DecodeError, and nothing else, for any other bytes */
export function decodeFrame(bytes: Uint8Array, context: CodecContext = NO_CONTEXT): EthernetFrame {
  return decodeEthernet(bytes, context)
}
