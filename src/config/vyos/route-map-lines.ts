import type { LineWriter } from './line-writer.ts'
import { type ConfigNode, childrenAt, nodeAt, valueAt, valuesAt } from './tree.ts'

/** Leaves under `match` and the FRR clause they become. */
const MATCHES: readonly (readonly [path: readonly string[], clause: string])[] = [
  [['as-path'], 'as-path'],
  [['interface'], 'interface'],
  [['ip', 'address', 'access-list'], 'ip address'],
  [['ip', 'address', 'prefix-list'], 'ip address prefix-list'],
  [['ip', 'address', 'prefix-len'], 'ip address prefix-len'],
  [['ip', 'nexthop', 'address'], 'ip next-hop address'],
  [['ip', 'nexthop', 'access-list'], 'ip next-hop'],
  [['ip', 'nexthop', 'prefix-list'], 'ip next-hop prefix-list'],
  [['ip', 'nexthop', 'prefix-len'], 'ip next-hop prefix-len'],
  [['ip', 'nexthop', 'type'], 'ip next-hop type'],
  [['ip', 'route-source', 'access-list'], 'ip route-source'],
  [['ip', 'route-source', 'prefix-list'], 'ip route-source prefix-list'],
  [['ipv6', 'address', 'access-list'], 'ipv6 address'],
  [['ipv6', 'address', 'prefix-list'], 'ipv6 address prefix-list'],
  [['local-preference'], 'local-preference'],
  [['metric'], 'metric'],
  [['origin'], 'origin'],
  [['peer'], 'peer'],
  [['protocol'], 'source-protocol'],
  [['source-vrf'], 'source-vrf'],
  [['rpki'], 'rpki'],
  [['tag'], 'tag'],
]

/** Leaves under `set`; the first two are the names before 1.4. */
const SETS: readonly (readonly [path: readonly string[], clause: string])[] = [
  [['as-path-exclude'], 'as-path exclude'],
  [['as-path-prepend'], 'as-path prepend'],
  [['as-path', 'exclude'], 'as-path exclude'],
  [['as-path', 'prepend'], 'as-path prepend'],
  [['as-path', 'prepend-last-as'], 'as-path prepend last-as'],
  [['distance'], 'distance'],
  [['extcommunity', 'bandwidth'], 'extcommunity bandwidth'],
  [['extcommunity', 'rt'], 'extcommunity rt'],
  [['extcommunity', 'soo'], 'extcommunity soo'],
  [['ip-next-hop'], 'ip next-hop'],
  [['ipv6-next-hop', 'global'], 'ipv6 next-hop global'],
  [['ipv6-next-hop', 'local'], 'ipv6 next-hop local'],
  [['local-preference'], 'local-preference'],
  [['metric'], 'metric'],
  [['metric-type'], 'metric-type'],
  [['origin'], 'origin'],
  [['originator-id'], 'originator-id'],
  [['src'], 'src'],
  [['table'], 'table'],
  [['tag'], 'tag'],
  [['weight'], 'weight'],
]

/** `policy route-map` as FRR lines. */
export function writeRouteMaps(policy: ConfigNode, writer: LineWriter): void {
  for (const map of childrenAt(policy, 'route-map')) {
    nodeAt(map, 'description')
    for (const rule of childrenAt(map, 'rule')) writeRule(map, rule, writer)
  }
}

function writeRule(map: ConfigNode, rule: ConfigNode, writer: LineWriter): void {
  const action = valueAt(rule, 'action')
  if (action === undefined) {
    writer.refuse(`Action must be specified for rule ${rule.name} of route-map ${map.name}`, rule)
    return
  }
  writer.add(`route-map ${map.name} ${action} ${rule.name}`, rule)
  for (const [name, words] of [
    ['description', 'description'],
    ['call', 'call'],
    ['continue', 'on-match goto'],
  ] as const) {
    const value = valueAt(rule, name)
    if (value !== undefined) writer.add(`${words} ${value}`, nodeAt(rule, name)!)
  }
  writeMatches(nodeAt(rule, 'match'), writer)
  writer.addIf(nodeAt(rule, 'on-match', 'next'), 'on-match next')
  const goto = valueAt(rule, 'on-match', 'goto')
  if (goto !== undefined) writer.add(`on-match goto ${goto}`, rule)
  writeSets(nodeAt(rule, 'set'), writer)
  writer.add('exit', rule)
}

function writeMatches(match: ConfigNode | undefined, writer: LineWriter): void {
  for (const [path, clause] of MATCHES) {
    const value = valueAt(match, ...path)
    if (value !== undefined) writer.add(`match ${clause} ${value}`, nodeAt(match, ...path)!)
  }
  for (const kind of ['community', 'large-community']) {
    const node = nodeAt(match, kind)
    const list = valueAt(node, `${kind}-list`)
    const exact = nodeAt(node, 'exact-match') === undefined ? '' : 'exact-match'
    if (list !== undefined) writer.add(`match ${kind} ${list} ${exact}`, node!)
  }
  // Before 1.4 the access list and the prefix list of a next hop were written the same way as its address.
  const nextHop = nodeAt(match, 'ip', 'nexthop')
  if (nextHop !== undefined && nextHop.values.length > 0)
    writer.add(`match ip next-hop ${nextHop.values.at(-1)!.text}`, nextHop)
}

function writeSets(set: ConfigNode | undefined, writer: LineWriter): void {
  for (const [path, clause] of SETS) {
    const value = valueAt(set, ...path)
    if (value !== undefined) writer.add(`set ${clause} ${value}`, nodeAt(set, ...path)!)
  }
  writer.addIf(nodeAt(set, 'atomic-aggregate'), 'set atomic-aggregate')
  const aggregator = nodeAt(set, 'aggregator')
  writer.addIf(aggregator, `set aggregator as ${valueAt(aggregator, 'as') ?? ''} ${valueAt(aggregator, 'ip') ?? ''}`)
  writeCommunities(nodeAt(set, 'community'), 'community', 'comm-list', writer)
  writeCommunities(nodeAt(set, 'large-community'), 'large-community', 'large-comm-list', writer)
}

/** `replace X` overwrites, `add X` is FRR's additive, `delete L` takes a list, `none` empties; a bare value is the old form. */
function writeCommunities(node: ConfigNode | undefined, word: string, listWord: string, writer: LineWriter): void {
  if (node === undefined) return
  const texts = (name: string) =>
    valuesAt(node, name)
      .map(value => value.text)
      .join(' ')
  const bare = node.values.map(value => value.text).join(' ')
  if (bare !== '') writer.add(`set ${word} ${bare}`, node)
  if (nodeAt(node, 'replace') !== undefined) writer.add(`set ${word} ${texts('replace')}`, node)
  if (nodeAt(node, 'add') !== undefined) writer.add(`set ${word} ${texts('add')} additive`, node)
  if (nodeAt(node, 'none') !== undefined) writer.add(`set ${word} none`, node)
  const list = valueAt(node, 'delete')
  if (list !== undefined) writer.add(`set ${listWord} ${list} delete`, node)
}
