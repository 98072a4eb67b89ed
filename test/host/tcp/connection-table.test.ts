import { expect, test } from 'vitest'
import type { TcpConnection } from '../../../src/host/tcp/connection.ts'
import { ConnectionTable } from '../../../src/host/tcp/connection-table.ts'

function connection(remoteAddress: number, remotePort = 40000): TcpConnection {
  return { localAddress: 1, localPort: 179, remoteAddress, remotePort } as unknown as TcpConnection
}

test('connections with the same ports are told apart by their addresses, and listed oldest first', () => {
  const table = new ConnectionTable()
  const all = [connection(5), connection(6, 40001), connection(7), connection(8)]
  for (const one of all) table.add(one)
  expect(table.snapshot()).toEqual(all)
  expect(table.find(1 as TcpConnection['localAddress'], 179, all[2]!.remoteAddress, 40000)).toBe(all[2])
})

test.each([0, 1, 2])('of three connections with the same ports number %i can go', gone => {
  const table = new ConnectionTable()
  const all = [connection(5), connection(6), connection(7)]
  for (const one of all) table.add(one)
  table.remove(all[gone]!)
  table.remove(all[gone]!)
  expect(table.snapshot()).toEqual(all.filter((_, index) => index !== gone))
  expect(all.map(one => table.has(one))).toEqual(all.map((_, index) => index !== gone))
})

test('the last connection of its ports leaves nothing behind', () => {
  const table = new ConnectionTable()
  const only = connection(5)
  table.add(only)
  table.remove(only)
  expect(table.snapshot()).toEqual([])
  expect(table.has(only)).toBe(false)
})
