import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseFrrConfig } from '../../../src/config/frr/parse.ts'
import type { RouterModel } from '../../../src/model/router.ts'
import { formatPrefix } from '../../../src/wire/address.ts'

const IMAGE = 'frrouting/frr:v8.4.4'

function parse(lines: readonly string[], image = IMAGE) {
  return parseFrrConfig(lines.join('\n'), { file: 'frr.conf', image })
}

function model(lines: readonly string[], image = IMAGE): RouterModel {
  const converted = parse(lines, image)
  if (converted.model === undefined) throw new Error('no model')
  return converted.model
}

function messages(lines: readonly string[]): readonly string[] {
  return parse(lines).diagnostics.map(({ source, message }) => `${source.line}:${source.column} ${message}`)
}

const BGP = ['router bgp 65000', 'neighbor 10.0.0.2 remote-as 65001']

describe('reading', () => {
  test('an empty file is a router without BGP', () => {
    expect(parse([])).toMatchObject({
      diagnostics: [],
      model: { interfaces: [], defaults: 'traditional', version: 804 },
    })
  })

  test('a BGP instance that is not modelled keeps its indented lines', () => {
    const instance = ['router bgp 65000 vrf A', ' bgp graceful-restart', ' address-family ipv4 unicast']
    const lines = [
      ...BGP,
      'exit',
      ...instance,
      '  export vpn',
      ' exit-address-family',
      'exit',
      'ip route 10.9.0.0/16 Null0',
    ]
    expect(messages(lines).filter(message => message.includes('Unknown'))).toEqual([])
    expect(model(lines).staticRoutes).toHaveLength(1)
  })

  test('blocks within segment-routing end where they end', () => {
    const formats = ['formats', 'format usid-f3216', 'exit', 'format uncompressed-f4024', 'exit', 'exit']
    const locators = ['locators', 'locator A', 'prefix 2001:db8::/48', 'format usid-f3216', 'exit', 'exit']
    const lines = ['segment-routing', 'srv6', ...locators, ...formats, 'exit', 'exit', 'router isis 1', 'exit', ...BGP]
    expect(messages(lines).filter(message => message.includes('Unknown'))).toEqual([])
    expect(model(lines).bgp?.peers).toHaveLength(1)
  })

  test('a line that does not fit its block is tried in the blocks around it', () => {
    const lines = [
      'interface lo',
      ' ip address 1.1.1.1/32',
      ...BGP,
      ' address-family ipv4 unicast',
      '  network 10.0.0.0/8',
    ]
    const router = model([...lines, ' neighbor 10.0.0.3 remote-as 65002', 'ip route 10.9.0.0/16 10.0.0.2'])
    expect(router.bgp?.peers).toHaveLength(2)
    expect(router.bgp?.networks).toHaveLength(1)
    expect(router.staticRoutes).toHaveLength(1)
  })

  test('keywords may be abbreviated', () => {
    const router = model([
      'int eth1',
      ' ip addr 10.0.0.1/24',
      'ip rou 10.9.0.0/16 bl',
      'router bgp 1',
      'neigh 1.1.1.1 remote 2',
    ])
    expect(router.interfaces[0]?.addresses).toHaveLength(1)
    expect(router.staticRoutes[0]?.type).toBe('blackhole')
    expect(router.bgp?.peers[0]?.remoteAs).toBe(2)
  })

  test('an unknown line is reported with the column of the word that does not fit, and reading goes on', () => {
    expect(messages(['router bgp 65000', ' neighbor 10.0.0.2 remote-sa 1', ' bgp router-id 1.1.1.1'])).toEqual([
      '2:20 % Unknown command: neighbor 10.0.0.2 remote-sa 1',
    ])
  })

  test('a line without its last words is incomplete', () => {
    expect(messages(['ip route 10.0.0.0/8'])).toEqual(['1:10 % Command incomplete: ip route 10.0.0.0/8'])
  })

  test('an abbreviation that fits two statements is ambiguous', () => {
    expect(messages(['router bgp 1', 'bgp default show'])).toEqual(['2:13 % Ambiguous command: bgp default show'])
  })

  test('exit outside every block leaves configuration until configure terminal', () => {
    const lines = ['exit', 'ip route 10.0.0.0/8 Null0', 'conf t', 'ip route 11.0.0.0/8 Null0']
    expect(messages(lines)).toEqual(['2:1 % Unknown command: ip route 10.0.0.0/8 Null0'])
    expect(model(lines).staticRoutes).toHaveLength(1)
  })

  test('a second router bgp of another AS is refused and its lines have no effect', () => {
    const lines = [...BGP, 'router bgp 65009', ' neighbor 10.0.0.9 remote-as 1', 'ip route 10.0.0.0/8 Null0']
    expect(messages(lines)[0]).toBe('3:1 BGP is already running; AS is 65000')
    expect(model(lines)).toMatchObject({ bgp: { asn: 65000, peers: [{ remoteAs: 65001 }] }, staticRoutes: [{}] })
  })

  test.each([
    [
      ['router ospf', ' network 10.0.0.0/8 area 0', ' passive-interface lo'],
      'OSPF is not modelled: its 2 lines have no effect',
    ],
    [
      ['vrf red', ' ip route 10.0.0.0/8 10.1.1.1', 'exit-vrf'],
      'A VRF (vrf red) is not modelled: its 1 lines have no effect',
    ],
    [['ipv6 route ::/0 fe80::1', 'ipv6 route ::/1 fe80::1'], 'ipv6 route is not modelled (also line 2)'],
  ])('%j is said once, as unmodelled', (lines, message) => {
    const { diagnostics } = parse([...lines, 'ip route 10.0.0.0/8 Null0'])
    expect(diagnostics.map(diagnostic => [diagnostic.severity, diagnostic.message])).toEqual([['unmodelled', message]])
    expect(model([...lines, 'ip route 10.0.0.0/8 Null0']).staticRoutes).toHaveLength(1)
  })

  test('lines of an IPv6 family do not reach IPv4', () => {
    const lines = [...BGP, ' address-family ipv6 unicast', '  no neighbor 10.0.0.2 activate', ' exit-address-family']
    const router = model([...lines, ' neighbor 10.0.0.2 description x'])
    expect(router.bgp?.peers[0]).toMatchObject({ description: 'x', ipv4Unicast: {} })
  })

  test('the release is assumed aloud when no image tells it', () => {
    const { diagnostics, model: router } = parseFrrConfig('', { file: 'frr.conf', image: 'registry/router:latest' })
    expect(diagnostics[0]).toMatchObject({ code: 'frr/version-assumed', severity: 'warning' })
    expect(router).toMatchObject({ version: 1007, isVersionKnown: false })
  })

  test('a binary file is refused at its first zero byte', () => {
    expect(parse(['x', 'a\0b'])).toMatchObject({ model: undefined, diagnostics: [{ source: { line: 2, column: 2 } }] })
  })

  test('a line longer than vtysh takes is skipped', () => {
    expect(messages(['x'.repeat(5000)])).toEqual(['1:1 line of 5000 characters: vtysh takes 4096'])
  })

  test('no text makes it throw', () => {
    const words =
      'router bgp neighbor 10.0.0.1 10.0.0.0/8 route-map permit 10 set match ip address-family ipv4 no exit community additive 65000 seq prefix-list any le 5 { } peer-group in'
    const line = fc.array(fc.oneof(fc.constantFrom(...words.split(' ')), fc.string())).map(parts => parts.join(' '))
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string({ unit: 'binary' }))), lines => {
        expect(parse(lines).diagnostics).toBeDefined()
      }),
    )
  })
})

