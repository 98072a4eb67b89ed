/** Whether two lists hold the same texts, in any order and however often. */
export function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return new Set(a).size === new Set(b).size && a.every(value => b.includes(value))
}

/** What one list has and another lacks, both ways: `missing 10.0.0.0/24`, `unexpected 10.0.1.0/24`. */
export function setDifferences(actual: readonly string[], wanted: readonly string[]): readonly string[] {
  const missing = wanted.filter(value => !actual.includes(value)).map(value => `missing ${value}`)
  const extra = actual.filter(value => !wanted.includes(value)).map(value => `unexpected ${value}`)
  return [...missing, ...extra]
}
