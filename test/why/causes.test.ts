import { describe, expect, test } from 'vitest'
import { renderAnswer } from '../../src/why/render-answer.ts'
import { blamed, type Edit, EditedLab, type QuestionText } from './edited-lab.ts'

/** One thing wrong in a lab, and the line that is to blame. */
interface Cause {
  readonly title: string
  readonly edits: readonly Edit[]
  readonly ask: QuestionText
  /** File and a text that only the responsible line has. */
  readonly blames: readonly [file: string, line: string]
}

const CLOS = 'topologies/clos-2x4'
const FAMILY = ' address-family ipv4 unicast\n'
const LEAF1 = 'leaf1/frr.conf'
const LEAF3 = 'leaf3/frr.conf'
const LAB = 'lab.clab.yml'
const ROUTE = 'route leaf1 10.100.3.0/24'
const REACH = 'reach host1 host3'
/** Lines in the IPv4 family about both spines. */
const towardsSpines = (words: string, leaf = 1): string =>
  `${FAMILY}  neighbor 10.1.${leaf}.0 ${words}\n  neighbor 10.2.${leaf}.0 ${words}\n`
const SPINE_EXEC = (command: string): readonly Edit[] => [
  [LAB, '/etc/frr/daemons]\n    spine2', `/etc/frr/daemons]\n      exec: ["${command}"]\n    spine2`],
  [LAB, '/etc/frr/daemons]\n    leaf1', `/etc/frr/daemons]\n      exec: ["${command}"]\n    leaf1`],
]

