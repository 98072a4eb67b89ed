import { expect, test } from 'vitest'
import { OpenMessages } from '../../src/bgp/open-messages.ts'
import { ipv4 } from '../../src/wire/address.ts'
import type { BgpOpen } from '../../src/wire/bgp/message.ts'

function open(holdSeconds: number): BgpOpen {
  const capabilities = [{ name: 'four-octet-asn', asn: 65001 }] as const
  return { protocol: 'bgp', type: 'open', version: 4, asn: 65001, holdSeconds, routerId: ipv4(1), capabilities }
}

test('equal messages are one object, others are not', () => {
  const opens = new OpenMessages()
  const first = opens.share(open(180))
  expect(opens.share(open(180))).toBe(first)
  expect(opens.share(open(90))).toEqual(open(90))
})
