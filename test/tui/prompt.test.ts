import { describe, expect, test } from 'vitest'
import { keyNames, parseKeys } from '../../src/tui/key.ts'
import { editPrompt, openPrompt, type Prompt, promptText } from '../../src/tui/prompt.ts'

function typed(keys: string, history: readonly string[] = [], candidates: readonly string[] = []): Prompt {
  return parseKeys(keys).reduce(
    (prompt, key) => editPrompt(prompt, key, history, candidates) ?? prompt,
    openPrompt('command'),
  )
}

describe('a prompt', () => {
  test.each([
    ['abc', 'abc'],
    ['abc<left><left>X', 'aXbc'],
    ['abc<backspace>', 'ab'],
    ['abc<home>X<end>Y', 'XabcY'],
    ['one two<ctrl-w>', 'one '],
    ['one two<ctrl-u>', ''],
    ['one two<ctrl-a><ctrl-k>', ''],
    ['漢字<backspace>x', '漢x'],
    ['a<lt>b', 'a<b'],
  ])('%s gives %j', (keys, text) => expect(promptText(typed(keys))).toBe(text))

  test('up and down go through the history, and back to what was begun', () => {
    const history = ['first', 'second']
    expect(promptText(typed('dra<up>', history))).toBe('second')
    expect(promptText(typed('dra<up><up><up>', history))).toBe('first')
    expect(promptText(typed('dra<up><up><down><down>', history))).toBe('dra')
  })

  test('Tab completes to what all candidates begin with, and one candidate with a blank', () => {
    expect(promptText(typed('r<tab>', [], ['routes', 'routers']))).toBe('route')
    expect(promptText(typed('node le<tab>', [], ['leaf1']))).toBe('node leaf1 ')
    expect(promptText(typed('apply m<tab>', [], ['manifests/']))).toBe('apply manifests/')
    expect(promptText(typed('x<tab>', [], []))).toBe('x')
  })

  test('keys that mean nothing to it are refused', () => {
    expect(editPrompt(openPrompt('command'), 'pagedown', [], [])).toBeUndefined()
  })
})

describe('names of keys', () => {
  test.each([
    ['j', {}, ['j']],
    [':q\r', {}, [':', 'q', 'enter']],
    ['c', { ctrl: true }, ['ctrl-c']],
    ['', { upArrow: true }, ['up']],
    ['', { tab: true, shift: true }, ['shift-tab']],
    [' ', {}, ['space']],
    ['S', { meta: true }, ['escape', 'S']],
    ['\u0017x', {}, ['ctrl-w', 'x']],
  ])('%j with %j', (input, key, names) => expect(keyNames(input, key)).toEqual(names))
})
