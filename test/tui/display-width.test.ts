import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clipText, displayWidth, fitText, printableText } from '../../src/tui/display-width.ts'

describe('columns of a text', () => {
  test.each([
    ['leaf1', 5],
    ['', 0],
    ['漢字', 4],
    ['カナ', 4],
    ['한글', 4],
    ['é', 1],
    ['e\u0301', 1],
    ['👩‍🔬', 2],
    ['✓ │ ⢸ ▸', 7],
    ['ｱ', 1],
    ['Ａ', 2],
  ])('%j takes %d', (text, width) => expect(displayWidth(text)).toBe(width))

  test('a wide character that does not fit is left out whole', () => {
    expect(clipText('漢字', 3)).toBe('漢…')
    expect(clipText('漢字', 2)).toBe('…')
    expect(fitText('漢字', 3)).toBe('漢…')
    expect(fitText('漢字', 4, 'right')).toBe('漢字')
  })

  test('a fitted text takes exactly the width', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(30), (text, width) => {
        expect(displayWidth(fitText(printableText(text), width))).toBe(width)
      }),
    )
  })

  test('nothing that moves the cursor gets through', () => {
    expect(printableText('a\u001b[2Jb\rc\td\u009be')).toBe('a[2Jbc    de')
  })
})
