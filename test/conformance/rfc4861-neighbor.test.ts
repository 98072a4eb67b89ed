/**
 * Neighbour states row by row: RFC 4861 §7.3 as Linux does it for ARP (net/core/neighbour.c, net/ipv4/arp.c), instants and
 * MAC rules measured on 6.18. One interface of `host` under test; `wire` is a bare port at the other end of its cable.
 */
import { expect, test } from 'vitest'
import type { Host } from '../../src/host/host.ts'
import { snapshotNeighbors } from '../../src/host/neighbor/neighbor-table.ts'
import { Cable } from '../../src/link/cable.ts'
import { Port } from '../../src/link/port.ts'
import { Simulator } from '../../src/sim/simulator.ts'
import { BROADCAST_MAC, type MacAddress, ZERO_MAC } from '../../src/wire/address.ts'
import type { ArpPacket } from '../../src/wire/arp.ts'
import type { EthernetFrame } from '../../src/wire/ethernet.ts'
import { give, ip, newHost } from '../support/two-hosts.ts'

const HOST_MAC = 0x020000000001 as MacAddress
const PEER_MAC = 0x020000000002 as MacAddress
const OTHER_MAC = 0x020000000003 as MacAddress
const PEER = ip('10.0.5.20')
const OWN = ip('10.0.5.1')
const SECOND = 1e9

function bench() {
  const simulator = new Simulator()
  const host = newHost(simulator, 'host')
  const port = new Port('host:eth1', HOST_MAC, 1500)
  const wire = new Port('wire', PEER_MAC, 1500)
  const device = host.addInterface(port, 'eth1')
  new Cable(simulator, 'wire', port, wire, { latencyNs: 0 })
  give(host, device, '10.0.5.1/24')
  const sent: { atSeconds: number; what: string }[] = []
  wire.onReceive = frame => sent.push({ atSeconds: simulator.nowNs / SECOND, what: describe(frame) })
  const step = (seconds: number): void => {
    simulator.runUntil(simulator.nowNs + seconds * SECOND)
  }
  return {
    simulator,
    host,
    device,
    sent,
    step,
    state: () => stateOf(host),
    row: () => snapshotNeighbors(host)[0]!,
    sendPacket: () => host.icmp.openEcho().send({ destination: PEER, sequence: 1, dataBytes: 56 }),
    /** An ARP packet comes in from the wire. */
    arp: (packet: Partial<ArpPacket>, destination: MacAddress = HOST_MAC) => {
      wire.transmit({
        source: packet.senderMac ?? PEER_MAC,
        destination,
        payload: {
          kind: 'arp',
          operation: 'reply',
          senderMac: PEER_MAC,
          senderAddress: PEER,
          targetMac: HOST_MAC,
          targetAddress: OWN,
          ...packet,
        },
      })
      step(0)
    },
  }
}

function describe(frame: EthernetFrame): string {
  const to = frame.destination === BROADCAST_MAC ? 'all' : frame.destination === PEER_MAC ? 'peer' : 'other'
  return frame.payload.kind === 'arp' ? `${frame.payload.operation} to ${to}` : `packet to ${to}`
}

function stateOf(host: Host): string {
  return snapshotNeighbors(host)[0]?.state ?? 'none'
}

/** A bench whose entry is REACHABLE, STALE or DELAY, nothing sent that matters. */
function resolved() {
  const it = bench()
  it.sendPacket()
  it.step(0)
  it.arp({})
  it.sent.length = 0
  return it
}

function stale() {
  const it = resolved()
  it.step(46)
  expect(it.state()).toBe('STALE')
  it.sent.length = 0
  return it
}

test('none: a packet makes it INCOMPLETE with a broadcast request at once', () => {
  const it = bench()
  it.sendPacket()
  it.step(0)
  expect([it.state(), it.sent]).toEqual(['INCOMPLETE', [{ atSeconds: 0, what: 'request to all' }]])
})

test('INCOMPLETE: requests at 0, 1 and 2 s, FAILED at 3 s; the entry stays', () => {
  const it = bench()
  it.sendPacket()
  it.step(2.999)
  expect(it.state()).toBe('INCOMPLETE')
  it.step(0.001)
  expect([it.state(), it.row().probes]).toEqual(['FAILED', 6])
  it.step(1000)
  expect(it.sent.map(frame => frame.atSeconds)).toEqual([0, 1, 2])
  expect(it.state()).toBe('FAILED')
})

