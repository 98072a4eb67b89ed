import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { withCookedHeader } from '../../src/capture/cooked-header.ts'
import { writePcap } from '../../src/capture/file/write-pcap.ts'
import { LINK_TYPE } from '../../src/capture/link-type.ts'
import { encodeFrames } from '../../src/wire/frame-codec.ts'
import { captureOf, ownTcpdump } from '../support/capture-tool.ts'
import { hasRealTcpdump, realTcpdump } from '../support/real-tcpdump.ts'
import { allFrames } from '../support/sample-frames.ts'

const CAPTURE = captureOf(allFrames)

/** Both programs take the same packets, or refuse the expression with the same words. */
function same(expression: string): void {
  const args = ['-nn', '-t', '-#', expression]
  const [mine, real] = [ownTcpdump(CAPTURE, args), realTcpdump(CAPTURE, args)]
  expect({ expression, stderr: mine.stderr, stdout: mine.stdout }).toEqual({
    expression,
    stderr: real.stderr,
    stdout: real.stdout,
  })
}

const EXPRESSIONS = [
  '',
  'host 10.0.5.20',
  'src host 10.0.5.20 and dst 10.0.5.100',
  'ip host 10.0.5.20',
  'arp host 10.0.5.20',
  'src or dst 10.0.5.1',
  'src and dst 10.0.5.1',
  'host 10.0.5',
  'net 10.0.5.0/24',
  'net 10',
  'net 10.0.5.0 mask 255.255.255.0',
  'src net 10.0.5',
  'port 80',
  'port http',
  'tcp port 80 or 443',
  'tcp port 80 or port 443',
  'tcp src port 80',
  'dst port 179',
  'port bgp',
  'udp port 6081',
  'portrange 33400-33500',
  'tcp portrange 79-81',
  'icmp or arp and host 10.0.5.100',
  'icmp or (arp and host 10.0.5.100)',
  'not icmp',
  '! (tcp or udp)',
  'not host 10.0.5.1 and not port 80',
  'tcp[tcpflags] & (tcp-syn|tcp-fin) != 0',
  'tcp[13] = 2',
  'tcp[tcpflags] == tcp-syn|tcp-ack',
  'ip[8] = 1',
  'ip[0] & 0xf != 5',
  'ip[6:2] & 0x1fff != 0',
  'icmp[icmptype] = icmp-echo',
  'icmp[0] = 3 and icmp[1] = 3',
  'udp[4:2] > 40',
  'tcp[((tcp[12] & 0xf0) >> 2):4] = 0x47455420',
  '(tcp[12] >> 4) * 4 > 32',
  'len > 100',
  'len - 14 > 100 and len < 1000',
  'greater 100',
  'less 60',
  'ether host 02:42:0a:00:05:14',
  'ether src aa:c1:ab:00:00:01',
  'ether dst aa-c1-ab-0-0-1',
  'ether proto 0x0806',
  'ether proto \\arp',
  'ether[0] & 1 = 1',
  'ether[2000] = 1 or ip',
  'not ether[2000] = 1',
  'broadcast',
  'ether broadcast',
  'ip broadcast',
  'multicast',
  'ip multicast',
  'vlan',
  'vlan 5 and ip',
  'proto 17',
  'ip proto 4',
  'ip proto \\icmp',
  'ip6',
  'icmp6',
  'tcp or udp',
  'port 80 and (src 10.0.5.20 or src 10.0.5.100)',
  'host (10.0.5.1 or 10.0.5.20)',
  'port (80 or 179)',
  'port 80 or (443 or 179)',
  'src 10.0.5.1 or 10.0.5.20',
  'not host 10.0.5.1 and 10.0.5.20',
  'tcp and not (host 10.0.5.1 or port 179)',
  'byte 0 = 170',
  '1 = 1',
  '0x10 = 16 and 010 = 8',
  'arp[6:2] = 2',
  // refused
  '1.1.1.1',
  'src',
  'host',
  'host 10.0.5.1 port 80',
  'host 10.0.5.1 tcp',
  'arp 10.0.5.1',
  'icmp host',
  'icmp host 10.0.5.1',
  'proto icmp',
  'ip proto icmp',
  'http',
  'host nosuch.invalid',
  'port foo',
  'portrange foo-bar',
  'ip proto foo',
  'ip proto \\foo',
  'port 99999',
  'portrange 1-99999',
  'net 10.0.5.1/24',
  'net 10.0.5.0/33',
  'host 10.0.5.0/24',
  'host 10.0.5.300',
  'ether host 10.0.5.1',
  'ether host foo',
  'host 02:42:0a:00:05:14',
  'ether host 02:42:0a:00:05',
  'vlan 5000',
  'gateway 10.0.5.1',
  'gateway foo',
  'ip and arp',
  'tcp and udp',
  'tcp port 80 and udp',
  '1 = 2',
  'net foo',
  'tcp host 10.0.5.1',
  'icmp port 80',
  'udp port http',
  'tcp and 1.1.1.1',
  'tcp or 80',
  '( tcp',
  'tcp )',
  'tcp[13',
  'tcp[13:3] = 1',
  'tcp[13] = ',
  'port 80-90',
  'host $x',
  'host "x"',
  'tcp;',
  'tcp &',
  'and tcp',
  'tcp and',
  'not',
  '()',
  'len / 0 = 1',
  'len << 40 = 1',
  'src proto 6',
  'arp proto 6',
  'tcp proto 6',
  'port 10.0.5.1',
  'proto 10.0.5.1',
  'ip host 10.0.5.1 or 02:42:0a:00:05:14',
  '4294967296 = 1',
  'inbound and tcp[1] foo',
]

