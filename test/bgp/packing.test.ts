import { describe, expect, it } from 'vitest'
import type { Tap } from '../../src/link/port.ts'
import { formatPrefix } from '../../src/wire/address.ts'
import type { BgpUpdate } from '../../src/wire/bgp/message.ts'
import { ip } from '../support/two-hosts.ts'
import { Fabric, router } from './fabric.ts'

/*
 * Which routes share an UPDATE, and in which order. All lists are as FRR 8.4.4 sent them in network namespaces, where
 * r1 - r2 - r3 and r2 - r4 were joined, and tcpdump ran on r3.
 */
const PREFIXES = [5, 1, 7, 3, 2, 9].map(number => `10.100.${number}.0/24`)
const LOW = [1, 2, 3].map(number => `ip prefix-list LOW permit 10.100.${number}.0/24`).join('\n')

function line(
  r1: { family?: string; after?: string },
  r2: { global?: string; family?: string; after?: string },
): Fabric {
  return new Fabric(
    {
      r1: router(65001, 1, { '10.0.1.2': 65002 }, { prefixes: PREFIXES, ...r1 }),
      r2: router(65002, 2, { '10.0.1.1': 65001, '10.0.2.2': 65003 }, r2),
      r3: router(65003, 3, { '10.0.2.1': 65002 }),
      r4: router(65004, 4, {}),
    },
    [
      ['r1', 'r2'],
      ['r2', 'r3'],
      ['r2', 'r4'],
    ],
  )
}

/** Third bytes of the prefixes of each UPDATE that r3 gets while something happens; withdrawn ones are negative. */
function heard(fabric: Fabric, happen: () => void): number[][] {
  const updates: number[][] = []
  const numberOf = (prefix: BgpUpdate['announced'][number]): number => Number(formatPrefix(prefix).split('.')[2])
  const { port } = fabric.hosts.get('r3')!.interfaces.get('eth1')!
  const tap: Tap = ({ payload }, direction) => {
    if (direction !== 'in' || payload.kind !== 'ipv4' || payload.payload.kind !== 'tcp') return
    for (const { records } of payload.payload.payload) {
      for (const content of records.contents as BgpUpdate[]) {
        if (content.type !== 'update') continue
        updates.push([...content.withdrawn.map(prefix => -numberOf(prefix)), ...content.announced.map(numberOf)])
      }
    }
  }
  port!.taps.add(tap)
  happen()
  fabric.settle()
  return updates
}

function setUplink(fabric: Fabric, isUp: boolean): void {
  const r2 = fabric.hosts.get('r2')!
  r2.setInterfaceUp(r2.interfaces.get('eth3')!, isUp)
}

describe('UPDATEs', () => {
  const toThirdParty = {
    family: '  neighbor 10.0.1.2 route-map OUT out',
    after: `${LOW}
route-map OUT permit 10
 match ip address prefix-list LOW
 set metric 50
 set ip next-hop 10.0.3.2
route-map OUT permit 20
 set metric 70
 set ip next-hop 10.0.3.2`,
  }

  it('take routes back in the order in which their next hop lost them: the latest first', () => {
    const fabric = line(toThirdParty, { global: ' neighbor 10.0.1.1 disable-connected-check' }).settle()
    expect(heard(fabric, () => setUplink(fabric, false))).toEqual([[-7, -9, -5, -2, -3, -1]])
  })

  it('are two for routes with different MEDs, though an eBGP peer sees none of them', () => {
    const fabric = line(toThirdParty, { global: ' neighbor 10.0.1.1 disable-connected-check' }).settle()
    setUplink(fabric, false)
    fabric.settle()
    expect(heard(fabric, () => setUplink(fabric, true))).toEqual([
      [7, 5, 9],
      [2, 1, 3],
    ])
  })

  it('are two for routes with different LOCAL_PREFs, though an eBGP peer sees none of them', () => {
    const preferred = {
      family: '  neighbor 10.0.1.1 route-map IN in',
      after: `${LOW.split('\n').slice(0, 2).join('\n')}
route-map IN permit 10
 match ip address prefix-list LOW
 set local-preference 200
route-map IN permit 20`,
    }
    const fabric = line({}, preferred).settle()
    const again = (): void => void fabric.speakers.get('r2')!.clear(ip('10.0.2.2'), 'soft-out')
    expect(heard(fabric, again)).toEqual([
      [1, 2],
      [3, 9, 7, 5],
    ])
  })
})
