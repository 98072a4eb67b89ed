import { describe, expect, test } from 'vitest'
import type { Answer } from '../../src/why/answer.ts'
import { renderAnswer } from '../../src/why/render-answer.ts'

const source = { file: '/lab/leaf1/frr.conf', line: 12, column: 3 }
const ANSWER: Answer = {
  question: 'why leaf1 route 10.0.0.0/24',
  verdict: 'leaf1 has no route to 10.0.0.0/24: the session is shut down',
  isPositive: false,
  steps: [
    { text: 'the session is shut down', outcome: 'fail', source, steps: [{ text: 'seen at leaf1', outcome: 'info' }] },
    { text: 'another gate', outcome: 'pass', source },
  ],
}

describe('an answer as text', () => {
  test('begins with the verdict; a first reason that stands in it is not repeated', () => {
    expect(renderAnswer(ANSWER, { marks: 'unicode', width: 80, folder: '/lab/' })).toBe(
      [
        '✗ leaf1 has no route to 10.0.0.0/24: the session is shut down',
        '  leaf1/frr.conf:12',
        '  · seen at leaf1',
        '  ✓ another gate  leaf1/frr.conf:12',
      ].join('\n'),
    )
  })

  test('has marks of ASCII for terminals that know no others', () => {
    const text = renderAnswer(ANSWER, { marks: 'ascii', width: 80 })
    expect(text).toMatch(/^x leaf1/)
    expect([...text].every(character => character.charCodeAt(0) < 127)).toBe(true)
  })

  test('is broken at blanks, with the place of an object whole on a line of its own', () => {
    const long = { text: 'word '.repeat(30).trim(), outcome: 'info', source } as const
    const lines = renderAnswer({ ...ANSWER, steps: [long] }, { marks: 'unicode', width: 40 }).split('\n')
    expect(lines.at(-1)).toBe('    /lab/leaf1/frr.conf:12')
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(40)
  })

  test('lets no control characters of a file through', () => {
    const text = renderAnswer({ ...ANSWER, verdict: 'a\u001b[31mb\nc', steps: [] })
    expect(text).toBe('✗ a [31mb c')
  })
})
