/** Whether lists have the same members in the same order. */
export function isSameList<Member>(a: readonly Member[], b: readonly Member[]): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false
  return true
}
