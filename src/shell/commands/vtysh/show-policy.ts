import type { PrefixListEntry, RouteMapEntry } from '../../../model/policy.ts'
import { formatPrefix } from '../../../wire/address.ts'
import type { VtyshContext } from './vtysh-context.ts'

/** The daemons that keep prefix-lists and route-maps here: each answers for itself. */
const DAEMONS = ['ZEBRA', 'BGP']

/** `show ip prefix-list [NAME]`. */
export function showPrefixLists(context: VtyshContext): number {
  const { prefixLists } = context.router.model.policy
  const name = context.words.at(-1) === 'prefix-list' ? undefined : context.words.at(-1)
  if (name !== undefined && !prefixLists.has(name)) {
    context.out("% Can't find specified prefix-list\n")
    return 0
  }
  const names = name === undefined ? [...prefixLists.keys()].sort() : [name]
  for (const daemon of DAEMONS)
    for (const list of names) context.out(prefixListText(daemon, list, prefixLists.get(list) ?? []))
  return 0
}

function prefixListText(daemon: string, name: string, entries: readonly PrefixListEntry[]): string {
  const lines = entries.map(entry => {
    const isAny = entry.prefix === 0 && entry.le === 32 && entry.ge === undefined
    const ge = entry.ge === undefined ? '' : ` ge ${entry.ge}`
    const le = entry.le === undefined ? '' : ` le ${entry.le}`
    return `   seq ${entry.sequence} ${entry.action} ${isAny ? 'any' : `${formatPrefix(entry.prefix)}${ge}${le}`}\n`
  })
  return `${daemon}: ip prefix-list ${name}: ${entries.length} entries\n${lines.join('')}`
}

/**
 * `show route-map [NAME]`.
 *
 * Differs from FRR: match and set clauses are taken from the running configuration's lines, and the counters of
 * invocations are not printed.
 */
export function showRouteMaps(context: VtyshContext): number {
  const { routeMaps } = context.router.model.policy
  const name = context.words.at(-1) === 'route-map' ? undefined : context.words.at(-1)
  const names = name === undefined ? [...routeMaps.keys()].sort() : [name]
  for (const daemon of DAEMONS) {
    context.out(`${daemon}:\n`)
    for (const map of names)
      for (const entry of routeMaps.get(map) ?? []) context.out(routeMapText(context, map, entry))
  }
  return 0
}

function routeMapText(context: VtyshContext, name: string, entry: RouteMapEntry): string {
  const lines = sectionLines(
    context.router.model.runningConfig(),
    `route-map ${name} ${entry.action} ${entry.sequence}`,
  )
  const clauses = (word: string): string =>
    lines
      .filter(line => line.startsWith(`${word} `))
      .map(line => `    ${line.slice(word.length + 1)}\n`)
      .join('')
  const action =
    entry.onMatch === undefined
      ? 'Exit routemap'
      : entry.onMatch.kind === 'next'
        ? 'Continue to next entry'
        : `Goto ${entry.onMatch.sequence}`
  return [
    ` route-map ${name}, ${entry.action}, sequence ${entry.sequence}\n`,
    `  Match clauses:\n${clauses('match')}`,
    `  Set clauses:\n${clauses('set')}`,
    `  Call clause:\n${entry.call === undefined ? '' : `    Call ${entry.call}\n`}`,
    `  Action:\n    ${action}\n`,
  ].join('')
}

/** Lines of a configuration section without their indentation. */
function sectionLines(lines: readonly string[], head: string): readonly string[] {
  const start = lines.indexOf(head)
  if (start < 0) return []
  const rest = lines.slice(start + 1)
  const end = rest.findIndex(line => !line.startsWith(' '))
  return (end < 0 ? rest : rest.slice(0, end)).map(line => line.trim())
}
