/** Why an expression is refused, in libpcap's words. Thrown by the compiler's parts and caught where it is called. */
export class FilterError extends Error {
  override readonly name = 'FilterError'
}

/** What the parser says when no rule fits. */
export function syntaxError(): FilterError {
  return new FilterError("can't parse filter expression: syntax error")
}
