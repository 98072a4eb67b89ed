import type { RouteMapEntryDraft } from '../draft.ts'
import type { Statement, StatementContext } from '../statement.ts'
import type { StatementArguments } from '../statement-arguments.ts'
import { insertEntry } from './prefix-list.ts'

/** `route-map` and what steers it; match and set clauses are in files of their own (lib/routemap_cli.c). */
export const routeMapStatements: readonly Statement[] = [
  {
    node: 'config',
    syntax: 'route-map <name:word> <action=deny|permit> <sequence:number 1-65535>',
    no: 'route-map <name:word> <action=deny|permit> <sequence:number 1-65535>',
    apply: (context, values) => (values.isNegated ? removeEntry(context, values) : enterEntry(context, values)),
  },
  {
    node: 'config',
    no: 'route-map <name:word>',
    apply: ({ draft }, values) => draft.routeMaps.delete(values.text('name')),
  },
  {
    node: 'config',
    syntax: 'route-map <name:word> optimization',
    no: 'route-map <name:word> optimization',
    apply: () => {},
  },
  {
    node: 'route-map',
    syntax: 'call <name:word>',
    no: 'call [<name:word>]',
    apply({ routeMapEntry }, values) {
      routeMapEntry.call = values.isNegated ? undefined : values.text('name')
    },
  },
  {
    node: 'route-map',
    syntax: 'on-match next',
    no: 'on-match next',
    apply({ routeMapEntry }, values) {
      routeMapEntry.onMatch = values.isNegated ? undefined : { kind: 'next' }
    },
  },
  ...['on-match goto <sequence:number 1-65535>', 'continue <sequence:number 1-65535>'].map(
    (syntax): Statement => ({
      node: 'route-map',
      syntax,
      no: syntax.replace(/<.*>/, '[$&]'),
      apply: applyGoto,
    }),
  ),
  {
    node: 'route-map',
    syntax: 'description <text:rest>',
    no: 'description [<text:rest>]',
    apply({ routeMapEntry }, values) {
      routeMapEntry.description = values.isNegated ? undefined : values.text('text')
    },
  },
]

function enterEntry(context: StatementContext, values: StatementArguments): void {
  const { routeMaps } = context.draft
  const name = values.text('name')
  const map = { entries: routeMaps.get(name) ?? [] }
  const sequence = values.number('sequence')
  const action = values.text('action') as 'permit' | 'deny'
  const known = map.entries.find(entry => entry.sequence === sequence)
  const entry: RouteMapEntryDraft = known ?? {
    sequence,
    action,
    matches: [],
    sets: [],
    lines: new Map(),
    source: context.source,
  }
  entry.action = action
  if (known === undefined) insertEntry(map, entry)
  routeMaps.set(name, map.entries)
  context.enterRouteMap(entry)
}

function removeEntry({ draft }: StatementContext, values: StatementArguments): void {
  const name = values.text('name')
  const kept = (draft.routeMaps.get(name) ?? []).filter(entry => entry.sequence !== values.number('sequence'))
  if (kept.length === 0) draft.routeMaps.delete(name)
  else draft.routeMaps.set(name, kept)
}

function applyGoto(context: StatementContext, values: StatementArguments): void {
  const entry = context.routeMapEntry
  if (values.isNegated) {
    entry.onMatch = undefined
    return
  }
  const sequence = values.number('sequence')
  if (sequence <= entry.sequence) {
    context.refuse("can't jump backwards in route-maps")
    return
  }
  entry.onMatch = { kind: 'goto', sequence }
}
