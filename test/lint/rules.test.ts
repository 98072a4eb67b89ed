import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { LINT_RULES } from '../../src/lint/rules.ts'

describe('the table of rules', () => {
  test('names each rule once, in one shape', () => {
    const ids = LINT_RULES.map(rule => rule.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter(id => !/^(address|link|containerlab|bgp|route|kubernetes|cilium)\/[a-z0-9-]+$/.test(id))).toEqual(
      [],
    )
  })

  test('has every file of the folder', () => {
    const files = readdirSync(new URL('../../src/lint/rules', import.meta.url))
    expect(files.length).toBe(LINT_RULES.length)
  })

  test('says of each what is wrong in one line and why it matters in sentences', () => {
    for (const { summary, explain } of LINT_RULES) {
      expect(summary).not.toMatch(/[.\n]$/)
      expect(explain).toMatch(/\.$/)
    }
  })
})
