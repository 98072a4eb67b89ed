import type { BgpOrigin, RouteMapMatch } from '../../../model/policy.ts'
import type { RouteMapEntryDraft } from '../draft.ts'
import type { Statement } from '../statement.ts'
import type { StatementArguments } from '../statement-arguments.ts'

interface Clause {
  /** Words that name the clause: a later line with the same ones replaces it. */
  readonly head: string
  readonly tail: string
  readonly build: (values: StatementArguments) => RouteMapMatch
}

const CLAUSES: readonly Clause[] = [
  named('ip address prefix-list', 'prefix-list'),
  named('ip address', 'access-list'),
  {
    head: 'ip address prefix-len',
    tail: '<length:number 0-32>',
    build: values => ({ kind: 'prefix-length', length: values.number('length') }),
  },
  named('ip next-hop prefix-list', 'next-hop-prefix-list'),
  named('ip next-hop', 'next-hop-access-list'),
  {
    head: 'ip next-hop address',
    tail: '<address:ipv4>',
    build: values => ({ kind: 'next-hop-address', address: values.ipv4('address') }),
  },
  {
    head: 'ip next-hop',
    tail: '<address:ipv4>',
    build: values => ({ kind: 'next-hop-address', address: values.ipv4('address') }),
  },
  { head: 'ip next-hop type', tail: 'blackhole', build: () => ({ kind: 'next-hop-blackhole' }) },
  named('ip route-source prefix-list', 'route-source-prefix-list'),
  named('ip route-source', 'route-source-access-list'),
  named('as-path', 'as-path'),
  listed('community'),
  listed('large-community'),
  numbered('metric', 'metric'),
  numbered('local-preference', 'local-preference'),
  numbered('tag', 'tag'),
  {
    head: 'origin',
    tail: '<origin=egp|igp|incomplete>',
    build: values => ({ kind: 'origin', value: values.text('origin') as BgpOrigin }),
  },
  {
    head: 'peer',
    tail: '(<address:ipv4>|local)',
    build: values => ({ kind: 'peer', address: values.has('local') ? 'local' : values.ipv4('address') }),
  },
  named('interface', 'interface'),
  {
    head: 'source-protocol',
    tail: '<protocol:word>',
    build: values => ({ kind: 'source-protocol', protocol: values.text('protocol') }),
  },
]

/** Clauses that FRR knows and the simulated routes have nothing for: they never match. */
const NEVER = [
  'ipv6 <what:rest>',
  'mac address <what:rest>',
  'evpn <what:rest>',
  'extcommunity <what:rest>',
  'rpki <what:rest>',
  'rpki-extcommunity <what:rest>',
  'probability <what:rest>',
  'alias <what:rest>',
  'source-instance <what:rest>',
  'source-vrf <what:rest>',
  'ip next-hop prefix-len <what:rest>',
  'peer <what:word>',
  'command <what:rest>',
]

/** `match …`: all clauses of an entry must hold. */
export const routeMapMatchStatements: readonly Statement[] = [
  ...CLAUSES.map(toStatement),
  ...NEVER.map(
    (syntax): Statement => ({
      node: 'route-map',
      syntax: `match ${syntax}`,
      no: `match ${syntax}`,
      isWholeWords: true,
      apply(context, values) {
        const what = values.line.split(' ').slice(0, 2).join(' ')
        if (!values.isNegated) context.unmodelled(`route-map … ${what} (taken as no match)`)
        // A prefix-list of this name cannot exist, and a match on a list that does not exist fails.
        const never: RouteMapMatch = { kind: 'prefix-list', name: values.line }
        setMatch(context.routeMapEntry, values, values.line, never)
      },
    }),
  ),
]

function toStatement({ head, tail, build }: Clause): Statement {
  return {
    node: 'route-map',
    syntax: `match ${head} ${tail}`,
    no: `match ${head} [${tail}]`,
    apply(context, values) {
      const match = values.isNegated ? undefined : build(values)
      setMatch(context.routeMapEntry, values, `match ${head}`, match)
    },
  }
}

/** One clause of a head per entry: the later one counts. */
function setMatch(
  entry: RouteMapEntryDraft,
  values: StatementArguments,
  head: string,
  match: RouteMapMatch | undefined,
): void {
  const position = [...entry.lines.keys()].filter(key => key.startsWith('match ')).indexOf(head)
  if (position >= 0) {
    entry.matches.splice(position, 1)
    entry.lines.delete(head)
  }
  if (values.isNegated || match === undefined) return
  entry.matches.push(match)
  entry.lines.set(head, values.line)
}

function named(
  head: string,
  kind: Exclude<Extract<RouteMapMatch, { readonly name: string }>['kind'], 'community' | 'large-community'>,
): Clause {
  return {
    head,
    tail: '<name:word>',
    build: values => ({ kind, name: values.text('name') }),
  }
}

function listed(kind: 'community' | 'large-community'): Clause {
  return {
    head: kind,
    tail: '<name:word> [<exact=exact-match>]',
    build: values => ({ kind, name: values.text('name'), exact: values.has('exact-match') }),
  }
}

function numbered(head: string, kind: 'metric' | 'local-preference' | 'tag'): Clause {
  return { head, tail: '<value:number 0-4294967295>', build: values => ({ kind, value: values.number('value') }) }
}