describe('static routes', () => {
  test.each([
    ['ip route 10.0.0.1/8 10.1.1.1', '10.0.0.0/8', { type: 'unicast', distance: 1 }],
    [
      'ip route 10.0.0.0 255.0.0.0 10.1.1.1 eth1 tag 5 20 onlink',
      '10.0.0.0/8',
      { interface: 'eth1', tag: 5, distance: 20, onlink: true },
    ],
    ['ip route 10.0.0.0/8 eth1', '10.0.0.0/8', { interface: 'eth1' }],
    ['ip route 10.0.0.0/8 Null0', '10.0.0.0/8', { type: 'blackhole' }],
    ['ip route 10.0.0.0/8 reject 7', '10.0.0.0/8', { type: 'unreachable', distance: 7 }],
  ])('%s', (line, prefix, expected) => {
    const [route] = model([line]).staticRoutes
    expect(route).toMatchObject(expected)
    expect(formatPrefix(route!.prefix)).toBe(prefix)
  })

  test('a later line with the same next hop moves it to its distance', () => {
    const { staticRoutes } = model(['ip route 10.0.0.0/8 10.1.1.1 10', 'ip route 10.0.0.0/8 10.1.1.1 20'])
    expect(staticRoutes.map(route => route.distance)).toEqual([20])
  })

  test('reject and Null0 are one next hop: the later line takes the place of the earlier at any distance', () => {
    const { staticRoutes } = model(['ip route 10.0.0.0/8 Null0', 'ip route 10.0.0.0/8 reject 210'])
    expect(staticRoutes).toMatchObject([{ type: 'unreachable', distance: 210 }])
  })
})

