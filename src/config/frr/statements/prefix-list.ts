import type { PrefixListEntry } from '../../../model/policy.ts'
import { DEFAULT_ROUTE, prefixLength } from '../../../wire/address.ts'
import type { ListDraft } from '../draft.ts'
import type { Statement, StatementContext } from '../statement.ts'
import type { StatementArguments } from '../statement-arguments.ts'

const ENTRY =
  'ip prefix-list <name:word> [seq <sequence:number 1-4294967295>] <action=deny|permit> ' +
  '(any|<prefix:prefix>) {ge <ge:number 0-32>|le <le:number 0-32>}'

/**
 * `ip prefix-list`. Sequence numbers left out go on in steps of five (lib/plist.c).
 * Differs from FRR: a refused entry is refused alone; FRR drops the whole group of lines that it read with it.
 */
export const prefixListStatements: readonly Statement[] = [
  { node: 'config', syntax: ENTRY, no: ENTRY, apply: applyEntry },
  {
    node: 'config',
    no: 'ip prefix-list <name:word> [seq <sequence:number 1-4294967295>]',
    apply({ draft }, values) {
      const list = draft.prefixLists.get(values.text('name'))
      const sequence = values.optionalNumber('sequence')
      if (list !== undefined && sequence !== undefined) removeSequence(list, sequence)
      if (list === undefined || sequence === undefined) draft.prefixLists.delete(values.text('name'))
    },
  },
  {
    node: 'config',
    syntax: 'ip prefix-list <name:word> description <text:rest>',
    no: 'ip prefix-list <name:word> description [<text:rest>]',
    apply({ draft }, values) {
      const list = draft.prefixLists.get(values.text('name')) ?? { entries: [] }
      draft.prefixLists.set(values.text('name'), list)
      list.description = values.isNegated ? undefined : values.text('text')
    },
  },
]

function applyEntry(context: StatementContext, values: StatementArguments): void {
  const name = values.text('name')
  const list = context.draft.prefixLists.get(name) ?? { entries: [] }
  const entry = buildEntry(values, list)
  if (entry === undefined) {
    context.refuse(`% Configuration failed: invalid prefix range in ${name}: make sure that mask length <= ge <= le`)
    return
  }
  const same = list.entries.find(
    known => isSameRule(known, entry) && (!values.has('seq') || known.sequence === entry.sequence),
  )
  if (values.isNegated) {
    if (same !== undefined) removeSequence(list, same.sequence)
    return
  }
  context.draft.prefixLists.set(name, list)
  if (same === undefined) insertEntry(list, entry)
}

/** Undefined when the lengths contradict each other. */
function buildEntry(values: StatementArguments, list: ListDraft<PrefixListEntry>): PrefixListEntry | undefined {
  const isAny = values.has('any')
  const prefix = isAny ? DEFAULT_ROUTE : values.prefix('prefix')
  const ge = values.optionalNumber('ge')
  const le = values.optionalNumber('le') ?? (isAny ? 32 : undefined)
  const length = prefixLength(prefix)
  if ((ge !== undefined && ge < length) || (le !== undefined && le < length)) return undefined
  if (ge !== undefined && le !== undefined && ge > le) return undefined
  return {
    sequence: values.optionalNumber('sequence') ?? nextSequence(list.entries),
    action: values.text('action') as 'permit' | 'deny',
    prefix,
    ...(ge === undefined ? {} : { ge }),
    ...(le === undefined ? {} : { le }),
  }
}

function isSameRule(one: PrefixListEntry, other: PrefixListEntry): boolean {
  return one.prefix === other.prefix && one.action === other.action && one.ge === other.ge && one.le === other.le
}

/** The number of an entry without one: five after the last (lib/filter_nb.c `acl_get_seq`; measured on 8.4.4). */
export function nextSequence(entries: readonly { readonly sequence: number }[]): number {
  return (entries.at(-1)?.sequence ?? 0) + 5
}

/** The same in bgpd's own lists: the next multiple of five (bgpd/bgp_filter.c `bgp_alist_new_seq_get`). */
export function nextMultipleOfFive(entries: readonly { readonly sequence: number }[]): number {
  return Math.floor((entries.at(-1)?.sequence ?? 0) / 5) * 5 + 5
}

/** Puts an entry in its place by sequence; one with the same number is replaced. */
export function insertEntry<Entry extends { readonly sequence: number }>(
  list: { entries: Entry[] },
  entry: Entry,
): void {
  const last = list.entries.at(-1)
  if (last === undefined || last.sequence < entry.sequence) {
    list.entries.push(entry)
    return
  }
  const kept = list.entries.filter(known => known.sequence !== entry.sequence)
  const at = kept.findIndex(known => known.sequence > entry.sequence)
  kept.splice(at < 0 ? kept.length : at, 0, entry)
  list.entries = kept
}

function removeSequence(list: ListDraft<PrefixListEntry>, sequence: number): void {
  list.entries = list.entries.filter(entry => entry.sequence !== sequence)
}
