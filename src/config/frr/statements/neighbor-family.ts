import type { FamilyOptions, PeerDraft, PolicyNamesDraft } from '../bgp-draft.ts'
import { findPeer, membersOf } from '../peer-lookup.ts'
import type { NodeKind, Statement, StatementContext } from '../statement.ts'
import type { StatementArguments } from '../statement-arguments.ts'

type ApplyToFamily = (
  family: FamilyOptions,
  values: StatementArguments,
  context: StatementContext,
  peer: PeerDraft,
) => void

interface FamilyStatement {
  readonly words: string
  readonly no: string
  readonly apply: ApplyToFamily
}

const DIRECTED: readonly (readonly [keyword: string, option: keyof PolicyNamesDraft])[] = [
  ['route-map', 'routeMap'],
  ['prefix-list', 'prefixList'],
  ['distribute-list', 'distributeList'],
  ['filter-list', 'filterList'],
]

const STATEMENTS: readonly FamilyStatement[] = [
  { words: 'activate', no: 'activate', apply: applyActivate },
  ...DIRECTED.map(([keyword, option]) => policyStatement(keyword, option)),
  {
    words: 'route-reflector-client',
    no: 'route-reflector-client',
    apply: (family, values, context, peer) => applyReflectorClient(family, values, context, peer),
  },
  switchOf('route-server-client', 'routeServerClient'),
  switchOf('soft-reconfiguration inbound', 'softReconfigurationInbound'),
  switchOf('as-override', 'asOverride'),
  switchOf('sender-as-path-loop-detection', 'senderAsPathLoopDetection'),
  {
    words: 'next-hop-self [<how=force|all>]',
    no: 'next-hop-self [<how=force|all>]',
    apply(family, values) {
      const isForced = values.has('force') || values.has('all')
      family.nextHopSelf = values.isNegated ? 'off' : isForced ? 'force' : 'on'
    },
  },
  {
    words: 'allowas-in [(<count:number 1-10>|origin)]',
    no: 'allowas-in [(<count:number 1-10>|origin)]',
    apply(family, values) {
      const given = values.has('origin') ? 'origin' : (values.optionalNumber('count') ?? 3)
      family.allowAsIn = values.isNegated ? undefined : given
    },
  },
  {
    words: 'remove-private-AS [all] [replace-AS]',
    no: 'remove-private-AS [all] [replace-AS]',
    apply(family, values) {
      const given = { all: values.has('all'), replaceAs: values.has('replace-AS') }
      family.removePrivateAs = values.isNegated ? undefined : given
    },
  },
  {
    words: 'default-originate [route-map <name:word>]',
    no: 'default-originate [route-map <name:word>]',
    apply(family, values) {
      const routeMap = values.optionalText('name')
      family.defaultOriginate = values.isNegated ? undefined : routeMap === undefined ? {} : { routeMap }
    },
  },
  {
    words: 'attribute-unchanged {as-path|next-hop|med}',
    no: 'attribute-unchanged {as-path|next-hop|med}',
    apply: applyAttributeUnchanged,
  },
  {
    words: 'nexthop-unchanged',
    no: 'nexthop-unchanged',
    apply(family, values) {
      family.attributeUnchanged = values.isNegated ? undefined : { asPath: false, nextHop: true, med: false }
    },
  },
  {
    words: 'send-community [<kind=both|all|standard|extended|large>]',
    no: 'send-community [<kind=both|all|standard|extended|large>]',
    apply: applySendCommunity,
  },
  {
    words: 'weight <weight:number 0-65535>',
    no: 'weight [<weight:number 0-65535>]',
    apply(family, values) {
      family.weight = values.isNegated ? undefined : values.number('weight')
    },
  },
  {
    words:
      'maximum-prefix <limit:number 1-4294967295> [<threshold:number 1-100>] [(warning-only|restart <minutes:number 1-65535>)] [force]',
    no: 'maximum-prefix [<any:rest>]',
    apply: applyMaximumPrefix,
  },
  {
    words: 'unsuppress-map <name:word>',
    no: 'unsuppress-map [<name:word>]',
    apply(family, values) {
      family.unsuppressMap = values.isNegated ? undefined : values.text('name')
    },
  },
]