test('FAILED: each new packet starts the full cycle again', () => {
  const it = bench()
  it.sendPacket()
  it.step(10)
  it.sent.length = 0
  it.sendPacket()
  it.step(10)
  expect(it.sent.map(frame => frame.atSeconds)).toEqual([10, 11, 12])
})

test('INCOMPLETE: a unicast reply makes it REACHABLE and the queue leaves in order', () => {
  const it = bench()
  for (let count = 0; count < 3; count += 1) it.sendPacket()
  it.step(0.5)
  it.arp({})
  expect([it.state(), it.sent.map(frame => frame.what)]).toEqual([
    'REACHABLE',
    ['request to all', 'packet to peer', 'packet to peer', 'packet to peer'],
  ])
})

test('INCOMPLETE: a broadcast reply, or a request for one of ours, makes it STALE and the queue leaves', () => {
  for (const [packet, destination] of [
    [{}, BROADCAST_MAC],
    [{ operation: 'request', targetMac: ZERO_MAC }, BROADCAST_MAC],
  ] as const) {
    const it = bench()
    it.sendPacket()
    it.step(0.5)
    it.arp(packet, destination)
    expect(it.sent.map(frame => frame.what)).toContain('packet to peer')
    expect(it.state()).toBe('STALE')
  }
})

test('none: a request for one of our addresses makes it STALE and is answered', () => {
  const it = bench()
  it.arp({ operation: 'request', targetMac: ZERO_MAC }, BROADCAST_MAC)
  expect([it.state(), it.sent.map(frame => frame.what)]).toEqual(['STALE', ['reply to peer']])
})

test.each([
  ['a reply', {}, HOST_MAC],
  ['a gratuitous request', { operation: 'request', targetAddress: PEER }, BROADCAST_MAC],
  ['a gratuitous reply', { targetAddress: PEER, targetMac: PEER_MAC }, BROADCAST_MAC],
  ['a request for others', { operation: 'request', targetAddress: ip('10.0.5.99') }, BROADCAST_MAC],
  ['a duplicate address probe for ours', { operation: 'request', senderAddress: ip('0.0.0.0') }, BROADCAST_MAC],
] as const)('none: %s makes no entry', (_, packet, destination) => {
  const it = bench()
  it.arp(packet, destination)
  expect(it.state()).toBe('none')
})

test('REACHABLE: between 15 and 45 s after the confirmation it is STALE, without a frame', () => {
  const it = resolved()
  it.step(14.9)
  expect(it.state()).toBe('REACHABLE')
  it.step(30.2)
  expect([it.state(), it.sent]).toEqual(['STALE', []])
})

test('REACHABLE: sending does not count as use, so a busy entry goes to STALE and then to DELAY', () => {
  const it = resolved()
  const states: string[] = []
  it.host.monitor.subscribe(event => {
    if (event.kind === 'neighbor') states.push(event.neighbor.state)
  })
  for (let second = 0; second < 50; second += 1) {
    it.sendPacket()
    it.step(1)
  }
  expect(states.slice(0, 2)).toEqual(['STALE', 'PROBE'])
})

test('STALE: a packet leaves at once with the old MAC address and makes it DELAY', () => {
  const it = stale()
  it.sendPacket()
  it.step(0)
  expect([it.state(), it.sent.map(frame => frame.what)]).toEqual(['DELAY', ['packet to peer']])
})

test('DELAY: confirmed within its 5 s it is REACHABLE without an ARP frame', () => {
  const it = stale()
  it.sendPacket()
  it.step(2)
  it.host.neighbors.confirm(it.device, PEER)
  it.step(3)
  expect([it.state(), it.sent.map(frame => frame.what)]).toEqual(['REACHABLE', ['packet to peer']])
})

test('DELAY: a reply makes it REACHABLE at once', () => {
  const it = stale()
  it.sendPacket()
  it.step(1)
  it.arp({})
  expect(it.state()).toBe('REACHABLE')
})

test('DELAY: unconfirmed it is PROBE after 5 s, with unicast requests each second, and FAILED 8 s after the packet', () => {
  const it = stale()
  const start = it.simulator.nowNs / SECOND
  it.sendPacket()
  it.step(5)
  expect(it.state()).toBe('PROBE')
  it.step(2.9)
  it.sendPacket()
  it.step(0.1)
  expect(it.state()).toBe('FAILED')
  expect(it.sent.map(frame => [frame.atSeconds - start, frame.what])).toEqual([
    [0, 'packet to peer'],
    [5, 'request to peer'],
    [6, 'request to peer'],
    [7, 'request to peer'],
    [expect.closeTo(7.9), 'packet to peer'],
  ])
})

