import { formatIpv4, formatPrefix, type Prefix, prefixOf } from '../../../wire/address.ts'
import type { StaticRouteDraft } from '../draft.ts'
import type { Statement, StatementContext } from '../statement.ts'
import type { StatementArguments } from '../statement-arguments.ts'

const DESTINATION = '(<prefix:prefix>|<address:ipv4> <mask:ipv4>)'
const OPTIONS =
  '{tag <tag:number 1-4294967295>|<distance:number 1-255>|onlink|table <table:number 1-4294967295>|' +
  'label <label:word>|nexthop-vrf <nexthop-vrf:word>|vrf <vrf:word>|color <color:number 1-4294967295>}'
const NEXT_HOPS = ['<type=reject|blackhole>', '<gateway:ipv4>', '<gateway:ipv4> <interface:word>', '<interface:word>']

/** `ip route`, in all forms of FRR's staticd (staticd/static_vty.c). */
export const staticRouteStatements: readonly Statement[] = [
  ...NEXT_HOPS.map((nextHop): Statement => {
    const syntax = `ip route ${DESTINATION} ${nextHop} ${OPTIONS}`
    return { node: 'config', syntax, no: syntax, apply: applyStaticRoute }
  }),
]

function applyStaticRoute(context: StatementContext, values: StatementArguments): void {
  const prefix = destinationOf(values)
  for (const option of ['table', 'label', 'nexthop-vrf', 'vrf', 'color']) {
    if (!values.has(option)) continue
    if (values.optionalText(option === 'table' || option === 'color' ? 'none' : option) === 'default') continue
    context.unmodelled(`ip route … ${option}`)
    return
  }
  const route = buildRoute(prefix, values, context)
  const routes = context.draft.staticRoutes
  const at = routes.findIndex(known => isSameNextHop(known, route))
  if (at >= 0) routes.splice(at, 1)
  const isMixed = routes.some(
    known =>
      known.prefix === prefix &&
      known.distance === route.distance &&
      (known.type === 'unicast') !== (route.type === 'unicast'),
  )
  if (isMixed && !values.isNegated) {
    context.refuse('% Configuration failed: route cannot have blackhole and other next hops at one distance')
    return
  }
  if (!values.isNegated) routes.push(route)
}

/** A mask with holes counts up to the first one (lib/prefix.c `ip_masklen`; measured on 8.4.4). */
export function maskLength(mask: number): number {
  return Math.clz32(~mask)
}

function destinationOf(values: StatementArguments): Prefix {
  const prefix = values.optionalPrefix('prefix')
  if (prefix !== undefined) return prefix
  return prefixOf(values.ipv4('address'), maskLength(values.ipv4('mask')))
}

function buildRoute(prefix: Prefix, values: StatementArguments, { source }: StatementContext): StaticRouteDraft {
  const word = values.optionalText('interface')
  const gateway = values.optionalIpv4('gateway')
  const isNull = word?.toLowerCase() === 'null0' && gateway === undefined
  // `GATEWAY Null0` is taken as the gateway alone (measured on 8.4.4).
  const written = word?.toLowerCase() === 'null0' ? undefined : word
  const type = values.has('reject') ? 'unreachable' : values.has('blackhole') || isNull ? 'blackhole' : 'unicast'
  const tag = values.optionalNumber('tag')
  const distance = values.optionalNumber('distance') ?? 1
  const onlink = values.has('onlink')
  const target = isNull
    ? 'Null0'
    : (values.optionalText('type') ?? [gateway && formatIpv4(gateway), written].filter(Boolean).join(' '))
  const tail = [tag === undefined ? '' : ` tag ${tag}`, distance === 1 ? '' : ` ${distance}`, onlink ? ' onlink' : '']
  return {
    prefix,
    type,
    ...(gateway === undefined ? {} : { gateway }),
    ...(written === undefined ? {} : { interface: written }),
    distance,
    ...(tag === undefined ? {} : { tag }),
    onlink,
    source,
    text: `ip route ${formatPrefix(prefix)} ${target}${tail.join('')}`,
  }
}

/**
 * A next hop exists once per prefix: a later line moves it to its own distance and tag. `Null0`, `blackhole` and `reject` are
 * one and the same next hop: its kind is not part of the key (staticd/static_vty.c `static_route_leak`; measured on 8.4.4).
 */
function isSameNextHop(one: StaticRouteDraft, other: StaticRouteDraft): boolean {
  return one.prefix === other.prefix && one.gateway === other.gateway && one.interface === other.interface
}
