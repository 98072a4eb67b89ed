import { describe, expect, it } from 'vitest'
import { ip } from '../support/two-hosts.ts'
import { Fabric, router } from './fabric.ts'

const P = '10.3.0.0/24'

/** r1 and r2, joined twice, both with a link to r3, which has the prefix. */
function triangle(): Fabric {
  return new Fabric(
    {
      r1: router(65001, 1, { '10.0.1.2': 65002, '10.0.2.2': 65002, '10.0.3.2': 65003 }),
      r2: router(65002, 2, { '10.0.1.1': 65001, '10.0.2.1': 65001, '10.0.4.2': 65003 }),
      r3: router(65003, 3, { '10.0.3.1': 65001, '10.0.4.1': 65002 }, { prefixes: [P] }),
    },
    [
      ['r1', 'r2'],
      ['r1', 'r2'],
      ['r1', 'r3'],
      ['r2', 'r3'],
    ],
  ).settle()
}

const senders = (fabric: Fabric): string[] =>
  fabric.row('r1', P)!.paths.map(path => path.attributes.asPath.flatMap(segment => segment.asns).join(' '))

describe('received routes', () => {
  it('drop the path that a peer sent before when an echo replaces it', () => {
    const fabric = triangle()
    expect(senders(fabric).sort()).toEqual(['65002 65003', '65002 65003', '65003'])
    const r2 = fabric.hosts.get('r2')!
    r2.setInterfaceUp(r2.interfaces.get('eth3')!, false)
    fabric.settle()
    expect(senders(fabric)).toEqual(['65003'])
    expect([fabric.peer('r1', '10.0.1.2'), fabric.peer('r1', '10.0.2.2')].map(peer => peer.acceptedPrefixes)).toEqual([
      0, 0,
    ])
  })

  it('count each message of a burst of echoes, and each route that was refused', () => {
    const { speakers } = triangle()
    const session = speakers.get('r3')!.sessions.get(ip('10.0.3.1'))!
    const refused = session.rejections.get('as-loop')
    expect(refused).toBeGreaterThan(0)
    expect(session.received.updates).toBe(refused! + 1) // and End-of-RIB
  })
})
