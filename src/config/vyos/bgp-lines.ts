import { writePeer } from './bgp-peer-lines.ts'
import type { LineWriter } from './line-writer.ts'
import { type ConfigNode, childrenAt, nodeAt, valueAt } from './tree.ts'

/** Leaves of `parameters` that become `bgp …` with the same words. */
const PARAMETERS: readonly (readonly string[])[] = [
  ['always-compare-med'],
  ['deterministic-med'],
  ['log-neighbor-changes'],
  ['fast-convergence'],
  ['graceful-shutdown'],
  ['suppress-fib-pending'],
  ['reject-as-sets'],
  ['allow-martian-nexthop'],
  ['bestpath', 'as-path', 'multipath-relax'],
  ['bestpath', 'as-path', 'ignore'],
  ['bestpath', 'as-path', 'confed'],
  ['bestpath', 'compare-routerid'],
  ['bestpath', 'med', 'confed'],
  ['bestpath', 'med', 'missing-as-worst'],
  ['bestpath', 'peer-type', 'multipath-relax'],
]
const NEGATIVE_PARAMETERS: readonly (readonly [name: string, words: string])[] = [
  ['no-client-to-client-reflection', 'client-to-client reflection'],
  ['no-fast-external-failover', 'fast-external-failover'],
  ['no-suppress-duplicates', 'suppress-duplicates'],
  ['no-hard-administrative-reset', 'hard-administrative-reset'],
  ['no-ipv6-auto-ra', 'ipv6-auto-ra'],
]

/** `protocols bgp` as VyOS's template writes it for FRR (data/templates/frr/bgpd.frr.j2). */
export function writeBgp(root: ConfigNode, writer: LineWriter): void {
  const bgp = nodeAt(root, 'protocols', 'bgp')
  if (bgp === undefined) return
  const asn = valueAt(bgp, 'system-as')
  if (asn === undefined) {
    writer.refuse('BGP "system-as" number must be defined', bgp)
    return
  }
  writer.add(`router bgp ${asn}`, bgp)
  const requiresPolicy = nodeAt(bgp, 'parameters', 'ebgp-requires-policy')
  writer.add(`${requiresPolicy === undefined ? 'no ' : ''}bgp ebgp-requires-policy`, bgp)
  writer.add('no bgp default ipv4-unicast', bgp)
  writer.add('no bgp network import-check', bgp)
  writeFamily(bgp, writer)
  for (const group of childrenAt(bgp, 'peer-group')) writer.add(`neighbor ${group.name} peer-group`, group)
  for (const group of childrenAt(bgp, 'peer-group')) writePeer(bgp, group, true, asn, writer)
  for (const neighbor of childrenAt(bgp, 'neighbor')) writePeer(bgp, neighbor, false, asn, writer)
  writeListen(bgp, writer)
  writeParameters(nodeAt(bgp, 'parameters'), writer)
  const [keepalive, hold] = [valueAt(bgp, 'timers', 'keepalive'), valueAt(bgp, 'timers', 'holdtime')]
  if (keepalive !== undefined && hold !== undefined)
    writer.add(`timers bgp ${keepalive} ${hold}`, nodeAt(bgp, 'timers')!)
  writer.add('exit', bgp)
}

function writeFamily(bgp: ConfigNode, writer: LineWriter): void {
  const family = nodeAt(bgp, 'address-family', 'ipv4-unicast')
  if (family === undefined) return
  writer.add('address-family ipv4 unicast', family)
  for (const aggregate of childrenAt(family, 'aggregate-address')) {
    const words = ['as-set', 'summary-only'].filter(word => nodeAt(aggregate, word) !== undefined)
    writer.add(`aggregate-address ${aggregate.name} ${words.join(' ')} ${routeMapOf(aggregate)}`, aggregate)
  }
  for (const [name, words] of [
    ['ebgp', ''],
    ['ibgp', 'ibgp '],
  ] as const) {
    const count = valueAt(family, 'maximum-paths', name)
    if (count !== undefined) writer.add(`maximum-paths ${words}${count}`, family)
  }
  for (const protocol of childrenAt(family, 'redistribute')) writeRedistribute(protocol, writer)
  for (const network of childrenAt(family, 'network')) {
    const backdoor = nodeAt(network, 'backdoor') === undefined ? '' : 'backdoor'
    writer.add(`network ${network.name} ${routeMapOf(network)} ${backdoor}`, network)
  }
  const distance = nodeAt(family, 'distance')
  if (distance !== undefined) writeDistance(distance, writer)
  writer.add('exit-address-family', family)
}