test('PROBE: a reply makes it REACHABLE', () => {
  const it = stale()
  it.sendPacket()
  it.step(5.5)
  it.arp({})
  expect(it.state()).toBe('REACHABLE')
})

test('carrier loss removes all but PERMANENT, admin down removes everything', () => {
  const it = resolved()
  it.host.neighbors.set({ interface: it.device, address: ip('10.0.5.30'), mac: OTHER_MAC }, 'add')
  const cable = it.device.port
  cable!.setCarrier(false)
  expect(snapshotNeighbors(it.host).map(row => row.state)).toEqual(['PERMANENT'])
  it.host.setInterfaceUp(it.device, false)
  expect(snapshotNeighbors(it.host)).toEqual([])
})

test('PERMANENT is changed by no ARP packet', () => {
  const it = bench()
  it.host.neighbors.set({ interface: it.device, address: PEER, mac: OTHER_MAC }, 'add')
  it.arp({ operation: 'request' }, BROADCAST_MAC)
  it.arp({})
  expect([it.state(), it.row().mac]).toEqual(['PERMANENT', OTHER_MAC])
})

const CHANGES: readonly [string, Partial<ArpPacket>, MacAddress, boolean, boolean, string][] = [
  // name, packet, frame destination, accepted inside locktime, accepted after it, state then
  ['a request for our address', { operation: 'request', targetMac: ZERO_MAC }, BROADCAST_MAC, true, true, 'STALE'],
  ['a gratuitous request', { operation: 'request', targetAddress: PEER }, BROADCAST_MAC, true, true, 'STALE'],
  ['a broadcast gratuitous reply', { targetAddress: PEER, targetMac: OTHER_MAC }, BROADCAST_MAC, true, true, 'STALE'],
  ['a unicast gratuitous reply', { targetAddress: PEER, targetMac: OTHER_MAC }, HOST_MAC, true, true, 'REACHABLE'],
  ["Cilium's gratuitous reply", { targetAddress: PEER, targetMac: BROADCAST_MAC }, BROADCAST_MAC, false, true, 'STALE'],
  ['a unicast reply', {}, HOST_MAC, false, true, 'REACHABLE'],
  [
    'a broadcast request for somebody else',
    { operation: 'request', targetAddress: ip('10.0.5.99') },
    BROADCAST_MAC,
    false,
    true,
    'STALE',
  ],
]

test.each(CHANGES)('another MAC address in %s', (_, packet, destination, inside, after, state) => {
  for (const [waitSeconds, isAccepted] of [
    [0.5, inside],
    [1.5, after],
  ] as const) {
    const it = resolved()
    it.step(waitSeconds)
    it.arp({ ...packet, senderMac: OTHER_MAC }, destination)
    expect([it.row().mac, it.state()]).toEqual(isAccepted ? [OTHER_MAC, state] : [PEER_MAC, 'REACHABLE'])
  }
})

test('arp_accept 1: an unknown sender is taken from gratuitous requests, broadcast and unicast replies, not from requests for others', () => {
  const outcomes = CHANGES.map(([, packet, destination]) => {
    const it = bench()
    it.host.sysctl.set('net.ipv4.conf.eth1.arp_accept', '1')
    it.arp({ ...packet, senderMac: OTHER_MAC }, destination)
    return it.state()
  })
  expect(outcomes).toEqual(['STALE', 'STALE', 'STALE', 'REACHABLE', 'STALE', 'REACHABLE', 'none'])
})

test('a queue of 212992 bytes keeps the last 92 datagrams of 1000 bytes', () => {
  const it = bench()
  for (let count = 0; count < 100; count += 1) {
    it.host.udp.sendDatagram({ sourcePort: 5000, destination: PEER, destinationPort: 9, payloadBytes: 1000 })
  }
  it.step(0.5)
  it.arp({})
  expect(it.sent.filter(frame => frame.what === 'packet to peer')).toHaveLength(92)
  expect(it.host.counters.drops('neighbor-queue-full')).toBe(8)
})

test('the neighbour table ages in the background: it keeps no lab unsettled', () => {
  const it = resolved()
  expect(it.simulator.pendingWork).toBe(0)
})
