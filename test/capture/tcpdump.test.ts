import { describe, expect, test } from 'vitest'
import { writePcap } from '../../src/capture/file/write-pcap.ts'
import { LINK_TYPE } from '../../src/capture/link-type.ts'
import { instantOf } from '../../src/capture/packet.ts'
import { readAndPrint } from '../../src/capture/read-and-print.ts'
import { TCPDUMP_OPTIONS, tcpdumpOptions } from '../../src/capture/tcpdump-options.ts'
import { parseOptions } from '../../src/shell/options.ts'
import type { EthernetFrame } from '../../src/wire/ethernet.ts'
import { encodeFrames } from '../../src/wire/frame-codec.ts'
import { hasRealTcpdump, realTcpdump, type ToolResult } from '../support/real-tcpdump.ts'
import {
  allFrames,
  arpFrames,
  bgpFrames,
  fragmentedFrame,
  icmpFrames,
  tcpFrames,
  tunnelFrames,
  udpFrames,
} from '../support/sample-frames.ts'

const EPOCH_MS = Date.UTC(2024, 5, 1, 12)

function capture(frames: readonly EthernetFrame[]): Uint8Array {
  let atNs = 0
  const packets = frames.flatMap(frame =>
    encodeFrames(frame, { epochMs: EPOCH_MS }).map(bytes => {
      atNs += 257_000_123
      return { ...instantOf(EPOCH_MS, atNs), bytes, wireBytes: bytes.length }
    }),
  )
  return writePcap(LINK_TYPE.ethernet, packets)
}

function ours(bytes: Uint8Array, args: readonly string[]): ToolResult {
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

const same = (bytes: Uint8Array, args: readonly string[]): void => {
  const [mine, real] = [ours(bytes, args), realTcpdump(bytes, args)]
  expect(mine.stdout).toBe(real.stdout)
  expect(mine.stderr).toBe(real.stderr)
  expect(mine.status).toBe(real.status)
}

const KINDS = {
  ARP: arpFrames,
  ICMP: icmpFrames,
  UDP: udpFrames,
  'TCP and HTTP': tcpFrames,
  BGP: bgpFrames,
  'Geneve and IPIP': tunnelFrames,
  fragments: [fragmentedFrame],
}
const OPTIONS = [
  '',
  '-v',
  '-vv',
  '-vvv',
  '-e',
  '-e -v',
  '-q',
  '-q -e',
  '-S',
  '-X',
  '-XX',
  '-x',
  '-xx',
  '-A',
  '-AA',
  '-t',
  '-tt',
  '-ttt',
  '-tttt',
  '-ttttt',
  '-#',
  '-K -vv',
  '-v -X -e',
  '--nano -tt',
]

describe.skipIf(!hasRealTcpdump)('tcpdump 4.99.3 prints the same for', () => {
  for (const [kind, frames] of Object.entries(KINDS)) {
    const bytes = capture(frames)
    test.each(OPTIONS)(`${kind} with -nn %s`, options => same(bytes, ['-nn', ...options.split(' ').filter(Boolean)]))
  }

  test('ports by name without -n', () => {
    const bytes = capture([...tcpFrames, ...bgpFrames])
    // reverse look-ups of addresses fail and give numbers
    same(bytes, ['-N', 'not port 9'])
  })

  test('packets that were cut by a snapshot length', () => {
    const whole = capture(allFrames)
    for (const length of [14, 20, 34, 40, 54, 60, 66, 90, 100, 120]) {
      const packets = allFrames
        .flatMap(frame => encodeFrames(frame))
        .map((bytes, index) => ({
          seconds: 1_700_000_000 + index,
          nanoseconds: 0,
          bytes: bytes.subarray(0, length),
          wireBytes: bytes.length,
        }))
      for (const options of [['-nn'], ['-nn', '-v'], ['-nn', '-vv', '-e']])
        same(writePcap(LINK_TYPE.ethernet, packets), options)
    }
    expect(whole.length).toBeGreaterThan(0)
  })
})
