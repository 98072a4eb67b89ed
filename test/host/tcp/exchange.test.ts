import { expect, test } from 'vitest'
import type { TcpConnection } from '../../../src/host/tcp/connection.ts'
import { eachRecord } from '../../../src/wire/stream.ts'
import { CLIENT, records, SERVER, Wire } from './wire.ts'

/** Client: one write of 73 bytes, closes after 853. Server: two writes, TCP_NODELAY 0.2 ms later, closes after FIN. */
function exchange(wire: Wire): void {
  wire.server.listen({
    port: 80,
    onConnection(connection) {
      connection.onRecords = () => {
        connection.send(records(238))
        connection.send(records(615))
        wire.simulator.schedule(wire.serverHost.origin, 200_000, () => {
          connection.noDelay = true
        })
      }
      connection.onRemoteClose = () => connection.close()
    },
  })
  const connection = wire.client.connect({ destination: SERVER, port: 80, noDelay: true })
  connection.onEstablished = () => connection.send(records(73))
  let bytes = 0
  connection.onRecords = eachRecord((_, length) => {
    bytes += length
    if (bytes === 853) connection.close()
  })
  wire.runFor(0.1)
}

test('an HTTP exchange over MTU 9500 and 1500 has the twelve packets and windows of the article', () => {
  const wire = new Wire({ clientMtu: 9500, serverMtu: 1500 })
  wire.delayNs = 100_000
  exchange(wire)
  expect(wire.lines()).toEqual([
    'C [S] seq 0 win 56760',
    'S [S.] seq 0 ack 1 win 65160',
    'C [.] seq 1 ack 1 win 444',
    'C [P.] seq 1 ack 1 win 444 length 73',
    'S [.] seq 1 ack 74 win 509',
    'S [P.] seq 1 ack 74 win 509 length 238',
    'C [.] seq 74 ack 239 win 443',
    'S [P.] seq 239 ack 74 win 509 length 615',
    'C [.] seq 74 ack 854 win 439',
    'C [F.] seq 74 ack 854 win 439',
    'S [F.] seq 854 ack 75 win 509',
    'C [.] seq 75 ack 855 win 439',
  ])
})

test('the options of the SYN are those of Linux: MSS 9460, SACK, timestamps, scale 7', () => {
  const wire = new Wire({ clientMtu: 9500 })
  exchange(wire)
  const { options } = wire.sent[0]!.packet.payload
  expect(options).toMatchObject({ maximumSegmentSize: 9460, sackPermitted: true, windowScale: 7 })
  expect(options.timestamps?.echo).toBe(0)
  expect(wire.sent[1]!.packet.payload.options).toMatchObject({ maximumSegmentSize: 1460, windowScale: 7 })
})

test('between two hosts with MTU 1500 the client shows 64240, 502, 501, 501', () => {
  const wire = new Wire()
  exchange(wire)
  const windows = wire.sent.filter(sent => sent.from === 'client').map(sent => sent.packet.payload.window)
  expect(windows).toEqual([64240, 502, 502, 501, 501, 501, 501])
})

test('the client counts identifications up from its SYN, the SYN-ACK has none', () => {
  const wire = new Wire()
  exchange(wire)
  const ids = wire.sent.filter(sent => sent.from === 'client').map(sent => sent.packet.identification)
  expect(ids).toEqual(ids.map((_, index) => (ids[0]! + index) & 0xffff))
  expect(wire.sent[1]!.packet.identification).toBe(0)
})

test('the active closer stays in TIME-WAIT for 60 s, the other side is gone at once', () => {
  const wire = new Wire()
  exchange(wire)
  expect(wire.client.snapshot().map(row => row.state)).toEqual(['time-wait'])
  expect(wire.server.snapshot().map(row => row.state)).toEqual(['listen'])
  wire.runFor(61)
  expect(wire.client.snapshot()).toEqual([])
})

