/** What is left of two lists without their common beginning and end. */
interface ChangedMiddle<Item> {
  readonly before: readonly Item[]
  readonly after: readonly Item[]
}

/**
 * Where a list has changed: between two reconciliations it is one item or a few of a thousand. Items are compared by
 * identity, which is enough for what the store holds: an object that changes becomes another one.
 */
export function changedMiddle<Item>(before: readonly Item[], after: readonly Item[]): ChangedMiddle<Item> {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1
  let [beforeEnd, afterEnd] = [before.length, after.length]
  while (beforeEnd > start && afterEnd > start && before[beforeEnd - 1] === after[afterEnd - 1]) {
    beforeEnd -= 1
    afterEnd -= 1
  }
  return { before: before.slice(start, beforeEnd), after: after.slice(start, afterEnd) }
}
