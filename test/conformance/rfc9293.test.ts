import { expect, test } from 'vitest'
import type { TcpConnection } from '../../src/host/tcp/connection.ts'
import { TCP_TRANSITIONS, type TcpEvent, type TcpState } from '../../src/host/tcp/tcp-machine.ts'
import { TCP_FLAG, type TcpSegment } from '../../src/wire/tcp.ts'
import { CLIENT, records, SERVER, Wire } from '../host/tcp/wire.ts'

/** Figure 5 of §3.3.2, arrow by arrow, LISTEN left to the listener. */
const ARROWS: readonly [TcpState, TcpEvent, TcpState][] = [
  ['closed', 'open', 'syn-sent'],
  ['closed', 'synReceived', 'syn-received'],
  ['syn-sent', 'synReceived', 'syn-received'],
  ['syn-sent', 'synAckReceived', 'established'],
  ['syn-sent', 'close', 'closed'],
  ['syn-received', 'ackOfSynReceived', 'established'],
  ['syn-received', 'close', 'fin-wait-1'],
  ['established', 'close', 'fin-wait-1'],
  ['established', 'finReceived', 'close-wait'],
  ['fin-wait-1', 'finAcknowledged', 'fin-wait-2'],
  ['fin-wait-1', 'finReceived', 'closing'],
  ['fin-wait-2', 'finReceived', 'time-wait'],
  ['closing', 'finAcknowledged', 'time-wait'],
  ['close-wait', 'close', 'last-ack'],
  ['last-ack', 'finAcknowledged', 'closed'],
  ['time-wait', 'timeWaitExpires', 'closed'],
]

test.each(ARROWS)('§3.3.2: from %s, %s leads to %s', (from, event, to) => {
  expect(TCP_TRANSITIONS.step(from, event)?.next).toBe(to)
})

function segment(parts: Partial<TcpSegment>): TcpSegment {
  return {
    kind: 'tcp',
    sourcePort: 4000,
    destinationPort: 80,
    sequence: 100,
    acknowledgment: 0,
    flags: 0,
    window: 1000,
    options: {},
    payload: [],
    payloadBytes: 0,
    ...parts,
  }
}

/** Hands the segment to the server and returns its answers. */
function answers(wire: Wire, parts: Partial<TcpSegment>): TcpSegment[] {
  const before = wire.sent.length
  const header = { kind: 'ipv4', ttl: 64, tos: 0, identification: 0, dontFragment: true, options: [] } as const
  wire.server.receive({ ...header, source: CLIENT, destination: SERVER, payload: segment(parts) })
  return wire.sent.slice(before).map(sent => sent.packet.payload)
}

const CLOSED: readonly [string, Partial<TcpSegment>, Partial<TcpSegment>[]][] = [
  ['a SYN', { flags: TCP_FLAG.syn }, [{ flags: TCP_FLAG.rst | TCP_FLAG.ack, sequence: 0, acknowledgment: 101 }]],
  ['an ACK', { flags: TCP_FLAG.ack, acknowledgment: 7 }, [{ flags: TCP_FLAG.rst, sequence: 7 }]],
  ['a RST', { flags: TCP_FLAG.rst }, []],
]

test.each(CLOSED)('§3.10.7.1: without a connection %s is answered as it says', (_, parts, expected) => {
  expect(answers(new Wire(), parts)).toMatchObject(expected)
})

const LISTENING: readonly [string, Partial<TcpSegment>, Partial<TcpSegment>[]][] = [
  ['a RST', { flags: TCP_FLAG.rst }, []],
  ['an ACK', { flags: TCP_FLAG.ack, acknowledgment: 7 }, [{ flags: TCP_FLAG.rst, sequence: 7 }]],
  ['a SYN', { flags: TCP_FLAG.syn }, [{ flags: TCP_FLAG.syn | TCP_FLAG.ack, acknowledgment: 101 }]],
]

test.each(LISTENING)('§3.10.7.2: a listener answers %s as it says', (_, parts, expected) => {
  const wire = new Wire()
  wire.server.listen({ port: 80, onConnection: () => {} })
  expect(answers(wire, parts)).toMatchObject(expected)
})

test('§3.10.7.3: in SYN-SENT a RST with a wrong ACK is ignored', () => {
  const wire = new Wire()
  wire.isLost = () => true
  const connection = wire.client.connect({ destination: SERVER, port: 80 })
  wire.runFor(0)
  const reset = segment({ sourcePort: 80, destinationPort: connection.localPort, flags: TCP_FLAG.rst | TCP_FLAG.ack })
  const header = { kind: 'ipv4', ttl: 64, tos: 0, identification: 0, dontFragment: true, options: [] } as const
  wire.client.receive({ ...header, source: SERVER, destination: CLIENT, payload: reset })
  expect(connection.state).toBe('syn-sent')
})

test('§3.10.7.4: segments outside the window get an ACK and change nothing', () => {
  const wire = new Wire()
  let server: TcpConnection | undefined
  wire.server.listen({
    port: 80,
    onConnection(connection) {
      server = connection
      connection.onRecords = () => expect.unreachable()
    },
  })
  const client = wire.client.connect({ destination: SERVER, port: 80, sourcePort: 4000 })
  wire.runFor(1)
  const far = (client.block.initialSend + 1_000_000) >>> 0
  const [answer] = answers(wire, {
    sequence: far,
    flags: TCP_FLAG.ack,
    acknowledgment: (server!.block.initialSend + 1) >>> 0,
    payload: [{ records: records(10), from: 0, to: 10 }],
    payloadBytes: 10,
  })
  expect(answer).toMatchObject({ flags: TCP_FLAG.ack, acknowledgment: (client.block.initialSend + 1) >>> 0 })
})

test('§3.6: both sides closing at once meet in TIME-WAIT', () => {
  const wire = new Wire()
  let server: TcpConnection | undefined
  wire.server.listen({
    port: 80,
    onConnection(connection) {
      server = connection
    },
  })
  const client = wire.client.connect({ destination: SERVER, port: 80 })
  wire.runFor(1)
  client.close()
  server!.close()
  wire.runFor(1)
  expect([client.state, server!.state]).toEqual(['time-wait', 'time-wait'])
})
