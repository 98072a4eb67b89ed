import { describe, expect, it } from 'vitest'
import { PodIpam } from '../../../src/kubernetes/cilium/pod-ipam.ts'
import { Random } from '../../../src/sim/random.ts'
import { formatIpv4, parseIpv4, parsePrefix } from '../../../src/wire/address.ts'

function ipam(prefix: string, seed = 1): PodIpam {
  return new PodIpam(parsePrefix(prefix)!, new Random(seed))
}

describe('PodIpam', () => {
  it('never gives the first and the last address', () => {
    const addresses = ipam('10.1.1.0/29')
    const given = new Set<string>()
    for (let count = 0; count < 6; count += 1) given.add(formatIpv4(addresses.allocate('pod')!))
    expect([...given].sort()).toEqual(['10.1.1.1', '10.1.1.2', '10.1.1.3', '10.1.1.4', '10.1.1.5', '10.1.1.6'])
    expect(addresses.allocate('pod')).toBeUndefined()
  })

  it('gives the same addresses for the same seed', () => {
    const one = ipam('10.1.1.0/24', 7)
    const other = ipam('10.1.1.0/24', 7)
    expect([one.allocate('a'), one.allocate('b')]).toEqual([other.allocate('a'), other.allocate('b')])
  })

  it('does not count up from .1', () => {
    const addresses = ipam('10.1.1.0/24')
    const given = [addresses.allocate('a')!, addresses.allocate('b')!, addresses.allocate('c')!]
    expect(given).not.toEqual([1, 2, 3].map(host => parseIpv4('10.1.1.0')! + host))
  })

  it('gives an address that is asked for by name', () => {
    expect(ipam('10.1.1.0/24').reserve(parseIpv4('10.1.1.134')!, 'pod')).toBe(true)
  })

  it.each(['10.1.1.0', '10.1.1.255', '10.1.2.1'])('refuses %s of 10.1.1.0/24', text => {
    expect(ipam('10.1.1.0/24').reserve(parseIpv4(text)!, 'pod')).toBe(false)
  })

  it('gives a released address again', () => {
    const addresses = ipam('10.1.1.0/30')
    const first = addresses.allocate('a')!
    addresses.allocate('b')
    addresses.release(first)
    expect(addresses.allocate('c')).toBe(first)
  })

  it('keeps an address that was set aside for who names it', () => {
    const addresses = ipam('10.1.1.0/30')
    addresses.setAside(parseIpv4('10.1.1.1')!)
    expect([addresses.allocate('a'), addresses.allocate('b')]).toEqual([parseIpv4('10.1.1.2'), undefined])
    expect(addresses.reserve(parseIpv4('10.1.1.1')!, 'b')).toBe(true)
  })
})
