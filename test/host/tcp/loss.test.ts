import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TcpConnection } from '../../../src/host/tcp/connection.ts'
import { TCP_FLAG } from '../../../src/wire/tcp.ts'
import { numbersOf, records, SERVER, Wire } from './wire.ts'

/** An established connection; `arrived` collects the numbers of the records that the server gets. */
function established(wire: Wire): { client: TcpConnection; server: () => TcpConnection; arrived: number[] } {
  const arrived: number[] = []
  let server: TcpConnection | undefined
  wire.server.listen({
    port: 80,
    onConnection(connection) {
      server = connection
      connection.onRecords = (...got) => arrived.push(...numbersOf(...got))
      connection.onRemoteClose = () => connection.close()
    },
  })
  const client = wire.client.connect({ destination: SERVER, port: 80, noDelay: true })
  wire.runFor(60)
  return { client, server: () => server!, arrived }
}

test('records arrive once and in order whatever is lost, late or overtaken', () => {
  const plan = fc.record({
    sizes: fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 25 }),
    lost: fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }),
    late: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 80, maxLength: 80 }),
  })
  fc.assert(
    fc.property(plan, ({ sizes, lost, late }) => {
      const wire = new Wire()
      const { client, arrived } = established(wire)
      const first = wire.sent.length
      wire.isLost = (_, index) => lost[index - first] === true
      wire.extraDelayNs = (_, index) => (late[index - first] ?? 0) * 1_000_000
      const writes = sizes.map(size => records(size))
      for (const one of writes) client.send(one)
      wire.runFor(900)
      client.close()
      wire.runFor(900)
      expect(arrived).toEqual(writes.flatMap(one => numbersOf(one)))
      expect(client.state).toBe('closed')
    }),
    { numRuns: 150 },
  )
})

test('a lost segment inside a flight is repaired by three duplicates before the timer', () => {
  const wire = new Wire()
  const { client, arrived } = established(wire)
  const first = wire.sent.length
  wire.isLost = (_, index) => index === first + 1
  const write = records(...Array.from({ length: 8 }, () => 1448))
  client.send(write)
  wire.runFor(0.05)
  expect(arrived).toEqual(numbersOf(write))
})

test('data that stays lost goes out again as measured: a probe, then doubling gaps', () => {
  const wire = new Wire()
  const { client } = established(wire)
  const first = wire.sent.length
  wire.isLost = () => true
  client.send(records(100))
  wire.runFor(12)
  const times = wire.sent.slice(first).map(sent => sent.atNs / 1e6)
  const gaps = times.slice(1).map((time, index) => Math.round(time - times[index]!))
  // RTT 2 ms; Linux shows 208, 208, 436, 830, 1660, 3400 with its timer ticks.
  expect(gaps).toEqual([202, 202, 404, 808, 1616, 3232])
})

test('repeated data is answered with a duplicate SACK', () => {
  const wire = new Wire()
  const { client } = established(wire)
  const first = wire.sent.length
  wire.isLost = (sent, index) => index > first && index < first + 3 && sent.from === 'server'
  client.send(records(100))
  wire.runFor(1)
  const { sack } = wire.sent.at(-1)!.packet.payload.options
  expect(sack?.map(({ left, right }) => right - left)).toEqual([100])
})

test('a closed window is probed until it opens', () => {
  const wire = new Wire()
  const { client } = established(wire)
  client.block.peerWindow = 0
  client.block.windowSequence = -1
  client.send(records(100))
  wire.runFor(0.1)
  expect(client.unacknowledgedBytes).toBe(100)
  wire.runFor(2)
  expect(client.unacknowledgedBytes).toBe(0)
})

test('the first flight is ten full segments', () => {
  const wire = new Wire()
  wire.delayNs = 50_000_000
  const { client } = established(wire)
  const first = wire.sent.length
  client.send(records(60_000))
  wire.runFor(0.01)
  const sizes = wire.sent.slice(first).map(sent => sent.packet.payload.payloadBytes)
  expect(sizes).toEqual(Array(10).fill(1448))
})

test('Nagle holds a short segment only while another short one is unacknowledged', () => {
  const wire = new Wire()
  const { client } = established(wire)
  client.noDelay = false
  const first = wire.sent.length
  client.send(records(1448))
  client.send(records(10))
  client.send(records(20))
  client.send(records(30))
  wire.runFor(0.05)
  const sizes = wire.sent.slice(first).filter(sent => sent.from === 'client')
  expect(sizes.map(sent => sent.packet.payload.payloadBytes)).toEqual([1448, 10, 50])
})

test('the second request on a connection is not acknowledged by a segment of its own', () => {
  const wire = new Wire()
  let server: TcpConnection | undefined
  wire.server.listen({
    port: 80,
    onConnection(connection) {
      server = connection
      connection.noDelay = true
      connection.onRecords = () => connection.send(records(300))
    },
  })
  const client = wire.client.connect({ destination: SERVER, port: 80, noDelay: true })
  client.onEstablished = () => client.send(records(73))
  wire.runFor(0.5)
  const first = wire.sent.length
  client.send(records(73))
  wire.runFor(0.01)
  expect(server?.state).toBe('established')
  expect(
    wire
      .lines()
      .slice(first, first + 2)
      .map(line => line.split(' length ')[1]),
  ).toEqual(['73', '300'])
})

test('a FIN that the program does not answer is acknowledged after 40 ms', () => {
  const wire = new Wire()
  const { client, server } = established(wire)
  server().onRemoteClose = () => {}
  const first = wire.sent.length
  client.close()
  wire.runFor(1)
  const [fin, ack] = wire.sent.slice(first)
  expect(ack!.atNs - fin!.atNs).toBe(1_000_000 + 40_000_000)
  expect(client.state).toBe('fin-wait-2')
})

test('data for a closed program is answered with RST', () => {
  const wire = new Wire()
  const { client, server } = established(wire)
  server().onRemoteClose = () => {}
  const reasons: string[] = []
  server().onClosed = reason => reasons.push(reason)
  client.close()
  wire.runFor(1)
  server().send(records(10))
  wire.runFor(1)
  expect(wire.sent.at(-1)!.packet.payload.flags).toBe(TCP_FLAG.rst)
  expect(reasons).toEqual(['reset'])
})

test('a RST that does not hit the next number is challenged', () => {
  const wire = new Wire()
  const { client, server } = established(wire)
  const { payload } = wire.sent.at(-1)!.packet
  wire.server.receive({
    ...wire.sent.at(-1)!.packet,
    payload: { ...payload, sequence: (payload.sequence + 5) >>> 0, flags: TCP_FLAG.rst },
  })
  expect([client.state, server().state]).toEqual(['established', 'established'])
  expect(wire.sent.at(-1)!.from).toBe('server')
})
