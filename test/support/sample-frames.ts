import { parseIpv4, parseMac, parsePrefix } from '../../src/wire/address.ts'
import type { SharedAttributes } from '../../src/wire/bgp/attributes.ts'
import type { BgpMessage } from '../../src/wire/bgp/message.ts'
import { bgpRecords } from '../../src/wire/bgp/records.ts'
import type { EthernetFrame } from '../../src/wire/ethernet.ts'
import { type GenevePacket, genevePacketBytes } from '../../src/wire/geneve.ts'
import { httpRecords } from '../../src/wire/http.ts'
import type { Ipv4Packet } from '../../src/wire/ipv4.ts'
import { ipv4PacketBytes } from '../../src/wire/ipv4.ts'
import { listBytes, type RecordList } from '../../src/wire/stream.ts'
import type { TcpOptions, TcpSegment } from '../../src/wire/tcp.ts'

const A = parseIpv4('10.0.5.20')!
const B = parseIpv4('10.0.5.100')!
const ROUTER = parseIpv4('10.0.5.1')!
const MAC_A = parseMac('02:42:0a:00:05:14')!
const MAC_B = parseMac('aa:c1:ab:00:00:01')!

const packet = (payload: Ipv4Packet['payload'], rest: Partial<Ipv4Packet> = {}): Ipv4Packet => ({
  kind: 'ipv4',
  source: A,
  destination: B,
  ttl: 64,
  tos: 0,
  identification: 4711,
  dontFragment: payload.kind !== 'icmp',
  options: [],
  payload,
  ...rest,
})
const frame = (payload: EthernetFrame['payload']): EthernetFrame => ({ source: MAC_A, destination: MAC_B, payload })

const segment = (rest: Partial<TcpSegment> & { writes?: readonly RecordList[] }): TcpSegment => {
  const { writes = [], ...fields } = rest
  const payload = writes.map(records => ({ records, from: 0, to: listBytes(records) }))
  return {
    kind: 'tcp',
    sourcePort: 41234,
    destinationPort: 80,
    sequence: 1000,
    acknowledgment: 0,
    flags: 0x10,
    window: 509,
    options: { timestamps: { value: 12345, echo: 6789 } },
    payload,
    payloadBytes: payload.reduce((sum, slice) => sum + slice.to - slice.from, 0),
    ...fields,
  }
}

const SYN_OPTIONS: TcpOptions = {
  maximumSegmentSize: 9460,
  sackPermitted: true,
  timestamps: { value: 3164817394, echo: 0 },
  windowScale: 7,
}

function reply(part: TcpSegment): Ipv4Packet {
  return packet(
    { ...part, sourcePort: part.destinationPort, destinationPort: part.sourcePort },
    { source: B, destination: A },
  )
}

/** ARP: request, answer, gratuitous forms, a request with a target MAC. */
export const arpFrames: readonly EthernetFrame[] = [
  frame({
    kind: 'arp',
    operation: 'request',
    senderMac: MAC_A,
    senderAddress: A,
    targetMac: 0 as never,
    targetAddress: B,
  }),
  frame({ kind: 'arp', operation: 'reply', senderMac: MAC_B, senderAddress: B, targetMac: MAC_A, targetAddress: A }),
  frame({ kind: 'arp', operation: 'request', senderMac: MAC_A, senderAddress: A, targetMac: MAC_B, targetAddress: B }),
  frame({
    kind: 'arp',
    operation: 'reply',
    senderMac: MAC_B,
    senderAddress: B,
    targetMac: 0xffffffffffff as never,
    targetAddress: B,
  }),
]

const probe = packet(
  { kind: 'udp', sourcePort: 40000, destinationPort: 33434, payloadBytes: 32 },
  { ttl: 1, dontFragment: false },
)
const ping = (type: 0 | 8, dataBytes = 56): Ipv4Packet['payload'] => ({
  kind: 'icmp',
  type,
  code: 0,
  identifier: 77,
  sequence: 3,
  dataBytes,
  sentAtNs: 12_345_678_000,
})
const error = (type: 3 | 11 | 12, code: number, quoted: Ipv4Packet, quotedBytes: number, nextHopMtuBytes?: number) =>
  frame(
    packet(
      { kind: 'icmp', type, code, quoted, quotedBytes, ...(nextHopMtuBytes === undefined ? {} : { nextHopMtuBytes }) },
      { source: ROUTER, destination: A, tos: 0xc0 },
    ),
  )

