import { describe, expect, test } from 'vitest'
import { columnOfWord, splitWords } from '../../../src/config/frr/split-words.ts'
import type { NodeKind } from '../../../src/config/frr/statement.ts'
import { findStatement } from '../../../src/config/frr/statement-index.ts'
import { STATEMENTS } from '../../../src/config/frr/statements/table.ts'
import { compileSyntax, leadingKeywords } from '../../../src/config/frr/syntax.ts'
import { frrVersion } from '../../../src/model/frr-version.ts'

function find(node: NodeKind, line: string) {
  const search = findStatement(node, splitWords(line), frrVersion(8, 4))
  if (search.kind !== 'found') return search
  const values = search.match.values.map(({ name, value }) => `${name}=${value}`)
  return { notation: search.isNegated ? search.statement.no : search.statement.syntax, values }
}

describe('the index of statements', () => {
  test('every notation of the table compiles', () => {
    for (const { syntax, no } of STATEMENTS) {
      for (const notation of [syntax, no]) if (notation !== undefined) compileSyntax(notation)
    }
  })

  test.each<[NodeKind, string, string, readonly string[]]>([
    ['bgp', 'neighbor G peer-group', 'neighbor <peer:peer> peer-group', ['peer=G']],
    ['bgp', 'nei G peer-g', 'neighbor <peer:peer> peer-group', ['peer=G']],
    ['bgp', 'neighbor G peer-group H', 'neighbor <peer:peer> peer-group <group:word>', ['peer=G', 'group=H']],
    ['bgp', 'no neighbor G', 'neighbor <peer:peer>', ['peer=G']],
    ['bgp', 'bgp confederation peers 1 2 3', 'bgp confederation peers <asns:asn...>', ['asns=1', 'asns=2', 'asns=3']],
    ['bgp', 'bgp bestpath med missing confed', 'bgp bestpath med {confed|missing-as-worst}', []],
    ['interface', 'desc to the leaf', 'description <text:rest>', ['text=to the leaf']],
  ])('in %s the line "%s" is "%s"', (node, line, notation, values) => {
    expect(find(node, line)).toEqual({ notation, values })
  })

  test('a line is found again after others that begin alike', () => {
    const first = find('bgp', 'neighbor 10.0.0.1 timers 3 9')
    for (const line of ['neighbor 10.0.0.1 timers connect 5', 'neighbor x y', 'neighbor', 'neighbor 10.0.0.1 t']) {
      find('bgp', line)
    }
    expect(find('bgp', 'neighbor 10.0.0.1 timers 3 9')).toEqual(first)
  })

  test.each<[string, string, number]>([
    ['neighbor 10.0.0.1 remote-as', 'incomplete', 2],
    ['neighbor 10.0.0.1 remote-as zero', 'unknown', 3],
    ['no neighbor 10.0.0.1 nonsense', 'unknown', 3],
    ['zzz', 'unknown', 0],
    ['bgp', 'incomplete', 0],
  ])('of "%s" it is told that it is %s, from word %i on', (line, kind, failedWord) => {
    expect(find('bgp', line)).toEqual({ kind, failedWord })
  })
})

describe('the keywords a notation begins with', () => {
  test.each<[string, readonly (readonly [number, string])[]]>([
    [
      'neighbor <peer:peer> remote-as (<asn:asn>|<kind=internal|external>)',
      [
        [0, 'neighbor'],
        [2, 'remote-as'],
      ],
    ],
    ['description <text:rest> never', [[0, 'description']]],
    ['peers <asns:asn...> never', [[0, 'peers']]],
    ['<how=in|out> after [perhaps] never', [[1, 'after']]],
  ])('of "%s" are known by their places', (notation, keywords) => {
    expect([...leadingKeywords(notation)]).toEqual(keywords)
  })
})

describe('words of a line', () => {
  test('blanks of any kind and number separate them', () => {
    expect(splitWords('\t ip  address\u00a010.0.0.1/31 ')).toEqual(['ip', 'address', '10.0.0.1/31'])
  })

  test.each(['', '  ', '! comment', ' # comment'])('there are none in "%s"', line => {
    expect(splitWords(line)).toEqual([])
  })

  test('their columns count from 1', () => {
    expect([0, 1, 2].map(index => columnOfWord('  ip  address x', index))).toEqual([3, 7, 15])
  })
})
