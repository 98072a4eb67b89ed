import { describe, expect, test } from 'vitest'
import { plainWords } from '../../src/shell/plain-words.ts'

describe('one plain command', () => {
  test.each([
    ['route -n', ['route', '-n']],
    ["vtysh -c 'show ip bgp'", ['vtysh', '-c', 'show ip bgp']],
    ['  ping   -c 1 10.0.0.1  ', ['ping', '-c', '1', '10.0.0.1']],
    ['curl -w "" x', ['curl', '-w', '', 'x']],
    ["tcpdump -i eth3 'host 10.0.5.20'", ['tcpdump', '-i', 'eth3', 'host 10.0.5.20']],
    ['a"b c"d', ['ab cd']],
  ])('%j is split into its words', (text, words) => {
    expect(plainWords(text)).toEqual(words)
  })
})

describe('text that needs the shell language', () => {
  test.each([
    'a | b',
    'a; b',
    'a && b',
    'a > b',
    'echo $X',
    'echo "$X"',
    'ls *.yaml',
    'a\nb',
    'X=1 a',
    "a 'b",
    '(a)',
    'echo `a`',
    '',
  ])('%j is left to it', text => {
    expect(plainWords(text)).toBeUndefined()
  })
})