const ROUTE_CAUSES: readonly Cause[] = [
  {
    title: 'no network statement',
    edits: [[LEAF3, '  network 10.100.3.0/24\n', '']],
    ask: ROUTE,
    blames: [LEAF3, 'router bgp 65003'],
  },
  {
    title: 'a network statement for a prefix that the router has not got',
    edits: [[LEAF3, 'ip address 10.100.3.1/24', 'ip address 10.100.3.1/25']],
    ask: ROUTE,
    blames: [LEAF3, 'network 10.100.3.0/24'],
  },
  {
    title: 'an outbound prefix list that denies',
    edits: [
      [LEAF3, FAMILY, towardsSpines('prefix-list OUT out', 3)],
      [
        LEAF3,
        'router bgp',
        'ip prefix-list OUT seq 5 permit 10.255.0.0/16 le 32\nip prefix-list OUT seq 10 deny 10.100.3.0/24\nip prefix-list OUT seq 15 permit any\nrouter bgp',
      ],
    ],
    ask: ROUTE,
    blames: [LEAF3, 'seq 10 deny'],
  },
  {
    title: 'an outbound route-map that denies at an entry',
    edits: [
      [LEAF3, FAMILY, towardsSpines('route-map OUT out', 3)],
      [
        LEAF3,
        'router bgp',
        'ip prefix-list HOSTS permit 10.100.3.0/24\nroute-map OUT deny 10\n match ip address prefix-list HOSTS\nroute-map OUT permit 20\nrouter bgp',
      ],
    ],
    ask: ROUTE,
    blames: [LEAF3, 'route-map OUT deny 10'],
  },
  {
    title: 'an inbound prefix list without an entry',
    edits: [
      [LEAF1, FAMILY, towardsSpines('prefix-list IN in')],
      [LEAF1, 'router bgp', 'ip prefix-list IN seq 5 permit 10.100.0.0/22 le 23\nrouter bgp'],
    ],
    ask: ROUTE,
    blames: [LEAF1, 'ip prefix-list IN seq 5'],
  },
  {
    title: 'an inbound route-map whose only entry does not fit',
    edits: [
      [LEAF1, FAMILY, towardsSpines('route-map IN in')],
      [
        LEAF1,
        'router bgp',
        'ip prefix-list MINE seq 5 permit 10.100.2.0/24\nroute-map IN permit 10\n match ip address prefix-list MINE\nrouter bgp',
      ],
    ],
    ask: ROUTE,
    blames: [LEAF1, 'ip prefix-list MINE seq 5'],
  },
  {
    title: 'an inbound route-map that does not exist',
    edits: [[LEAF1, FAMILY, towardsSpines('route-map TYPO in')]],
    ask: ROUTE,
    blames: [LEAF1, 'neighbor 10.1.1.0 route-map TYPO in'],
  },
  {
    title: 'an inbound distribute-list',
    edits: [
      [LEAF1, FAMILY, towardsSpines('distribute-list NO3 in')],
      [LEAF1, 'router bgp', 'access-list NO3 seq 5 deny 10.100.3.0/24\naccess-list NO3 seq 10 permit any\nrouter bgp'],
    ],
    ask: ROUTE,
    blames: [LEAF1, 'access-list NO3 seq 5 deny'],
  },
  {
    title: 'an inbound AS path list',
    edits: [
      [LEAF1, FAMILY, towardsSpines('filter-list NO3 in')],
      [
        LEAF1,
        'router bgp',
        'bgp as-path access-list NO3 seq 5 deny _65003$\nbgp as-path access-list NO3 seq 10 permit .*\nrouter bgp',
      ],
    ],
    ask: ROUTE,
    blames: [LEAF1, 'access-list NO3 seq 5 deny _65003$'],
  },
  {
    title: 'the wrong AS of a neighbour',
    edits: [[LEAF1, 'remote-as 65100', 'remote-as 65101']],
    ask: ROUTE,
    blames: [LEAF1, 'neighbor 10.1.1.0 remote-as 65101'],
  },
  {
    title: 'two sites with one AS and no allowas-in',
    edits: [[LEAF3, 'router bgp 65003', 'router bgp 65001']],
    ask: ROUTE,
    blames: [LEAF1, 'neighbor 10.1.1.0 remote-as'],
  },
  {
    title: 'a neighbour that is shut down',
    edits: [[LEAF1, ' !\n', ' neighbor 10.1.1.0 shutdown\n neighbor 10.2.1.0 shutdown\n !\n']],
    ask: ROUTE,
    blames: [LEAF1, 'neighbor 10.1.1.0 shutdown'],
  },
  {
    title: 'a neighbour that is not activated',
    edits: [[LEAF1, FAMILY, `${FAMILY}  no neighbor 10.1.1.0 activate\n  no neighbor 10.2.1.0 activate\n`]],
    ask: ROUTE,
    blames: [LEAF1, 'no neighbor 10.1.1.0 activate'],
  },
  {
    title: 'an interface that is shut down',
    edits: [[LEAF3, 'interface eth3\n', 'interface eth3\n shutdown\n']],
    ask: ROUTE,
    blames: [LEAF3, ' shutdown'],
  },
  {
    title: 'an interface of another name',
    edits: [[LEAF3, 'interface eth3\n', 'interface eth33\n']],
    ask: ROUTE,
    blames: [LEAF3, 'interface eth33'],
  },
  {
    title: 'links to the spines that are shut down at the leaf',
    edits: [
      [LEAF1, 'interface eth1\n', 'interface eth1\n shutdown\n'],
      [LEAF1, 'interface eth2\n', 'interface eth2\n shutdown\n'],
    ],
    ask: ROUTE,
    blames: [LEAF1, ' shutdown'],
  },
  {
    title: 'an address outside of the neighbours network',
    edits: [
      [LEAF1, 'ip address 10.1.1.1/31', 'ip address 10.1.11.1/31'],
      [LEAF1, 'ip address 10.2.1.1/31', 'ip address 10.2.11.1/31'],
    ],
    ask: ROUTE,
    blames: [LEAF1, 'ip address 10.1.11.1/31'],
  },
  {
    title: 'a neighbour statement for an address that nobody has',
    edits: [
      [LEAF1, 'neighbor 10.1.1.0', 'neighbor 10.1.1.4'],
      [LEAF1, 'neighbor 10.2.1.0', 'neighbor 10.2.1.4'],
      [LEAF1, 'ip address 10.1.1.1/31', 'ip address 10.1.1.1/29'],
      [LEAF1, 'ip address 10.2.1.1/31', 'ip address 10.2.1.1/29'],
    ],
    ask: ROUTE,
    blames: [LEAF1, 'neighbor 10.1.1.4 remote-as'],
  },
  {
    title: 'a password on one side only',
    edits: [[LEAF1, ' !\n', ' neighbor 10.1.1.0 password secret\n neighbor 10.2.1.0 password secret\n !\n']],
    ask: ROUTE,
    blames: [LEAF1, 'neighbor 10.1.1.0 password'],
  },
  {
    title: 'eBGP without policies',
    edits: [[LEAF1, ' no bgp ebgp-requires-policy\n', '']],
    ask: ROUTE,
    blames: [LEAF1, 'neighbor 10.1.1.0 remote-as'],
  },
  {
    title: 'more prefixes than allowed',
    edits: [[LEAF1, FAMILY, towardsSpines('maximum-prefix 2')]],
    ask: ROUTE,
    blames: [LEAF1, 'neighbor 10.1.1.0 maximum-prefix 2'],
  },
  {
    title: 'redistribution through a route-map that denies',
    edits: [
      [LEAF3, '  network 10.100.3.0/24\n', '  redistribute connected route-map OWN\n'],
      [
        LEAF3,
        'router bgp',
        'ip prefix-list HOSTS permit 10.100.3.0/24\nroute-map OWN deny 10\n match ip address prefix-list HOSTS\nroute-map OWN permit 20\nrouter bgp',
      ],
    ],
    ask: ROUTE,
    blames: [LEAF3, 'route-map OWN deny 10'],
  },
  {
    title: 'zebra denies what BGP brings',
    edits: [[LEAF1, 'router bgp', 'route-map NONE deny 10\nip protocol bgp route-map NONE\nrouter bgp']],
    ask: ROUTE,
    blames: [LEAF1, 'ip protocol bgp route-map NONE'],
  },
  {
    title: 'a route server side that suppresses the prefix under an aggregate',
    edits: [
      [LEAF3, '  network 10.100.3.0/24\n', '  network 10.100.3.0/24\n  aggregate-address 10.100.2.0/23 summary-only\n'],
    ],
    ask: ROUTE,
    blames: [LEAF3, 'aggregate-address 10.100.2.0/23 summary-only'],
  },
]

