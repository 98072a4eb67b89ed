import type { RouteFacts, RouteFilter, RouteMode } from './fib.ts'
import type { FibEntry } from './fib-entry.ts'
import { type Failure, failure } from './result.ts'

/** What the routes of a prefix become, and which of them went. */
export interface RouteListChange {
  readonly routes: readonly FibEntry[]
  readonly replaced: FibEntry | undefined
}

/**
 * The routes of a prefix with one more: by descending tos, then by metric. EEXIST, ENOENT as netlink answers
 * (`fib_table_insert`, net/ipv4/fib_trie.c).
 */
export function withRoute(list: readonly FibEntry[], entry: FibEntry, mode: RouteMode): RouteListChange | Failure {
  const only = list.length === 1 ? list[0]! : undefined
  if (mode === 'replace' && only?.tos === entry.tos && only.metric === entry.metric) {
    return { routes: entry.alone, replaced: only } // the commonest change by far: a routing daemon's route gets other next hops
  }
  const equals = list.filter(other => other.tos === entry.tos && other.metric === entry.metric)
  if (equals.length === 0) {
    if (mode === 'change') return failure('ENOENT')
  } else if (mode === 'add') {
    return failure('EEXIST')
  } else if (mode === 'replace' || mode === 'change') {
    const replaced = equals[0]!
    if (equals.some(other => other !== replaced && isSameRoute(other, entry))) return failure('EEXIST')
    return {
      routes: list.length === 1 ? entry.alone : list.map(other => (other === replaced ? entry : other)),
      replaced,
    }
  } else if (equals.some(other => isSameRoute(other, entry))) {
    return failure('EEXIST')
  }
  if (list.length === 0) return { routes: entry.alone, replaced: undefined }
  const isAfter = (other: FibEntry): boolean =>
    other.tos < entry.tos ||
    (other.tos === entry.tos && (mode === 'prepend' ? other.metric >= entry.metric : other.metric > entry.metric))
  const position = list.findIndex(isAfter)
  const index = position < 0 ? list.length : position
  return { routes: [...list.slice(0, index), entry, ...list.slice(index)], replaced: undefined }
}

/** Whether it is one that a deletion asks for. */
export function isMatch(entry: FibEntry, match: RouteFilter): boolean {
  const { tos, metric, type, protocol, scope, preferredSource, nextHopId, nextHops } = match
  if ((tos ?? entry.tos) !== entry.tos || (metric ?? entry.metric) !== entry.metric) return false
  if ((type ?? entry.type) !== entry.type || (protocol ?? entry.protocol) !== entry.protocol) return false
  if ((scope ?? entry.scope) !== entry.scope) return false
  if (preferredSource !== undefined && preferredSource !== entry.preferredSource) return false
  if (nextHopId !== undefined && nextHopId !== entry.nextHopId) return false
  return (nextHops ?? []).every(wanted =>
    entry.nextHops.some(
      hop =>
        (wanted.gateway === undefined || wanted.gateway === hop.gateway) &&
        (wanted.interface === undefined || wanted.interface === hop.interface),
    ),
  )
}

function isSameRoute(a: RouteFacts, b: RouteFacts): boolean {
  if (a === b) return true
  if (a.type !== b.type || a.nextHopId !== b.nextHopId || a.preferredSource !== b.preferredSource) return false
  if (a.protocol !== b.protocol || a.scope !== b.scope || a.nextHops.length !== b.nextHops.length) return false
  return a.nextHops.every((hop, index) => {
    const other = b.nextHops[index]!
    return hop.gateway === other.gateway && hop.interface === other.interface && hop.weight === other.weight
  })
}