const syn = packet(segment({ flags: 0x02, window: 56760, options: SYN_OPTIONS, sequence: 2889120312 }))

/** ICMP: echo of several sizes, every kind of error with whole and cut quotes, redirects. */
export const icmpFrames: readonly EthernetFrame[] = [
  frame(packet(ping(8))),
  frame(packet(ping(0), { source: B, destination: A })),
  frame(packet(ping(8, 3))),
  frame(packet(ping(8, 1472))),
  ...[0, 1, 2, 3, 5, 9, 10, 13].map(code => error(3, code, probe, 60)),
  error(3, 3, syn, 28),
  error(3, 3, syn, 60),
  error(
    3,
    4,
    packet(
      segment({ flags: 0x18, writes: [httpRecords([{ protocol: 'http', kind: 'body', text: 'x'.repeat(1400) }])] }),
    ),
    548,
    1400,
  ),
  error(11, 0, probe, 60),
  error(11, 1, probe, 60),
  error(12, 0, probe, 60),
  frame(
    packet(
      { kind: 'icmp', type: 5, code: 1, gateway: ROUTER, quoted: packet(ping(8)), quotedBytes: 84 },
      { source: ROUTER, destination: A, tos: 0xc0 },
    ),
  ),
]

/** UDP: a traceroute probe, one without data, a big one, an IP option on it. */
export const udpFrames: readonly EthernetFrame[] = [
  frame(probe),
  frame(packet({ kind: 'udp', sourcePort: 5000, destinationPort: 5001, payloadBytes: 0 })),
  frame(packet({ kind: 'udp', sourcePort: 5000, destinationPort: 5001, payloadBytes: 1400 }, { tos: 3 })),
  frame(
    packet(
      { kind: 'udp', sourcePort: 5000, destinationPort: 5001, payloadBytes: 10 },
      { options: [{ type: 0x9a, data: [0x50, 0, 0x64, 5, 0, 10] }] },
    ),
  ),
]

/** From port 49152, which tcpdump takes for a shim of Broadcom's also where bfdd's first session sends. */
export const port49152Frames: readonly EthernetFrame[] = [
  frame(packet({ kind: 'udp', sourcePort: 49152, destinationPort: 33434, payloadBytes: 32 })),
  frame(packet({ kind: 'udp', sourcePort: 49152, destinationPort: 33435, payloadBytes: 2 })),
  frame(packet({ kind: 'udp', sourcePort: 33434, destinationPort: 49152, payloadBytes: 32 })),
  frame(
    packet({
      kind: 'udp',
      sourcePort: 49152,
      destinationPort: 3784,
      payloadBytes: 24,
      payload: {
        kind: 'bfd',
        state: 'up',
        diagnostic: 0,
        isPoll: false,
        isFinal: false,
        detectMultiplier: 3,
        myDiscriminator: 1,
        yourDiscriminator: 2,
        desiredTransmitUs: 300_000,
        requiredReceiveUs: 300_000,
        requiredEchoReceiveUs: 50_000,
      },
    }),
  ),
]

const request = httpRecords([
  {
    protocol: 'http',
    kind: 'request',
    method: 'GET',
    target: '/',
    headers: [
      ['Host', '10.0.5.100'],
      ['User-Agent', 'curl/8.7.1'],
      ['Accept', '*/*'],
    ],
  },
])
const response = httpRecords([
  {
    protocol: 'http',
    kind: 'response',
    status: 200,
    reason: 'OK',
    headers: [
      ['Server', 'nginx/1.22.1'],
      ['Content-Length', '615'],
    ],
  },
])
const body = httpRecords([{ protocol: 'http', kind: 'body', text: `<!DOCTYPE html>\n${'<p>line</p>\n'.repeat(50)}` }])

