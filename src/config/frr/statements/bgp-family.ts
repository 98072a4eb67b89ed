import type { BgpOrigin } from '../../../model/policy.ts'
import { type Prefix, prefixOf } from '../../../wire/address.ts'
import type { NodeKind, Statement, StatementContext } from '../statement.ts'
import type { StatementArguments } from '../statement-arguments.ts'
import { maskLength } from './static-route.ts'

const NETWORK =
  'network (<prefix:prefix>|<address:ipv4> mask <mask:ipv4>|<address:ipv4>) ' +
  '{route-map <route-map:word>|backdoor|label-index <label:number 0-1048560>}'
const AGGREGATE =
  'aggregate-address (<prefix:prefix>|<address:ipv4> <mask:ipv4>) {as-set|summary-only|route-map <route-map:word>|' +
  'suppress-map <suppress-map:word>|origin <origin=egp|igp|incomplete>|matching-MED-only}'
const REDISTRIBUTE =
  'redistribute <protocol=connected|kernel|static|ospf|isis|rip|eigrp|babel|nhrp|sharp|vnc|openfabric|table|local> ' +
  '[<instance:number 1-65535>] {metric <metric:number 0-4294967295>|route-map <route-map:word>}'

/** Statements of the IPv4 unicast family that are not about one neighbour; they may stand right under `router bgp` too. */
export const bgpFamilyStatements: readonly Statement[] = (['ipv4-unicast', 'bgp'] as const).flatMap(familyStatements)

function familyStatements(node: NodeKind): readonly Statement[] {
  return [
    { node, syntax: NETWORK, no: NETWORK, apply: applyNetwork },
    { node, syntax: AGGREGATE, no: AGGREGATE, apply: applyAggregate },
    { node, syntax: REDISTRIBUTE, no: REDISTRIBUTE, apply: applyRedistribute },
    {
      node,
      syntax: 'maximum-paths <count:number 1-256>',
      no: 'maximum-paths [<count:number 1-256>]',
      apply({ bgp }, values) {
        bgp.maximumPathsEbgp = values.isNegated ? undefined : values.number('count')
      },
    },
    {
      node,
      syntax: 'maximum-paths ibgp <count:number 1-256> [equal-cluster-length]',
      no: 'maximum-paths ibgp [<count:number 1-256> [equal-cluster-length]]',
      apply({ bgp }, values) {
        bgp.maximumPathsIbgp = values.isNegated ? undefined : values.number('count')
        bgp.isIbgpEqualClusterLength = !values.isNegated && values.has('equal-cluster-length')
      },
    },
    {
      node,
      syntax: 'distance bgp <external:number 1-255> <internal:number 1-255> <local:number 1-255>',
      no: 'distance bgp [<external:number 1-255> <internal:number 1-255> <local:number 1-255>]',
      apply({ bgp }, values) {
        const read = () => ({
          external: values.number('external'),
          internal: values.number('internal'),
          local: values.number('local'),
        })
        bgp.distance = values.isNegated ? undefined : read()
      },
    },
    {
      node,
      syntax: 'table-map <name:word>',
      no: 'table-map [<name:word>]',
      apply({ bgp }, values) {
        bgp.tableMap = values.isNegated ? undefined : values.text('name')
      },
    },
  ]
}

function applyNetwork(context: StatementContext, values: StatementArguments): void {
  const prefix = networkPrefix(values)
  if (values.has('label-index')) context.unmodelled('network … label-index')
  const { networks } = context.bgp
  if (values.isNegated) {
    if (!networks.delete(prefix)) context.refuse("% Can't find static route specified")
    return
  }
  const routeMap = values.optionalText('route-map')
  networks.set(prefix, {
    prefix,
    ...(routeMap === undefined ? {} : { routeMap }),
    backdoor: values.has('backdoor'),
    source: context.source,
  })
}

/** An address without a length takes its class's, as in lib/prefix.c `str2prefix` with `netmask_str2prefix_str`. */
function networkPrefix(values: StatementArguments): Prefix {
  const prefix = values.optionalPrefix('prefix')
  if (prefix !== undefined) return prefix
  const address = values.ipv4('address')
  const mask = values.optionalIpv4('mask')
  if (mask !== undefined) return prefixOf(address, maskLength(mask))
  if (address === 0) return prefixOf(0, 0)
  const first = address >>> 24
  return prefixOf(address, first < 128 ? 8 : first < 192 ? 16 : first < 224 ? 24 : 32)
}

function applyAggregate(context: StatementContext, values: StatementArguments): void {
  const given = values.optionalPrefix('prefix')
  const prefix = given ?? prefixOf(values.ipv4('address'), maskLength(values.ipv4('mask')))
  const { aggregates } = context.bgp
  if (values.isNegated) {
    if (!aggregates.delete(prefix)) context.refuse('% There is no aggregate-address configuration.')
    return
  }
  const routeMap = values.optionalText('route-map')
  const suppressMap = values.optionalText('suppress-map')
  if (suppressMap !== undefined && values.has('summary-only')) {
    context.refuse("'summary-only' and 'suppress-map' can't be used at the same time")
    return
  }
  aggregates.set(prefix, {
    prefix,
    asSet: values.has('as-set'),
    summaryOnly: values.has('summary-only'),
    ...(routeMap === undefined ? {} : { routeMap }),
    ...(suppressMap === undefined ? {} : { suppressMap }),
    ...(values.has('origin') ? { origin: values.text('origin') as BgpOrigin } : {}),
    matchingMedOnly: values.has('matching-MED-only'),
    source: context.source,
  })
}

function applyRedistribute(context: StatementContext, values: StatementArguments): void {
  const protocol = values.text('protocol')
  if (protocol !== 'connected' && protocol !== 'kernel' && protocol !== 'static') {
    context.unmodelled(`redistribute ${protocol}`)
    return
  }
  const { redistribute } = context.bgp
  if (values.isNegated) redistribute.delete(protocol)
  else {
    redistribute.set(protocol, {
      protocol,
      metric: values.optionalNumber('metric'),
      routeMap: values.optionalText('route-map'),
      source: context.source,
    })
  }
}
