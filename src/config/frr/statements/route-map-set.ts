import type { BgpOrigin, RouteMapSet } from '../../../model/policy.ts'
import type { RouteMapEntryDraft } from '../draft.ts'
import type { Statement } from '../statement.ts'
import type { StatementArguments } from '../statement-arguments.ts'
import { parseCommunity } from '../value-types.ts'

interface Clause {
  readonly head: string
  readonly tail: string
  readonly build: (values: StatementArguments) => RouteMapSet
}

const ANY_NUMBER = '(<value:number 0-4294967295>|<signed:signed>)'

const CLAUSES: readonly Clause[] = [
  { head: 'local-preference', tail: ANY_NUMBER, build: values => ({ kind: 'local-preference', ...signedOf(values) }) },
  { head: 'metric', tail: ANY_NUMBER, build: values => ({ kind: 'metric', ...signedOf(values) }) },
  numbered('weight', 'weight'),
  numbered('tag', 'tag'),
  {
    head: 'distance',
    tail: '<value:number 1-255>',
    build: values => ({ kind: 'distance', value: values.number('value') }),
  },
  {
    head: 'origin',
    tail: '<origin=egp|igp|incomplete>',
    build: values => ({ kind: 'origin', value: values.text('origin') as BgpOrigin }),
  },
  {
    head: 'as-path prepend',
    tail: '<asns:asn...>',
    build: values => ({ kind: 'as-path-prepend', asns: values.list('asns') as readonly number[] }),
  },
  {
    head: 'as-path prepend',
    tail: 'last-as <count:number 1-10>',
    build: values => ({ kind: 'as-path-prepend-last', count: values.number('count') }),
  },
  {
    head: 'as-path exclude',
    tail: '<asns:asn...>',
    build: values => ({ kind: 'as-path-exclude', asns: values.list('asns') as readonly number[] }),
  },
  {
    head: 'as-path replace',
    tail: '(any|<asn:asn>)',
    build: values => ({ kind: 'as-path-replace', ...(values.has('any') ? {} : { asn: values.number('asn') }) }),
  },
  {
    head: 'community',
    tail: '<communities:community...> [additive]',
    build: values => ({
      kind: 'community',
      communities: values.list('communities').map(text => parseCommunity(String(text)) ?? 0),
      additive: values.has('additive'),
    }),
  },
  { head: 'community', tail: 'none', build: () => ({ kind: 'community-none' }) },
  {
    head: 'comm-list',
    tail: '<list:word> delete',
    build: values => ({ kind: 'community-delete', list: values.text('list') }),
  },
  {
    head: 'large-community',
    tail: '<communities:large-community...> [additive]',
    build: values => ({
      kind: 'large-community',
      communities: values.list('communities').map(String),
      additive: values.has('additive'),
    }),
  },
  { head: 'large-community', tail: 'none', build: () => ({ kind: 'large-community-none' }) },
  {
    head: 'large-comm-list',
    tail: '<list:word> delete',
    build: values => ({ kind: 'large-community-delete', list: values.text('list') }),
  },
  {
    head: 'ip next-hop',
    tail: '<address:ipv4>',
    build: values => ({ kind: 'next-hop', value: values.ipv4('address') }),
  },
  {
    head: 'ip next-hop peer-address',
    tail: '',
    build: () => ({ kind: 'next-hop', value: 'peer-address' }),
  },
  {
    head: 'ip next-hop unchanged',
    tail: '',
    build: () => ({ kind: 'next-hop', value: 'unchanged' }),
  },
  {
    head: 'originator-id',
    tail: '<address:ipv4>',
    build: values => ({ kind: 'originator-id', address: values.ipv4('address') }),
  },
  { head: 'atomic-aggregate', tail: '', build: () => ({ kind: 'atomic-aggregate' }) },
  {
    head: 'aggregator',
    tail: 'as <asn:asn> <address:ipv4>',
    build: values => ({ kind: 'aggregator', asn: values.number('asn'), address: values.ipv4('address') }),
  },
  {
    head: 'src',
    tail: '<address:ipv4>',
    build: values => ({ kind: 'source-address', address: values.ipv4('address') }),
  },
]

const UNMODELLED = [
  'extcommunity <what:rest>',
  'extended-comm-list <what:rest>',
  'comm-list <how=add|replace|delete> <what:rest>',
  'ipv6 <what:rest>',
  'l3vpn <what:rest>',
  'evpn <what:rest>',
  'label-index <what:rest>',
  'metric <how=rtt|+rtt|-rtt|aigp|igp>',
  'aigp-metric <what:rest>',
  'ipx <what:rest>',
  'sr-te <what:rest>',
  'table <what:rest>',
  'vpn <what:rest>',
  'vpnv4 <what:rest>',
  'vpnv6 <what:rest>',
  'forwarding-address <what:rest>',
  'metric-type <what:rest>',
  'min-metric <what:rest>',
  'max-metric <what:rest>',
  'pathlimit <what:rest>',
  'src <address:ipv6>',
]

/** `set …`, executed in the order entered; setting the same thing again moves it to the end. */
export const routeMapSetStatements: readonly Statement[] = [
  ...CLAUSES.map(toStatement),
  ...UNMODELLED.map(
    (syntax): Statement => ({
      node: 'route-map',
      syntax: `set ${syntax}`,
      no: `set ${syntax}`,
      isWholeWords: true,
      apply(context, values) {
        if (!values.isNegated) context.unmodelled(`route-map … ${values.line.split(' ').slice(0, 2).join(' ')}`)
      },
    }),
  ),
]

function toStatement({ head, tail, build }: Clause): Statement {
  return {
    node: 'route-map',
    syntax: `set ${head} ${tail}`,
    no: `set ${head} [${tail}]`,
    apply(context, values) {
      setClause(context.routeMapEntry, values, `set ${head}`, values.isNegated ? undefined : build(values))
    },
  }
}

function setClause(
  entry: RouteMapEntryDraft,
  values: StatementArguments,
  head: string,
  set: RouteMapSet | undefined,
): void {
  const position = [...entry.lines.keys()].filter(key => key.startsWith('set ')).indexOf(head)
  if (position >= 0) {
    entry.sets.splice(position, 1)
    entry.lines.delete(head)
  }
  if (set === undefined) return
  entry.sets.push(set)
  entry.lines.set(head, values.line)
}

function signedOf(values: StatementArguments): { readonly value: number; readonly sign?: '+' | '-' } {
  const signed = values.optionalText('signed')
  if (signed === undefined) return { value: values.number('value') }
  return { value: Number(signed.slice(1)), sign: signed[0] as '+' | '-' }
}

function numbered(head: string, kind: 'weight' | 'tag'): Clause {
  return { head, tail: '<value:number 0-4294967295>', build: values => ({ kind, value: values.number('value') }) }
}
