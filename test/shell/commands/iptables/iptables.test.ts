import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { parseNatRule, specificationOf } from '../../../../src/shell/commands/iptables/nat-rule.ts'
import { iptables } from '../../../../src/shell/commands/iptables.ts'
import { formatIpv4 } from '../../../../src/wire/address.ts'
import { Bench } from '../../../support/run-command.ts'

let bench: Bench
const run = (line: string): string => {
  const { stdout, stderr, exitCode } = bench.run('router', `iptables ${line}`)
  return stdout + stderr + (exitCode === 0 ? '' : `exit ${exitCode}`)
}

beforeEach(() => {
  bench = new Bench([iptables])
  bench.addNode('router')
})

const TRY = "Try `iptables -h' or 'iptables --help' for more information.\nexit 2"

const RULES = [
  '-A POSTROUTING -o eth0 -j MASQUERADE',
  '-A POSTROUTING -s 10.0.0.7/24 ! -d 10.1.0.0/16 -j SNAT --to-source 192.0.2.9',
  '-I POSTROUTING ! -o eth1 -d 8.8.8.8 -j ACCEPT',
  '-I POSTROUTING 2 ! -s 10.9.9.9 -j RETURN',
]

const EMPTY = ['PREROUTING', 'INPUT', 'OUTPUT']

describe('with rules', () => {
  beforeEach(() => {
    for (const rule of RULES) expect(run(`-t nat ${rule}`)).toBe('')
  })

  test('-S prints them normalised, behind the policies', () => {
    expect(run('-t nat -S')).toBe(
      [
        '-P PREROUTING ACCEPT\n-P INPUT ACCEPT\n-P OUTPUT ACCEPT\n-P POSTROUTING ACCEPT',
        '-A POSTROUTING -d 8.8.8.8/32 ! -o eth1 -j ACCEPT',
        '-A POSTROUTING ! -s 10.9.9.9/32 -j RETURN',
        '-A POSTROUTING -o eth0 -j MASQUERADE',
        '-A POSTROUTING -s 10.0.0.0/24 ! -d 10.1.0.0/16 -j SNAT --to-source 192.0.2.9\n',
      ].join('\n'),
    )
  })

  test('-L -n prints all chains of the table', () => {
    const head = 'target     prot opt source               destination         \n'
    expect(run('-t nat -L -n')).toBe(
      `${EMPTY.map(chain => `Chain ${chain} (policy ACCEPT)\n${head}\n`).join('')}Chain POSTROUTING (policy ACCEPT)\n${head}` +
        'ACCEPT     0    --  0.0.0.0/0            8.8.8.8             \n' +
        'RETURN     0    -- !10.9.9.9             0.0.0.0/0           \n' +
        'MASQUERADE  0    --  0.0.0.0/0            0.0.0.0/0           \n' +
        'SNAT       0    --  10.0.0.0/24         !10.1.0.0/16          to:192.0.2.9\n',
    )
  })

  test('-nvL CHAIN prints counters and interfaces', () => {
    expect(run('-t nat -nvL POSTROUTING')).toBe(
      'Chain POSTROUTING (policy ACCEPT 0 packets, 0 bytes)\n' +
        ' pkts bytes target     prot opt in     out     source               destination         \n' +
        '    0     0 ACCEPT     0    --  *      !eth1   0.0.0.0/0            8.8.8.8             \n' +
        '    0     0 RETURN     0    --  *      *      !10.9.9.9             0.0.0.0/0           \n' +
        '    0     0 MASQUERADE  0    --  *      eth0    0.0.0.0/0            0.0.0.0/0           \n' +
        '    0     0 SNAT       0    --  *      *       10.0.0.0/24         !10.1.0.0/16          to:192.0.2.9\n',
    )
  })

  test('-L without -n says all, any and anywhere', () => {
    expect(run('-t nat -v -L POSTROUTING')).toContain(
      '    0     0 MASQUERADE  all  --  any    eth0    anywhere             anywhere            \n',
    )
  })

  test('--line-numbers numbers them', () => {
    expect(run('-t nat -L POSTROUTING -n --line-numbers')).toContain(
      'num  target     prot opt source               destination         \n1    ACCEPT     0    --  0.0.0.0/0 ',
    )
  })

  test('-D takes one away by its number or its words', () => {
    run('-t nat -D POSTROUTING 1')
    run('-t nat -D POSTROUTING ! -s 10.9.9.9 -j RETURN')
    expect(run('-t nat -S POSTROUTING').split('\n')).toHaveLength(4)
  })

  test('-C finds one by its words', () => {
    expect(run('-t nat -C POSTROUTING -o eth0 -j MASQUERADE')).toBe('')
  })

  test('-F takes all away, of the table nat only', () => {
    run('-F')
    expect(run('-t nat -S POSTROUTING').split('\n')).toHaveLength(6)
    run('-t nat -F')
    expect(run('-t nat -S POSTROUTING')).toBe('-P POSTROUTING ACCEPT\n')
  })
})

