import type { LineWriter } from './line-writer.ts'
import { type ConfigNode, childrenAt, nodeAt, valueAt } from './tree.ts'

/** Leaves without a value, by their FRR words. */
const SWITCHES: readonly (readonly [path: readonly string[], words: string])[] = [
  [['shutdown'], 'shutdown'],
  [['passive'], 'passive'],
  [['solo'], 'solo'],
  [['disable-connected-check'], 'disable-connected-check'],
  [['enforce-first-as'], 'enforce-first-as'],
  [['override-capability'], 'override-capability'],
  [['strict-capability-match'], 'strict-capability-match'],
  [['disable-capability-negotiation'], 'dont-capability-negotiate'],
  [['capability', 'dynamic'], 'capability dynamic'],
  [['capability', 'extended-nexthop'], 'capability extended-nexthop'],
  [['capability', 'software-version'], 'capability software-version'],
  [['bfd'], 'bfd'],
]
/** Leaves with a value. */
const VALUES: readonly (readonly [path: readonly string[], words: string])[] = [
  [['description'], 'description'],
  [['ebgp-multihop'], 'ebgp-multihop'],
  [['update-source'], 'update-source'],
  [['password'], 'password'],
  [['port'], 'port'],
  [['ttl-security', 'hops'], 'ttl-security hops'],
  [['advertisement-interval'], 'advertisement-interval'],
  [['timers', 'connect'], 'timers connect'],
  [['bfd', 'profile'], 'bfd profile'],
]
const FAMILY_SWITCHES: readonly (readonly [path: readonly string[], words: string])[] = [
  [['as-override'], 'as-override'],
  [['route-reflector-client'], 'route-reflector-client'],
  [['route-server-client'], 'route-server-client'],
  [['soft-reconfiguration', 'inbound'], 'soft-reconfiguration inbound'],
  [['addpath-tx-all'], 'addpath-tx-all-paths'],
  [['addpath-tx-per-as'], 'addpath-tx-bestpath-per-AS'],
]

/** A neighbour or peer-group: session lines, then its family, which always ends with `activate`. */
export function writePeer(bgp: ConfigNode, peer: ConfigNode, isGroup: boolean, asn: string, writer: LineWriter): void {
  const head = `neighbor ${peer.name}`
  const group = groupOf(peer)
  const groupNode = group === undefined ? undefined : nodeAt(bgp, 'peer-group', group)
  const remoteAs = remoteAsOf(peer) ?? remoteAsOf(groupNode)
  if (!isGroup && remoteAs === undefined) {
    writer.refuse(`Neighbor "${peer.name}" remote-as must be set!`, peer)
    return
  }
  if (group !== undefined && groupNode === undefined) {
    writer.refuse(`Specified peer-group "${group}" for neighbor "${peer.name}" does not exist!`, peer)
    return
  }
  writeIdentity(peer, group, writer)
  for (const [path, words] of SWITCHES) writer.addIf(nodeAt(peer, ...path), `${head} ${words}`)
  for (const [path, words] of VALUES) {
    const value = valueAt(peer, ...path)
    if (value !== undefined) writer.add(`${head} ${words} ${value}`, nodeAt(peer, ...path)!)
  }
  const [keepalive, hold] = [valueAt(peer, 'timers', 'keepalive'), valueAt(peer, 'timers', 'holdtime')]
  if (keepalive !== undefined && hold !== undefined) writer.add(`${head} timers ${keepalive} ${hold}`, peer)
  writeLocalAs(peer, writer)
  writeGracefulRestart(peer, writer)
  checkPeer(peer, remoteAs, asn, writer)
  writeFamily(peer, groupNode, isGroup, writer)
}

function remoteAsOf(peer: ConfigNode | undefined): string | undefined {
  return (
    valueAt(peer, 'remote-as') ??
    valueAt(peer, 'interface', 'remote-as') ??
    valueAt(peer, 'interface', 'v6only', 'remote-as')
  )
}

/** The group may be named on the neighbour, its interface or, in old files, its family. */
function groupOf(peer: ConfigNode): string | undefined {
  const places = [
    [],
    ['interface'],
    ['interface', 'v6only'],
    ['address-family', 'ipv4-unicast'],
    ['address-family', 'ipv6-unicast'],
  ]
  const named = places.map(path => valueAt(peer, ...path, 'peer-group'))
  return named.find(name => name !== undefined)
}

function writeIdentity(peer: ConfigNode, group: string | undefined, writer: LineWriter): void {
  const head = `neighbor ${peer.name}`
  const own = valueAt(peer, 'remote-as')
  const interfaceNode = nodeAt(peer, 'interface')
  if (interfaceNode !== undefined) {
    const v6Only = nodeAt(interfaceNode, 'v6only') === undefined ? '' : 'v6only'
    const remote = remoteAsOf(peer) ?? valueAt(interfaceNode, 'v6only', 'remote-as')
    writer.add(`${head} interface ${v6Only} ${remote === undefined ? '' : `remote-as ${remote}`}`, peer)
    const source = valueAt(interfaceNode, 'source-interface')
    if (source !== undefined) writer.add(`${head} interface ${source}`, interfaceNode)
  } else if (own !== undefined) writer.add(`${head} remote-as ${own}`, peer)
  if (group !== undefined) writer.add(`${head} peer-group ${group}`, peer)
}