/** A TCP connection with HTTP in it as a DSR capture shows it, segments with SACK, a signature and odd flags. */
export const tcpFrames: readonly EthernetFrame[] = [
  frame({ ...syn, options: [{ type: 0x9a, data: [0x50, 0, 0x64, 5, 0, 10] }] }),
  frame(
    reply(
      segment({
        flags: 0x12,
        window: 65160,
        sequence: 405849821,
        acknowledgment: 2889120313,
        options: { ...SYN_OPTIONS, maximumSegmentSize: 1460 },
      }),
    ),
  ),
  frame(packet(segment({ sequence: 2889120313, acknowledgment: 405849822, window: 444 }))),
  frame(
    packet(segment({ sequence: 2889120313, acknowledgment: 405849822, window: 444, flags: 0x18, writes: [request] })),
  ),
  frame(reply(segment({ sequence: 405849822, acknowledgment: 2889120386 }))),
  frame(reply(segment({ sequence: 405849822, acknowledgment: 2889120386, flags: 0x18, writes: [response] }))),
  frame(reply(segment({ sequence: 405850060, acknowledgment: 2889120386, flags: 0x18, writes: [body] }))),
  frame(packet(segment({ sequence: 2889120386, acknowledgment: 405850675, flags: 0x11 }))),
  frame(
    packet(
      segment({
        sequence: 2889120386,
        acknowledgment: 405850060,
        options: {
          timestamps: { value: 1, echo: 2 },
          sack: [
            { left: 405850160, right: 405850260 },
            { left: 405850360, right: 405850460 },
          ],
        },
      }),
    ),
  ),
  frame(packet(segment({ sequence: 5, flags: 0x04, window: 0, options: {} }))),
  frame(packet(segment({ sequence: 5, flags: 0x14, window: 0, options: {} }))),
  frame(packet(segment({ sequence: 5, flags: 0, options: {} }))),
  frame(
    packet(
      segment({ flags: 0x38, sourcePort: 9, destinationPort: 9, writes: [body], options: { md5Password: 'secret' } }),
    ),
  ),
  frame(packet(segment({ flags: 0x02, options: { maximumSegmentSize: 1460, sackPermitted: true, windowScale: 7 } }))),
]

const attributes: SharedAttributes = {
  origin: 0,
  asPath: [{ type: 'sequence', asns: [65000, 4200000000, 65005] }],
  atomicAggregate: false,
  communities: [],
  largeCommunities: [],
  clusterList: [],
  unknown: [],
}

/** BGP messages of every type, with all capabilities and attributes in use. */
export const bgpMessages: readonly BgpMessage[] = [
  {
    protocol: 'bgp',
    type: 'open',
    version: 4,
    asn: 65005,
    holdSeconds: 9,
    routerId: ROUTER,
    capabilities: [
      { name: 'multiprotocol', afi: 1, safi: 1 },
      { name: 'route-refresh-old' },
      { name: 'route-refresh' },
      { name: 'enhanced-route-refresh' },
      { name: 'four-octet-asn', asn: 65005 },
      { name: 'extended-message' },
      { name: 'add-path', families: [{ afi: 1, safi: 1, mode: 1 }] },
      { name: 'fqdn', hostName: 'leaf01', domainName: '' },
      {
        name: 'graceful-restart',
        restarting: true,
        notification: false,
        restartSeconds: 120,
        families: [{ afi: 1, safi: 1, forwarding: true }],
      },
      { name: 'long-lived-graceful-restart', families: [] },
      { name: 'extended-next-hop', families: [{ afi: 1, safi: 1, nextHopAfi: 2 }] },
      { name: 'software-version', version: 'FRRouting/8.4.4' },
    ],
  },
  { protocol: 'bgp', type: 'open', version: 4, asn: 4200000000, holdSeconds: 180, routerId: A, capabilities: [] },
  { protocol: 'bgp', type: 'keepalive' },
  {
    protocol: 'bgp',
    type: 'update',
    withdrawn: [],
    attributes,
    announced: [parsePrefix('20.0.0.100/32')!, parsePrefix('10.0.0.0/8')!, parsePrefix('0.0.0.0/0')!],
    fourOctetAsn: true,
  },
  {
    protocol: 'bgp',
    type: 'update',
    withdrawn: [parsePrefix('10.1.2.0/23')!, parsePrefix('10.3.0.0/17')!],
    attributes: {
      ...attributes,
      origin: 2,
      asPath: [
        { type: 'sequence', asns: [500, 65005] },
        { type: 'set', asns: [1, 2] },
        { type: 'confed-sequence', asns: [7] },
      ],
      med: 0,
      localPreference: 100,
      atomicAggregate: true,
      aggregator: { asn: 65001, address: A },
      communities: [0xffff029a, 0xffffff01, (65000 << 16) >>> 0],
      largeCommunities: ['1:2:3', '4:5:6'],
      originatorId: A,
      clusterList: [ROUTER, B],
      unknown: [{ type: 99, flags: 0xc0, value: [1, 2, 3] }],
    },
    announced: [parsePrefix('172.16.0.0/12')!],
    fourOctetAsn: false,
  },
  { protocol: 'bgp', type: 'update', withdrawn: [parsePrefix('20.0.0.100/32')!], announced: [], fourOctetAsn: true },
  { protocol: 'bgp', type: 'update', withdrawn: [], announced: [], fourOctetAsn: true },
  { protocol: 'bgp', type: 'notification', code: 6, subcode: 2, data: [5, 104, 101, 108, 108, 111] },
  { protocol: 'bgp', type: 'notification', code: 6, subcode: 2, data: [] },
  { protocol: 'bgp', type: 'notification', code: 6, subcode: 4, data: [0] },
  { protocol: 'bgp', type: 'notification', code: 6, subcode: 9, data: [] },
  { protocol: 'bgp', type: 'notification', code: 6, subcode: 1, data: [0, 1, 1, 0, 0, 0, 9] },
  { protocol: 'bgp', type: 'notification', code: 2, subcode: 2, data: [253, 232] },
  { protocol: 'bgp', type: 'notification', code: 3, subcode: 1, data: [] },
  { protocol: 'bgp', type: 'notification', code: 4, subcode: 0, data: [] },
  { protocol: 'bgp', type: 'notification', code: 5, subcode: 1, data: [] },
  { protocol: 'bgp', type: 'route-refresh', afi: 1, safi: 1, subtype: 0 },
]

