import { expect, test } from 'vitest'
import { Simulator } from '../../src/sim/simulator.ts'
import { give, join, newHost } from '../support/two-hosts.ts'

function host() {
  const simulator = new Simulator()
  const leaf = newHost(simulator, 'leaf')
  const [eth1] = join(leaf, 'eth1', newHost(simulator, 'spine'), 'eth1')
  return { leaf, eth1, sysctl: leaf.sysctl, simulator }
}

test('ip_forward sets the forwarding of every device and of later ones', () => {
  const { sysctl, eth1, leaf, simulator } = host()
  sysctl.set('net.ipv4.ip_forward', '1')
  expect(sysctl.get('net.ipv4.conf.all.forwarding')).toBe('1')
  expect(eth1.settings.forwarding).toBe(1)
  expect(sysctl.get('net.ipv4.conf.all.accept_redirects')).toBe('0')
  const [eth2] = join(leaf, 'eth2', newHost(simulator, 'other'), 'eth1')
  expect(eth2.settings.forwarding).toBe(1)
})

test('conf.all.forwarding is the same switch', () => {
  const { sysctl, eth1 } = host()
  sysctl.set('net.ipv4.conf.all.forwarding', '1')
  expect([sysctl.get('net.ipv4.ip_forward'), eth1.settings.forwarding]).toEqual(['1', 1])
})

test('conf.default reaches devices that never had an address', () => {
  const { sysctl, eth1, leaf } = host()
  sysctl.set('net.ipv4.conf.default.rp_filter', '2')
  expect(eth1.settings.rp_filter).toBe(2)
  give(leaf, eth1, '10.0.5.1/24')
  sysctl.set('net.ipv4.conf.default.rp_filter', '1')
  expect(eth1.settings.rp_filter).toBe(2)
})

test('unknown keys, words and values out of range are refused', () => {
  const { sysctl } = host()
  expect(sysctl.set('net.ipv4.nope', '1')).toEqual({ ok: false, errno: 'ENOENT' })
  expect(sysctl.set('net.ipv4.conf.eth9.rp_filter', '1')).toEqual({ ok: false, errno: 'ENOENT' })
  expect(sysctl.set('net.ipv4.ip_forward', 'yes')).toEqual({ ok: false, errno: 'EINVAL' })
  expect(sysctl.set('net.ipv4.fib_multipath_hash_policy', '4')).toEqual({ ok: false, errno: 'EINVAL' })
  expect(sysctl.get('net.ipv4.nope')).toBeUndefined()
})

test('settings of several numbers keep what is not written', () => {
  const { sysctl } = host()
  sysctl.set('net.ipv4.tcp_rmem', '4096 131072 33554432')
  expect(sysctl.get('net.ipv4.tcp_rmem')).toBe('4096\t131072\t33554432')
  sysctl.set('net.ipv4.tcp_rmem', '8192')
  expect(sysctl.get('net.ipv4.tcp_rmem')).toBe('8192\t131072\t33554432')
})

test('a setting in two units shows one value', () => {
  const { sysctl } = host()
  sysctl.set('net.ipv4.neigh.eth1.base_reachable_time_ms', '5000')
  expect(sysctl.get('net.ipv4.neigh.eth1.base_reachable_time')).toBe('5')
  expect(sysctl.get('net.ipv4.neigh.eth1.locktime')).toBe('100')
})

test('every listed key can be read', () => {
  const { sysctl } = host()
  const keys = sysctl.keys()
  expect(keys.length).toBeGreaterThan(200)
  for (const key of keys) expect(sysctl.get(key), key).toBeDefined()
})
