import { type ConfigNode, childOf } from './tree.ts'
import type { ComponentVersions } from './versions.ts'

/** Options that VyOS 1.1 had right under `neighbor` and 1.2 moved into the family (quagga 2-to-3). */
const FAMILY_OPTIONS = [
  'allowas-in',
  'attribute-unchanged',
  'capability',
  'default-originate',
  'disable-send-community',
  'distribute-list',
  'filter-list',
  'maximum-prefix',
  'nexthop-self',
  'prefix-list',
  'remove-private-as',
  'route-map',
  'route-reflector-client',
  'route-server-client',
  'soft-reconfiguration',
  'unsuppress-map',
  'weight',
]

/** Runs the migration scripts of routing that a file of these component versions would meet at boot. */
export function migrate(root: ConfigNode, versions: ComponentVersions): void {
  const protocols = root.children.get('protocols')
  if (protocols === undefined) return
  for (const protocol of ['static', 'ospf', 'isis', 'rip'])
    moveRouteMap(root, protocols.children.get(protocol), protocol)
  const statics = protocols.children.get('static')
  if (statics !== undefined) moveInterfaceRoutes(statics)
  if (protocols.children.has('bgp')) migrateBgp(root, protocols, versions)
}

function migrateBgp(root: ConfigNode, protocols: ConfigNode, versions: ComponentVersions): void {
  if (versions.bgp < 1) unwrapAsn(protocols)
  const bgp = protocols.children.get('bgp')!
  if (versions.quagga < 3) moveFamilyOptions(bgp)
  if (versions.bgp < 2) activateNeighbors(bgp)
  if (versions.bgp < 3) rename(bgp, 'local-as', 'system-as')
  if (versions.bgp < 4) moveRouteMap(root, bgp, 'bgp')
  const paths = bgp.children.get('maximum-paths')
  if (paths === undefined) return
  bgp.children.delete('maximum-paths')
  unicastOf(bgp).children.set('maximum-paths', paths)
}

/** `bgp 65005 { … }` → `bgp { local-as 65005 … }` (bgp 0-to-1). */
function unwrapAsn(protocols: ConfigNode): void {
  const bgp = protocols.children.get('bgp')!
  const tag = [...bgp.children.values()].find(child => /^\d+$/.test(child.name))
  if (tag === undefined) return
  tag.children.set('local-as', leaf('local-as', tag.name, tag))
  protocols.children.set('bgp', { ...bgp, children: tag.children })
}

function moveFamilyOptions(bgp: ConfigNode): void {
  for (const peer of peersOf(bgp, ['neighbor', 'peer-group'])) {
    const options = FAMILY_OPTIONS.filter(name => peer.children.has(name) && name !== 'capability')
    if (options.length === 0) continue
    const family = unicastOf(peer)
    for (const name of options) {
      if (!family.children.has(name)) family.children.set(name, peer.children.get(name)!)
      peer.children.delete(name)
    }
  }
}

/** `no bgp default ipv4-unicast` became fixed: neighbours that relied on the default get the family (bgp 1-to-2). */
function activateNeighbors(bgp: ConfigNode): void {
  const defaults = bgp.children.get('parameters')?.children.get('default')
  if (defaults?.children.delete('no-ipv4-unicast')) return
  for (const neighbor of peersOf(bgp, ['neighbor'])) {
    if (neighbor.children.get('address-family')?.children.has('ipv4-unicast')) continue
    const group = groupOf(neighbor)
    const groupNode = group === undefined ? undefined : bgp.children.get('peer-group')?.children.get(group)
    if (!groupNode?.children.get('address-family')?.children.has('ipv4-unicast')) unicastOf(neighbor)
  }
}

function groupOf(neighbor: ConfigNode): string | undefined {
  const leaves = [neighbor.children.get('peer-group'), neighbor.children.get('interface')?.children.get('peer-group')]
  return leaves.find(node => node !== undefined)?.values.at(-1)?.text
}

/** `protocols P route-map M` → `system ip protocol P route-map M`. */
function moveRouteMap(root: ConfigNode, protocol: ConfigNode | undefined, name: string): void {
  const map = protocol?.children.get('route-map')
  if (protocol === undefined || map === undefined) return
  protocol.children.delete('route-map')
  let node = root
  for (const word of ['system', 'ip', 'protocol', name]) node = childOf(node, word, map.line, map.column)
  node.children.set('route-map', map)
}

/** `interface-route P { next-hop-interface I }` of 1.3 → `route P { interface I }` (quagga 7-to-8). */
function moveInterfaceRoutes(statics: ConfigNode): void {
  const old = statics.children.get('interface-route')
  if (old === undefined) return
  statics.children.delete('interface-route')
  const routes = childOf(statics, 'route', old.line, old.column)
  for (const route of old.children.values()) {
    rename(route, 'next-hop-interface', 'interface')
    const target = childOf(routes, route.name, route.line, route.column)
    for (const [name, child] of route.children) target.children.set(name, child)
  }
}

function rename(node: ConfigNode, from: string, to: string): void {
  const child = node.children.get(from)
  if (child === undefined || node.children.has(to)) return
  node.children.delete(from)
  node.children.set(to, { ...child, name: to })
}

function unicastOf(peer: ConfigNode): ConfigNode {
  const family = childOf(peer, 'address-family', peer.line, peer.column)
  return childOf(family, 'ipv4-unicast', peer.line, peer.column)
}

function peersOf(bgp: ConfigNode, kinds: readonly string[]): readonly ConfigNode[] {
  return kinds.flatMap(kind => [...(bgp.children.get(kind)?.children.values() ?? [])])
}

function leaf(name: string, value: string, at: ConfigNode): ConfigNode {
  const { line, column } = at
  return { name, line, column, values: [{ text: value, line, column }], children: new Map(), isRead: false }
}
