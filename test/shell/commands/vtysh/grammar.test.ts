import { describe, expect, test } from 'vitest'
import { vtyshGrammar } from '../../../../src/shell/commands/vtysh/commands.ts'

const grammar = vtyshGrammar()
const parse = (line: string) => grammar.parse(line.split(' '))

describe('vtysh command words', () => {
  test.each([
    ['sh ip bg su', 'show ip bgp summary'],
    ['show bgp ipv4 uni json det', 'show bgp ipv4 unicast json detail'],
    ['sh ip ro 10.0.0.0/8 longer', 'show ip route 10.0.0.0/8 longer-prefixes'],
    ['sh run', 'show running-config'],
    ['clear bgp *', 'clear bgp *'],
    ['sh ip bgp nei 10.0.1.2 adv', 'show ip bgp neighbors 10.0.1.2 advertised-routes'],
  ])('%s is %s', (short, full) => {
    const parsed = parse(short)
    expect(parsed).toMatchObject({ kind: 'found', words: full.split(' ') })
  })

  test.each([
    ['foo bar', 'unknown'],
    ['show ip', 'incomplete'],
    ['sh ip r', 'ambiguous'],
    ['show ip bgp nonsense', 'unknown'],
  ])('%s is %s', (line, kind) => {
    expect(parse(line).kind).toBe(kind)
  })

  test('a command of a daemon that does not run is known', () => {
    expect(parse('show ip ospf neighbor')).toMatchObject({
      kind: 'found',
      meaning: { kind: 'absent', daemon: 'ospfd' },
    })
  })

  test('a command that is not simulated is told from an unknown one', () => {
    expect(parse('show ip nht')).toMatchObject({ kind: 'found', meaning: { kind: 'unmodelled' } })
  })
})