describe('mistakes', () => {
  test.each([
    ['-t nat -D POSTROUTING 9', 'iptables: Index of deletion too big.\nexit 1'],
    ['-t nat -I POSTROUTING 9 -j MASQUERADE', 'iptables: Index of insertion too big.\nexit 1'],
    ['-t nat -D POSTROUTING -j MASQUERADE', 'iptables: Bad rule (does a matching rule exist in that chain?).\nexit 1'],
    ['-t nat -A NOCHAIN -j MASQUERADE', 'iptables: No chain/target/match by that name.\nexit 1'],
    ['-A POSTROUTING -j MASQUERADE', 'iptables: No chain/target/match by that name.\nexit 1'],
    [
      '-t nat -A POSTROUTING -j SNAT',
      `iptables v1.8.9 (nf_tables): SNAT: option "--to-source" must be specified\n\n${TRY}`,
    ],
    ['-t nat -A POSTROUTING -o', `iptables v1.8.9 (nf_tables): option "-o" requires an argument\n${TRY}`],
    [
      '-t nat -A POSTROUTING -s 1.1.1.1/33 -j ACCEPT',
      `iptables v1.8.9 (nf_tables): invalid mask \`33' specified\n${TRY}`,
    ],
    ['-t nat -A POSTROUTING -j SNAT --to-source abc', `iptables v1.8.9 (nf_tables): Bad IP address "abc"\n${TRY}`],
    ['-t nat -A POSTROUTING -i eth0 -j ACCEPT', `iptables v1.8.9 (nf_tables): Can't use -i with POSTROUTING\n\n${TRY}`],
  ])('%s', (line, answer) => {
    expect(run(line)).toBe(answer)
  })

  test.each([
    '-A FORWARD -j DROP',
    '-t nat -A PREROUTING -j MASQUERADE',
    '-t nat -A POSTROUTING -p tcp -j MASQUERADE',
    '-t nat -A POSTROUTING -j SNAT --to-source 1.1.1.1-1.1.1.9',
    '-t nat -A POSTROUTING -j MASQUERADE --random',
    '-P FORWARD DROP',
    '-N MINE',
    '-L INPUT -x',
    '-t nat -L POSTROUTING 1',
  ])('%s is not modelled', line => {
    expect(run(line)).toBe(`iptables: "${line}" is not modelled by drylab\nexit 2`)
  })
})

describe('any rule', () => {
  const address = fc.nat(0xffffffff).map(formatIpv4)
  const prefix = fc.tuple(address, fc.nat(32)).map(([network, length]) => `${network}/${length}`)
  const negation = fc.constantFrom([], ['!'])
  const match = (option: string, value: fc.Arbitrary<string>) =>
    fc.option(fc.tuple(negation, value).map(([not, text]) => [...not, option, text])).map(words => words ?? [])
  const target = fc.oneof(
    fc.constantFrom('MASQUERADE', 'ACCEPT', 'RETURN').map(name => ['-j', name]),
    address.map(text => ['-j', 'SNAT', '--to-source', text]),
  )
  const words = fc
    .tuple(match('-s', prefix), match('-d', prefix), match('-o', fc.constantFrom('eth0', 'eth+')), target)
    .map(parts => parts.flat())

  test('is read again from what -S prints, as the same rule', () => {
    fc.assert(
      fc.property(words, rule => {
        const parsed = parseNatRule(rule)
        const printed = parsed?.ok ? specificationOf(parsed.rule) : ''
        expect(parseNatRule(printed.split(' '))).toEqual(parsed)
      }),
    )
  })

  test('of any words does not make it throw', () => {
    const word = fc.oneof(fc.string(), fc.constantFrom('-s', '-d', '-o', '-j', '!', 'SNAT', '--to-source', '1.2.3.4/'))
    fc.assert(fc.property(fc.array(word), list => void parseNatRule(list)))
  })
})