/** The same packets as `-i any` captures them. */
const COOKED = writePcap(
  LINK_TYPE.cookedV2,
  allFrames.flatMap((frame, index) =>
    encodeFrames(frame).map(whole => {
      const device = { index: 2, isLoopback: false }
      const bytes = withCookedHeader(whole, device, index % 2 === 0 ? 'host' : 'outgoing', frame.source)
      return { seconds: index, nanoseconds: 0, bytes, wireBytes: bytes.length }
    }),
  ),
)

describe.skipIf(!hasRealTcpdump)('libpcap 1.10.3 takes the same packets of a cooked capture for', () => {
  test.each([...EXPRESSIONS, 'inbound', 'outbound and tcp', 'ether[0] = 8', 'link[10] = 4'])('%s', expression => {
    const args = ['-nn', '-t', '-#', '-e', expression]
    const [mine, real] = [ownTcpdump(COOKED, args), realTcpdump(COOKED, args)]
    expect({ stderr: mine.stderr, stdout: mine.stdout.replace(/^(.{7})\S+ +/gm, '$1') }).toEqual({
      stderr: real.stderr,
      stdout: real.stdout.replace(/^(.{7})\S+ +/gm, '$1'),
    })
  })
})

describe.skipIf(!hasRealTcpdump)('libpcap 1.10.3 takes the same packets, or says the same, for', () => {
  test.each(EXPRESSIONS)('%s', same)

  test('random expressions', { timeout: 60_000 }, () => {
    const address = fc.constantFrom('10.0.5.20', '10.0.5.100', '10.0.5.1', '1.2.3.4')
    const direction = fc.constantFrom('', 'src ', 'dst ', 'src or dst ', 'src and dst ')
    const protocol = fc.constantFrom('', 'tcp ', 'udp ', 'ip ', 'arp ')
    const number = fc.constantFrom('80', '179', '6081', '33434', '1', '6', '17')
    const atom = fc.oneof(
      fc.constantFrom('tcp', 'udp', 'icmp', 'arp', 'ip', 'ip6', 'broadcast', 'multicast', 'len > 100', 'less 80'),
      fc.tuple(protocol, direction, fc.constantFrom('host ', ''), address).map(parts => parts.join('')),
      fc.tuple(protocol, direction, fc.constant('port '), number).map(parts => parts.join('')),
      fc.tuple(fc.constantFrom('', 'ip ', 'ether '), fc.constant('proto '), number).map(parts => parts.join('')),
      fc
        .tuple(
          fc.constantFrom('ip', 'tcp', 'udp', 'icmp', 'ether'),
          fc.nat(20),
          fc.constantFrom('=', '>', '!=', '& 3 ='),
          number,
        )
        .map(([name, at, operator, value]) => `${name}[${at}] ${operator} ${value}`),
      address,
      number,
    )
    const joined = fc
      .tuple(
        atom,
        fc.array(fc.tuple(fc.constantFrom(' and ', ' or ', ' && ', ' || '), fc.constantFrom('', 'not ', '! '), atom), {
          maxLength: 3,
        }),
      )
      .map(([first, rest]) => first + rest.map(parts => parts.join('')).join(''))
    const nested = fc.oneof(
      joined,
      fc.tuple(atom, joined).map(([one, inner]) => `${one} and (${inner})`),
      joined.map(inner => `not (${inner})`),
    )
    fc.assert(fc.property(nested, same), { numRuns: 250, seed: 20260729 })
  })
})
