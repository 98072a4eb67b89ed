import { z } from 'zod'
import type { CheckResult } from '../check.ts'
import { address, nodeName, prefix } from '../values.ts'
import { sameSet, setDifferences } from './text-set.ts'

/** What a set of prefixes of one BGP session must be. */
export const prefixExpectation = z.strictObject({
  node: nodeName,
  peer: address,
  prefixes: z.array(prefix).optional(),
  contains: z.array(prefix).optional(),
  lacks: z.array(prefix).optional(),
})

/** Judges the prefixes there are; undefined stands for `why`: there is no such session. */
export function judgePrefixes(
  { prefixes, contains, lacks }: z.infer<typeof prefixExpectation>,
  what: string,
  actual: readonly string[] | undefined,
  why: string,
): CheckResult {
  const parts = [
    ...(prefixes === undefined ? [] : [`exactly ${prefixes.join(', ') || 'nothing'}`]),
    ...(contains === undefined ? [] : [contains.join(', ')]),
    ...(lacks === undefined ? [] : [`not ${lacks.join(', ')}`]),
  ]
  const expected = `${what} ${parts.join(' and ') || 'something'}`
  if (actual === undefined) return { holds: false, expected, seen: [why] }
  const holds =
    (prefixes === undefined || sameSet(actual, prefixes)) &&
    (contains ?? []).every(one => actual.includes(one)) &&
    !(lacks ?? []).some(one => actual.includes(one)) &&
    (parts.length > 0 || actual.length > 0)
  const differences = prefixes === undefined ? [] : setDifferences(actual, prefixes)
  return { holds, expected, seen: [...differences, ...(actual.length === 0 ? ['no prefix'] : actual)] }
}
