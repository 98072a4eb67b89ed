import { beforeEach, describe, expect, test } from 'vitest'
import type { SourceNatRule, SourceNatTarget } from '../../../src/host/nat/source-nat-rule.ts'
import { formatIpv4, parsePrefix } from '../../../src/wire/address.ts'
import type { Ipv4Packet } from '../../../src/wire/ipv4.ts'
import { addRoute, clientRouterServer, give, ip, join, newHost, ping } from '../../support/two-hosts.ts'

const MASQUERADE: SourceNatTarget = { kind: 'masquerade' }

function rule(target: SourceNatTarget, parts: Partial<SourceNatRule> = {}): SourceNatRule {
  return { target, packets: 0, bytes: 0, ...parts }
}

function out(value: string): Pick<SourceNatRule, 'outputInterface'> {
  return { outputInterface: { value, isNegated: false } }
}

let lab: ReturnType<typeof clientRouterServer>
/** What the server's device gets, as `SOURCE[:PORT]`. */
let seen: string[]

function setRules(...rules: readonly SourceNatRule[]): void {
  lab.router.sourceNat.setRules(lab.router.sourceNat.iptables, rules)
}

function tell({ source, payload }: Ipv4Packet): string {
  if (payload.kind === 'udp' || payload.kind === 'tcp') return `${formatIpv4(source)}:${payload.sourcePort}`
  return formatIpv4(source)
}

beforeEach(() => {
  lab = clientRouterServer()
  seen = []
  lab.server.hooks.prerouting.add(packet => {
    seen.push(tell(packet))
    return { verdict: 'accept' }
  })
})

function sendUdp(host: typeof lab.client, source: string, sourcePort: number, destination = '10.0.2.10'): void {
  const payload = { kind: 'udp', sourcePort, destinationPort: 9, payloadBytes: 1 } as const
  host.sendPacket({ source: ip(source), destination: ip(destination), payload })
  lab.simulator.runUntil(lab.simulator.nowNs + 1e9)
}

describe('without rules', () => {
  test('a host has no hooks', () => {
    const { prerouting, input, postrouting } = lab.router.hooks
    expect([prerouting.isEmpty, input.isEmpty, postrouting.isEmpty]).toEqual([true, true, true])
  })
})

