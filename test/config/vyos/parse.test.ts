import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseVyosConfig } from '../../../src/config/vyos/parse.ts'
import type { RouterModel } from '../../../src/model/router.ts'
import { formatAddressWithLength, formatPrefix } from '../../../src/wire/address.ts'

const IMAGE = 'vyos/vyos:1.4.9'
const CURRENT = '// vyos-config-version: "bgp@5:nat@8:quagga@11"'

function parse(text: string, image = IMAGE) {
  return parseVyosConfig(text, { file: 'config.boot', image })
}

function model(text: string): RouterModel {
  const converted = parse(text)
  if (converted.model === undefined) throw new Error(JSON.stringify(converted.diagnostics))
  return converted.model
}

function messages(text: string): readonly string[] {
  return parse(text).diagnostics.map(
    ({ severity, source, message }) => `${severity} ${source.line}:${source.column} ${message}`,
  )
}

function bgp(inside: string, footer = CURRENT): string {
  return `protocols {\n bgp {\n${inside}\n }\n}\n${footer}\n`
}

const NEIGHBOR = 'system-as 65005\nneighbor 10.0.0.1 {\n remote-as 500\n address-family {\n  ipv4-unicast {\n  }\n }\n}'

describe('the tree', () => {
  test('comments, quotes and repeated leaves are read', () => {
    const text =
      'interfaces {\n /* the uplink */\n ethernet eth1 { // first\n  address "10.0.0.1/24"\n  address 10.0.1.1/24\n }\n}\n'
    expect(model(text).interfaces[0]?.addresses.map(formatAddressWithLength)).toEqual(['10.0.0.1/24', '10.0.1.1/24'])
  })

  test.each([
    ['system {\n host-name x\n', 'error 3:1 end of file inside system { … }'],
    ['}\n', 'error 1:1 a closing brace without an open one'],
    ['{\n', 'error 1:1 a brace without a name before it'],
    ['system {\n host-name "x\n}\n', 'error 2:12 a string without its closing "'],
    ['/* x', 'error 1:1 a comment without its end */'],
    ['a b c\n', 'error 1:5 one value too many: strings with blanks need quotes'],
    ['a {\n'.repeat(100), 'error 64:1 more than 64 nodes inside each other'],
  ])('%j is a syntax error with its place', (text, message) => {
    expect(parse(text).model).toBeUndefined()
    expect(messages(text)).toEqual([message])
  })

  test('a list of set commands builds the same tree', () => {
    const lines = [
      "set protocols bgp system-as '65005'",
      "set protocols bgp neighbor 10.0.0.1 remote-as '500'",
      'set protocols bgp neighbor 10.0.0.1 address-family ipv4-unicast',
    ]
    expect(model(lines.join('\n')).bgp).toEqual(expect.objectContaining({ asn: 65005 }))
    expect(model(lines.join('\n')).bgp?.peers[0]?.ipv4Unicast).toBeDefined()
    expect(messages([...lines, 'delete protocols bgp neighbor'].join('\n'))).toEqual([])
  })

  test('protocols bfd and a neighbour with a profile become sessions with its timers', () => {
    const text = `protocols {\n bfd {\n  profile fast {\n   interval {\n    receive 100\n    transmit 100\n   }\n  }\n }\n bgp {\n${NEIGHBOR.replace('remote-as 500', 'remote-as 500\n bfd {\n  profile fast\n }')}\n }\n}\n${CURRENT}\n`
    const { bfd, bgp: instance } = model(text)
    expect(bfd?.profiles.get('fast')).toEqual({ receiveMs: 100, transmitMs: 100 })
    expect(instance?.peers[0]).toMatchObject({ bfd: true, bfdSettings: { profile: 'fast' } })
  })

  test('what is not modelled is named at its top', () => {
    const text = 'protocols {\n ospf {\n  area 0 {\n  }\n }\n}\nservice {\n ssh {\n }\n dns {\n }\n}\n'
    expect(messages(text)).toEqual([
      'unmodelled 2:2 protocols ospf is not modelled',
      'unmodelled 10:2 service dns is not modelled',
    ])
  })

  test('no text makes it throw', () => {
    const word = fc.constantFrom(
      ...'protocols bgp { } "x" \' neighbor 10.0.0.1 system-as 5 // /* */ set remote-as policy route-map rule nat source interfaces ethernet address'.split(
        ' ',
      ),
      '\n',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(word).map(words => words.join(' ')),
          fc.string({ unit: 'binary' }),
        ),
        text => {
          expect(parse(text).diagnostics).toBeDefined()
        },
      ),
    )
  })
})