const bgpSegment = (messages: readonly BgpMessage[], rest: Partial<TcpSegment> = {}): EthernetFrame =>
  frame(
    packet(segment({ flags: 0x18, sourcePort: 179, destinationPort: 40000, writes: [bgpRecords(messages)], ...rest }), {
      tos: 0xc0,
      ttl: 1,
    }),
  )

/** Each message alone, several in one segment, and one cut over two segments. */
export const bgpFrames: readonly EthernetFrame[] = [
  ...bgpMessages.map(message => bgpSegment([message])),
  bgpSegment([2, 3, 4, 2].map(index => bgpMessages[index]!)),
  ...cutFrames(),
]

function cutFrames(): readonly EthernetFrame[] {
  const records = bgpRecords([bgpMessages[4]!])
  const parts = [
    [0, 50],
    [50, listBytes(records)],
  ] as const
  return parts.map(([from, to]) =>
    bgpSegment([], { payload: [{ records, from, to }], payloadBytes: to - from, sequence: 1000 + from }),
  )
}

const geneve = (payload: GenevePacket['payload'], options: GenevePacket['options']): EthernetFrame => {
  const inner: GenevePacket = { kind: 'geneve', vni: 2, isControl: false, options, payload }
  return frame(
    packet({
      kind: 'udp',
      sourcePort: 50000,
      destinationPort: 6081,
      payloadBytes: genevePacketBytes(inner),
      payload: inner,
    }),
  )
}
const DSR_OPTION = { class: 0x014b, type: 0x81, data: [10, 0, 5, 100, 0, 80, 0, 0] }

/** Geneve with frames and packets, with and without options; IP in IP, once and twice. */
export const tunnelFrames: readonly EthernetFrame[] = [
  geneve(frame(syn), [DSR_OPTION]),
  geneve(frame(syn), []),
  geneve(frame(packet(ping(8))), [DSR_OPTION]),
  geneve(packet(ping(8)), [DSR_OPTION, { class: 0x0100, type: 1, data: [] }]),
  geneve(arpFrames[0]!, []),
  frame(packet(syn)),
  frame(packet(packet(packet(ping(8))), { ttl: 9 })),
]

/** A packet of three fragments, as `encodeFrames` cuts it. */
export const fragmentedFrame: EthernetFrame = frame({
  ...packet(ping(8, 4000)),
  fragmentBytes: 1500,
})

export const allFrames: readonly EthernetFrame[] = [
  ...arpFrames,
  ...icmpFrames,
  ...udpFrames,
  ...tcpFrames,
  ...bgpFrames,
  ...tunnelFrames,
  fragmentedFrame,
]

/** Length that a frame claims, for checks against its bytes. */
export function claimedBytes(one: EthernetFrame): number {
  return 14 + (one.payload.kind === 'arp' ? 28 : ipv4PacketBytes(one.payload))
}
