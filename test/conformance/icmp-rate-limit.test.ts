/** The answers that Linux's ICMP limits leave over; figures measured on 6.18. */
import { expect, test } from 'vitest'
import { fibRoute } from '../../src/host/fib.ts'
import { clientRouterServer, ip, prefix } from '../support/two-hosts.ts'

function answered(lines: readonly string[]): number[] {
  return lines.map(line => Number(line.split(' ')[1]))
}

test('no route, one packet a second: four answers, then none as long as it goes on', () => {
  const { ping } = clientRouterServer()
  const lines = ping('99.9.9.9', 40, 45)
  expect(lines[0]).toBe('3/0 1 from 10.0.1.1')
  expect(answered(lines)).toEqual([1, 2, 3, 4])
})

test('an unreachable route, five packets a second: the first two are answered', () => {
  const { ping, router } = clientRouterServer()
  router.addRoute(fibRoute({ prefix: prefix('10.96.0.0/16'), type: 'unreachable' }), 'add')
  const lines = ping('10.96.0.10', 20, 5, 200)
  expect(lines[0]).toBe('3/1 1 from 10.0.1.1')
  expect(answered(lines)).toEqual([1, 2])
})

test('time exceeded, five a second: 1 to 7, 11, 16', () => {
  const { client, simulator } = clientRouterServer()
  const socket = client.icmp.openEcho()
  const seen: number[] = []
  socket.onError = ({ message }) => {
    if (message.quoted.payload.kind === 'icmp' && 'sequence' in message.quoted.payload)
      seen.push(message.quoted.payload.sequence)
  }
  for (let sequence = 1; sequence <= 18; sequence += 1) {
    socket.send({ destination: ip('10.0.2.10'), sequence, dataBytes: 56, ttl: 1 })
    simulator.runUntil(sequence * 0.2e9)
  }
  expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 11, 16])
})

test('of sixteen simultaneous UDP probes six get port unreachable', () => {
  const { client, simulator } = clientRouterServer()
  let answers = 0
  const socket = client.udp.bind({ onError: () => (answers += 1) })
  if (!('port' in socket)) throw new Error('no port')
  for (let probe = 0; probe < 16; probe += 1) {
    socket.send({ destination: ip('10.0.2.10'), destinationPort: 33434 + probe, payloadBytes: 32 })
  }
  simulator.runUntil(2e9)
  expect(answers).toBe(6)
})

test('fragmentation needed is not limited', () => {
  const { client, simulator } = clientRouterServer({ mtuBytes: 9000, serverMtuBytes: 1500 })
  const socket = client.icmp.openEcho()
  let answers = 0
  socket.onError = () => {
    answers += 1
    client.routeExceptions.flush()
  }
  for (let sequence = 1; sequence <= 30; sequence += 1) {
    socket.send({ destination: ip('10.0.2.10'), sequence, dataBytes: 4000, dontFragment: true })
    simulator.runUntil(sequence * 1e7)
  }
  expect(answers).toBe(30)
})