describe('BGP', () => {
  test('no policy, no import check and no family by default', () => {
    expect(model(bgp(NEIGHBOR)).bgp).toMatchObject({ asn: 65005, ebgpRequiresPolicy: false, networkImportCheck: false })
  })

  test('an empty family activates, none does not and is warned of', () => {
    const text = bgp(`${NEIGHBOR}\nneighbor 10.0.0.2 {\n remote-as 800\n}`)
    expect(model(text).bgp?.peers.map(peer => peer.ipv4Unicast !== undefined)).toEqual([true, false])
    expect(messages(text)).toEqual(['warning 11:10 BGP neighbor "10.0.0.2" requires address-family!'])
  })

  test('a file of an old release is migrated: AS at the top, every neighbour activated', () => {
    const text =
      'protocols {\n bgp 65005 {\n  neighbor 10.0.0.1 {\n   remote-as 500\n  }\n }\n}\n// vyos-config-version: "quagga@8"'
    expect(model(text).bgp).toMatchObject({ asn: 65005, peers: [{ ipv4Unicast: {} }] })
  })

  test('local-as at the top becomes the system AS below bgp 3', () => {
    expect(model(bgp('local-as 65005', '// vyos-config-version: "bgp@2"')).bgp?.asn).toBe(65005)
  })

  test.each([
    ['neighbor 10.0.0.1 {\n remote-as 1\n}', 'error 2:2 BGP "system-as" number must be defined'],
    ['system-as 1\nneighbor 10.0.0.1 {\n}', 'error 4:10 Neighbor "10.0.0.1" remote-as must be set!'],
    [
      'system-as 1\nneighbor 10.0.0.1 {\n peer-group X\n remote-as 1\n}',
      'error 4:10 Specified peer-group "X" for neighbor "10.0.0.1" does not exist!',
    ],
  ])('the commit refuses %j', (inside, message) => {
    expect(messages(bgp(inside))).toContain(message)
  })

  test('timers count only in pairs', () => {
    const timers = (text: string) => model(bgp(`${NEIGHBOR}\ntimers {\n${text}\n}`)).bgp?.timers.holdSeconds
    expect([timers('holdtime 9'), timers('holdtime 9\nkeepalive 3')]).toEqual([180, 9])
  })

  test('an FRR refusal points at the VyOS node', () => {
    expect(messages(bgp(`${NEIGHBOR}\ntimers {\n holdtime 2\n keepalive 1\n}`))).toEqual([
      'warning 11:1 % hold time value must be either 0 or greater than 3',
    ])
  })
})

