import { describe, expect, test } from 'vitest'
import { fibRoute } from '../../src/host/fib.ts'
import { ACCEPT } from '../../src/host/hooks.ts'
import type { Host } from '../../src/host/host.ts'
import type { Interface } from '../../src/host/interface.ts'
import { announce } from '../../src/host/neighbor/arp.ts'
import { snapshotNeighbors } from '../../src/host/neighbor/neighbor-table.ts'
import { Simulator } from '../../src/sim/simulator.ts'
import { formatIpv4, type Ipv4Address } from '../../src/wire/address.ts'
import {
  addDefault,
  addRoute,
  clientRouterServer,
  give,
  ip,
  join,
  newHost,
  ping,
  prefix,
} from '../support/two-hosts.ts'

/** Sends a datagram with a source that is not the sender's. */
function spoof(host: Host, source: string, destination: string): void {
  const payload = { kind: 'udp', sourcePort: 1, destinationPort: 9, payloadBytes: 1 } as const
  host.sendPacket({ source: ip(source), destination: ip(destination), payload, isTransparent: true })
}

describe('source validation', () => {
  test('a source that is an address of the router is dropped even with rp_filter 0', () => {
    const { client, router, simulator } = clientRouterServer()
    spoof(client, '10.0.2.1', '10.0.2.10')
    simulator.runUntil(1e9)
    expect(router.counters.drops('own-source-address')).toBe(1)
  })

  test.each([
    ['0', '10.0.2.99', 0],
    ['1', '10.0.2.99', 1],
    ['2', '10.0.2.99', 0],
    ['2', '99.9.9.9', 1],
  ])('rp_filter %s, source %s: %i dropped', (level, source, drops) => {
    const { client, router, simulator } = clientRouterServer()
    router.sysctl.set('net.ipv4.conf.all.rp_filter', level)
    spoof(client, source, '10.0.2.10')
    simulator.runUntil(1e9)
    expect(router.counters.drops('reverse-path-filter')).toBe(drops)
  })

  test('any member of a multipath route counts for the strict filter', () => {
    const { client, router, simulator } = clientRouterServer()
    router.sysctl.set('net.ipv4.conf.all.rp_filter', '1')
    const nextHops = ['10.0.2.10', '10.0.1.10'].map(gateway => ({ gateway: ip(gateway) }))
    router.addRoute(fibRoute({ prefix: prefix('99.0.0.0/8'), nextHops }), 'add')
    spoof(client, '99.9.9.9', '10.0.2.10')
    simulator.runUntil(1e9)
    expect(router.counters.drops('reverse-path-filter')).toBe(0)
  })
})

test('a host that does not forward drops silently', () => {
  const { ping: send, router } = clientRouterServer()
  router.sysctl.set('net.ipv4.ip_forward', '0')
  expect(send('10.0.2.10', 2)).toEqual([])
  expect(router.counters.drops('not-forwarding')).toBe(2)
})

test('a frame for another MAC address is dropped', () => {
  const { client, clientEth, router, simulator } = clientRouterServer()
  client.neighbors.set({ interface: clientEth, address: ip('10.0.1.1'), mac: 0x0200000000ff as never }, 'add')
  client.icmp.openEcho().send({ destination: ip('10.0.2.10'), sequence: 1, dataBytes: 56 })
  simulator.runUntil(1e9)
  expect(router.counters.drops('other-host')).toBe(1)
})

test('a closed UDP port answers port unreachable to the socket that sent', () => {
  const { client, simulator } = clientRouterServer()
  const errors: string[] = []
  const socket = client.udp.bind({
    onError: report => errors.push(`${report.message.type}/${report.message.code} ${formatIpv4(report.from)}`),
  })
  if (!('port' in socket)) throw new Error('no port')
  socket.send({ destination: ip('10.0.2.10'), destinationPort: 4, payloadBytes: 10 })
  simulator.runUntil(1e9)
  expect(errors).toEqual(['3/3 10.0.2.10'])
})

test('an echo request has DF set and the reply has not', () => {
  const { client, clientEth, simulator } = clientRouterServer()
  const seen: boolean[] = []
  clientEth.taps.add(frame => {
    if (frame.payload.kind === 'ipv4') seen.push(frame.payload.dontFragment)
  })
  client.icmp.openEcho().send({ destination: ip('10.0.2.10'), sequence: 1, dataBytes: 56 })
  simulator.runUntil(1e9)
  expect(seen).toEqual([true, false])
})

