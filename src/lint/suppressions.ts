import type { SourceRef } from '../model/source.ts'

/** `# drylab: ignore bgp/as-mismatch, cilium/dsr-mtu` behind any sign that begins a comment in one of the files. */
const COMMENT = /(?:#|!|\/\/|\/\*|;)\s*drylab:\s*ignore(-file)?\s+([\w/*-]+(?:\s*,\s*[\w/*-]+)*)/

/** A line that is nothing but a comment. */
const ONLY_COMMENT = /^\s*(#|!|\/\/|\/\*|;)/

/**
 * Whether the file says that the rule is not to speak up here: in a comment on the line, in the comment lines right above
 * it, or for the whole file with `ignore-file`. A rule may be named by its group (`bgp/*`).
 */
export function isSuppressed(lines: readonly string[], source: SourceRef, rule: string): boolean {
  if (lines.some(line => names(line, rule, true))) return true
  if (names(lines[source.line - 1], rule, false)) return true
  for (let index = source.line - 2; index >= 0 && ONLY_COMMENT.test(lines[index]!); index -= 1) {
    if (names(lines[index], rule, false)) return true
  }
  return false
}

function names(line: string | undefined, rule: string, isForFile: boolean): boolean {
  const found = COMMENT.exec(line ?? '')
  if (found === null || (found[1] !== undefined) !== isForFile) return false
  return found[2]!.split(',').some(one => matches(one.trim(), rule))
}

/** The name of a rule, or `group/*`. */
export function matches(pattern: string, rule: string): boolean {
  return pattern === rule || (pattern.endsWith('/*') && rule.startsWith(pattern.slice(0, -1)))
}
