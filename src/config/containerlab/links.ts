import type { EndpointModel, LinkModel } from '../../model/topology.ts'
import { didYouMean } from '../../text/nearest.ts'
import { parseAddressWithLength, parseMac } from '../../wire/address.ts'
import type { YamlPath } from '../yaml-file.ts'
import type { YamlMap, YamlReader } from '../yaml-reader.ts'
import { DEFAULT_LINK_MTU, ENDPOINT_KEYS, LINK_KEYS, MAX_INTERFACE_NAME } from './schema.ts'

/** Left-hand names of brief links that are not nodes. */
const SPECIAL_NODES = ['host', 'mgmt-net'] as const

/**
 * The links, brief (`endpoints: ["a:eth1", "b:eth1"]`) and extended (`type: veth`).
 *
 * @param names all nodes of the file, also those that cannot be simulated
 */
export function convertLinks(reader: YamlReader, value: unknown, names: ReadonlySet<string>): LinkModel[] {
  const links: LinkModel[] = []
  const seen = new Map<string, YamlPath>()
  for (const [index, item] of reader.list(value, ['topology', 'links']).entries()) {
    const path = ['topology', 'links', index]
    const link = convertLink(reader, reader.map(item, path), path, names)
    if (link === undefined) continue
    for (const endpoint of [link.a, link.b]) if (endpoint !== undefined) noteDuplicate(reader, seen, endpoint, path)
    links.push(link)
  }
  return links
}

function noteDuplicate(reader: YamlReader, seen: Map<string, YamlPath>, endpoint: EndpointModel, path: YamlPath): void {
  const key = `${endpoint.node}:${endpoint.interface}`
  const first = seen.get(key)
  if (first !== undefined)
    reader.error(
      'duplicate-endpoint',
      `endpoint ${key} is used by two links (first at line ${reader.file.at(first).line})`,
      path,
    )
  seen.set(key, path)
}

function convertLink(
  reader: YamlReader,
  map: YamlMap,
  path: YamlPath,
  nodes: ReadonlySet<string>,
): LinkModel | undefined {
  reader.onlyKeys(map, Object.keys(LINK_KEYS), path)
  const type = reader.text(map.type, [...path, 'type']) ?? 'veth'
  const common = {
    mtuBytes: reader.integer(map.mtu, [...path, 'mtu'], 68, 65535) ?? DEFAULT_LINK_MTU,
    source: reader.file.at(path),
  }
  if (type === 'veth' || type === 'veth-stitch') {
    const ends = convertEndpoints(reader, map, path, nodes)
    if (ends === undefined) return undefined
    const special = SPECIAL_NODES.find(name => name === ends[0].node || name === ends[1].node)
    return { type: special ?? 'veth', a: ends[0], b: ends[1], ...common }
  }
  if (type === 'dummy' || type === 'host' || type === 'mgmt-net') {
    const a = convertEndpoint(reader, map.endpoint, [...path, 'endpoint'], nodes)
    if (a === undefined) return undefined
    if (type === 'dummy') return { type, a, ...common }
    const hostInterface = reader.text(map['host-interface'], [...path, 'host-interface'])
    if (hostInterface === undefined) {
      reader.error('missing-key', `a link of type "${type}" needs "host-interface"`, path)
      return undefined
    }
    return { type, a, b: { node: type, interface: hostInterface, source: reader.file.at(path) }, ...common }
  }
  reader.error(
    'link-not-modelled',
    `links of type "${type}" are not modelled; modelled are veth, dummy, host and mgmt-net`,
    [...path, 'type'],
  )
  return undefined
}

function convertEndpoints(
  reader: YamlReader,
  map: YamlMap,
  path: YamlPath,
  nodes: ReadonlySet<string>,
): [EndpointModel, EndpointModel] | undefined {
  const list = reader.list(map.endpoints, [...path, 'endpoints'])
  if (list.length !== 2) {
    reader.error('wrong-value', `a link has two endpoints, this one has ${list.length}`, path)
    return undefined
  }
  const addresses = reader.list(map.ipv4, [...path, 'ipv4'])
  const ends = list.map((item, index) => {
    const end = convertEndpoint(reader, item, [...path, 'endpoints', index], nodes)
    return end === undefined ? undefined : withAddress(reader, end, addresses[index], [...path, 'ipv4', index])
  })
  return ends[0] === undefined || ends[1] === undefined ? undefined : [ends[0], ends[1]]
}

function convertEndpoint(
  reader: YamlReader,
  value: unknown,
  path: YamlPath,
  nodes: ReadonlySet<string>,
): EndpointModel | undefined {
  const isText = typeof value === 'string'
  const map = isText ? undefined : reader.map(value, path)
  if (map !== undefined) reader.onlyKeys(map, Object.keys(ENDPOINT_KEYS), path)
  const parts = isText
    ? value.split(':')
    : [reader.text(map?.node, [...path, 'node']), reader.text(map?.interface, [...path, 'interface'])]
  const [node, name] = parts
  if (parts.length !== 2 || !node || !name) {
    reader.error(
      'wrong-value',
      isText ? `"${value}" is not an endpoint (node:interface)` : 'an endpoint needs "node" and "interface"',
      path,
    )
    return undefined
  }
  if (!nodes.has(node) && !SPECIAL_NODES.some(special => special === node)) {
    reader.error(
      'unknown-node',
      node === 'macvlan'
        ? 'macvlan links leave the machine and are not modelled'
        : `there is no node "${node}"${didYouMean(node, nodes)}`,
      path,
    )
    return undefined
  }
  if (name.length > MAX_INTERFACE_NAME)
    reader.error('wrong-value', `interface name "${name}" is longer than ${MAX_INTERFACE_NAME} characters`, path)
  const macText = reader.text(map?.mac, [...path, 'mac'])
  const mac = macText === undefined ? undefined : parseMac(macText)
  if (macText !== undefined && mac === undefined)
    reader.error('wrong-value', `"${macText}" is not a MAC address`, [...path, 'mac'])
  const end: EndpointModel = {
    node,
    interface: name,
    ...(mac === undefined ? {} : { mac }),
    source: reader.file.at(path),
  }
  return withAddress(reader, end, map?.ipv4, [...path, 'ipv4'])
}

function withAddress(reader: YamlReader, end: EndpointModel, value: unknown, path: YamlPath): EndpointModel {
  const text = reader.text(value, path)
  if (text === undefined || text === '') return end
  const address = parseAddressWithLength(text)
  if (address === undefined) {
    reader.error('wrong-value', `"${text}" is not an address with a length such as 10.0.0.1/24`, path)
    return end
  }
  reader.note(
    'warning',
    'link-address',
    'containerlab itself sets link addresses only on some kinds, not on linux',
    path,
  )
  return { ...end, address }
}