describe('masquerade', () => {
  beforeEach(() => setRules(rule(MASQUERADE, out('eth2'))))

  test('a ping is answered and comes from the address of the outgoing interface', () => {
    expect(lab.ping('10.0.2.10', 2)).toEqual(['reply 1', 'reply 2'])
    expect(seen).toEqual(['10.0.2.1', '10.0.2.1'])
  })

  test('a TCP connection is made from the address of the outgoing interface, its port kept', () => {
    const remotes: string[] = []
    lab.server.tcp.listen({
      port: 80,
      onConnection: one => remotes.push(`${formatIpv4(one.remoteAddress)}:${one.remotePort}`),
    })
    const connection = lab.client.tcp.connect({ destination: ip('10.0.2.10'), port: 80, sourcePort: 5555 })
    lab.simulator.runUntil(1e9)
    expect([connection.state, ...remotes]).toEqual(['established', '10.0.2.1:5555'])
  })

  test('a port below 1024 is kept too', () => {
    sendUdp(lab.client, '10.0.1.10', 300)
    expect(seen).toEqual(['10.0.2.1:300'])
  })

  test('a port that the router itself uses to the same place is replaced by one above 1023', () => {
    sendUdp(lab.router, '10.0.2.1', 5555)
    sendUdp(lab.client, '10.0.1.10', 5555)
    const [own, other] = seen
    expect(own).toBe('10.0.2.1:5555')
    expect(other).toMatch(/^10\.0\.2\.1:\d+$/)
    expect(other).not.toBe(own)
    expect(Number(other!.split(':')[1])).toBeGreaterThan(1023)
  })

  test('an answer to somebody outside who asked is not translated', () => {
    const answers = ping(lab.server, '10.0.1.10', 1, 3)
    expect([answers, seen]).toEqual([['reply 1'], ['10.0.1.10']])
  })

  test('an answer of the router itself keeps the address that was asked', () => {
    expect(ping(lab.server, '10.0.1.1', 1, 3)).toEqual(['reply 1'])
    expect(seen).toEqual(['10.0.1.1'])
  })

  test('a port unreachable about a translated datagram reaches the one who sent it', () => {
    const errors: string[] = []
    lab.client.hooks.input.add(({ destination, payload }) => {
      if (payload.kind === 'icmp' && 'quoted' in payload) {
        const { quoted } = payload
        errors.push(`${payload.type}/${payload.code} to ${formatIpv4(destination)} about ${tell(quoted)}`)
      }
      return { verdict: 'accept' }
    })
    sendUdp(lab.client, '10.0.1.10', 7777)
    expect(errors).toEqual(['3/3 to 10.0.1.10 about 10.0.1.10:7777'])
  })

  test('an error of the client about an answer leaves as if it came from the translated source', () => {
    sendUdp(lab.client, '10.0.1.10', 7777)
    seen.length = 0
    const payload = { kind: 'udp', sourcePort: 9, destinationPort: 7777, payloadBytes: 1 } as const
    const quotes: string[] = []
    lab.server.hooks.input.add(packet => {
      if (packet.payload.kind === 'icmp' && 'quoted' in packet.payload)
        quotes.push(formatIpv4(packet.payload.quoted.destination))
      return { verdict: 'accept' }
    })
    lab.server.sendPacket({ destination: ip('10.0.2.1'), payload })
    lab.simulator.runUntil(lab.simulator.nowNs + 1e9)
    expect([seen, quotes]).toEqual([['10.0.2.1'], ['10.0.2.1']])
  })

  test('a flow that leaves by another interface is left alone', () => {
    const other = newHost(lab.simulator, 'other')
    const [routerEnd, otherEnd] = join(lab.router, 'eth3', other, 'eth1')
    give(lab.router, routerEnd, '10.0.3.1/24')
    give(other, otherEnd, '10.0.3.10/24')
    const sources: string[] = []
    other.hooks.prerouting.add(packet => {
      sources.push(tell(packet))
      return { verdict: 'accept' }
    })
    sendUdp(lab.client, '10.0.1.10', 7777, '10.0.3.10')
    expect(sources).toEqual(['10.0.1.10:7777'])
  })

  test('a flow goes when its interface goes down, so that a late answer is for the router', () => {
    sendUdp(lab.client, '10.0.1.10', 7777)
    lab.router.setInterfaceUp(lab.routerEth2, false)
    lab.router.setInterfaceUp(lab.routerEth2, true)
    const before = lab.router.counters.delivered
    const payload = { kind: 'udp', sourcePort: 9, destinationPort: 7777, payloadBytes: 1 } as const
    lab.server.sendPacket({ destination: ip('10.0.2.1'), payload })
    lab.simulator.runUntil(lab.simulator.nowNs + 2e9)
    expect(lab.router.counters.delivered).toBe(before + 1)
  })

  test('a flow whose route moves to another interface loses one packet and starts anew there', () => {
    const [routerEnd, serverEnd] = join(lab.router, 'eth3', lab.server, 'eth3')
    give(lab.router, routerEnd, '10.0.3.1/24')
    give(lab.server, serverEnd, '10.0.3.10/24')
    setRules(rule(MASQUERADE))
    addRoute(lab.router, '10.8.0.0/16', '10.0.2.10')
    for (let count = 0; count < 2; count += 1) sendUdp(lab.client, '10.0.1.10', 7, '10.8.0.1')
    addRoute(lab.router, '10.8.0.0/17', '10.0.3.10')
    for (let count = 0; count < 2; count += 1) sendUdp(lab.client, '10.0.1.10', 7, '10.8.0.1')
    expect(seen).toEqual(['10.0.2.1:7', '10.0.2.1:7', '10.0.3.1:7'])
    expect(lab.router.counters.drops('hook')).toBe(1)
  })

  test('an answer after 30 seconds of silence finds no flow', () => {
    sendUdp(lab.client, '10.0.1.10', 7777)
    // The port unreachable does not count as an answer.
    lab.simulator.runUntil(lab.simulator.nowNs + 31e9)
    const before = lab.router.counters.delivered
    const payload = { kind: 'udp', sourcePort: 9, destinationPort: 7777, payloadBytes: 1 } as const
    lab.server.sendPacket({ destination: ip('10.0.2.1'), payload })
    lab.simulator.runUntil(lab.simulator.nowNs + 2e9)
    expect(lab.router.counters.delivered).toBe(before + 1)
  })

  test('flows under way outlive the rules', () => {
    sendUdp(lab.client, '10.0.1.10', 7777)
    setRules()
    sendUdp(lab.client, '10.0.1.10', 7777)
    sendUdp(lab.client, '10.0.1.10', 7778)
    expect(seen).toEqual(['10.0.2.1:7777', '10.0.2.1:7777', '10.0.1.10:7778'])
  })
})

