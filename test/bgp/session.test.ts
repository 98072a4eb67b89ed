import { describe, expect, it } from 'vitest'
import { ip } from '../support/two-hosts.ts'
import { Fabric, router } from './fabric.ts'

function pair(options: { r1?: string; r2?: string } = {}): Fabric {
  return new Fabric(
    {
      r1: router(65001, 1, { '10.0.1.2': 65002 }, { prefixes: ['10.1.0.0/24'], global: options.r1 ?? '' }),
      r2: router(65002, 2, { '10.0.1.1': 65001 }, { prefixes: ['10.2.0.0/24'], global: options.r2 ?? '' }),
    },
    [['r1', 'r2']],
  )
}

describe('session of two FRRs', () => {
  it('is Established and has exchanged routes both ways when the fabric has settled', () => {
    const fabric = pair().settle()
    expect(fabric.peer('r1', '10.0.1.2').state).toBe('Established')
    expect(fabric.bestText('r1', '10.2.0.0/24')).toBe('10.0.1.2 [65002] med=0')
    expect(fabric.bestText('r2', '10.1.0.0/24')).toBe('10.0.1.1 [65001] med=0')
  })

  it('sends the first UPDATE about a second after Established (coalesce timer)', () => {
    const fabric = pair()
    fabric.simulator.runWhile(() => fabric.peer('r1', '10.0.1.2').state !== 'Established', 60e9)
    const upNs = fabric.simulator.nowNs
    fabric.simulator.runWhile(() => fabric.row('r1', '10.2.0.0/24') === undefined, 60e9)
    const seconds = (fabric.simulator.nowNs - upNs) / 1e9
    expect(seconds).toBeGreaterThan(1.0)
    expect(seconds).toBeLessThan(1.2)
  })

  it('counts one OPEN and one connection established', () => {
    const fabric = pair().settle()
    const peer = fabric.peer('r2', '10.0.1.1')
    expect(peer.connectionsEstablished).toBe(1)
    expect(peer.received.opens).toBeGreaterThanOrEqual(1)
    expect(peer.acceptedPrefixes).toBe(1)
    expect(peer.sentPrefixes).toBe(2)
  })

  it('takes the smaller hold time and a third of it for keepalives', () => {
    const fabric = pair({ r1: ' timers bgp 3 9' }).settle()
    expect(fabric.peer('r2', '10.0.1.1')).toMatchObject({ holdSeconds: 9, keepaliveSeconds: 3 })
  })

  it('answers a wrong AS with OPEN error 2/2 and never comes up', () => {
    const fabric = new Fabric(
      { r1: router(65001, 1, { '10.0.1.2': 65009 }), r2: router(65002, 2, { '10.0.1.1': 65001 }) },
      [['r1', 'r2']],
    ).wait(20)
    expect(fabric.peer('r1', '10.0.1.2').state).not.toBe('Established')
    expect(fabric.peer('r1', '10.0.1.2').lastReset?.text).toBe('Notification sent (OPEN Message Error/Bad Peer AS)')
  })

  it('ends with a hard reset on `clear bgp *` and is back after two seconds', () => {
    const fabric = pair().settle()
    fabric.speakers.get('r1')!.clear('*', 'hard')
    fabric.wait(0.5)
    expect(fabric.peer('r2', '10.0.1.1').state).not.toBe('Established')
    expect(fabric.peer('r2', '10.0.1.1').lastReset?.text).toBe(
      'Notification received (Cease/Administrative Reset/Hard Reset)',
    )
    fabric.settle()
    expect(fabric.peer('r2', '10.0.1.1').connectionsEstablished).toBe(2)
    expect(fabric.best('r1', '10.2.0.0/24')).toBeDefined()
  })

  it('falls at once when the cable of a single-hop eBGP session is pulled, and its routes go', () => {
    const fabric = pair().settle()
    const host = fabric.hosts.get('r1')!
    host.setInterfaceUp(host.interfaces.get('eth1')!, false)
    fabric.wait(0.2)
    expect(fabric.peer('r1', '10.0.1.2').state).not.toBe('Established')
    expect(fabric.row('r1', '10.2.0.0/24')).toBeUndefined()
  })

  it('withdraws what the other side takes away', () => {
    const fabric = pair().settle()
    fabric.speakers.get('r2')!.originate((10 * 2 ** 24 * 64 + 24) as never)
    fabric.settle()
    expect(fabric.row('r1', '10.0.0.0/24')).toBeDefined()
    fabric.speakers.get('r2')!.withdrawOriginated((10 * 2 ** 24 * 64 + 24) as never)
    fabric.settle()
    expect(fabric.row('r1', '10.0.0.0/24')).toBeUndefined()
  })

  it('stays down for a peer without the family, a passive pair, and a shut neighbour', () => {
    const passive = pair({ r1: ' neighbor 10.0.1.2 passive', r2: ' neighbor 10.0.1.1 passive' }).wait(30)
    expect(passive.peer('r1', '10.0.1.2').state).toBe('Active')
    const shut = pair({ r1: ' neighbor 10.0.1.2 shutdown' }).wait(30)
    expect(shut.peer('r1', '10.0.1.2')).toMatchObject({ state: 'Idle', idleReason: 'Admin' })
  })

  it('expires the hold timer when the other side vanishes silently', () => {
    const fabric = pair({ r1: ' timers bgp 3 9' }).settle()
    fabric.cables[0]!.setConnected?.(false)
    fabric.wait(12)
    expect(fabric.peer('r1', '10.0.1.2').state).not.toBe('Established')
  })

  it('ends at Idle (PfxCt) when maximum-prefix is exceeded', () => {
    const fabric = new Fabric(
      {
        r1: router(65001, 1, { '10.0.1.2': 65002 }, { family: '  neighbor 10.0.1.2 maximum-prefix 1' }),
        r2: router(65002, 2, { '10.0.1.1': 65001 }, { prefixes: ['10.2.0.0/24', '10.2.1.0/24'] }),
      },
      [['r1', 'r2']],
    ).wait(10)
    expect(fabric.peer('r1', '10.0.1.2')).toMatchObject({ state: 'Idle', idleReason: 'PfxCt' })
    expect(fabric.speakers.get('r1')!.snapshotPeers().peers[0]!.address).toBe(ip('10.0.1.2'))
  })

  it('takes a peer from a listen range while its session lasts', () => {
    const dynamic = ' neighbor PG peer-group\n neighbor PG remote-as 65002\n bgp listen range 10.0.1.0/24 peer-group PG'
    const fabric = new Fabric(
      {
        r1: router(65001, 1, {}, { prefixes: ['10.1.0.0/24'], global: dynamic }),
        r2: router(65002, 2, { '10.0.1.1': 65001 }, { prefixes: ['10.2.0.0/24'] }),
      },
      [['r1', 'r2']],
    ).settle()
    expect(fabric.peer('r1', '10.0.1.2')).toMatchObject({ state: 'Established', peerGroup: 'PG' })
    expect(fabric.bestText('r1', '10.2.0.0/24')).toBe('10.0.1.2 [65002] med=0')
    fabric.speakers.get('r2')!.removePeer(ip('10.0.1.1'))
    fabric.wait(0.5)
    expect(fabric.speakers.get('r1')!.snapshotPeers().peers).toEqual([])
    expect(fabric.row('r1', '10.2.0.0/24')).toBeUndefined()
  })

  it('re-reads the table on a soft clear inbound, by ROUTE-REFRESH', () => {
    const fabric = pair().settle()
    const before = fabric.peer('r2', '10.0.1.1').received.routeRefreshes
    fabric.speakers.get('r2')!.clear(ip('10.0.1.1'), 'soft-in')
    fabric.settle()
    expect(fabric.peer('r1', '10.0.1.2').received.routeRefreshes).toBe(1)
    expect(fabric.peer('r2', '10.0.1.1').received.routeRefreshes).toBe(before + 2)
    expect(fabric.peer('r2', '10.0.1.1').state).toBe('Established')
  })
})