describe('BGP defaults', () => {
  test.each([
    [
      'frr:8.4.4',
      [],
      {
        ebgpRequiresPolicy: true,
        networkImportCheck: true,
        enforceFirstAs: false,
        timers: { keepaliveSeconds: 60, holdSeconds: 180, connectRetrySeconds: 120 },
      },
    ],
    [
      'frr:8.4.4',
      ['frr defaults datacenter'],
      {
        ebgpRequiresPolicy: false,
        deterministicMed: true,
        showHostname: true,
        timers: { keepaliveSeconds: 3, holdSeconds: 9, connectRetrySeconds: 10 },
      },
    ],
    [
      'frr:8.4.4',
      ['frr version 7.3'],
      { ebgpRequiresPolicy: false, networkImportCheck: false, suppressDuplicates: false },
    ],
    ['frr:10.3.1', [], { enforceFirstAs: true, rejectAsSets: false, timers: { connectRetrySeconds: 30 } }],
    ['frr:10.5.0', ['frr version 9.0'], { enforceFirstAs: false, rejectAsSets: true }],
  ])('%s with %j', (image, head, expected) => {
    expect(model([...head, ...BGP], image).bgp).toMatchObject(expected)
  })

  test('bgp default ipv4-unicast counts at the moment a neighbour is made', () => {
    const lines = [
      'router bgp 1',
      'neighbor 1.1.1.1 remote-as 2',
      'no bgp default ipv4-unicast',
      'neighbor 1.1.1.2 remote-as 2',
    ]
    expect(model(lines).bgp?.peers.map(peer => peer.ipv4Unicast !== undefined)).toEqual([true, false])
  })

  test('next hops resolve through the default route since 9.1', () => {
    const images = ['frr:9.0.1', 'frr:9.1.0']
    expect(images.map(image => model([], image).zebra.resolveViaDefault)).toEqual([false, true])
  })
})

describe('neighbours', () => {
  const GROUP = [
    'router bgp 1',
    'neighbor PG peer-group',
    'neighbor PG remote-as 2',
    'neighbor PG timers 3 9',
    'neighbor PG route-map X in',
  ]

  test('a member has its own statements and the group for the rest', () => {
    const lines = [
      ...GROUP,
      'neighbor 1.1.1.1 peer-group PG',
      'neighbor 1.1.1.1 timers 10 30',
      'neighbor 1.1.1.1 route-map Y out',
    ]
    expect(model(lines).bgp?.peers[0]).toMatchObject({
      remoteAs: 2,
      peerGroup: 'PG',
      timers: { keepaliveSeconds: 10, holdSeconds: 30 },
      ipv4Unicast: { in: { routeMap: 'X' }, out: { routeMap: 'Y' } },
    })
  })

  test('members that say nothing themselves differ by address and place only', () => {
    const members = ['10.0.0.3', '10.0.0.1', '10.0.0.2'].map(address => `neighbor ${address} peer-group PG`)
    const peers = model([...GROUP, ...members, 'neighbor 10.0.0.2 shutdown']).bgp?.peers ?? []
    const [first, second, third] = peers.map(({ address: _, source, ...rest }) => ({ line: source.line, ...rest }))
    expect(peers.map(peer => peer.address)).toEqual([0x0a000003, 0x0a000001, 0x0a000002])
    expect(second).toEqual({ ...first, line: (first?.line ?? 0) + 1 })
    expect(third).toEqual({ ...first, line: (first?.line ?? 0) + 2, shutdown: true })
  })

  test('activating a group reaches its members', () => {
    const lines = ['router bgp 1', 'no bgp default ipv4-unicast', 'neighbor PG peer-group', 'neighbor PG remote-as 2']
    const router = model([...lines, 'neighbor 1.1.1.1 peer-group PG', 'neighbor PG activate'])
    expect(router.bgp?.peers[0]?.ipv4Unicast).toBeDefined()
  })

  test('a listen range points at its group, whose template is complete', () => {
    const { bgp } = model([...GROUP, 'bgp listen range 10.0.0.0/8 peer-group PG', 'bgp listen limit 5'])
    expect(bgp).toMatchObject({
      listenLimit: 5,
      listenRanges: [{ peerGroup: 'PG' }],
      peerGroups: [{ template: { remoteAs: 2 } }],
    })
  })

  test.each([
    ['neighbor 9.9.9.9 activate', '% Specify remote-as or peer-group commands first'],
    ['neighbor NOPE remote-as 5', '% Create the peer-group or interface first'],
    ['neighbor 10.0.0.9 peer-group NOPE', '% Configure the peer-group first'],
    ['neighbor 10.0.0.2 route-reflector-client', '% Invalid command. Not an internal neighbor'],
    ['neighbor 10.0.0.2 local-as 65000', '% Cannot have local-as same as BGP AS number'],
    ['timers bgp 1 2', '% hold time value must be either 0 or greater than 3'],
  ])('FRR refuses %s', (line, message) => {
    expect(messages([...BGP, line])).toEqual([`3:1 ${message}`])
  })

  test('every family statement is kept', () => {
    const options = [
      'next-hop-self force',
      'allowas-in',
      'as-override',
      'weight 5',
      'remove-private-AS all',
      'soft-reconfiguration inbound',
      'maximum-prefix 10 restart 3',
      'default-originate',
      'attribute-unchanged med',
    ]
    const lines = [
      ...BGP,
      'address-family ipv4',
      ...options.map(option => `neighbor 10.0.0.2 ${option}`),
      'no neighbor 10.0.0.2 send-community large',
    ]
    expect(model(lines).bgp?.peers[0]?.ipv4Unicast).toMatchObject({
      nextHopSelf: 'force',
      allowAsIn: 3,
      asOverride: true,
      weight: 5,
      removePrivateAs: { all: true, replaceAs: false },
      softReconfigurationInbound: true,
      maximumPrefix: { limit: 10, warningOnly: false, restartMinutes: 3 },
      defaultOriginate: {},
      attributeUnchanged: { asPath: false, nextHop: false, med: true },
      sendCommunity: { standard: true, extended: true, large: false },
    })
  })
})