const REACH_CAUSES: readonly Cause[] = [
  {
    title: 'a sender without a default route',
    edits: [[LAB, '        - ip route replace default via 10.100.1.1\n', '']],
    ask: REACH,
    blames: [LAB, 'host1:'],
  },
  {
    title: 'a receiver without a route back',
    edits: [[LAB, '        - ip route replace default via 10.100.3.1\n', '']],
    ask: REACH,
    blames: [LAB, 'host3:'],
  },
  {
    title: 'a gateway that nobody has',
    edits: [[LAB, 'default via 10.100.3.1', 'default via 10.100.3.99']],
    ask: REACH,
    blames: [LAB, 'default via 10.100.3.99'],
  },
  {
    title: 'a mask so wide that the sender seems to be a neighbour',
    edits: [[LAB, '10.100.3.10/24', '10.100.3.10/16']],
    ask: REACH,
    blames: [LAB, '10.100.3.10/16'],
  },
  {
    title: 'spines that do not forward',
    edits: SPINE_EXEC('sysctl -w net.ipv4.ip_forward=0'),
    ask: REACH,
    blames: [LAB, 'ip_forward=0'],
  },
  {
    title: 'a blackhole that is better than BGP',
    edits: [[LEAF1, 'router bgp', 'ip route 10.100.3.0/24 blackhole\nrouter bgp']],
    ask: REACH,
    blames: [LEAF1, 'ip route 10.100.3.0/24 blackhole'],
  },
  {
    title: 'two static routes that make a loop',
    edits: [
      [LEAF1, 'router bgp', 'ip route 10.100.3.10/32 10.1.1.0\nrouter bgp'],
      ['spine1/frr.conf', 'router bgp', 'ip route 10.100.3.10/32 10.1.1.1\nrouter bgp'],
    ],
    ask: REACH,
    blames: [LEAF1, 'ip route 10.100.3.10/32'],
  },
  {
    title: 'an MTU on the way that is too small',
    edits: SPINE_EXEC('ip link set dev eth3 mtu 1400'),
    ask: `${REACH} 1500`,
    blames: [LAB, 'mtu 1400'],
  },
  {
    title: 'a receiver that answers no pings',
    edits: [
      [
        LAB,
        '        - ip addr add 10.100.3.10/24 dev eth1\n',
        '        - ip addr add 10.100.3.10/24 dev eth1\n        - sysctl -w net.ipv4.icmp_echo_ignore_all=1\n',
      ],
    ],
    ask: REACH,
    blames: [LAB, 'icmp_echo_ignore_all=1'],
  },
  {
    title: 'a receiver with another address',
    edits: [[LAB, '10.100.3.10/24', '10.100.3.11/24']],
    ask: 'reach host1 10.100.3.10',
    blames: [LEAF3, 'ip address 10.100.3.1/24'],
  },
  {
    title: 'a network that is not announced',
    edits: [[LEAF3, '  network 10.100.3.0/24\n', '']],
    ask: REACH,
    blames: [LEAF3, 'router bgp 65003'],
  },
  {
    title: 'a session that is down between the two',
    edits: [[LEAF3, 'remote-as 65100', 'remote-as 65101']],
    ask: REACH,
    blames: [LEAF3, 'neighbor 10.1.3.0 remote-as 65101'],
  },
]

