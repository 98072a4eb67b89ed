import fc from 'fast-check'
import { Address4 } from 'ip-address'
import { describe, expect, test } from 'vitest'
import {
  broadcastAddress,
  formatIpv4,
  formatMac,
  formatPrefix,
  isGroupMac,
  netmask,
  parseAddressWithLength,
  parseIpv4,
  parseMac,
  parsePrefix,
  prefixAddress,
  prefixContains,
  prefixCovers,
  prefixLength,
  prefixOf,
} from '../../src/wire/address.ts'

const anyAddress = fc.integer({ min: 0, max: 0xffffffff })
const anyLength = fc.integer({ min: 0, max: 32 })

describe('IPv4 addresses', () => {
  test('text and number give each other back', () => {
    fc.assert(fc.property(anyAddress, value => void expect(parseIpv4(formatIpv4(value))).toBe(value)))
  })

  test('any text is one exactly when another library says so', () => {
    const octet = fc.oneof(
      fc.integer({ min: 0, max: 300 }).map(String),
      fc.constantFrom('', '00', '01', '1e1', '+1', ' 1'),
    )
    const text = fc.oneof(
      fc.string(),
      fc.array(octet, { minLength: 3, maxLength: 5 }).map(octets => octets.join('.')),
    )
    const isOne = (one: string) => !one.includes('/') && Address4.isValid(one)
    fc.assert(fc.property(text, one => void expect(parseIpv4(one) !== undefined).toBe(isOne(one))))
  })

  test.each(['', '10.0.0', '10.0.0.256', '10.0.0.1/24', '010.0.0.1', ' 10.0.0.1', '10.0.0.1 ', 'leaf1', '::1'])(
    '%j is not one',
    text => {
      expect(parseIpv4(text)).toBeUndefined()
    },
  )
})

describe('prefixes', () => {
  test('text and number give each other back', () => {
    fc.assert(
      fc.property(anyAddress, anyLength, (address, length) => {
        const prefix = prefixOf(address, length)
        expect(parsePrefix(formatPrefix(prefix))).toBe(prefix)
        expect(prefixLength(prefix)).toBe(length)
        expect(prefixContains(prefix, address)).toBe(true)
      }),
    )
  })

  test('their numbers sort by address, then the shorter one first', () => {
    const texts = ['0.0.0.0/0', '10.0.0.0/8', '10.0.0.0/16', '10.0.5.0/24', '192.168.0.0/24', '255.255.255.255/32']
    const shuffled = [texts[3]!, texts[0]!, texts[5]!, texts[2]!, texts[1]!, texts[4]!]
    const sorted = shuffled.map(text => parsePrefix(text)!).sort((a, b) => a - b)
    expect(sorted.map(formatPrefix)).toEqual(texts)
  })

  test('host bits are masked off', () => {
    expect(formatPrefix(parsePrefix('10.0.5.1/24')!)).toBe('10.0.5.0/24')
  })

  test('an address with a length keeps its host bits', () => {
    expect(parseAddressWithLength('10.0.5.1/24')).toEqual({ address: parseIpv4('10.0.5.1'), length: 24 })
  })

  test.each(['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/-1', '10.0.0.0/1e1', '/24', '10.0.0/24'])('%j is not one', text => {
    expect(parsePrefix(text)).toBeUndefined()
  })

  test('a prefix covers itself and its parts only', () => {
    const outer = parsePrefix('10.0.0.0/8')!
    expect(prefixCovers(outer, parsePrefix('10.1.0.0/16')!)).toBe(true)
    expect(prefixCovers(outer, outer)).toBe(true)
    expect(prefixCovers(parsePrefix('10.1.0.0/16')!, outer)).toBe(false)
    expect(prefixCovers(outer, parsePrefix('11.0.0.0/16')!)).toBe(false)
  })

  test('masks and broadcast addresses follow from the length', () => {
    expect(formatIpv4(netmask(0))).toBe('0.0.0.0')
    expect(formatIpv4(netmask(27))).toBe('255.255.255.224')
    expect(formatIpv4(broadcastAddress(parseIpv4('10.0.5.1')!, 24))).toBe('10.0.5.255')
    expect(formatIpv4(prefixAddress(parsePrefix('128.0.0.0/1')!))).toBe('128.0.0.0')
  })
})

describe('MAC addresses', () => {
  test('text and number give each other back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 48 - 1 }),
        value => void expect(parseMac(formatMac(value))).toBe(value),
      ),
    )
  })

  test('the lowest bit of the first byte marks a group', () => {
    expect(isGroupMac(parseMac('01:00:5e:00:00:01')!)).toBe(true)
    expect(isGroupMac(parseMac('aa:c1:ab:00:00:01')!)).toBe(false)
  })
})