function writeRedistribute(protocol: ConfigNode, writer: LineWriter): void {
  if (protocol.name === 'table') {
    for (const { name } of childrenAt(protocol)) writer.add(`redistribute table ${name}`, protocol)
    return
  }
  const metric = valueAt(protocol, 'metric')
  writer.add(
    `redistribute ${protocol.name} ${metric === undefined ? '' : `metric ${metric}`} ${routeMapOf(protocol)}`,
    protocol,
  )
}

/** All three distances are needed, or VyOS refuses. */
function writeDistance(distance: ConfigNode, writer: LineWriter): void {
  const values = ['external', 'internal', 'local'].map(name => valueAt(distance, name))
  if (values.every(value => value !== undefined)) writer.add(`distance bgp ${values.join(' ')}`, distance)
  else writer.refuse('Missing mandatory configuration option for global administrative distance', distance)
}

function writeListen(bgp: ConfigNode, writer: LineWriter): void {
  const listen = nodeAt(bgp, 'listen')
  if (listen === undefined) return
  const limit = valueAt(listen, 'limit')
  if (limit !== undefined) writer.add(`bgp listen limit ${limit}`, listen)
  for (const range of childrenAt(listen, 'range')) {
    const group = valueAt(range, 'peer-group')
    if (group === undefined) writer.refuse(`Listen range for prefix "${range.name}" requires peer group`, range)
    else writer.add(`bgp listen range ${range.name} peer-group ${group}`, range)
  }
}

function writeParameters(parameters: ConfigNode | undefined, writer: LineWriter): void {
  if (parameters === undefined) return
  for (const path of PARAMETERS) {
    const node = nodeAt(parameters, ...path)
    if (node !== undefined) writer.add(`bgp ${path.join(' ')}`, node)
  }
  for (const [name, words] of NEGATIVE_PARAMETERS) {
    const node = nodeAt(parameters, name)
    if (node !== undefined) writer.add(`no bgp ${words}`, node)
  }
  for (const name of ['router-id', 'cluster-id', 'minimum-holdtime']) {
    const value = valueAt(parameters, name)
    if (value !== undefined) writer.add(`bgp ${name} ${value}`, nodeAt(parameters, name)!)
  }
  writer.addIf(nodeAt(parameters, 'network-import-check'), 'bgp network import-check')
  const preference = valueAt(parameters, 'default', 'local-pref')
  if (preference !== undefined) writer.add(`bgp default local-preference ${preference}`, parameters)
  const bandwidth = valueAt(parameters, 'bestpath', 'bandwidth')
  if (bandwidth !== undefined) writer.add(`bgp bestpath bandwidth ${bandwidth}`, parameters)
  writeConfederation(parameters, writer)
  writeGracefulRestart(parameters, writer)
  const distance = nodeAt(parameters, 'distance', 'global')
  if (distance === undefined) return
  writer.add('address-family ipv4 unicast', distance)
  writeDistance(distance, writer)
  writer.add('exit-address-family', distance)
}

function writeConfederation(parameters: ConfigNode, writer: LineWriter): void {
  const identifier = valueAt(parameters, 'confederation', 'identifier')
  if (identifier !== undefined) writer.add(`bgp confederation identifier ${identifier}`, parameters)
  const peers = childrenAt(parameters, 'confederation', 'peers').map(peer => peer.name)
  if (peers.length > 0) writer.add(`bgp confederation peers ${peers.join(' ')}`, parameters)
}

function writeGracefulRestart(parameters: ConfigNode, writer: LineWriter): void {
  const node = nodeAt(parameters, 'graceful-restart')
  if (node === undefined) return
  writer.add('bgp graceful-restart', node)
  const stale = valueAt(node, 'stalepath-time')
  if (stale !== undefined) writer.add(`bgp graceful-restart stalepath-time ${stale}`, node)
}

function routeMapOf(node: ConfigNode): string {
  const map = valueAt(node, 'route-map')
  return map === undefined ? '' : `route-map ${map}`
}
