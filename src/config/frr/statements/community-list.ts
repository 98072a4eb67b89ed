import type { CommunityListDraft, RouterDraft } from '../draft.ts'
import type { Statement, StatementContext } from '../statement.ts'
import type { StatementArguments } from '../statement-arguments.ts'
import { insertEntry, nextMultipleOfFive } from './prefix-list.ts'

type Table = (draft: RouterDraft) => Map<string, CommunityListDraft>

const TAIL = '[seq <sequence:number 1-4294967295>] <action=deny|permit>'

/** `bgp community-list` and `bgp large-community-list`, numbered and named (bgpd/bgp_vty.c, bgpd/bgp_clist.c). */
export const communityListStatements: readonly Statement[] = [
  ...listStatements('community-list', 'community', draft => draft.communityLists),
  ...listStatements('large-community-list', 'large-community', draft => draft.largeCommunityLists),
  {
    node: 'config',
    syntax: 'bgp extcommunity-list <what:rest>',
    no: 'bgp extcommunity-list <what:rest>',
    apply: context => context.unmodelled('bgp extcommunity-list'),
  },
]

function listStatements(keyword: string, valueType: string, table: Table): readonly Statement[] {
  const standard = [
    `bgp ${keyword} <name:number 1-99> ${TAIL} <values:${valueType}...>`,
    `bgp ${keyword} standard <name:word> ${TAIL} <values:${valueType}...>`,
  ]
  const expanded = [
    `bgp ${keyword} <name:number 100-500> ${TAIL} <regex:rest>`,
    `bgp ${keyword} expanded <name:word> ${TAIL} <regex:rest>`,
  ]
  const removal = [`bgp ${keyword} (standard|expanded) <name:word>`, `bgp ${keyword} <name:number 1-500>`]
  return [
    ...[...standard, ...expanded].map(
      (syntax): Statement => ({
        node: 'config',
        syntax,
        no: syntax,
        apply: (context, values) => applyEntry(context, values, table),
      }),
    ),
    ...removal.map(
      (no): Statement => ({ node: 'config', no, apply: ({ draft }, values) => table(draft).delete(nameOf(values)) }),
    ),
  ]
}

/** A list's name; numbered lists are named by their number. */
function nameOf(values: StatementArguments): string {
  return String(values.list('name')[0])
}

function applyEntry(context: StatementContext, values: StatementArguments, table: Table): void {
  const lists = table(context.draft)
  const name = nameOf(values)
  const isExpanded = values.optionalText('regex') !== undefined
  const kind = isExpanded ? 'expanded' : 'standard'
  const list = lists.get(name) ?? { kind, entries: [] }
  if (list.kind !== kind) {
    context.refuse(`% Community name conflict, previously defined as ${list.kind} community`)
    return
  }
  const texts = isExpanded ? [values.text('regex')] : values.list('values').map(String)
  const action = values.text('action') as 'permit' | 'deny'
  if (values.isNegated) {
    list.entries = list.entries.filter(entry => entry.action !== action || entry.values.join(' ') !== texts.join(' '))
    if (list.entries.length === 0) lists.delete(name)
    return
  }
  lists.set(name, list)
  const sequence = values.optionalNumber('sequence') ?? nextMultipleOfFive(list.entries)
  insertEntry(list, { sequence, action, values: texts })
}