test('a ping larger than the MTU travels in fragments, over smaller links too', () => {
  const { client, simulator } = clientRouterServer({ mtuBytes: 1500, serverMtuBytes: 1400 })
  const socket = client.icmp.openEcho()
  const sizes: number[] = []
  socket.onReply = reply => sizes.push(reply.message.dataBytes)
  socket.send({ destination: ip('10.0.2.10'), sequence: 1, dataBytes: 4000 })
  simulator.runUntil(1e9)
  expect(sizes).toEqual([4000])
})

describe('hooks', () => {
  test('prerouting and output hooks can translate destinations', () => {
    const { client, router, ping: send } = clientRouterServer()
    const vip = ip('10.96.0.1')
    const server = ip('10.0.2.10')
    router.hooks.prerouting.add(packet =>
      packet.destination === vip ? { verdict: 'accept', packet: { ...packet, destination: server } } : ACCEPT,
    )
    router.hooks.postrouting.add(packet =>
      packet.source === server ? { verdict: 'accept', packet: { ...packet, source: vip } } : ACCEPT,
    )
    expect(send('10.96.0.1', 1)).toEqual(['reply 1'])
    client.hooks.output.add(packet =>
      packet.destination === ip('9.9.9.9') ? { verdict: 'accept', packet: { ...packet, destination: server } } : ACCEPT,
    )
    expect(send('9.9.9.9', 1)).toEqual(['reply 1'])
  })

  test('a drop is counted and journalled with its reason', () => {
    const { router, ping: send } = clientRouterServer()
    router.hooks.forward.add(() => ({ verdict: 'drop', reason: 'policy' }))
    expect(send('10.0.2.10', 1)).toEqual([])
    expect(router.counters.drops('hook')).toBe(1)
    expect(router.journal.entries.find(entry => entry.kind === 'packet.drop')!.detail.reason).toBe('hook: policy')
  })

  test('an ingress hook can send a packet on by another device, and sees ARP', () => {
    const { router, routerEth1, routerEth2, serverEth, ping: send } = clientRouterServer()
    const kinds: string[] = []
    router.hooks.ingress.add((frame, device) => {
      kinds.push(frame.payload.kind)
      if (frame.payload.kind !== 'ipv4' || device !== routerEth1) return ACCEPT
      return { verdict: 'redirect', interface: routerEth2, packet: frame.payload, mac: serverEth.mac }
    })
    expect(send('10.0.2.10', 1)).toEqual(['reply 1'])
    expect(kinds).toContain('arp')
  })
})

/** Client and a router on one link with a second router behind which the server is. */
function sharedLink() {
  const simulator = new Simulator()
  const [client, gateway, better] = ['client', 'gateway', 'better'].map(name => newHost(simulator, name)) as [
    Host,
    Host,
    Host,
  ]
  const machine = newHost(simulator, 'machine')
  const bridge = machine.addDummy('br0', 'bridge')
  if (!bridge.ok) throw new Error('no bridge')
  machine.setInterfaceUp(bridge.interface, true)
  const ends = [client, gateway, better].map((host, index) => {
    const [end, port] = join(host, 'eth1', machine, `port${index}`)
    machine.setMaster(port, bridge.interface)
    give(host, end, `10.0.1.${index + 1}/24`)
    return end
  }) as [Interface, Interface, Interface]
  give(machine, bridge.interface, '10.0.1.254/24')
  give(better, better.loopback, '10.9.9.9/32')
  for (const host of [gateway, better]) host.sysctl.set('net.ipv4.ip_forward', '1')
  addRoute(gateway, '10.9.0.0/16', '10.0.1.3')
  addDefault(client, '10.0.1.2')
  return { simulator, client, gateway, better, machine, bridge: bridge.interface, ends }
}

test('hosts on a bridge reach each other and the address of the bridge', () => {
  const { client } = sharedLink()
  expect(ping(client, '10.0.1.3', 1, 2)).toEqual(['reply 1'])
  expect(ping(client, '10.0.1.254', 1, 2)).toEqual(['reply 1'])
})

test('a bridge loses its carrier with the last port that has one', () => {
  const { client, gateway, better, bridge, ends, machine } = sharedLink()
  expect(bridge.hasCarrier).toBe(true)
  for (const [index, host] of [client, gateway, better].entries()) host.setInterfaceUp(ends[index]!, false)
  expect(bridge.hasCarrier).toBe(false)
  expect(machine.fib.routes()[0]!.nextHops[0]!.isLinkDown).toBe(true)
  client.setInterfaceUp(ends[0], true)
  expect(machine.fib.routes()[0]!.nextHops[0]!.isLinkDown).toBe(false)
})