/** Leaf 1 hears of host 3 by spine 1 only, leaf 3 of host 1 by spine 2 only: the answer comes another way. */
const ASYMMETRIC: readonly Edit[] = [
  [LEAF1, FAMILY, `${FAMILY}  neighbor 10.2.1.0 prefix-list NOT in\n`],
  [
    LEAF1,
    'router bgp',
    'ip prefix-list NOT seq 5 deny 10.100.3.0/24\nip prefix-list NOT seq 10 permit any\nrouter bgp',
  ],
  [LEAF3, FAMILY, `${FAMILY}  neighbor 10.1.3.0 prefix-list NOT in\n`],
  [
    LEAF3,
    'router bgp',
    'ip prefix-list NOT seq 5 deny 10.100.1.0/24\nip prefix-list NOT seq 10 permit any\nrouter bgp',
  ],
]

const bases = new Map<string, Promise<boolean>>()

/** Whether the unchanged lab answers positively, asked once for each question. */
function isPositiveWithout(folder: string, edits: readonly Edit[], question: QuestionText): Promise<boolean> {
  const key = JSON.stringify([folder, edits, question])
  let known = bases.get(key)
  if (known === undefined) {
    known = new EditedLab(folder, edits).ask(question).then(answer => answer.isPositive)
    bases.set(key, known)
  }
  return known
}

async function check(folder: string, cause: Cause, kept: readonly Edit[] = []): Promise<void> {
  const lab = new EditedLab(folder, [...kept, ...cause.edits])
  const answer = await lab.ask(cause.ask)
  const text = renderAnswer(answer)
  expect(answer.isPositive, text).toBe(false)
  const source = blamed(answer.steps)
  expect(source === undefined ? text : lab.placeOf(source), text).toBe(lab.place(...cause.blames))
  expect(await isPositiveWithout(folder, kept, cause.ask), 'mended').toBe(true)
}

describe('why route names the line and mending it brings the route', () => {
  for (const cause of ROUTE_CAUSES) test(cause.title, () => check(CLOS, cause))

  const REFLECTORS = 'test/labs/route-reflectors'
  test('a border router that passes a foreign next hop on', () =>
    check(REFLECTORS, {
      title: '',
      edits: [
        ['c1.conf', '  neighbor 10.255.0.1 next-hop-self\n', ''],
        ['c1.conf', '  neighbor 10.255.0.2 next-hop-self\n', ''],
      ],
      ask: 'route rr1 198.51.1.0/24',
      blames: ['c1.conf', 'neighbor 10.255.0.1 remote-as'],
    }))
  test('reflectors without clients', () =>
    check(REFLECTORS, {
      title: '',
      edits: [
        ['rr1.conf', '  neighbor 10.255.0.3 route-reflector-client\n', ''],
        ['rr1.conf', '  neighbor 10.255.0.4 route-reflector-client\n', ''],
        ['rr2.conf', '  neighbor 10.255.0.3 route-reflector-client\n', ''],
        ['rr2.conf', '  neighbor 10.255.0.4 route-reflector-client\n', ''],
      ],
      ask: 'route c2 198.51.1.0/24',
      blames: ['rr1.conf', 'neighbor 10.255.0.4 remote-as'],
    }))
  const STATIC = 'test/labs/static-and-recursive'
  test('a static route whose gateway cannot be reached', () =>
    check(STATIC, {
      title: '',
      edits: [['a.conf', 'ip route 10.90.1.0/24 10.255.0.2', 'ip route 10.90.1.0/24 10.250.0.2']],
      ask: 'route a 10.90.1.0/24',
      blames: ['a.conf', 'ip route 10.90.1.0/24 10.250.0.2'],
    }))
})