test('a SYN to a closed port is refused with RST, sequence 0, and no options', () => {
  const wire = new Wire()
  const reasons: string[] = []
  wire.client.connect({ destination: SERVER, port: 81 }).onClosed = reason => reasons.push(reason)
  wire.runFor(1)
  expect(reasons).toEqual(['refused'])
  const { payload, identification } = wire.sent[1]!.packet
  expect(payload).toMatchObject({ sequence: 0, window: 0, options: {}, flags: 4 | 16 })
  expect(identification).toBe(0)
})

test('an unanswered SYN goes out again after 1, 3, 7, 15, 31 and 63 s and times out at 127 s', () => {
  const wire = new Wire()
  wire.isLost = () => true
  const closed: [string, number][] = []
  const connection = wire.client.connect({ destination: SERVER, port: 80 })
  connection.onClosed = reason => closed.push([reason, wire.simulator.nowNs / 1e9])
  wire.runFor(200)
  expect(wire.sent.map(sent => sent.atNs / 1e9)).toEqual([0, 1, 3, 7, 15, 31, 63])
  expect(closed).toEqual([['timeout', 127]])
})

test('a SYN-ACK that is lost goes out again after 1, 3, 7, 15 and 31 s', () => {
  const wire = new Wire()
  wire.server.listen({ port: 80, onConnection: () => {} })
  wire.isLost = sent => sent.from === 'server' || sent.atNs > 0
  wire.client.connect({ destination: SERVER, port: 80 })
  wire.runFor(120)
  const times = wire.sent.filter(sent => sent.from === 'server').map(sent => Math.round(sent.atNs / 1e9))
  expect(times).toEqual([0, 1, 3, 7, 15, 31])
})

test('without a route the connection fails at the same instant', () => {
  const wire = new Wire()
  const reasons: string[] = []
  wire.client.connect({ destination: (SERVER + 9) as typeof SERVER, port: 80 }).onClosed = why => reasons.push(why)
  wire.runFor(0)
  expect(reasons).toEqual(['network-unreachable'])
})

test('ephemeral ports are even and move up', () => {
  const wire = new Wire()
  const ports = [1, 2, 3].map(() => wire.client.connect({ destination: SERVER, port: 80 }).localPort)
  expect(ports.map(port => port % 2)).toEqual([0, 0, 0])
  expect(new Set(ports).size).toBe(3)
})

test('a filter that refuses closes right after the handshake', () => {
  const wire = new Wire()
  wire.server.listen({ port: 179, onConnection: () => expect.unreachable(), filter: remote => remote !== CLIENT })
  let isRemoteClosed = false
  const connection = wire.client.connect({ destination: SERVER, port: 179 })
  connection.onRemoteClose = () => {
    isRemoteClosed = true
  }
  wire.runFor(1)
  expect(isRemoteClosed).toBe(true)
})

test('a listener with another MD5 password never answers', () => {
  const wire = new Wire()
  const listener = wire.server.listen({ port: 179, onConnection: () => {} })
  if (!('error' in listener)) listener.md5Passwords.set(CLIENT, 'secret')
  wire.client.connect({ destination: SERVER, port: 179, md5Password: 'other' })
  wire.runFor(2)
  expect(wire.sent.every(sent => sent.from === 'client')).toBe(true)
  expect(wire.serverHost.counters.drops('tcp-md5-failure')).toBeGreaterThan(0)
})

test('equal MD5 passwords connect, without timestamps', () => {
  const wire = new Wire()
  const listener = wire.server.listen({ port: 179, onConnection: () => {} })
  if (!('error' in listener)) listener.md5Passwords.set(CLIENT, 'secret')
  const connection = wire.client.connect({ destination: SERVER, port: 179, md5Password: 'secret' })
  wire.runFor(2)
  expect(connection.state).toBe('established')
  expect(wire.sent[1]!.packet.payload.options.timestamps).toBeUndefined()
  expect(connection.segmentBytes).toBe(1440)
})