describe('the other trees', () => {
  test('interfaces are made or configured by their kind', () => {
    const text =
      'interfaces {\n dummy dum0 {\n }\n bridge br0 {\n  member {\n   interface eth2 {\n   }\n  }\n }\n ethernet eth1 {\n  disable\n  mtu 9000\n  vif 7 {\n  }\n }\n}\n'
    expect(model(text).interfaces).toMatchObject([
      { name: 'eth1', shutdown: true, mtuBytes: 9000 },
      { name: 'eth1.7', create: 'vlan' },
      { name: 'dum0', create: 'dummy' },
      { name: 'br0', create: 'bridge', members: ['eth2'] },
    ])
  })

  test('a VLAN interface is not modelled, and its line says so', () => {
    expect(messages('interfaces {\n bridge br0 {\n  vif 5 {\n   address 10.1.5.1/24\n  }\n }\n}\n')).toEqual([
      'unmodelled 3:7 VLAN interface br0.5 is not modelled',
    ])
  })

  test('an address that is none is an error at its place', () => {
    expect(messages('interfaces {\n ethernet eth1 {\n  address 10.0.0.300/24\n }\n}\n')).toEqual([
      'error 3:11 Error: 10.0.0.300/24 is not a valid address of eth1',
    ])
  })

  test.each(['outbound-interface eth0', 'outbound-interface {\n name eth0\n }'])('source NAT with %j', outbound => {
    const rule = `rule 9 {\n ${outbound}\n source {\n address 10.0.5.1/16\n }\n translation {\n address masquerade\n }\n}`
    const [nat] = model(
      `nat {\n source {\n rule 10 {\n translation {\n address 1.1.1.1\n }\n }\n ${rule}\n }\n}\n`,
    ).sourceNat
    expect(nat).toMatchObject({ rule: 9, outboundInterface: 'eth0', translation: 'masquerade', exclude: false })
    expect(formatPrefix(nat!.source!)).toBe('10.0.0.0/16')
  })

  test.each([
    ['protocol tcp', 'protocol', '4:1'],
    ['source {\n port 80\n }', 'source port', '5:1'],
    ['destination {\n address !10.0.0.0/8\n }', 'destination address !10.0.0.0/8', '5:1'],
    ['outbound-interface {\n group UPLINKS\n }', 'outbound-interface group', '5:1'],
    ['outbound-interface {\n name !eth0\n }', 'outbound-interface !eth0', '4:1'],
    ['packet-type host', 'packet-type', '4:1'],
    ['load-balance {\n hash random\n }', 'load-balance', '4:1'],
  ])('a source NAT rule with %j is left out aloud', (part, what, place) => {
    const text = `nat {\nsource {\nrule 7 {\n${part.replaceAll(/\n +/g, '\n')}\ntranslation {\naddress masquerade\n}\n}\n}\n}\n`
    expect(model(text).sourceNat).toEqual([])
    expect(messages(text)).toEqual([`unmodelled ${place} nat source rule 7 ${what} is not modelled`])
  })

  test.each(['10.0.0.0/24', '10.0.0.1-10.0.0.9'])('a source NAT translation to %s is left out aloud', address => {
    const text = `nat {\nsource {\nrule 7 {\ntranslation {\naddress ${address}\n}\n}\n}\n}\n`
    expect(model(text).sourceNat).toEqual([])
    expect(messages(text)).toEqual([`unmodelled 5:1 nat source rule 7 translation address ${address} is not modelled`])
  })

  test('a disabled source NAT rule says nothing', () => {
    const text = 'nat {\nsource {\nrule 7 {\ndisable\nprotocol tcp\n}\n}\n}\n'
    expect([model(text).sourceNat, messages(text)]).toEqual([[], []])
  })

  test('static routes and policies become the FRR lines VyOS writes', () => {
    const text = [
      'protocols {\n static {\n route 10.0.0.0/8 {\n next-hop 10.1.1.1 {\n distance 5\n }\n blackhole {\n distance 254\n }\n }\n }\n}',
      'policy {\n prefix-list P {\n rule 10 {\n action permit\n prefix 10.0.0.0/8\n le 24\n }\n }',
      'route-map R {\n rule 10 {\n action permit\n match {\n ip {\n address {\n prefix-list P\n }\n }\n }\n set {\n as-path {\n prepend "1 2"\n }\n }\n continue 20\n }\n }\n}\n',
    ].join('\n')
    expect(messages(text)).toEqual([])
    expect(
      model(text)
        .runningConfig()
        .filter(line => /^(ip |route| )/.test(line)),
    ).toEqual([
      'ip route 10.0.0.0/8 10.1.1.1 5',
      'ip route 10.0.0.0/8 blackhole 254',
      'ip prefix-list P seq 10 permit 10.0.0.0/8 le 24',
      'route-map R permit 10',
      ' match ip address prefix-list P',
      ' on-match goto 20',
      ' set as-path prepend 1 2',
    ])
  })

  test('the sysctls VyOS sets are there, layer 4 hashing only when asked for', () => {
    const { sysctls } = model('system {\n ip {\n multipath {\n layer4-hashing\n }\n }\n}\n')
    expect(sysctls.get('net.ipv4.conf.all.ignore_routes_with_linkdown')).toBe('1')
    expect(sysctls.get('net.ipv4.fib_multipath_hash_policy')).toBe('1')
    expect(model('system {\n}\n').sysctls.has('net.ipv4.fib_multipath_hash_policy')).toBe(false)
  })
})