describe('sessions between loopbacks', () => {
  const LAB_OF_TWO = 'test/labs/static-and-recursive'
  const QUESTION = 'route a 10.95.0.0/24'
  const INNER: readonly Edit[] = [['b.conf', FAMILY, `${FAMILY}  neighbor 10.255.0.1 next-hop-self\n`]]
  const OUTER: readonly Edit[] = [
    [
      'a.conf',
      'neighbor 10.255.0.2 remote-as 65000\n',
      'neighbor 10.255.0.2 remote-as 65002\n neighbor 10.255.0.2 ebgp-multihop 2\n no bgp ebgp-requires-policy\n',
    ],
    ['b.conf', 'router bgp 65000', 'router bgp 65002'],
    [
      'b.conf',
      'neighbor 10.255.0.1 remote-as 65000\n',
      'neighbor 10.255.0.1 remote-as 65000\n neighbor 10.255.0.1 ebgp-multihop 2\n',
    ],
    ['c.conf', 'neighbor 10.1.3.1 remote-as 65000', 'neighbor 10.1.3.1 remote-as 65002'],
  ]

  test('a neighbour to whose loopback no route leads', () =>
    check(
      LAB_OF_TWO,
      {
        title: '',
        edits: [['a.conf', 'ip route 10.255.0.2/32 10.1.1.2\nip route 10.255.0.2/32 10.1.2.2\n', '']],
        ask: QUESTION,
        blames: ['a.conf', 'neighbor 10.255.0.2 remote-as'],
      },
      INNER,
    ))
  test('an eBGP neighbour further away than its TTL', () =>
    check(
      LAB_OF_TWO,
      {
        title: '',
        edits: [
          ['a.conf', ' neighbor 10.255.0.2 ebgp-multihop 2\n', ''],
          ['b.conf', ' neighbor 10.255.0.1 ebgp-multihop 2\n', ''],
        ],
        ask: QUESTION,
        blames: ['a.conf', 'neighbor 10.255.0.2 remote-as'],
      },
      OUTER,
    ))
  test('sessions from addresses that the other end does not expect', () =>
    check(
      LAB_OF_TWO,
      {
        title: '',
        edits: [
          ['a.conf', ' neighbor 10.255.0.2 update-source lo\n', ''],
          ['b.conf', ' neighbor 10.255.0.1 update-source lo\n', ''],
        ],
        ask: QUESTION,
        blames: ['a.conf', 'neighbor 10.255.0.2 remote-as'],
      },
      INNER,
    ))
  test('a reflector that does not set itself as next hop', () =>
    check(
      LAB_OF_TWO,
      {
        title: '',
        edits: [['b.conf', '  neighbor 10.255.0.1 next-hop-self\n', '']],
        ask: QUESTION,
        blames: ['b.conf', 'neighbor 10.255.0.1 remote-as'],
      },
      INNER,
    ))
})

describe('the same with VyOS', () => {
  const LEAF = 'leaf02/config.boot'
  const FAR = 'route leaf01 10.0.10.0/24'
  const VYOS: readonly Cause[] = [
    {
      title: 'no network statement',
      edits: [[LEAF, 'network 10.0.10.0/24', 'network 10.0.77.0/24']],
      ask: FAR,
      blames: [LEAF, 'bgp {'],
    },
    {
      title: 'the wrong AS of the neighbours',
      edits: [
        [LEAF, 'remote-as "500"', 'remote-as "501"'],
        [LEAF, 'remote-as "800"', 'remote-as "801"'],
      ],
      ask: FAR,
      blames: [LEAF, 'remote-as "501"'],
    },
    {
      title: 'uplinks that are disabled',
      edits: [
        [LEAF, 'ethernet eth2 {', 'ethernet eth2 {\n        disable'],
        [LEAF, 'ethernet eth3 {', 'ethernet eth3 {\n        disable'],
      ],
      ask: FAR,
      blames: [LEAF, ' disable'],
    },
  ]
  for (const cause of VYOS)
    test(cause.title, async () => {
      const lab = new EditedLab('topologies/cilium-bgp', cause.edits, 'setup.sh')
      const answer = await lab.ask(cause.ask)
      const source = blamed(answer.steps)
      expect(source === undefined ? '' : lab.placeOf(source), renderAnswer(answer)).toBe(lab.place(...cause.blames))
      expect((await new EditedLab('topologies/cilium-bgp', [], 'setup.sh').ask(cause.ask)).isPositive).toBe(true)
    })
})

describe('why reach names the line and mending it brings the packet through', () => {
  for (const cause of REACH_CAUSES) test(cause.title, () => check(CLOS, cause))

  test('strict rp_filter where the answer comes another way', () =>
    check(
      CLOS,
      {
        title: '',
        edits: [
          [
            LAB,
            'leaf1/frr.conf:/etc/frr/frr.conf, daemons:/etc/frr/daemons]',
            'leaf1/frr.conf:/etc/frr/frr.conf, daemons:/etc/frr/daemons]\n      sysctls:\n        net.ipv4.conf.all.rp_filter: 1',
          ],
        ],
        ask: REACH,
        blames: [LAB, 'rp_filter: 1'],
      },
      ASYMMETRIC,
    ))
})
