import { expect, test } from 'vitest'
import { Sysctl } from '../../../src/host/sysctl.ts'
import { TcpSettingsReader } from '../../../src/host/tcp/settings.ts'

test('settings are read again only when one has changed', () => {
  const sysctl = new Sysctl()
  const reader = new TcpSettingsReader(sysctl)
  const first = reader.get()
  expect(first).toEqual({ receiveMemory: { defaultBytes: 131072, maximumBytes: 6291456 }, portRange: [32768, 60999] })
  expect(reader.get()).toBe(first)
  sysctl.set('net.ipv4.ip_local_port_range', '40000 40009')
  sysctl.set('net.core.rmem_max', '8000000')
  expect(reader.get()).toMatchObject({ receiveMemory: { maximumBytes: 8000000 }, portRange: [40000, 40009] })
})