describe('networks and aggregates', () => {
  test.each([
    ['network 10.0.0.0', '10.0.0.0/8'],
    ['network 172.16.0.0', '172.16.0.0/16'],
    ['network 10.1.2.3/16', '10.1.0.0/16'],
    ['network 10.1.0.0 mask 255.255.0.0', '10.1.0.0/16'],
  ])('%s', (line, prefix) => {
    expect(model([...BGP, line]).bgp?.networks.map(network => formatPrefix(network.prefix))).toEqual([prefix])
  })

  test('as-set is ignored under reject-as-sets', () => {
    const aggregate = 'aggregate-address 10.0.0.0/8 as-set'
    const asSet = (lines: readonly string[]) => model([...BGP, ...lines]).bgp?.aggregates[0]?.asSet
    expect([asSet([aggregate]), asSet(['bgp reject-as-sets', aggregate])]).toEqual([true, false])
  })
})

describe('policy', () => {
  test('prefix-list entries without a number go on five after the last', () => {
    const lines = [
      'ip prefix-list P permit any',
      'ip prefix-list P seq 7 deny 1.0.0.0/8',
      'ip prefix-list P permit 2.0.0.0/8 ge 9',
    ]
    expect(
      model(lines)
        .policy.prefixLists.get('P')
        ?.map(entry => entry.sequence),
    ).toEqual([5, 7, 12])
  })

  test('set clauses keep the order entered, and a repeated one moves to the end', () => {
    const lines = ['route-map R permit 10', 'set metric 5', 'set weight 7', 'set metric +3', 'continue 20']
    expect(model(lines).policy.routeMaps.get('R')?.[0]).toMatchObject({
      sets: [
        { kind: 'weight', value: 7 },
        { kind: 'metric', value: 3, sign: '+' },
      ],
      onMatch: { kind: 'goto', sequence: 20 },
    })
  })

  test('a match that is not modelled never matches', () => {
    const [entry] = model(['route-map R permit 10', 'match ipv6 address X']).policy.routeMaps.get('R') ?? []
    expect(entry?.matches).toEqual([{ kind: 'prefix-list', name: 'match ipv6 address X' }])
  })

  test('access-lists take wildcards, hosts and prefixes', () => {
    const lines = [
      'access-list 1 permit 10.0.0.0 0.0.0.255',
      'access-list 1 deny host 1.1.1.1',
      'access-list A permit 10.0.0.0/8 exact-match',
    ]
    const { accessLists } = model(lines).policy
    expect(accessLists.get('1')).toMatchObject([{ wildcard: 255 }, { wildcard: 0, action: 'deny' }])
    expect(accessLists.get('A')).toMatchObject([{ exactLength: 8 }])
  })

  test('community lists are standard or expanded', () => {
    const lines = [
      'bgp community-list standard C permit 1:2 no-export',
      'bgp community-list expanded E permit 1:.*',
      'bgp community-list 5 deny 1:3',
    ]
    const { communityLists } = model(lines).policy
    expect([...communityLists].map(([name, list]) => [name, list.kind, list.entries[0]?.values])).toEqual([
      ['C', 'standard', ['1:2', 'no-export']],
      ['E', 'expanded', ['1:.*']],
      ['5', 'standard', ['1:3']],
    ])
  })
})
