import { describe, expect, test } from 'vitest'
import { type LabFiles, lintFiles, placesOf } from './lint-files.ts'

interface Case {
  readonly rule: string
  readonly title: string
  readonly files: LabFiles
  /** Where it is found: `file:line:column`. */
  readonly at: readonly string[]
  /** A part of the message. */
  readonly says: string
  /** File, text and what is written instead. */
  readonly mend: readonly (readonly [file: string, from: string, to: string])[]
}

/** A lab of FRR routers (those with a configuration) and plain hosts (those with `exec` lines). */
function lab(nodes: Readonly<Record<string, string | readonly string[]>>, links: readonly string[]): LabFiles {
  const lines = Object.entries(nodes).map(([name, content]) =>
    typeof content === 'string'
      ? `    ${name}: {kind: linux, image: "frr:8.4.1", binds: ["${name}.conf:/etc/frr/frr.conf"]}`
      : `    ${name}:\n      kind: linux\n      exec:\n${content.map(line => `        - ${line}`).join('\n')}`,
  )
  const cables = links.map(
    link =>
      `    - endpoints: [${link
        .split(' ')
        .map(end => JSON.stringify(end))
        .join(', ')}]`,
  )
  const configurations = Object.entries(nodes).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return {
    'lab.clab.yml': `name: x\ntopology:\n  nodes:\n${lines.join('\n')}\n  links:\n${cables.join('\n')}\n`,
    ...Object.fromEntries(configurations.map(([name, text]) => [`${name}.conf`, text])),
  }
}

/** One router: its addresses by interface, and the lines of its `router bgp` block. */
function router(asn: number, addresses: Readonly<Record<string, string>>, ...bgp: readonly string[]): string {
  const blocks = Object.entries(addresses).flatMap(([name, text]) => [`interface ${name}`, ` ip address ${text}`, '!'])
  return [...blocks, `router bgp ${asn}`, ' no bgp ebgp-requires-policy', ...bgp.map(line => ` ${line}`), '!', ''].join(
    '\n',
  )
}

const A = { eth1: '10.0.0.1/30' }
const B = { eth1: '10.0.0.2/30' }
const CABLE = ['a:eth1 b:eth1']
const b = router(65002, B, 'neighbor 10.0.0.1 remote-as 65001')
const pair = (...lines: readonly string[]) => lab({ a: router(65001, A, ...lines), b }, CABLE)
const PEER = 'neighbor 10.0.0.2 remote-as 65002'