/** Statements about a neighbour in IPv4 unicast; they may stand right under `router bgp` too. */
export const neighborFamilyStatements: readonly Statement[] = (['ipv4-unicast', 'bgp'] as const).flatMap(node =>
  STATEMENTS.map(statement => toStatement(node, statement)),
)

function toStatement(node: NodeKind, { words, no, apply }: FamilyStatement): Statement {
  return {
    node,
    syntax: `neighbor <peer:peer> ${words}`,
    no: `neighbor <peer:peer> ${no}`,
    apply(context, values) {
      const peer = findPeer(context, values.text('peer'))
      if (peer !== undefined) apply(peer.family, values, context, peer)
    },
  }
}

type BooleanFamilyOption = {
  [Key in keyof FamilyOptions]-?: boolean extends FamilyOptions[Key] ? Key : never
}[keyof FamilyOptions]

function switchOf(words: string, option: BooleanFamilyOption): FamilyStatement {
  return {
    words,
    no: words,
    apply(family, values) {
      family[option] = !values.isNegated
    },
  }
}

function policyStatement(keyword: string, option: keyof PolicyNamesDraft): FamilyStatement {
  return {
    words: `${keyword} <name:word> <direction=in|out>`,
    no: `${keyword} <name:word> <direction=in|out>`,
    apply(family, values) {
      family[values.text('direction') as 'in' | 'out'][option] = values.isNegated ? undefined : values.text('name')
    },
  }
}

/** On a group it reaches the members of this moment (bgpd/bgpd.c `peer_activate`). */
function applyActivate(...[family, values, context, peer]: Parameters<ApplyToFamily>): void {
  family.activated = !values.isNegated
  if (peer.kind !== 'group') return
  for (const member of membersOf(context.bgp, peer.key)) member.family.activated = family.activated
}

function applyReflectorClient(...[family, values, context, peer]: Parameters<ApplyToFamily>): void {
  const group = peer.group === undefined ? undefined : context.bgp.groups.get(peer.group)
  const remoteAs = peer.options.remoteAs ?? group?.options.remoteAs
  const isInternal = remoteAs === 'internal' || remoteAs === context.bgp.asn
  if (!values.isNegated && peer.kind !== 'group' && remoteAs !== undefined && !isInternal) {
    context.refuse('% Invalid command. Not an internal neighbor')
    return
  }
  family.routeReflectorClient = !values.isNegated
}

function applyAttributeUnchanged(family: FamilyOptions, values: StatementArguments): void {
  const isAll = !['as-path', 'next-hop', 'med'].some(word => values.has(word))
  const before = family.attributeUnchanged ?? { asPath: false, nextHop: false, med: false }
  const value = !values.isNegated
  family.attributeUnchanged = {
    asPath: isAll || values.has('as-path') ? value : before.asPath,
    nextHop: isAll || values.has('next-hop') ? value : before.nextHop,
    med: isAll || values.has('med') ? value : before.med,
  }
}

function applySendCommunity(family: FamilyOptions, values: StatementArguments): void {
  const kind = values.optionalText('kind') ?? 'standard'
  const isAll = kind === 'all'
  const value = !values.isNegated
  if (isAll || kind === 'both' || kind === 'standard') family.sendStandard = value
  if (isAll || kind === 'both' || kind === 'extended') family.sendExtended = value
  if (isAll || kind === 'large') family.sendLarge = value
}

function applyMaximumPrefix(family: FamilyOptions, values: StatementArguments): void {
  if (values.isNegated) {
    family.maximumPrefix = undefined
    return
  }
  const restartMinutes = values.optionalNumber('minutes')
  const threshold = values.optionalNumber('threshold')
  family.maximumPrefix = {
    limit: values.number('limit'),
    warningOnly: values.has('warning-only'),
    ...(restartMinutes === undefined ? {} : { restartMinutes }),
    ...(threshold === undefined || threshold === 75 ? {} : { threshold }),
  }
}
