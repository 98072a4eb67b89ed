import type { BindModel, ExecModel, NodeKind, NodeModel } from '../../model/topology.ts'
import { didYouMean } from '../../text/nearest.ts'
import { parseIpv4 } from '../../wire/address.ts'
import { resolvePath } from '../path.ts'
import type { YamlMap, YamlReader } from '../yaml-reader.ts'
import { allEntries, mergedKeyPaths, mergedTextMap, type NodeLayers, nearestValue, nodeLayers } from './inherit.ts'
import { MODELLED_KINDS, NODE_KEYS } from './schema.ts'
import { type MagicVariables, substituteMagic } from './substitute.ts'

export interface LabPlace {
  readonly labName: string
  readonly containerPrefix: string
  /** Folder of the topology file. */
  readonly folder: string
}

/** One node with everything it inherits; undefined when its kind cannot be simulated (noted). */
export function convertNode(reader: YamlReader, topology: YamlMap, name: string, lab: LabPlace): NodeModel | undefined {
  const path = ['topology', 'nodes', name]
  if (!/^[a-zA-Z0-9][a-zA-Z0-9\-._|]*$/.test(name))
    reader.note('error', 'wrong-value', `"${name}" is not a node name`, path, 'key')
  const layers = nodeLayers(reader, topology, name)
  reader.onlyKeys(layers.layers[0]!.map, Object.keys(NODE_KEYS), path)
  const kind = convertKind(reader, layers, name)
  if (kind === undefined) return undefined
  const magic: MagicVariables = {
    nodeName: name,
    nodeFolder: `${lab.folder}/clab-${lab.labName}/${name}`,
    topologyFolder: lab.folder,
    labFolderName: `clab-${lab.labName}`,
  }
  const text = (key: string): string | undefined => {
    const found = nearestValue(layers, key)
    return found === undefined ? undefined : reader.text(found.value, found.path)
  }
  const image = text('image')
  const group = text('group')
  const startupConfig = text('startup-config')
  const managementAddress = convertManagementAddress(reader, layers)
  const delay = nearestValue(layers, 'startup-delay')
  return {
    name,
    containerName: kind === 'ext-container' ? name : `${lab.containerPrefix}${name}`,
    kind,
    ...(image === undefined ? {} : { image }),
    ...(group === undefined ? {} : { group }),
    ...(managementAddress === undefined ? {} : { managementAddress }),
    ...(startupConfig === undefined
      ? {}
      : { startupConfig: resolvePath(lab.folder, substituteMagic(startupConfig, magic)) }),
    hostName: text('hostname') ?? name,
    networkMode: convertNetworkMode(reader, layers),
    exec: allEntries(reader, layers, 'exec').map(
      ({ text: command, path: at }): ExecModel => ({
        command: substituteMagic(command, magic),
        source: reader.file.at(at),
      }),
    ),
    binds: convertBinds(reader, layers, lab.folder, magic),
    environment: mergedTextMap(reader, layers, 'env'),
    labels: mergedTextMap(reader, layers, 'labels'),
    sysctls: mergedTextMap(reader, layers, 'sysctls'),
    sysctlSources: new Map(
      [...mergedKeyPaths(reader, layers, 'sysctls')].map(([name, at]) => [name, reader.file.keyAt(at)]),
    ),
    startupDelaySeconds: delay === undefined ? 0 : (reader.integer(delay.value, delay.path, 0, 86_400) ?? 0),
    source: reader.file.keyAt(path),
  }
}

function convertKind(reader: YamlReader, layers: NodeLayers, name: string): NodeKind | undefined {
  const found = nearestValue(layers, 'kind')
  if (found === undefined) {
    reader.note(
      'error',
      'missing-key',
      `node "${name}" has no kind, and no group or default gives it one`,
      ['topology', 'nodes', name],
      'key',
    )
    return undefined
  }
  const kind = MODELLED_KINDS.find(modelled => modelled === found.value)
  if (kind === undefined) {
    const text = String(found.value)
    reader.error(
      'kind-not-modelled',
      `kind "${text}" is not modelled${didYouMean(text, MODELLED_KINDS)}; modelled are ${MODELLED_KINDS.join(', ')}`,
      found.path,
    )
  }
  return kind
}

function convertManagementAddress(reader: YamlReader, layers: NodeLayers): NodeModel['managementAddress'] {
  const found = nearestValue(layers, 'mgmt-ipv4') ?? nearestValue(layers, 'mgmt_ipv4')
  const text = found === undefined ? undefined : reader.text(found.value, found.path)
  if (found === undefined || text === undefined) return undefined
  const address = parseIpv4(text)
  if (address === undefined) reader.error('wrong-value', `"${text}" is not an IPv4 address`, found.path)
  return address
}

function convertNetworkMode(reader: YamlReader, layers: NodeLayers): NodeModel['networkMode'] {
  const found = nearestValue(layers, 'network-mode')
  const text = found === undefined ? undefined : reader.text(found.value, found.path)
  if (found === undefined || text === undefined || text === 'bridge' || text === '') return { kind: 'bridge' }
  if (text === 'host' || text === 'none') return { kind: text }
  if (text.startsWith('container:') && text.length > 'container:'.length)
    return { kind: 'container', container: text.slice('container:'.length) }
  reader.error('wrong-value', `"${text}" is not a network mode (container:NAME, host, none)`, found.path)
  return { kind: 'bridge' }
}

/** Later entries replace earlier ones with the same path inside the container. */
function convertBinds(reader: YamlReader, layers: NodeLayers, folder: string, magic: MagicVariables): BindModel[] {
  const byTarget = new Map<string, BindModel>()
  for (const { text, path } of allEntries(reader, layers, 'binds')) {
    const [from, to, options] = substituteMagic(text, magic).split(':')
    if (!from || !to) {
      reader.error('wrong-value', `"${text}" is not a bind (host path:container path[:options])`, path)
      continue
    }
    byTarget.set(to, { from: resolvePath(folder, from), to, options: options ?? '', source: reader.file.at(path) })
  }
  return [...byTarget.values()]
}
