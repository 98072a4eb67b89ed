import { expect, test } from 'vitest'
import type { OpenChoices } from '../../src/bgp/capabilities.ts'
import { behaviourOf } from '../../src/bgp/implementation.ts'
import { OpenMessages } from '../../src/bgp/open-messages.ts'
import { ipv4 } from '../../src/wire/address.ts'

const CHOICES: OpenChoices = {
  asn: 65001,
  holdSeconds: 180,
  routerId: ipv4(1),
  isInternal: false,
  isRestarting: true,
  hasIpv4Unicast: true,
  dontCapabilityNegotiate: false,
  dynamic: false,
  extendedNextHop: false,
  softwareVersion: false,
}

test('equal messages are one object, others are not', () => {
  const behaviour = behaviourOf({ kind: 'frr', version: 804 }, { hostName: 'leaf1', hasRouteMaps: false })
  const opens = new OpenMessages(behaviour, { mode: 'helper', restartSeconds: 120, stalePathSeconds: 360 })
  const first = opens.of(CHOICES)
  expect(first).toMatchObject({ asn: 65001, holdSeconds: 180, routerId: 1 })
  expect(opens.of({ ...CHOICES })).toBe(first)
  expect(opens.of({ ...CHOICES, holdSeconds: 90 })).toEqual({ ...first, holdSeconds: 90 })
  expect(opens.of({ ...CHOICES, dontCapabilityNegotiate: true }).capabilities).toEqual([])
})
