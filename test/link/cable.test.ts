import { describe, expect, test } from 'vitest'
import { Bridge } from '../../src/link/bridge.ts'
import { Cable } from '../../src/link/cable.ts'
import { Port } from '../../src/link/port.ts'
import { Simulator } from '../../src/sim/simulator.ts'
import { BROADCAST_MAC, ipv4, type MacAddress, ZERO_MAC } from '../../src/wire/address.ts'
import { type EthernetFrame, frameBytes } from '../../src/wire/ethernet.ts'

const mac = (value: number): MacAddress => (0xaac1ab000000 + value) as MacAddress

function frame(source: MacAddress, destination: MacAddress): EthernetFrame {
  return {
    source,
    destination,
    payload: {
      kind: 'arp',
      operation: 'request',
      senderMac: source,
      senderAddress: ipv4(1),
      targetMac: ZERO_MAC,
      targetAddress: ipv4(2),
    },
  }
}

function pair(options?: { latencyNs: number; rateBps?: number }) {
  const simulator = new Simulator()
  const a = new Port('a', mac(1), 1500)
  const b = new Port('b', mac(2), 1500)
  const cable = new Cable(simulator, 'a--b', a, b, options)
  const received: number[] = []
  b.onReceive = () => received.push(simulator.nowNs)
  return { simulator, a, b, cable, received }
}

describe('Cable', () => {
  test('delivers after its latency', () => {
    const { simulator, a, received } = pair({ latencyNs: 1000 })
    a.transmit(frame(mac(1), mac(2)))
    simulator.runUntil(5000)
    expect(received).toEqual([1000])
  })

  test('sends frames one after the other at its rate', () => {
    const { simulator, a, received } = pair({ latencyNs: 0, rateBps: 1e6 })
    const one = frame(mac(1), mac(2))
    a.transmit(one)
    a.transmit(one)
    simulator.runUntil(1e9)
    const spanNs = frameBytes(one) * 8 * 1000
    expect(received).toEqual([spanNs, 2 * spanNs])
  })

  test('loses its carrier at both ends when one end goes down', () => {
    const { a, b } = pair()
    a.setUp(false)
    expect([a.hasCarrier, b.hasCarrier]).toEqual([false, false])
    expect(b.isUp).toBe(true)
  })

  test('gives the carrier back when it is mended', () => {
    const { a, b, cable } = pair()
    let changes = 0
    b.onCarrier = () => {
      changes += 1
    }
    cable.setConnected(false)
    cable.setConnected(true)
    expect([a.hasCarrier, b.hasCarrier, changes]).toEqual([true, true, 2])
  })

  test('loses what is under way when it is cut, and counts it', () => {
    const { simulator, a, cable, received } = pair({ latencyNs: 1000 })
    a.transmit(frame(mac(1), mac(2)))
    cable.setConnected(false)
    simulator.runUntil(5000)
    expect(received).toEqual([])
    expect(cable.drops.get('carrier lost')).toBe(1)
  })

  test('drops what its impairment names, with the reason counted', () => {
    const { simulator, a, cable, received } = pair()
    cable.impairment = () => ({ drop: 'loss' })
    a.transmit(frame(mac(1), mac(2)))
    simulator.runUntil(1e9)
    expect(received).toEqual([])
    expect(cable.drops.get('loss')).toBe(1)
  })

  test('a frame longer than the receiving end takes is dropped without a word', () => {
    const { simulator, a, b, received } = pair()
    b.mtuBytes = 20
    expect(a.transmit(frame(mac(1), mac(2)))).toBe(true)
    simulator.runUntil(1e9)
    expect(received).toEqual([])
    expect(b.counters.receiveDrops).toBe(1)
  })
})

describe('Bridge', () => {
  function threeHosts() {
    const simulator = new Simulator()
    const bridge = new Bridge(simulator, 'br0')
    const seen: string[] = []
    const hosts = [1, 2, 3].map(number => {
      const host = new Port(`h${number}`, mac(number), 1500)
      const port = new Port(`p${number}`, mac(100 + number), 1500)
      new Cable(simulator, `h${number}--br0`, host, port)
      bridge.addPort(port)
      host.onReceive = () => seen.push(host.name)
      return host
    })
    return { simulator, bridge, hosts, seen }
  }

  test('floods a frame for an unknown address to all other ports', () => {
    const { simulator, hosts, seen } = threeHosts()
    hosts[0]!.transmit(frame(mac(1), mac(3)))
    simulator.runUntil(1e6)
    expect(seen.sort()).toEqual(['h2', 'h3'])
  })

  test('sends a frame for a learned address to its port alone', () => {
    const { simulator, hosts, seen } = threeHosts()
    hosts[2]!.transmit(frame(mac(3), BROADCAST_MAC))
    simulator.runUntil(1e6)
    seen.length = 0
    hosts[0]!.transmit(frame(mac(1), mac(3)))
    simulator.runUntil(2e6)
    expect(seen).toEqual(['h3'])
  })

  test('forgets an address 300 s after its last frame', () => {
    const { simulator, bridge, hosts } = threeHosts()
    hosts[0]!.transmit(frame(mac(1), BROADCAST_MAC))
    simulator.runUntil(299e9)
    expect(bridge.snapshot()).toHaveLength(1)
    simulator.runUntil(301e9)
    expect(bridge.snapshot()).toEqual([])
  })

  test('forgets the addresses behind a port that loses its carrier', () => {
    const { simulator, bridge, hosts } = threeHosts()
    hosts[0]!.transmit(frame(mac(1), BROADCAST_MAC))
    simulator.runUntil(1e6)
    hosts[0]!.setUp(false)
    expect(bridge.snapshot()).toEqual([])
  })
})
