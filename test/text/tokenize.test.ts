import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { quoteWord, splitWords, tokenize } from '../../src/text/tokenize.ts'

describe('tokenize', () => {
  test.each([
    ['ip addr add 10.0.5.1/24 dev eth1', ['ip', 'addr', 'add', '10.0.5.1/24', 'dev', 'eth1']],
    ['  a\tb \n', ['a', 'b']],
    [`sh -c 'ip a | wc -l'`, ['sh', '-c', 'ip a | wc -l']],
    [`"a b"c'd e'`, ['a bcd e']],
    [`"say \\"hi\\" \\$x \\n"`, ['say "hi" $x \\n']],
    [`a\\ b`, ['a b']],
    [`''`, ['']],
    ['', []],
  ])('splits %j into %j', (line, words) => expect(splitWords(line)).toEqual(words))

  test('tells where words start and end and whether they were quoted', () => {
    expect(tokenize(`a 'b c'`)).toEqual({
      ok: true,
      words: [
        { text: 'a', start: 0, end: 1, isQuoted: false },
        { text: 'b c', start: 2, end: 7, isQuoted: true },
      ],
    })
  })

  test('points at a quote that is not closed', () => {
    expect(tokenize(`ab 'c`)).toEqual({ ok: false, message: "missing closing '", position: 3 })
  })

  test('gives back what quoteWord quoted', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), words => {
        expect(splitWords(words.map(quoteWord).join(' '))).toEqual(words)
      }),
    )
  })
})