test('a router sends redirects at doubling intervals; the second one is obeyed', () => {
  const { client } = sharedLink()
  expect(ping(client, '10.9.9.9', 4, 6)).toEqual([
    '5/1 1 from 10.0.1.2',
    'reply 1',
    '5/1 2 from 10.0.1.2',
    'reply 2',
    'reply 3',
    'reply 4',
  ])
  expect(client.routeFor(ip('10.9.9.9'))).toMatchObject({ gateway: ip('10.0.1.3'), redirected: {} })
})

describe('ARP', () => {
  const asked = (level: string, target: string): boolean => {
    const { client, clientEth, router, simulator } = clientRouterServer()
    router.sysctl.set('net.ipv4.conf.all.arp_ignore', level)
    client.neighbors.resolve(clientEth, ip(target))
    simulator.runUntil(1e9)
    return snapshotNeighbors(client)[0]!.state === 'REACHABLE'
  }

  test('any local address is answered on any device, unless arp_ignore forbids it', () => {
    expect([asked('0', '10.0.1.1'), asked('0', '10.0.2.1')]).toEqual([true, true])
    expect([asked('1', '10.0.1.1'), asked('1', '10.0.2.1')]).toEqual([true, false])
    expect(asked('8', '10.0.1.1')).toBe(false)
  })

  test.each([
    ['0', '10.7.7.7'],
    ['1', '10.0.1.10'],
    ['2', '10.0.1.10'],
  ])('arp_announce %s: a packet from an address of lo makes requests tell %s', (level, told) => {
    const { client, clientEth, router, simulator } = clientRouterServer()
    give(client, client.loopback, '10.7.7.7/32')
    client.sysctl.set('net.ipv4.conf.eth1.arp_announce', level)
    const senders: string[] = []
    clientEth.taps.add(frame => {
      if (frame.payload.kind === 'arp' && frame.payload.operation === 'request') {
        senders.push(formatIpv4(frame.payload.senderAddress))
      }
    })
    client.icmp.openEcho().send({ destination: ip('10.0.1.1'), source: ip('10.7.7.7'), sequence: 1, dataBytes: 56 })
    simulator.runUntil(0.5e9)
    expect(senders[0]).toBe(told)
    expect(snapshotNeighbors(router)[0]!.address).toBe(ip(told))
  })

  test('an announcement moves known entries and makes none', () => {
    const { client, clientEth, router, routerEth1, ping: send, simulator } = clientRouterServer()
    send('10.0.1.1', 1, 1)
    const old = snapshotNeighbors(router)[0]!.mac
    clientEth.mac = (clientEth.mac + 1) as never
    announce(client, clientEth, ip('10.0.1.10'))
    announce(client, clientEth, ip('10.0.1.66') as Ipv4Address)
    simulator.runUntil(simulator.nowNs + 1e8)
    const rows = snapshotNeighbors(router)
    expect(rows.map(row => row.mac)).toEqual([clientEth.mac])
    expect(rows[0]!.mac).not.toBe(old)
    expect(routerEth1.isUp).toBe(true)
  })

  test('with forwarding and proxy_arp a router answers for what it reaches by another device', () => {
    const { client, clientEth, router, simulator } = clientRouterServer()
    client.neighbors.resolve(clientEth, ip('10.0.2.10'))
    simulator.runUntil(4e9)
    expect(snapshotNeighbors(client)[0]!.state).toBe('FAILED')
    router.sysctl.set('net.ipv4.conf.eth1.proxy_arp', '1')
    client.neighbors.resolve(clientEth, ip('10.0.2.10'))
    simulator.runUntil(5e9)
    expect(snapshotNeighbors(client)[0]!.state).toBe('REACHABLE')
  })
})

test('two routers in a row with equal next hops choose alike for the same flow', () => {
  const simulator = new Simulator()
  const first = newHost(simulator, 'first', 7)
  const second = newHost(simulator, 'second', 7)
  for (const host of [first, second]) {
    const ends = ['eth1', 'eth2'].map(name => join(host, name, newHost(simulator, `${host.name} ${name}`), 'eth1')[0])
    give(host, ends[0]!, '10.0.1.1/24')
    give(host, ends[1]!, '10.0.2.1/24')
    const nextHops = ['10.0.1.2', '10.0.2.2'].map(gateway => ({ gateway: ip(gateway) }))
    host.addRoute(fibRoute({ prefix: prefix('30.0.0.0/8'), nextHops }), 'add')
  }
  const choice = (host: Host, low: number): string => {
    const route = host.routeFor(ip(`30.1.1.${low}`))
    return route.ok ? route.interface.name : route.errno
  }
  const choices = Array.from({ length: 60 }, (_, low) => choice(first, low))
  expect(choices).toEqual(Array.from({ length: 60 }, (_, low) => choice(second, low)))
  expect(new Set(choices)).toEqual(new Set(['eth1', 'eth2']))
})
