import type { YamlPath } from '../yaml-file.ts'
import type { YamlMap, YamlReader } from '../yaml-reader.ts'

/** A value of a node and where in the file it was said. */
export interface Inherited {
  readonly value: unknown
  readonly path: YamlPath
}

/** The places a node takes a key from, nearest first: itself, its group, its kind, the defaults. */
export interface NodeLayers {
  readonly layers: readonly { readonly map: YamlMap; readonly path: YamlPath }[]
}

/**
 * Collects the layers of a node. The group may be named by the node, its kind or the defaults; the kind by the node, its
 * group or the defaults. Source: containerlab core/config.go, types/topology.go (GetNodeKind, GetNodeGroup).
 */
export function nodeLayers(reader: YamlReader, topology: YamlMap, name: string): NodeLayers {
  const section = (key: 'kinds' | 'groups', entry: unknown) => {
    const map = reader.map(topology[key], ['topology', key])
    return typeof entry === 'string' && entry in map
      ? [{ map: reader.map(map[entry], ['topology', key, entry]), path: ['topology', key, entry] as YamlPath }]
      : []
  }
  const own = {
    map: reader.map(reader.map(topology.nodes, ['topology', 'nodes'])[name], ['topology', 'nodes', name]),
    path: ['topology', 'nodes', name] as YamlPath,
  }
  const defaults = {
    map: reader.map(topology.defaults, ['topology', 'defaults']),
    path: ['topology', 'defaults'] as YamlPath,
  }
  const directKind = own.map.kind ?? defaults.map.kind
  const groupName = own.map.group ?? section('kinds', directKind)[0]?.map.group ?? defaults.map.group
  const group = section('groups', groupName)
  const kind = section('kinds', own.map.kind ?? group[0]?.map.kind ?? defaults.map.kind)
  return { layers: [own, ...group, ...kind, defaults] }
}

/** The nearest value of a key. */
export function nearestValue(node: NodeLayers, key: string): Inherited | undefined {
  for (const { map, path } of node.layers) {
    if (map[key] !== undefined && map[key] !== null) return { value: map[key], path: [...path, key] }
  }
  return undefined
}

/** A mapping merged key by key over all layers, the nearest winning: `env`, `labels`, `sysctls`. */
export function mergedTextMap(reader: YamlReader, node: NodeLayers, key: string): Map<string, string> {
  const result = new Map<string, string>()
  for (const { map, path } of [...node.layers].reverse()) {
    for (const [name, text] of reader.textMap(map[key], [...path, key])) result.set(name, text)
  }
  return result
}

/** Where each key of a merged mapping is written, the nearest layer winning. */
export function mergedKeyPaths(reader: YamlReader, node: NodeLayers, key: string): ReadonlyMap<string, YamlPath> {
  const result = new Map<string, YamlPath>()
  for (const { map, path } of [...node.layers].reverse()) {
    for (const name of reader.textMap(map[key], [...path, key]).keys()) result.set(name, [...path, key, name])
  }
  return result
}

/** All entries of a list over the layers, farthest first: `binds` and `exec` add up. */
export function allEntries(reader: YamlReader, node: NodeLayers, key: string): { text: string; path: YamlPath }[] {
  const result: { text: string; path: YamlPath }[] = []
  for (const { map, path } of [...node.layers].reverse()) {
    for (const [index, item] of reader.list(map[key], [...path, key]).entries()) {
      const text = reader.text(item, [...path, key, index])
      if (text !== undefined) result.push({ text, path: [...path, key, index] })
    }
  }
  return result
}
