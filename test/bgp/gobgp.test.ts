import { describe, expect, it } from 'vitest'
import { GobgpRouteManager } from '../../src/bgp/gobgp-route-manager.ts'
import { Speaker } from '../../src/bgp/speaker.ts'
import { EMPTY_POLICY } from '../../src/model/policy.ts'
import { ip, prefix } from '../support/two-hosts.ts'
import { Fabric, router } from './fabric.ts'

/** r1 is an FRR leaf; GoBGP speaks from r2's host in its place. */
function leafAndNode() {
  const fabric = new Fabric(
    {
      r1: router(65001, 1, { '10.0.1.2': 65002 }, { prefixes: ['10.1.0.0/24'] }),
      r2: router(65002, 2, { '10.0.1.1': 65001 }),
    },
    [['r1', 'r2']],
  )
  const frr = fabric.speakers.get('r2')!
  const { model } = frr
  frr.crash()
  const speaker = new Speaker({
    host: fabric.hosts.get('r2')!,
    model: { ...model, gracefulRestart: { ...model.gracefulRestart, mode: 'disabled' } },
    policy: EMPTY_POLICY,
    routes: new GobgpRouteManager(),
    implementation: { kind: 'gobgp', version: '3.17.0' },
  })
  speaker.start()
  speaker.originate(prefix('20.0.0.100/32'))
  return { fabric, speaker }
}

describe('GoBGP speaker', () => {
  it('dials between 5 and 10 seconds after the neighbour was added', () => {
    const { fabric } = leafAndNode()
    fabric.wait(4.9)
    expect(fabric.peer('r1', '10.0.1.2').state).not.toBe('Established')
    fabric.wait(5.2)
    expect(fabric.peer('r1', '10.0.1.2').state).toBe('Established')
  })

  it('announces what it originates with its own address, without MED', () => {
    const { fabric } = leafAndNode()
    fabric.wait(15)
    expect(fabric.bestText('r1', '20.0.0.100/32')).toBe('10.0.1.2 [65002]')
  })

  it('counts what it receives and takes none of it', () => {
    const { fabric, speaker } = leafAndNode()
    fabric.wait(15)
    expect(speaker.snapshotPeers().peers[0]).toMatchObject({ receivedPrefixes: 2, acceptedPrefixes: 0 })
    expect(speaker.snapshotTable().prefixes.map(row => row.prefix)).toEqual([prefix('20.0.0.100/32')])
  })

  it('withdraws at once', () => {
    const { fabric, speaker } = leafAndNode()
    fabric.wait(15)
    speaker.withdrawOriginated(prefix('20.0.0.100/32'))
    fabric.wait(0.2)
    expect(fabric.row('r1', '20.0.0.100/32')).toBeUndefined()
  })

  it('says Cease when its peer is removed', () => {
    const { fabric, speaker } = leafAndNode()
    fabric.wait(15)
    speaker.removePeer(ip('10.0.1.1'))
    fabric.wait(0.2)
    expect(fabric.peer('r1', '10.0.1.2').lastReset?.text).toContain('Cease/Peer De-configured')
  })

  it('never listens', () => {
    const { fabric } = leafAndNode()
    expect(
      fabric.hosts
        .get('r2')!
        .tcp.snapshot()
        .filter(row => row.state === 'listen'),
    ).toEqual([])
  })
})