describe('rules', () => {
  const SNAT: SourceNatTarget = { kind: 'snat', address: ip('10.0.2.99') }
  const elsewhere = { value: parsePrefix('10.9.0.0/16')!, isNegated: false }
  const clients = { value: parsePrefix('10.0.1.0/24')!, isNegated: false }
  const not = <Value>(match: { value: Value }) => ({ value: match.value, isNegated: true })

  test.each<[string, readonly SourceNatRule[], string]>([
    ['the first that matches wins', [rule(SNAT), rule(MASQUERADE)], '10.0.2.99:7'],
    ['accept ends the search', [rule({ kind: 'accept' }), rule(MASQUERADE)], '10.0.1.10:7'],
    ['return ends the search', [rule({ kind: 'return' }), rule(MASQUERADE)], '10.0.1.10:7'],
    ['another source prefix does not match', [rule(SNAT, { source: elsewhere })], '10.0.1.10:7'],
    ['the source prefix matches', [rule(SNAT, { source: clients })], '10.0.2.99:7'],
    ['a negated source prefix matches all others', [rule(SNAT, { source: not(elsewhere) })], '10.0.2.99:7'],
    ['another destination prefix does not match', [rule(SNAT, { destination: elsewhere })], '10.0.1.10:7'],
    ['a negated interface does not match', [rule(SNAT, { outputInterface: not({ value: 'eth2' }) })], '10.0.1.10:7'],
    ['a name that ends in + matches all that begin so', [rule(SNAT, out('eth+'))], '10.0.2.99:7'],
  ])('%s', (_, rules, source) => {
    setRules(...rules)
    sendUdp(lab.client, '10.0.1.10', 7)
    expect(seen).toEqual([source])
  })

  test('count the first packet of each flow', () => {
    const counted = rule(MASQUERADE)
    setRules(counted)
    lab.ping('10.0.2.10', 3)
    expect([counted.packets, counted.bytes]).toEqual([1, 84])
  })

  test('a rule of the router comes before those of iptables', () => {
    lab.router.sourceNat.setRules(lab.router.sourceNat.router, [rule(MASQUERADE)])
    setRules(rule(SNAT))
    sendUdp(lab.client, '10.0.1.10', 7)
    expect(seen).toEqual(['10.0.2.1:7'])
  })
})

test("with several addresses the one in the next hop's subnet is taken", () => {
  give(lab.router, lab.routerEth2, '10.0.4.1/24')
  give(lab.server, lab.serverEth, '10.0.4.10/24')
  addRoute(lab.router, '10.8.0.0/16', '10.0.4.10')
  setRules(rule(MASQUERADE, out('eth2')))
  sendUdp(lab.client, '10.0.1.10', 7, '10.8.0.1')
  expect(seen[0]).toBe('10.0.4.1:7')
})
