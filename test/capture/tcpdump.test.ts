import { describe, expect, test } from 'vitest'
import { writePcap } from '../../src/capture/file/write-pcap.ts'
import { LINK_TYPE } from '../../src/capture/link-type.ts'
import { encodeFrames } from '../../src/wire/frame-codec.ts'
import { captureOf, ownTcpdump } from '../support/capture-tool.ts'
import { hasRealTcpdump, realTcpdump } from '../support/real-tcpdump.ts'
import {
  allFrames,
  arpFrames,
  bgpFrames,
  fragmentedFrame,
  icmpFrames,
  port49152Frames,
  tcpFrames,
  tunnelFrames,
  udpFrames,
} from '../support/sample-frames.ts'

const same = (bytes: Uint8Array, args: readonly string[]): void => {
  const [mine, real] = [ownTcpdump(bytes, args), realTcpdump(bytes, args)]
  expect(mine.stdout).toBe(real.stdout)
  expect(mine.stderr).toBe(real.stderr)
  expect(mine.status).toBe(real.status)
}

const KINDS = {
  ARP: arpFrames,
  ICMP: icmpFrames,
  UDP: udpFrames,
  'datagrams of port 49152': port49152Frames,
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
    const bytes = captureOf(frames)
    test.each(OPTIONS)(`${kind} with -nn %s`, options => same(bytes, ['-nn', ...options.split(' ').filter(Boolean)]))
  }

  test('ports by name without -n', () => {
    const bytes = captureOf([...tcpFrames, ...bgpFrames])
    // reverse look-ups of addresses fail and give numbers
    same(bytes, ['-N', 'not port 9'])
  })

  test('packets that were cut by a snapshot length', () => {
    const whole = captureOf(allFrames)
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
