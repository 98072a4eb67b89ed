import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HashAllocator } from '../../../../src/kubernetes/cilium/lb-ipam/hash-allocator.ts'
import { formatIpv4, ipv4, parseIpv4 } from '../../../../src/wire/address.ts'

function allocator(first: string, last: string): HashAllocator<string> {
  return new HashAllocator(parseIpv4(first)!, parseIpv4(last)!)
}

function take(from: HashAllocator<string>): string | undefined {
  const address = from.allocateAny('x')
  return address === undefined ? undefined : formatIpv4(address)
}

describe('HashAllocator', () => {
  it('gives a fresh range out in ascending order', () => {
    const addresses = allocator('10.0.5.100', '10.0.5.200')
    expect([take(addresses), take(addresses), take(addresses)]).toEqual(['10.0.5.100', '10.0.5.101', '10.0.5.102'])
  })

  it('fills a hole before the tail', () => {
    const addresses = allocator('20.0.0.100', '20.0.0.200')
    for (let count = 0; count < 6; count += 1) take(addresses)
    addresses.free(parseIpv4('20.0.0.103')!)
    expect([take(addresses), take(addresses)]).toEqual(['20.0.0.103', '20.0.0.106'])
  })

  it('merges an address that is next to the tail into it', () => {
    const addresses = allocator('20.0.0.100', '20.0.0.200')
    for (let count = 0; count < 6; count += 1) take(addresses)
    addresses.free(parseIpv4('20.0.0.105')!)
    expect(take(addresses)).toBe('20.0.0.105')
  })

  it('prefers the smaller of two holes', () => {
    const addresses = allocator('10.0.0.0', '10.0.0.255')
    for (let count = 0; count < 20; count += 1) take(addresses)
    for (const text of ['10.0.0.3', '10.0.0.4', '10.0.0.10']) addresses.free(parseIpv4(text)!)
    expect(take(addresses)).toBe('10.0.0.10')
  })

  it('counts 101 addresses from .100 to .200', () => {
    expect(allocator('10.0.5.100', '10.0.5.200').available).toBe(101)
  })

  it.each([
    ['10.0.5.99', 'out-of-range'],
    ['10.0.5.100', 'in-use'],
    ['10.0.5.150', undefined],
  ])('answers a request for %s with %s', (text, error) => {
    const addresses = allocator('10.0.5.100', '10.0.5.200')
    take(addresses)
    expect(addresses.allocate(parseIpv4(text)!, 'y')).toBe(error)
  })

  it('never gives an address out twice and always knows how many are left', () => {
    const operations = fc.array(
      fc.record({ kind: fc.constantFrom('any', 'take', 'free'), at: fc.integer({ min: 0, max: 40 }) }),
    )
    fc.assert(
      fc.property(operations, list => {
        const addresses = new HashAllocator<number>(ipv4(100), ipv4(131))
        const held = new Set<number>()
        for (const { kind, at } of list) {
          if (kind === 'any') {
            const address = addresses.allocateAny(1)
            expect(address === undefined).toBe(held.size === 32)
            if (address !== undefined) {
              expect(held.has(address)).toBe(false)
              held.add(address)
            }
          } else if (kind === 'take') {
            if (addresses.allocate(ipv4(100 + at), 1) === undefined) held.add(100 + at)
          } else {
            addresses.free(ipv4(100 + at))
            held.delete(100 + at)
          }
        }
        expect(addresses.used).toBe(held.size)
        expect(addresses.available).toBe(32 - held.size)
      }),
    )
  })
})
