import { describe, expect, test } from 'vitest'
import { isSuppressed } from '../../src/lint/suppressions.ts'

const suppressed = (text: string, line: number, rule = 'bgp/as-mismatch') =>
  isSuppressed(text.split('\n'), { file: '/x', line, column: 1 }, rule)

describe('a comment that silences a rule', () => {
  test.each([
    ['on the line', 'image: frr # drylab: ignore bgp/as-mismatch', 1, true],
    ['on the line above', '# drylab: ignore bgp/as-mismatch\nneighbor', 2, true],
    ['above other comments', '! drylab: ignore bgp/as-mismatch\n! why\nneighbor', 3, true],
    ['in the comment sign of VyOS', '/* drylab: ignore bgp/as-mismatch */\nremote-as', 2, true],
    ['among others', '# drylab: ignore cilium/dsr-mtu, bgp/as-mismatch\nneighbor', 2, true],
    ['by its group', '# drylab: ignore bgp/*\nneighbor', 2, true],
    ['for the whole file', 'x\ny\n# drylab: ignore-file bgp/as-mismatch', 1, true],
    ['not of another rule', '# drylab: ignore bgp/ibgp-hole\nneighbor', 2, false],
    ['not two lines below', '# drylab: ignore bgp/as-mismatch\nx\nneighbor', 3, false],
    ['not above a line that is no comment', 'a: 1 # drylab: ignore bgp/as-mismatch\nneighbor', 2, false],
    ['not a rule that begins alike', '# drylab: ignore bgp/as\nneighbor', 2, false],
  ])('%s', (_title, text, line, expected) => {
    expect(suppressed(text, line)).toBe(expected)
  })
})
