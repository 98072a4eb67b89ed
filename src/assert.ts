/** A broken invariant of the simulator itself: a bug of ours, never the simulated world's or the user's. */
class InvariantError extends Error {
  override readonly name = 'InvariantError'
}

/** Stops the program when `condition` does not hold. Use for what must be true whatever the input is. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message)
}

/** Marks a branch that the types say cannot be reached. */
export function unreachable(value: never): never {
  throw new InvariantError(`unreachable: ${JSON.stringify(value)}`)
}
