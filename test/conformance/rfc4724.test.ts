import { describe, expect, test } from 'vitest'
import { TCP_FLAG } from '../../src/wire/tcp.ts'
import { Fabric } from '../bgp/fabric.ts'

const PREFIX = '10.2.0.0/24'

function config(own: number, other: number, global: string): string {
  return `router bgp ${65000 + own}
 bgp router-id 10.255.0.${own}
 no bgp ebgp-requires-policy
 no bgp network import-check
${global}
 neighbor 10.0.1.${other} remote-as ${65000 + other}
 address-family ipv4 unicast
  network 10.${own}.0.0/24
`
}

/** r1 helps; r2 restarts with the lines given. */
function pair(restarting: string, helping = ''): Fabric {
  return new Fabric({ r1: config(1, 2, helping), r2: config(2, 1, restarting) }, [['r1', 'r2']]).settle()
}

const RESTARTING =
  ' bgp graceful-restart\n bgp graceful-restart preserve-fw-state\n bgp graceful-restart restart-time 60'
const pathOf = (fabric: Fabric) => fabric.row('r1', PREFIX)?.paths[0]

describe('RFC 4724: graceful restart', () => {
  test('a helper keeps the routes of a peer whose connection ends, marked stale (§4.2)', () => {
    const fabric = pair(RESTARTING)
    fabric.speakers.get('r2')!.crash()
    fabric.wait(1)
    expect(pathOf(fabric)).toMatchObject({ isStale: true, isBest: true })
    expect(fabric.peer('r1', '10.0.1.2').lastReset?.text).toBe('NSF peer closed the session')
  })

  test('without the capability the routes go with the session', () => {
    const fabric = pair('')
    fabric.speakers.get('r2')!.crash()
    fabric.wait(1)
    expect(pathOf(fabric)).toBeUndefined()
  })

  test('a helper that has it disabled keeps nothing', () => {
    const fabric = pair(RESTARTING, ' bgp graceful-restart-disable')
    fabric.speakers.get('r2')!.crash()
    fabric.wait(1)
    expect(pathOf(fabric)).toBeUndefined()
  })

  test('stale routes go when the restart time is over (§4.2)', () => {
    const fabric = pair(RESTARTING)
    fabric.speakers.get('r2')!.crash()
    fabric.wait(59)
    expect(pathOf(fabric)).toBeDefined()
    fabric.wait(3)
    expect(pathOf(fabric)).toBeUndefined()
  })

  test('what the peer sends again is fresh, and End-of-RIB removes the rest (§4.2)', () => {
    const fabric = pair(RESTARTING)
    const r2 = fabric.speakers.get('r2')!
    r2.originate((10 * 2 ** 24 * 64 + 24) as never)
    fabric.settle()
    r2.crash()
    fabric.wait(1)
    r2.start()
    r2.withdrawOriginated((10 * 2 ** 24 * 64 + 24) as never)
    fabric.wait(0.5)
    expect(fabric.row('r1', '10.0.0.0/24')?.paths[0]).toMatchObject({ isStale: true })
    fabric.settle().wait(5)
    expect(pathOf(fabric)).toMatchObject({ isStale: false })
    expect(fabric.row('r1', '10.0.0.0/24')).toBeUndefined()
  })

  test('a peer that restarts without its forwarding state loses the old routes when the session is up (§4.2)', () => {
    const fabric = pair(' bgp graceful-restart')
    const r2 = fabric.speakers.get('r2')!
    r2.crash()
    fabric.wait(0.5)
    expect(pathOf(fabric)).toMatchObject({ isStale: true })
    r2.start()
    fabric.wait(2)
    expect(fabric.peer('r1', '10.0.1.2').state).toBe('Established')
    expect(pathOf(fabric)).toBeUndefined()
  })

  test('a cable that is pulled is no restart: single-hop routes go', () => {
    const fabric = pair(RESTARTING)
    fabric.cables[0]!.setConnected(false)
    fabric.wait(1)
    expect(pathOf(fabric)).toBeUndefined()
  })

  test('a peer that is shut down, and says so by a hard reset, is not waited for (RFC 8538 §4)', () => {
    const fabric = pair(RESTARTING)
    fabric.speakers.get('r2')!.stop()
    fabric.wait(1)
    expect(pathOf(fabric)).toBeUndefined()
  })

  test('a helper leaves it to the restarting peer to connect, as FRR does, and dials when the restart time is over', () => {
    const fabric = pair(RESTARTING)
    let dials = 0
    fabric.hosts
      .get('r2')!
      .interfaces.get('eth1')!
      .port!.taps.add(({ payload }, direction) => {
        const isTcp = direction === 'in' && payload.kind === 'ipv4' && payload.payload.kind === 'tcp'
        if (isTcp && payload.payload.flags === TCP_FLAG.syn) dials += 1
      })
    fabric.speakers.get('r2')!.crash()
    fabric.wait(59)
    expect([fabric.peer('r1', '10.0.1.2').gracefulRestart.isAwaited, dials]).toEqual([true, 0])
    fabric.wait(180)
    expect([fabric.peer('r1', '10.0.1.2').gracefulRestart.isAwaited, dials > 0]).toEqual([false, true])
  })

  test('the stale-path timer of a helper runs on after End-of-RIB, as in FRR', () => {
    const fabric = pair(RESTARTING)
    const r2 = fabric.speakers.get('r2')!
    r2.crash()
    fabric.wait(1)
    r2.start()
    fabric.settle()
    const { isEndOfRibReceived, restartNs, staleNs } = fabric.peer('r1', '10.0.1.2').gracefulRestart
    expect({ isEndOfRibReceived, restartNs }).toEqual({ isEndOfRibReceived: true, restartNs: undefined })
    expect(staleNs).toBeGreaterThan(300e9)
  })
})
