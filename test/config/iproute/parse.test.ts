import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseIpCommand } from '../../../src/config/iproute/parse.ts'

function parse(line: string): ReturnType<typeof parseIpCommand> {
  return parseIpCommand(line.split(' ').filter(word => word !== ''))
}

function kindOf(line: string): string {
  const parsed = parse(line)
  return parsed.ok ? parsed.operation.kind : parsed.stderr
}

describe('parseIpCommand', () => {
  test.each([
    ['a', 'address-list'],
    ['a a 10.0.0.1/8 dev eth0', 'address-change'],
    ['addr del 10.0.0.1/8 dev eth0', 'address-change'],
    ['r', 'route-list'],
    ['r r default via 10.0.0.1', 'route-change'],
    ['ro g 10.0.0.1', 'route-get'],
    ['ru', 'rule-list'],
    ['n', 'neighbor-list'],
    ['ne', 'neighbor-list'],
    ['nex', 'nexthop-list'],
    ['l', 'link-list'],
    ['l set eth0 up', 'link-set'],
    ['l a d0 type dummy', 'link-add'],
    ['link delete eth0', 'link-delete'],
    ['-V', 'version'],
    ['', 'help'],
    ['help', 'help'],
  ])('takes "ip %s" for %s, the first word that the abbreviation fits', (line, kind) => expect(kindOf(line)).toBe(kind))

  test.each([
    ['-br a', { brief: true }],
    ['-j -p a', { json: true, pretty: true }],
    ['-4 -o a', { family: 'inet', oneline: true }],
    ['-s -s l', { statistics: 2 }],
    ['-d r', { details: true }],
    ['-N r', { numeric: true }],
    ['--json r', { json: true }],
    ['-c=never r', {}],
  ])('reads the options of "ip %s"', (line, options) => {
    expect(parse(line)).toMatchObject({ ok: true, options })
  })

  test.each([
    ['xfrm state', 'ip: object "xfrm" is not modelled by drylab\n', 2],
    ['netns add x', 'ip: object "netns" is not modelled by drylab\n', 2],
    ['-6 route', 'ip: IPv6 (-6) is not modelled by drylab\n', 2],
    ['addr add fd00::1/64 dev eth1', 'ip: IPv6 (fd00::1/64) is not modelled by drylab\n', 2],
    ['route add 10.0.0.0/8 encap mpls 5', 'ip: "ip route … encap" is not modelled by drylab\n', 2],
    ['route add 10.0.0.0/8 mtu lock 1400', 'ip: "lock" of a route metric is not modelled by drylab\n', 2],
  ])('says that "ip %s" is not modelled', (line, stderr, exitCode) => {
    expect(parse(line)).toEqual({ ok: false, stderr, exitCode })
  })

  test('reads the next hops of a multipath route with weights', () => {
    const parsed = parse(
      'route replace 10.0.0.0/8 metric 20 nexthop via 10.1.1.1 dev eth1 weight 3 nexthop dev eth2 onlink',
    )
    expect(parsed).toMatchObject({
      ok: true,
      operation: {
        metric: 20,
        nextHops: [
          { gateway: 0x0a010101, device: 'eth1', weight: 3, onlink: false },
          { device: 'eth2', weight: 1, onlink: true },
        ],
      },
    })
  })

  test('reads 10/8 and netmasks as iproute2 does', () => {
    expect(parse('route add 10/8 dev eth1')).toMatchObject({
      operation: { prefix: { address: 0x0a000000, length: 8 } },
    })
    expect(parse('addr add 10.0.0.1/255.255.255.0 dev eth1')).toMatchObject({ operation: { local: { length: 24 } } })
  })

  test('never throws, whatever the words are', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'addr',
        'route',
        'link',
        'neigh',
        'nexthop',
        'rule',
        'add',
        'del',
        'show',
        'set',
        'dev',
        'via',
        'type',
        '-j',
      ),
      fc.constantFrom(
        '10.0.0.1/24',
        'default',
        'eth1',
        'metric',
        '5',
        'nexthop',
        'group',
        'lladdr',
        'nud',
        'peer',
        'name',
        'table',
      ),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 9 }), words => {
        const parsed = parseIpCommand(words)
        expect(parsed.ok || parsed.exitCode > 0).toBe(true)
      }),
    )
  })
})