test('segments below the minimum TTL are dropped silently', () => {
  const wire = new Wire()
  wire.server.listen({ port: 179, onConnection: () => {}, ttl: 64 })
  const connection = wire.client.connect({ destination: SERVER, port: 179, minimumTtl: 255 })
  wire.runFor(2)
  expect(connection.state).toBe('syn-sent')
})

test('a second listener on a port gets EADDRINUSE', () => {
  const wire = new Wire()
  wire.server.listen({ port: 80, onConnection: () => {} })
  expect(wire.server.listen({ port: 80, onConnection: () => {} })).toEqual({ error: 'EADDRINUSE' })
})

test('an idle connection keeps no timer', () => {
  const wire = new Wire()
  wire.server.listen({ port: 80, onConnection: () => {} })
  const connection = wire.client.connect({ destination: SERVER, port: 80 })
  connection.onEstablished = () => connection.send(records(100))
  wire.runFor(1)
  expect(wire.simulator.pendingWork).toBe(0)
  expect(connection.retransmitAlarm.isRunning || connection.acknowledgmentAlarm.isRunning).toBe(false)
})

test('both sides opening at once meet in established', () => {
  const wire = new Wire()
  const client = wire.client.connect({ destination: SERVER, port: 1179, sourcePort: 1179 })
  const server = wire.server.connect({ destination: CLIENT, port: 1179, sourcePort: 1179 })
  wire.runFor(5)
  expect([client.state, server.state]).toEqual(['established', 'established'])
})

test('abort resets the other side', () => {
  const wire = new Wire()
  let accepted: TcpConnection | undefined
  const reasons: string[] = []
  wire.server.listen({
    port: 80,
    onConnection(connection) {
      accepted = connection
      connection.onClosed = reason => reasons.push(reason)
    },
  })
  const connection = wire.client.connect({ destination: SERVER, port: 80 })
  wire.runFor(1)
  connection.abort()
  wire.runFor(1)
  expect([accepted?.state, reasons]).toEqual(['closed', ['reset']])
})

test('a kernel that vanished answers the next segment with RST', () => {
  const wire = new Wire()
  wire.server.listen({ port: 80, onConnection: () => {} })
  const connection = wire.client.connect({ destination: SERVER, port: 80 })
  const reasons: string[] = []
  connection.onClosed = reason => reasons.push(reason)
  wire.runFor(1)
  wire.server.vanish()
  connection.send(records(10))
  wire.runFor(1)
  expect(reasons).toEqual(['reset'])
})

test('an ICMP "fragmentation needed" makes later and repeated segments shorter', () => {
  const wire = new Wire()
  const sizes: number[] = []
  wire.server.listen({
    port: 80,
    onConnection: connection => {
      connection.onRecords = eachRecord((_, bytes) => sizes.push(bytes))
    },
  })
  const client = wire.client.connect({ destination: SERVER, port: 80, noDelay: true })
  wire.runFor(1)
  const first = wire.sent.length
  wire.isLost = sent => sent.packet.payload.payloadBytes > 1348
  client.send(records(3000))
  const quoted = wire.sent[first]!.packet
  const error = { kind: 'icmp', type: 3, code: 4, nextHopMtuBytes: 1400, quoted, quotedBytes: 28 } as const
  wire.client.receiveError(error)
  wire.runFor(1)
  expect(client.segmentBytes).toBe(1348)
  expect(sizes).toEqual([3000])
})

test('an ICMP error ends a connection attempt', () => {
  const wire = new Wire()
  const reasons: string[] = []
  const attempt = wire.client.connect({ destination: SERVER, port: 80 })
  attempt.onClosed = reason => reasons.push(reason)
  wire.isLost = () => true
  wire.runFor(0)
  const { packet } = wire.sent[0]!
  wire.client.receiveError({ kind: 'icmp', type: 3, code: 1, quoted: packet, quotedBytes: 28 })
  expect(reasons).toEqual(['host-unreachable'])
})
