import { writePcap } from '../../src/capture/file/write-pcap.ts'
import { LINK_TYPE } from '../../src/capture/link-type.ts'
import { instantOf } from '../../src/capture/packet.ts'
import { readAndPrint } from '../../src/capture/read-and-print.ts'
import { TCPDUMP_OPTIONS, tcpdumpOptions } from '../../src/capture/tcpdump-options.ts'
import { parseOptions } from '../../src/shell/options.ts'
import type { EthernetFrame } from '../../src/wire/ethernet.ts'
import { encodeFrames } from '../../src/wire/frame-codec.ts'
import type { ToolResult } from './real-tcpdump.ts'

export const EPOCH_MS = Date.UTC(2024, 5, 1, 12)

/** A capture file of the frames, 257 ms apart. */
export function captureOf(frames: readonly EthernetFrame[]): Uint8Array {
  let atNs = 0
  const packets = frames.flatMap(frame =>
    encodeFrames(frame, { epochMs: EPOCH_MS }).map(bytes => {
      atNs += 257_000_123
      return { ...instantOf(EPOCH_MS, atNs), bytes, wireBytes: bytes.length }
    }),
  )
  return writePcap(LINK_TYPE.ethernet, packets)
}

/** What drylab's tcpdump prints for a capture file. */
export function ownTcpdump(bytes: Uint8Array, args: readonly string[]): ToolResult {
  const result = { stdout: '', stderr: '' }
  const parsed = parseOptions('tcpdump', ['-r', 'FILE', ...args], TCPDUMP_OPTIONS)
  if (!parsed.ok) throw new Error(parsed.message)
  const options = tcpdumpOptions(parsed.options, parsed.operands)
  if (typeof options === 'string') throw new Error(options)
  const status = readAndPrint(options, {
    readBytes: () => bytes,
    writeBytes: () => {},
    out: text => {
      result.stdout += text
    },
    error: text => {
      result.stderr += text
    },
  })
  return { ...result, status }
}
