import { expect, test } from 'vitest'
import { snapshotNeighbors } from '../../src/host/neighbor/neighbor-table.ts'
import { formatIpv4 } from '../../src/wire/address.ts'
import { clientRouterServer, ip } from '../support/two-hosts.ts'

test('two hosts ping each other through a router', () => {
  const { ping } = clientRouterServer()
  expect(ping('10.0.2.10', 3)).toEqual(['reply 1', 'reply 2', 'reply 3'])
})

test('neighbour tables hold who was talked to and nothing else', () => {
  const lab = clientRouterServer()
  expect(snapshotNeighbors(lab.client)).toEqual([])
  lab.ping('10.0.2.10', 1, 1)
  const rows = (host: typeof lab.client) =>
    snapshotNeighbors(host).map(row => `${formatIpv4(row.address)} ${row.interface.name} ${row.state}`)
  expect(rows(lab.client)).toEqual(['10.0.1.1 eth1 REACHABLE'])
  expect(rows(lab.router)).toEqual(['10.0.1.10 eth1 DELAY', '10.0.2.10 eth2 REACHABLE'])
  expect(rows(lab.server)).toEqual(['10.0.2.1 eth1 DELAY'])
})

test('a host answers for its own addresses over loopback', () => {
  const { ping, client } = clientRouterServer()
  expect(ping('10.0.1.10', 1)).toEqual(['reply 1'])
  expect(ping('127.0.0.1', 1)).toEqual(['reply 1'])
  expect(client.isLocalAddress(ip('127.3.2.1'))).toBe(true)
})

test('a dead neighbour gives host unreachable for each packet, three seconds after the first', () => {
  const { ping } = clientRouterServer()
  expect(ping('10.0.1.77', 4, 8)).toEqual([
    '3/1 1 from 10.0.1.10',
    '3/1 2 from 10.0.1.10',
    '3/1 3 from 10.0.1.10',
    '3/1 4 from 10.0.1.10',
  ])
})

test('the router answers for a dead neighbour behind it', () => {
  const { ping } = clientRouterServer()
  expect(ping('10.0.2.77', 3, 5)).toEqual(['3/1 1 from 10.0.1.1', '3/1 2 from 10.0.1.1', '3/1 3 from 10.0.1.1'])
})

test('without a route sending fails at once', () => {
  const { client } = clientRouterServer()
  client.deleteRoute({ prefix: 0 as never })
  const socket = client.icmp.openEcho()
  expect(socket.send({ destination: ip('10.0.2.10'), sequence: 1, dataBytes: 56 })).toEqual({
    ok: false,
    errno: 'ENETUNREACH',
  })
})

test('answers Time Exceeded when TTL reaches zero, from the address towards the sender', () => {
  const { client, simulator } = clientRouterServer()
  const socket = client.icmp.openEcho()
  const seen: unknown[] = []
  socket.onError = ({ message, packet }) => {
    if ('quotedBytes' in message)
      seen.push([message.type, formatIpv4(packet.source), packet.tos, message.quoted.ttl, message.quotedBytes])
  }
  socket.send({ destination: ip('10.0.2.10'), sequence: 1, dataBytes: 56, ttl: 1 })
  simulator.runUntil(1e9)
  expect(seen).toEqual([[11, '10.0.1.1', 0xc0, 1, 84]])
})

test('a packet too big for the next link is answered by Fragmentation Needed, and the sender learns the path MTU', () => {
  const { client, simulator } = clientRouterServer({ mtuBytes: 9000, serverMtuBytes: 1500 })
  const socket = client.icmp.openEcho()
  const seen: unknown[] = []
  socket.onError = ({ message }) => seen.push('nextHopMtuBytes' in message ? message.nextHopMtuBytes : message.type)
  const request = { destination: ip('10.0.2.10'), sequence: 1, dataBytes: 3000, dontFragment: true }
  socket.send(request)
  simulator.runUntil(1e9)
  expect(seen).toEqual([1500])
  expect(socket.send(request)).toEqual({ ok: false, errno: 'EMSGSIZE', mtuBytes: 1500 })
  expect(client.routeFor(ip('10.0.2.10'))).toMatchObject({ pathMtu: { mtuBytes: 1500 } })
  simulator.runUntil(602e9)
  expect(client.routeFor(ip('10.0.2.10'))).not.toHaveProperty('pathMtu')
})

test('the same seed gives the same run', () => {
  const run = () => {
    const lab = clientRouterServer()
    lab.ping('10.0.2.10', 100)
    return JSON.stringify([
      lab.simulator.executedEvents,
      lab.simulator.journal.entries,
      snapshotNeighbors(lab.router).map(row => row.updatedAtNs),
    ])
  }
  expect(run()).toBe(run())
})