const CASES: readonly Case[] = [
  {
    rule: 'bgp/peer-without-counterpart',
    title: 'a peer that the other router has no neighbor for',
    files: lab({ a: router(65001, A, PEER), b: router(65002, B) }, CABLE),
    at: ['a.conf:6:2'],
    says: 'a has a peer 10.0.0.2, but b has no neighbor 10.0.0.1',
    mend: [['b.conf', 'requires-policy', 'requires-policy\n neighbor 10.0.0.1 remote-as 65001']],
  },
  {
    rule: 'bgp/peer-without-counterpart',
    title: 'a peer whose address nobody has',
    files: lab({ a: router(65001, A, PEER), b: router(65002, {}, 'neighbor 10.0.0.1 remote-as 65001') }, CABLE),
    at: ['a.conf:6:2'],
    says: 'nobody on that network has the address',
    mend: [['b.conf', 'router bgp', 'interface eth1\n ip address 10.0.0.2/30\n!\nrouter bgp']],
  },
  {
    rule: 'bgp/peer-without-counterpart',
    title: 'a peer that is a host without BGP',
    files: lab({ a: router(65001, A, PEER), b: ['ip addr add 10.0.0.2/30 dev eth1'] }, CABLE),
    at: ['a.conf:6:2'],
    says: 'b, which has the address, runs no BGP',
    mend: [['a.conf', PEER, 'neighbor 10.0.0.2 remote-as 65002\n neighbor 10.0.0.2 shutdown']],
  },
  {
    rule: 'bgp/peer-outside-networks',
    title: 'a peer in none of the networks',
    files: pair('neighbor 10.0.1.2 remote-as 65002'),
    at: ['a.conf:6:2'],
    says: 'no network with it (its own: 10.0.0.1/30)',
    mend: [['a.conf', '10.0.1.2', '10.0.0.2']],
  },
  {
    rule: 'bgp/ebgp-multihop-missing',
    title: 'an eBGP session between loopbacks',
    files: lab(
      {
        a: `ip route 10.255.0.2/32 10.0.0.2\n${router(65001, { ...A, lo: '10.255.0.1/32' }, 'neighbor 10.255.0.2 remote-as 65002', 'neighbor 10.255.0.2 update-source lo')}`,
        b: `ip route 10.255.0.1/32 10.0.0.1\n${router(65002, { ...B, lo: '10.255.0.2/32' }, 'neighbor 10.255.0.1 remote-as 65001', 'neighbor 10.255.0.1 update-source lo', 'neighbor 10.255.0.1 ebgp-multihop 2')}`,
      },
      CABLE,
    ),
    at: ['a.conf:10:2'],
    says: "10.255.0.2, an address of b's lo, is not on a connected network",
    mend: [
      ['a.conf', 'neighbor 10.255.0.2 update', 'neighbor 10.255.0.2 ebgp-multihop 2\n neighbor 10.255.0.2 update'],
    ],
  },
  {
    rule: 'bgp/as-mismatch',
    title: 'a remote-as that is not the AS of the other router',
    files: pair('neighbor 10.0.0.2 remote-as 65003'),
    at: ['a.conf:6:2'],
    says: 'a expects AS 65003 of its peer 10.0.0.2, but b is in AS 65002',
    mend: [['a.conf', '65003', '65002']],
  },
  {
    rule: 'bgp/as-mismatch',
    title: 'a remote-as of the peer-group, at the line of the group',
    files: pair('neighbor UP peer-group', 'neighbor UP remote-as internal', 'neighbor 10.0.0.2 peer-group UP'),
    at: ['a.conf:7:2'],
    says: 'a expects AS internal',
    mend: [['a.conf', 'internal', 'external']],
  },
  {
    rule: 'bgp/session-source',
    title: 'a session that does not come from the loopback that the other end knows',
    files: lab(
      {
        a: `ip route 10.255.0.2/32 10.0.0.2\n${router(65001, { ...A, lo: '10.255.0.1/32' }, 'neighbor 10.255.0.2 remote-as 65001')}`,
        b: `ip route 10.255.0.1/32 10.0.0.1\n${router(65001, { ...B, lo: '10.255.0.2/32' }, 'neighbor 10.255.0.1 remote-as 65001')}`,
      },
      CABLE,
    ),
    at: ['a.conf:10:2', 'b.conf:10:2'],
    says: "a's session with 10.255.0.2 comes from 10.0.0.1, but b has the neighbor 10.255.0.1",
    mend: [
      ['a.conf', '10.255.0.2 remote-as 65001', '10.255.0.2 remote-as 65001\n neighbor 10.255.0.2 update-source lo'],
      ['b.conf', '10.255.0.1 remote-as 65001', '10.255.0.1 remote-as 65001\n neighbor 10.255.0.1 update-source lo'],
    ],
  },
  {
    rule: 'bgp/update-source',
    title: 'an update-source without an address',
    files: pair(PEER, 'neighbor 10.0.0.2 update-source lo'),
    at: ['a.conf:7:2'],
    says: 'from interface lo, which has no address',
    mend: [['a.conf', 'update-source lo', 'update-source eth1']],
  },
  {
    rule: 'bgp/password-mismatch',
    title: 'a password at one end only',
    files: pair(PEER, 'neighbor 10.0.0.2 password secret'),
    at: ['a.conf:7:2'],
    says: 'a has a password for 10.0.0.2, but b has none',
    mend: [['b.conf', 'remote-as 65001', 'remote-as 65001\n neighbor 10.0.0.1 password secret']],
  },
  {
    rule: 'bgp/both-passive',
    title: 'two ends that wait for each other',
    files: lab(
      {
        a: router(65001, A, PEER, 'neighbor 10.0.0.2 passive'),
        b: router(65002, B, 'neighbor 10.0.0.1 remote-as 65001', 'neighbor 10.0.0.1 passive'),
      },
      CABLE,
    ),
    at: ['a.conf:7:2', 'b.conf:7:2'],
    says: 'both wait for the other one',
    mend: [['a.conf', ' neighbor 10.0.0.2 passive\n', '']],
  },
  {
    rule: 'bgp/family-mismatch',
    title: 'IPv4 unicast that only one end has activated',
    files: pair('no bgp default ipv4-unicast', PEER),
    at: ['a.conf:7:2'],
    says: 'a has no IPv4 unicast with 10.0.0.2, b has',
    mend: [
      ['a.conf', PEER, `${PEER}\n address-family ipv4 unicast\n  neighbor 10.0.0.2 activate\n exit-address-family`],
    ],
  },
  {
    rule: 'bgp/duplicate-router-id',
    title: 'a router id that was copied',
    files: lab(
      {
        a: router(65001, A, 'bgp router-id 1.1.1.1', 'neighbor 10.0.0.2 remote-as 65001'),
        b: router(65001, B, 'bgp router-id 1.1.1.1', 'neighbor 10.0.0.1 remote-as 65001'),
      },
      CABLE,
    ),
    at: ['b.conf:6:2'],
    says: 'b has the router id 1.1.1.1, as a in the same AS 65001 has',
    mend: [['b.conf', '1.1.1.1', '2.2.2.2']],
  },
  {
    rule: 'bgp/policy-missing',
    title: 'eBGP without a policy',
    files: lab({ a: router(65001, A, PEER).replace(' no bgp ebgp-requires-policy\n', ''), b }, CABLE),
    at: ['a.conf:4:1'],
    says: 'a exchanges no routes with 10.0.0.2',
    mend: [['a.conf', 'router bgp 65001', 'router bgp 65001\n no bgp ebgp-requires-policy']],
  },
  {
    rule: 'bgp/undefined-policy',
    title: 'a route-map that does not exist',
    files: pair(PEER, 'address-family ipv4 unicast', ' neighbor 10.0.0.2 route-map IMPORT in'),
    at: ['a.conf:8:3'],
    says: 'route-map "IMPORT" is not defined on a: every route is refused',
    mend: [['a.conf', 'interface', 'route-map IMPORT permit 10\n!\ninterface']],
  },
  {
    rule: 'bgp/undefined-policy',
    title: 'a prefix-list that a route-map names',
    files: lab(
      { a: `route-map M permit 10\n match ip address prefix-list NETS\n!\n${router(65001, A, PEER)}`, b },
      CABLE,
    ),
    at: ['a.conf:2:31'],
    says: 'prefix-list "NETS" is not defined on a: the entry never matches',
    mend: [['a.conf', 'route-map M', 'ip prefix-list NETS permit any\nroute-map M']],
  },
  {
    rule: 'bgp/network-not-in-table',
    title: 'a network that the router does not have',
    files: pair(PEER, 'network 10.9.0.0/24'),
    at: ['a.conf:7:2'],
    says: 'a does not announce 10.9.0.0/24',
    mend: [['a.conf', 'interface', 'ip route 10.9.0.0/24 blackhole\n!\ninterface']],
  },
  {
    rule: 'bgp/next-hop-unreachable',
    title: 'a border router that leaves the next hop as it is',
    files: lab(
      {
        out: `ip route 10.9.0.0/24 blackhole\n${router(65009, { eth1: '10.0.9.2/30' }, 'neighbor 10.0.9.1 remote-as 65001', 'network 10.9.0.0/24')}`,
        a: router(
          65001,
          { ...A, eth2: '10.0.9.1/30' },
          'neighbor 10.0.9.2 remote-as 65009',
          'neighbor 10.0.0.2 remote-as 65001',
        ),
        b: router(65001, B, 'neighbor 10.0.0.1 remote-as 65001'),
      },
      [...CABLE, 'a:eth2 out:eth1'],
    ),
    at: ['a.conf:10:2'],
    says: 'b cannot use 10.9.0.0/24 from a: no route to the next hop 10.0.9.2',
    mend: [['a.conf', '10.0.0.2 remote-as 65001', '10.0.0.2 remote-as 65001\n neighbor 10.0.0.2 next-hop-self']],
  },
  {
    rule: 'bgp/ibgp-hole',
    title: 'a router in the middle that reflects nothing',
    files: lab(
      {
        a: `ip route 10.9.0.0/24 blackhole\n${router(65001, A, 'neighbor 10.0.0.2 remote-as 65001', 'network 10.9.0.0/24')}`,
        b: router(
          65001,
          { ...B, eth2: '10.0.2.1/30' },
          'neighbor 10.0.0.1 remote-as 65001',
          'neighbor 10.0.2.2 remote-as 65001',
        ),
        c: router(65001, { eth1: '10.0.2.2/30' }, 'neighbor 10.0.2.1 remote-as 65001'),
      },
      [...CABLE, 'b:eth2 c:eth1'],
    ),
    at: ['b.conf:10:2'],
    says: 'c never hears of 10.9.0.0/24: b has it from its iBGP peer 10.0.0.1',
    mend: [
      ['b.conf', '10.0.2.2 remote-as 65001', '10.0.2.2 remote-as 65001\n neighbor 10.0.2.2 route-reflector-client'],
    ],
  },
  {
    rule: 'bgp/own-as-refused',
    title: 'two sites with one AS number',
    files: lab(
      {
        a: `ip route 10.9.0.0/24 blackhole\n${router(65001, A, PEER, 'network 10.9.0.0/24')}`,
        b: router(
          65002,
          { ...B, eth2: '10.0.2.1/30' },
          'neighbor 10.0.0.1 remote-as 65001',
          'neighbor 10.0.2.2 remote-as 65001',
        ),
        c: router(65001, { eth1: '10.0.2.2/30' }, 'neighbor 10.0.2.1 remote-as 65002'),
      },
      [...CABLE, 'b:eth2 c:eth1'],
    ),
    at: ['c.conf:6:2'],
    says: 'c refuses 10.9.0.0/24 from 10.0.2.1: the path contains its own AS 65001',
    mend: [['c.conf', 'remote-as 65002', 'remote-as 65002\n neighbor 10.0.2.1 allowas-in 1']],
  },
  {
    rule: 'bgp/maximum-paths-one',
    title: 'two equal paths where one may be used',
    files: lab(
      {
        leaf: router(
          65000,
          { eth1: '10.0.1.1/30', eth2: '10.0.2.1/30' },
          'maximum-paths 1',
          'neighbor 10.0.1.2 remote-as 65001',
          'neighbor 10.0.2.2 remote-as 65001',
        ),
        one: `ip route 10.9.0.0/24 blackhole\n${router(65001, { eth1: '10.0.1.2/30' }, 'neighbor 10.0.1.1 remote-as 65000', 'network 10.9.0.0/24')}`,
        two: `ip route 10.9.0.0/24 blackhole\n${router(65001, { eth1: '10.0.2.2/30' }, 'neighbor 10.0.2.1 remote-as 65000', 'network 10.9.0.0/24')}`,
      },
      ['leaf:eth1 one:eth1', 'leaf:eth2 two:eth1'],
    ),
    at: ['leaf.conf:9:2'],
    says: 'leaf has equal paths to 10.9.0.0/24 and leaves some of them idle: maximum-paths is 1',
    mend: [['leaf.conf', 'maximum-paths 1', 'maximum-paths 2']],
  },
  {
    rule: 'bgp/multipath-relax-missing',
    title: 'two paths of one length over different AS',
    files: lab(
      {
        leaf: router(
          65000,
          { eth1: '10.0.1.1/30', eth2: '10.0.2.1/30' },
          'neighbor 10.0.1.2 remote-as 65001',
          'neighbor 10.0.2.2 remote-as 65002',
        ),
        one: `ip route 10.9.0.0/24 blackhole\n${router(65001, { eth1: '10.0.1.2/30' }, 'neighbor 10.0.1.1 remote-as 65000', 'network 10.9.0.0/24')}`,
        two: `ip route 10.9.0.0/24 blackhole\n${router(65002, { eth1: '10.0.2.2/30' }, 'neighbor 10.0.2.1 remote-as 65000', 'network 10.9.0.0/24')}`,
      },
      ['leaf:eth1 one:eth1', 'leaf:eth2 two:eth1'],
    ),
    at: ['leaf.conf:7:1'],
    says: 'their AS paths differ',
    mend: [['leaf.conf', 'requires-policy', 'requires-policy\n bgp bestpath as-path multipath-relax']],
  },
  {
    rule: 'route/gateway-unreachable',
    title: 'a static route over a stranger',
    files: lab({ a: `ip route 10.9.0.0/24 10.0.7.1\n${router(65001, A, PEER)}`, b }, CABLE),
    at: ['a.conf:1:1'],
    says: "a's route to 10.9.0.0/24 is not used: the gateway 10.0.7.1 is in none of its networks",
    mend: [['a.conf', '10.0.7.1', '10.0.0.2']],
  },
  {
    rule: 'address/duplicate',
    title: 'an address on both ends of a cable',
    files: lab({ a: ['ip addr add 10.0.0.1/24 dev eth1'], b: ['ip addr add 10.0.0.1/24 dev eth1'] }, CABLE),
    at: ['lab.clab.yml:11:11'],
    says: 'address 10.0.0.1 is on a:eth1 and on b:eth1, which share a network',
    mend: [
      [
        'lab.clab.yml',
        '    b:\n      kind: linux\n      exec:\n        - ip addr add 10.0.0.1',
        '    b:\n      kind: linux\n      exec:\n        - ip addr add 10.0.0.2',
      ],
    ],
  },
  {
    rule: 'address/link-networks',
    title: 'two networks on one cable',
    files: lab({ a: router(65001, A), b: router(65002, { eth1: '10.0.4.2/30' }) }, CABLE),
    at: ['b.conf:2:13'],
    says: 'a:eth1 (10.0.0.1/30) and b:eth1 (10.0.4.2/30) share a link but no network',
    mend: [['b.conf', '10.0.4.2', '10.0.0.2']],
  },
  {
    rule: 'address/link-networks',
    title: 'two prefix lengths on one cable',
    files: lab({ a: router(65001, A), b: router(65002, { eth1: '10.0.0.2/24' }) }, CABLE),
    at: ['b.conf:2:13'],
    says: 'different prefix lengths',
    mend: [['b.conf', '/24', '/30']],
  },
  {
    rule: 'link/mtu-mismatch',
    title: 'two MTUs on one cable',
    files: lab(
      {
        a: ['ip addr add 10.0.0.1/24 dev eth1'],
        b: ['ip addr add 10.0.0.2/24 dev eth1', 'ip link set eth1 mtu 1400'],
      },
      CABLE,
    ),
    at: ['lab.clab.yml:12:11'],
    says: 'a:eth1 has MTU 9500, but b:eth1 on the same network 1400',
    mend: [['lab.clab.yml', 'mtu 1400', 'mtu 9500']],
  },
  {
    rule: 'containerlab/bridge-missing',
    title: 'a bridge that containerlab does not make',
    files: {
      'lab.clab.yml':
        'name: x\ntopology:\n  nodes:\n    br0: {kind: bridge}\n    a: {kind: linux}\n  links:\n    - endpoints: ["a:eth1", "br0:p1"]\n',
      'setup.sh': 'echo ready\nclab deploy -t lab.clab.yml\n',
    },
    at: ['lab.clab.yml:4:5'],
    says: 'containerlab needs the bridge br0',
    mend: [['setup.sh', 'echo ready', 'ip link add br0 type bridge']],
  },
  {
    rule: 'route/no-way-back',
    title: 'a server without a route to the client',
    files: lab(
      {
        r: 'interface eth1\n ip address 10.1.0.1/24\n!\ninterface eth2\n ip address 10.2.0.1/24\n!\n',
        client: ['ip addr add 10.1.0.2/24 dev eth1', 'ip route add default via 10.1.0.1'],
        server: ['ip addr add 10.2.0.2/24 dev eth1'],
      },
      ['r:eth1 client:eth1', 'r:eth2 server:eth1'],
    ),
    at: ['lab.clab.yml:10:5'],
    says: 'client reaches 10.2.0.2 (server), but the answer to 10.1.0.2 ends at server, which has no route there',
    mend: [
      ['lab.clab.yml', '10.2.0.2/24 dev eth1', '10.2.0.2/24 dev eth1\n        - ip route add default via 10.2.0.1'],
    ],
  },
  {
    rule: 'route/reverse-path-filter',
    title: 'a router that does not believe in asymmetric routes',
    files: lab(
      {
        one: 'interface eth1\n ip address 10.1.0.1/24\n!\ninterface eth2\n ip address 10.3.0.1/30\n!\ninterface eth3\n ip address 10.4.0.1/30\n!\nip route 10.2.0.0/24 10.3.0.2\n',
        two: 'interface eth1\n ip address 10.2.0.1/24\n!\ninterface eth2\n ip address 10.3.0.2/30\n!\ninterface eth3\n ip address 10.4.0.2/30\n!\nip route 10.1.0.0/24 10.4.0.1\n',
        tune: ['echo none'],
        client: ['ip addr add 10.1.0.2/24 dev eth1', 'ip route add default via 10.1.0.1'],
        server: ['ip addr add 10.2.0.2/24 dev eth1', 'ip route add default via 10.2.0.1'],
      },
      ['one:eth1 client:eth1', 'two:eth1 server:eth1', 'one:eth2 two:eth2', 'one:eth3 two:eth3'],
    ),
    at: ['lab.clab.yml:5:93'],
    says: 'drops packets to 10.2.0.2 (server) that come in on eth2: rp_filter is strict',
    mend: [['lab.clab.yml', 'rp_filter: 1', 'rp_filter: 2']],
  },
]

/** The case of the reverse path needs a sysctl on one router. */
function prepared({ rule, files }: Case): LabFiles {
  if (rule !== 'route/reverse-path-filter') return files
  const text = files['lab.clab.yml']!
  const from = 'binds: ["two.conf:/etc/frr/frr.conf"]'
  return { ...files, 'lab.clab.yml': text.replace(from, `${from}, sysctls: {net.ipv4.conf.all.rp_filter: 1}`) }
}

describe('the rules on topologies and routers', () => {
  test.each(CASES.map(one => [one.rule, one.title, one] as const))('%s finds %s', async (rule, _title, one) => {
    const files = prepared(one)
    const found = await lintFiles(files)
    expect(placesOf(found, rule)).toEqual(one.at)
    expect(found.find(report => report.rule === rule)!.message).toContain(one.says)
  })

  test.each(CASES.map(one => [one.rule, one.title, one] as const))(
    '%s is silent once %s is mended',
    async (rule, _title, one) => {
      const files = { ...prepared(one) } as Record<string, string>
      for (const [file, from, to] of one.mend) {
        expect(files[file]).toContain(from)
        files[file] = files[file]!.replace(from, to)
      }
      expect(placesOf(await lintFiles(files), rule)).toEqual([])
    },
  )
})
