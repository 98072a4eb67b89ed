import type { AccessListEntry } from '../../../model/policy.ts'
import { formatIpv4, formatPrefix, ipv4, netmask, prefixAddress, prefixLength } from '../../../wire/address.ts'
import type { Statement, StatementContext } from '../statement.ts'
import type { StatementArguments } from '../statement-arguments.ts'
import { insertEntry, nextSequence } from './prefix-list.ts'

const HEAD = 'access-list <name:word> [seq <sequence:number 1-4294967295>] <action=deny|permit>'
const CISCO = '(host <host:ipv4>|<address:ipv4> <wildcard:ipv4>|<alone:ipv4>)'

/** `access-list`: numbered ones with wildcard masks, named ones with prefixes (lib/filter_cli.c). */
export const accessListStatements: readonly Statement[] = [
  { node: 'config', syntax: `${HEAD} ${CISCO}`, no: `${HEAD} ${CISCO}`, apply: applyEntry },
  { node: 'config', syntax: `${HEAD} any`, no: `${HEAD} any`, apply: applyEntry },
  {
    node: 'config',
    syntax: `${HEAD} <prefix:prefix> [exact-match]`,
    no: `${HEAD} <prefix:prefix> [exact-match]`,
    apply: applyEntry,
  },
  {
    node: 'config',
    syntax: `${HEAD} ip <what:rest>`,
    no: `${HEAD} ip <what:rest>`,
    apply: context => context.unmodelled('An extended access-list (… ip SOURCE DESTINATION)'),
  },
  {
    node: 'config',
    no: 'access-list <name:word>',
    apply: ({ draft }, values) => draft.accessLists.delete(values.text('name')),
  },
  {
    node: 'config',
    syntax: 'access-list <name:word> remark <text:rest>',
    no: 'access-list <name:word> remark [<text:rest>]',
    apply({ draft }, values) {
      const list = draft.accessLists.get(values.text('name')) ?? { entries: [] }
      draft.accessLists.set(values.text('name'), list)
      list.description = values.isNegated ? undefined : values.text('text')
    },
  },
]

function applyEntry({ draft }: StatementContext, values: StatementArguments): void {
  const name = values.text('name')
  const list = draft.accessLists.get(name) ?? { entries: [] }
  const sequence = values.optionalNumber('sequence') ?? nextSequence(list.entries)
  const entry = { ...ruleOf(values), action: values.text('action') as 'permit' | 'deny', sequence }
  if (values.isNegated) {
    list.entries = list.entries.filter(known => known.text !== entry.text || known.action !== entry.action)
    return
  }
  draft.accessLists.set(name, list)
  insertEntry(list, entry)
}

function ruleOf(values: StatementArguments): Omit<AccessListEntry, 'sequence' | 'action'> & { readonly text: string } {
  const prefix = values.optionalPrefix('prefix')
  if (prefix !== undefined) {
    const length = prefixLength(prefix)
    const exact = values.has('exact-match')
    return {
      address: prefixAddress(prefix),
      wildcard: ipv4(~netmask(length)),
      ...(exact ? { exactLength: length } : { minimumLength: length }),
      text: `${formatPrefix(prefix)}${exact ? ' exact-match' : ''}`,
    }
  }
  if (values.has('any')) return { address: ipv4(0), wildcard: ipv4(0xffffffff), text: 'any' }
  const host = values.optionalIpv4('host') ?? values.optionalIpv4('alone')
  if (host !== undefined) return { address: host, wildcard: ipv4(0), text: formatIpv4(host) }
  const wildcard = values.ipv4('wildcard')
  const address = values.ipv4('address')
  return { address, wildcard, text: `${formatIpv4(address)} ${formatIpv4(wildcard)}` }
}
