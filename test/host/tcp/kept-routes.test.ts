import { describe, expect, test, vi } from 'vitest'
import { fibRoute } from '../../../src/host/fib.ts'
import { clientRouterServer, ip, prefix } from '../../support/two-hosts.ts'
import { records } from './wire.ts'

/** A connection from the client to the server over which something has been sent. */
function connected() {
  const lab = clientRouterServer()
  const { client, server, simulator } = lab
  let arrived = 0
  server.tcp.listen({
    port: 80,
    onConnection: connection => {
      connection.onRecords = (_, from, to) => {
        arrived += to - from
      }
    },
  })
  const connection = client.tcp.connect({ destination: ip('10.0.2.10'), port: 80 })
  const send = (): number => {
    const before = arrived
    connection.send(records(100))
    simulator.runUntil(simulator.nowNs + 1e8)
    return arrived - before
  }
  simulator.runUntil(1e9)
  expect(send()).toBe(1)
  return { ...lab, connection, send }
}

describe('the routes that a connection keeps', () => {
  test('its ends ask no table while nothing changes', () => {
    const { client, server, send } = connected()
    const lookups = [client, server].map(host => vi.spyOn(host.fib, 'lookup'))
    expect(send()).toBe(1)
    for (const lookup of lookups) expect(lookup).not.toHaveBeenCalled()
  })

  test('a new route takes the next segment', () => {
    const { client, connection, send } = connected()
    client.addRoute(fibRoute({ prefix: prefix('10.0.2.10/32'), type: 'blackhole' }), 'add')
    expect(send()).toBe(0)
    expect(connection.unacknowledgedBytes).toBe(100)
  })

  test('a stricter filter holds for the next segment', () => {
    const { server, send } = connected()
    server.sysctl.set('net.ipv4.conf.all.rp_filter', '1')
    expect(send()).toBe(1)
    server.addRoute(fibRoute({ prefix: prefix('10.0.1.10/32'), nextHops: [{ interface: server.loopback }] }), 'add')
    expect(send()).toBe(0)
    expect(server.counters.drops('reverse-path-filter')).toBeGreaterThan(0)
  })

  test('a device with another MTU makes the next segments shorter', () => {
    const { client, clientEth, connection, send } = connected()
    client.setMtu(clientEth, 576)
    connection.send(records(1000))
    expect(send()).toBe(2)
    expect(connection.segmentBytes).toBe(576 - 52)
  })

  test('early demultiplexing can be switched off', () => {
    const { server, send } = connected()
    server.sysctl.set('net.ipv4.tcp_early_demux', '0')
    const lookup = vi.spyOn(server.fib, 'lookup')
    expect(send()).toBe(1)
    expect(lookup).toHaveBeenCalled()
  })
})
