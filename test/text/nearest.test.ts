import { expect, test } from 'vitest'
import { didYouMean, nearest } from '../../src/text/nearest.ts'

test('a word with one slip finds what was meant', () => {
  expect(nearest('knid', ['kind', 'group', 'image'])).toBe('kind')
  expect(nearest('endpoint', ['endpoints', 'mtu'])).toBe('endpoints')
})

test('a word that is far from all finds nothing', () => {
  expect(nearest('banana', ['kind', 'group', 'image'])).toBeUndefined()
  expect(didYouMean('banana', ['kind'])).toBe('')
})
