import { describe, expect, test } from 'vitest'
import { walk } from '../../src/lint/walk.ts'
import { Wires } from '../../src/lint/wires.ts'
import { openLab } from '../../src/shell/open-lab.ts'
import { parseIpv4 } from '../../src/wire/address.ts'

/** client 10.1.0.2 - one - two - server 10.2.0.2, with the `exec` lines given on top. */
async function ends(
  more: Partial<Record<'client' | 'one' | 'two' | 'server', readonly string[]>>,
): Promise<readonly string[]> {
  const lines = {
    client: ['ip addr add 10.1.0.2/24 dev eth1', 'ip route add default via 10.1.0.1'],
    one: [
      'ip addr add 10.1.0.1/24 dev eth1',
      'ip addr add 10.3.0.1/30 dev eth2',
      'ip route add 10.2.0.0/24 via 10.3.0.2',
    ],
    two: [
      'ip addr add 10.2.0.1/24 dev eth1',
      'ip addr add 10.3.0.2/30 dev eth2',
      'ip route add 10.1.0.0/24 via 10.3.0.1',
    ],
    server: ['ip addr add 10.2.0.2/24 dev eth1'],
  }
  const nodes = Object.entries(lines).map(([name, own]) => {
    const all = [...own, ...(more[name as keyof typeof lines] ?? [])]
    return `    ${name}: {kind: linux, exec: [${all.map(line => JSON.stringify(line)).join(', ')}]}`
  })
  const links = ['client:eth1 one:eth1', 'one:eth2 two:eth2', 'two:eth1 server:eth1'].map(
    link =>
      `    - endpoints: [${link
        .split(' ')
        .map(end => JSON.stringify(end))
        .join(', ')}]`,
  )
  const text = `name: x\ntopology:\n  nodes:\n${nodes.join('\n')}\n  links:\n${links.join('\n')}\n`
  const files = {
    readText: (path: string) => (path === '/x/x.clab.yml' ? text : undefined),
    kindOf: () => undefined,
    list: () => [],
  }
  const { lab } = await openLab({ path: '/x/x.clab.yml', files })
  const address = (written: string) => parseIpv4(written)!
  const from = lab.node('client')!.host
  const found = walk(new Wires(lab), { from, source: address('10.1.0.2'), destination: address('10.2.0.2') })
  const nameOf = (host: unknown) => lab.nodes().find(node => node.host === host)!.name
  return found.map(end => `${end.kind} at ${nameOf(end.host)} behind ${end.passed.length}`)
}

describe('a walk through the routing tables', () => {
  test('arrives over every router on the way', async () => {
    expect(await ends({})).toEqual(['arrived at server behind 3'])
  })

  test.each([
    ['where there is no route', { one: ['ip route del 10.2.0.0/24'] }, 'no-route at one behind 1'],
    ['where a route refuses', { one: ['ip route replace blackhole 10.2.0.0/24'] }, 'refused at one behind 1'],
    ['where forwarding is off', { two: ['sysctl -w net.ipv4.ip_forward=0'] }, 'no-forwarding at two behind 2'],
    [
      'where nobody has the next hop',
      { one: ['ip route replace 10.2.0.0/24 via 10.1.0.99'] },
      'nobody-there at one behind 1',
    ],
    [
      'where it comes back',
      { two: ['ip addr del 10.2.0.1/24 dev eth1', 'ip route add 10.2.0.0/24 via 10.3.0.1'] },
      'loop at one behind 3',
    ],
    [
      'where the way back leads elsewhere and the filter is strict',
      { two: ['sysctl -w net.ipv4.conf.all.rp_filter=1', 'ip route replace 10.1.0.0/24 via 10.2.0.2'] },
      'reverse-path at two behind 2',
    ],
  ])('ends %s', async (_title, more, expected) => {
    expect(await ends(more)).toEqual([expected])
  })

  test('takes every member of a multipath route', async () => {
    const both = { one: ['ip route replace 10.2.0.0/24 nexthop via 10.3.0.2 nexthop via 10.1.0.99'] }
    expect(await ends(both)).toEqual(['arrived at server behind 3', 'nobody-there at one behind 1'])
  })
})
