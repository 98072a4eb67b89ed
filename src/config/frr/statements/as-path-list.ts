import type { Statement } from '../statement.ts'
import { insertEntry, nextMultipleOfFive } from './prefix-list.ts'

const ENTRY =
  'bgp as-path access-list <name:word> [seq <sequence:number 0-4294967295>] <action=deny|permit> <regex:rest>'

/** `bgp as-path access-list` (bgpd/bgp_filter.c). */
export const asPathListStatements: readonly Statement[] = [
  {
    node: 'config',
    syntax: ENTRY,
    no: ENTRY,
    apply(context, values) {
      const { asPathLists } = context.draft
      const name = values.text('name')
      const list = asPathLists.get(name) ?? { entries: [] }
      const action = values.text('action') as 'permit' | 'deny'
      const regex = values.text('regex')
      const same = list.entries.find(entry => entry.action === action && entry.regex === regex)
      if (values.isNegated) {
        list.entries = list.entries.filter(entry => entry !== same)
        if (list.entries.length === 0) asPathLists.delete(name)
        return
      }
      if (!isAsPathRegex(regex)) {
        context.refuse(`Invalid character in as-path access-list ${regex}`)
        return
      }
      asPathLists.set(name, list)
      const sequence = values.optionalNumber('sequence') ?? nextMultipleOfFive(list.entries)
      if (same === undefined) insertEntry(list, { sequence, action, regex })
    },
  },
  {
    node: 'config',
    no: 'bgp as-path access-list <name:word>',
    apply: ({ draft }, values) => draft.asPathLists.delete(values.text('name')),
  },
]

/** bgpd takes digits, delimiters and regex signs only (bgpd/bgp_filter.c `config_bgp_aspath_validate`), in balance. */
function isAsPathRegex(regex: string): boolean {
  if (!/^[1234567890_^|[,{}() \]$*+.?\-\\]+$/.test(regex)) return false
  let depth = 0
  for (const sign of regex.replaceAll(/\\./g, '').replaceAll(/\[[^\]]*\]/g, '')) {
    if (sign === '(') depth++
    if (sign === ')') depth--
    if (depth < 0 || sign === '[') return false
  }
  return depth === 0
}