function writeLocalAs(peer: ConfigNode, writer: LineWriter): void {
  for (const local of childrenAt(peer, 'local-as')) {
    const noPrepend = nodeAt(local, 'no-prepend')
    const replace = nodeAt(noPrepend, 'replace-as') === undefined ? '' : 'replace-as'
    writer.add(
      `neighbor ${peer.name} local-as ${local.name} ${noPrepend === undefined ? '' : `no-prepend ${replace}`}`,
      local,
    )
  }
}

function writeGracefulRestart(peer: ConfigNode, writer: LineWriter): void {
  const mode = valueAt(peer, 'graceful-restart')
  const suffixes: Readonly<Record<string, string>> = { enable: '', disable: '-disable', 'restart-helper': '-helper' }
  const suffix = mode === undefined ? undefined : suffixes[mode]
  if (suffix !== undefined) writer.add(`neighbor ${peer.name} graceful-restart${suffix}`, peer)
}

/** Rules of VyOS's commit (src/conf_mode/protocols_bgp.py `verify`). */
function checkPeer(peer: ConfigNode, remoteAs: string | undefined, asn: string, writer: LineWriter): void {
  if (nodeAt(peer, 'ttl-security', 'hops') !== undefined && nodeAt(peer, 'ebgp-multihop') !== undefined) {
    writer.refuse('You can not set both ebgp-multihop and ttl-security hops', peer)
  }
  const isInternal = remoteAs === undefined || remoteAs === 'internal' || remoteAs === asn
  const client = nodeAt(peer, 'address-family', 'ipv4-unicast', 'route-reflector-client')
  if (client !== undefined && !isInternal) {
    writer.refuse('route-reflector-client only supported for iBGP peers', client)
  }
}

function writeFamily(peer: ConfigNode, group: ConfigNode | undefined, isGroup: boolean, writer: LineWriter): void {
  const families = nodeAt(peer, 'address-family')
  const family = nodeAt(families, 'ipv4-unicast')
  if (family === undefined) {
    const hasOther = families !== undefined || nodeAt(group, 'address-family') !== undefined
    if (!isGroup && !hasOther) writer.warn(`BGP neighbor "${peer.name}" requires address-family!`, peer)
    return
  }
  const head = `neighbor ${peer.name}`
  writer.add('address-family ipv4 unicast', family)
  for (const [path, words] of FAMILY_SWITCHES) writer.addIf(nodeAt(family, ...path), `${head} ${words}`)
  writeFamilyValues(head, family, writer)
  writePolicies(head, family, writer)
  writer.add(`${head} activate`, family)
  writer.add('exit-address-family', family)
}

function writeFamilyValues(head: string, family: ConfigNode, writer: LineWriter): void {
  const allowAs = nodeAt(family, 'allowas-in')
  writer.addIf(allowAs, `${head} allowas-in ${valueAt(allowAs, 'number') ?? ''}`)
  const self = nodeAt(family, 'nexthop-self')
  writer.addIf(self, `${head} next-hop-self ${nodeAt(self, 'force') === undefined ? '' : 'force'}`)
  const privateAs = nodeAt(family, 'remove-private-as')
  writer.addIf(privateAs, `${head} remove-private-AS ${nodeAt(privateAs, 'all') === undefined ? '' : 'all'}`)
  const originate = nodeAt(family, 'default-originate')
  const map = valueAt(originate, 'route-map')
  writer.addIf(originate, `${head} default-originate ${map === undefined ? '' : `route-map ${map}`}`)
  for (const [name, words] of [
    ['maximum-prefix', 'maximum-prefix'],
    ['maximum-prefix-out', 'maximum-prefix-out'],
    ['weight', 'weight'],
    ['unsuppress-map', 'unsuppress-map'],
  ] as const) {
    const value = valueAt(family, name)
    if (value !== undefined) writer.add(`${head} ${words} ${value}`, nodeAt(family, name)!)
  }
  const unchanged = nodeAt(family, 'attribute-unchanged')
  const kinds = ['as-path', 'next-hop', 'med'].filter(kind => nodeAt(unchanged, kind) !== undefined)
  writer.addIf(unchanged, `${head} attribute-unchanged ${kinds.join(' ')}`)
  for (const kind of ['standard', 'extended']) {
    writer.addIf(nodeAt(family, 'disable-send-community', kind), `no ${head} send-community ${kind}`)
  }
  for (const nexthop of ['nexthop-local'])
    writer.addIf(nodeAt(family, nexthop, 'unchanged'), `${head} ${nexthop} unchanged`)
  const advertise = valueAt(family, 'conditionally-advertise', 'advertise-map')
  if (advertise !== undefined) {
    const condition = ['exist-map', 'non-exist-map'].map(name => [
      name,
      valueAt(family, 'conditionally-advertise', name),
    ])
    const [name, value] = condition.find(([, given]) => given !== undefined) ?? []
    writer.add(`${head} advertise-map ${advertise} ${name ?? ''} ${value ?? ''}`, family)
  }
}

function writePolicies(head: string, family: ConfigNode, writer: LineWriter): void {
  for (const kind of ['distribute-list', 'filter-list', 'prefix-list', 'route-map']) {
    for (const [direction, word] of [
      ['import', 'in'],
      ['export', 'out'],
    ] as const) {
      const name = valueAt(family, kind, direction)
      if (name !== undefined) writer.add(`${head} ${kind} ${name} ${word}`, nodeAt(family, kind, direction)!)
    }
  }
}
