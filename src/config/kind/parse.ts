import type { KindClusterModel, KindNodeModel } from '../../model/topology.ts'
import { parsePrefix } from '../../wire/address.ts'
import type { Converted, Diagnostic } from '../diagnostic.ts'
import { YamlFile, type YamlPath } from '../yaml-file.ts'
import { type YamlMap, YamlReader } from '../yaml-reader.ts'
import { type NodeRegistration, readKubeadmPatches } from './kubeadm-patches.ts'

export interface KindOptions {
  readonly file: string
  /** `kind create cluster --name`, which wins over the file's `name`. */
  readonly name?: string
}

/** kind's own defaults (pkg/apis/config/v1alpha4/default.go). */
const DEFAULT_NAME = 'kind'
const DEFAULT_POD_SUBNET = '10.244.0.0/16'
const DEFAULT_SERVICE_SUBNET = '10.96.0.0/16'
const PROXY_MODES = ['iptables', 'ipvs', 'nftables', 'none'] as const

const TOP_KEYS = ['kind', 'apiVersion', 'name', 'nodes', 'networking', 'kubeadmConfigPatches']
const UNMODELLED_TOP_KEYS = [
  'featureGates',
  'runtimeConfig',
  'kubeadmConfigPatchesJSON6902',
  'containerdConfigPatches',
  'containerdConfigPatchesJSON6902',
]
const NETWORKING_KEYS = ['podSubnet', 'serviceSubnet', 'disableDefaultCNI', 'kubeProxyMode', 'ipFamily']
const UNMODELLED_NETWORKING_KEYS = ['apiServerAddress', 'apiServerPort', 'dnsSearch']
const NODE_KEYS = ['role', 'image', 'labels', 'kubeadmConfigPatches']
const UNMODELLED_NODE_KEYS = ['extraMounts', 'extraPortMappings', 'kubeadmConfigPatchesJSON6902']

/**
 * Reads a kind cluster file (`kind: Cluster`, kind.x-k8s.io/v1alpha4). Keys of the format without effect here come back as
 * `unmodelled`, others as errors. Source: kind pkg/apis/config/v1alpha4/types.go.
 */
export function parseKindCluster(text: string, options: KindOptions): Converted<KindClusterModel> {
  const { model: file, diagnostics } = YamlFile.parse(text, options.file)
  if (file === undefined) return { model: undefined, diagnostics }
  const reader = new YamlReader(file, 'kind')
  const top = reader.map(file.value, [])
  checkKeys(reader, top, TOP_KEYS, UNMODELLED_TOP_KEYS, [])
  checkHeader(reader, top)
  const name = options.name ?? reader.text(top.name, ['name']) ?? DEFAULT_NAME
  if (!/^[a-z0-9.-]+$/.test(name)) {
    reader.error('wrong-value', `'${name}' is not a valid cluster name, cluster names must match \`^[a-z0-9.-]+$\``, [
      'name',
    ])
  }
  const model: KindClusterModel = {
    name,
    nodes: convertNodes(reader, top, name),
    ...convertNetworking(reader, top),
    file: options.file,
  }
  const all: Diagnostic[] = [...diagnostics, ...reader.diagnostics]
  return { model: reader.hasErrors ? undefined : model, diagnostics: all }
}

/** The cluster `kind create cluster` makes without a file: one control-plane node. */
export function defaultKindCluster(name: string): Converted<KindClusterModel> {
  return parseKindCluster('kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\n', { file: 'default', name })
}

function checkHeader(reader: YamlReader, top: YamlMap): void {
  const kind = reader.text(top.kind, ['kind'])
  const apiVersion = reader.text(top.apiVersion, ['apiVersion'])
  if (kind !== 'Cluster')
    reader.error('wrong-value', `unknown kind ${kind ?? '""'} for apiVersion: ${apiVersion ?? '""'}`, ['kind'])
  else if (apiVersion !== 'kind.x-k8s.io/v1alpha4') {
    reader.error('wrong-value', `unknown apiVersion: ${apiVersion ?? '""'}`, ['apiVersion'])
  }
}

function checkKeys(
  reader: YamlReader,
  map: YamlMap,
  known: readonly string[],
  unmodelled: readonly string[],
  path: YamlPath,
): void {
  reader.onlyKeys(map, [...known, ...unmodelled], path)
  for (const key of unmodelled) {
    if (map[key] !== undefined)
      reader.note('unmodelled', 'not-modelled', `"${key}" is not modelled`, [...path, key], 'key')
  }
}

function convertNetworking(reader: YamlReader, top: YamlMap) {
  const map = reader.map(top.networking, ['networking'])
  checkKeys(reader, map, NETWORKING_KEYS, UNMODELLED_NETWORKING_KEYS, ['networking'])
  const family = reader.text(map.ipFamily, ['networking', 'ipFamily']) ?? 'ipv4'
  if (family !== 'ipv4')
    reader.note('unmodelled', 'not-modelled', `ipFamily ${family}: IPv6 is not modelled`, ['networking', 'ipFamily'])
  const prefix = (key: string, byDefault: string) => {
    // a dual-stack list: the IPv4 part counts
    const text =
      (reader.text(map[key], ['networking', key]) ?? byDefault).split(',').find(part => !part.includes(':')) ??
      byDefault
    const parsed = text.includes('/') ? parsePrefix(text) : undefined
    if (parsed === undefined)
      reader.error('wrong-value', `invalid ${key} "${text}": expected an IPv4 network such as ${byDefault}`, [
        'networking',
        key,
      ])
    return parsed ?? parsePrefix(byDefault)!
  }
  const mode = reader.text(map.kubeProxyMode, ['networking', 'kubeProxyMode']) ?? 'iptables'
  const kubeProxyMode = PROXY_MODES.find(one => one === mode)
  if (kubeProxyMode === undefined) {
    reader.error('wrong-value', `invalid kubeProxyMode: ${mode} (one of ${PROXY_MODES.join(', ')})`, [
      'networking',
      'kubeProxyMode',
    ])
  }
  return {
    podSubnet: prefix('podSubnet', DEFAULT_POD_SUBNET),
    serviceSubnet: prefix('serviceSubnet', DEFAULT_SERVICE_SUBNET),
    disableDefaultCni: readBoolean(reader, map.disableDefaultCNI, ['networking', 'disableDefaultCNI']),
    kubeProxyMode: kubeProxyMode ?? 'iptables',
  }
}

function readBoolean(reader: YamlReader, value: unknown, path: YamlPath): boolean {
  if (value === undefined || value === null) return false
  if (typeof value !== 'boolean')
    reader.error('wrong-type', `expected true or false, got ${JSON.stringify(value)}`, path)
  return value === true
}

function convertNodes(reader: YamlReader, top: YamlMap, cluster: string): KindNodeModel[] {
  const written = reader.list(top.nodes, ['nodes'])
  const list = written.length === 0 ? [{ role: 'control-plane' }] : written
  const maps = list.map((item, index) => reader.map(item, ['nodes', index]))
  const shared = readKubeadmPatches(reader, top.kubeadmConfigPatches, ['kubeadmConfigPatches'])
  const counts = { 'control-plane': 0, worker: 0 }
  const nodes = maps.map((map, index) => {
    const path = ['nodes', index]
    checkKeys(reader, map, NODE_KEYS, UNMODELLED_NODE_KEYS, path)
    const role = convertRole(reader, map, path)
    counts[role] += 1
    const isFirst = role === 'control-plane' && counts[role] === 1
    const own = readKubeadmPatches(reader, map.kubeadmConfigPatches, [...path, 'kubeadmConfigPatches'])
    const kind = isFirst ? 'InitConfiguration' : 'JoinConfiguration'
    const registration = [...shared, ...own].filter(patch => patch.kind === kind)
    const name = `${cluster}-${role}${counts[role] === 1 ? '' : counts[role]}`
    return convertNode(reader, { map, path, role, name, isOnly: maps.length === 1 }, registration)
  })
  if (counts['control-plane'] === 0) {
    reader.error('missing-node', 'must have at least one control-plane node', ['nodes'])
  } else if (counts['control-plane'] > 1) {
    reader.note(
      'unmodelled',
      'not-modelled',
      'the load balancer in front of several control-plane nodes is not modelled',
      ['nodes'],
    )
  }
  return nodes
}

function convertRole(reader: YamlReader, map: YamlMap, path: YamlPath): 'control-plane' | 'worker' {
  const role = reader.text(map.role, [...path, 'role']) ?? 'control-plane'
  if (role === 'worker' || role === 'control-plane') return role
  reader.error('wrong-value', `"${role}" is not a valid node role (control-plane or worker)`, [...path, 'role'])
  return 'worker'
}

/** Where a node stands in the file and what kind calls it. */
interface NodePlace {
  readonly map: YamlMap
  readonly path: YamlPath
  readonly role: 'control-plane' | 'worker'
  readonly name: string
  readonly isOnly: boolean
}

function convertNode(reader: YamlReader, place: NodePlace, registrations: readonly NodeRegistration[]): KindNodeModel {
  const { map, path, role, name, isOnly } = place
  const labels = reader.textMap(map.labels, [...path, 'labels'])
  const labelSources = new Map([...labels.keys()].map(key => [key, reader.file.keyAt([...path, 'labels', key])]))
  let nodeAddress: KindNodeModel['nodeAddress']
  let taints: readonly string[] | undefined
  for (const registration of registrations) {
    for (const [key, value] of registration.labels) {
      labels.set(key, value)
      labelSources.set(key, registration.labelsSource)
    }
    nodeAddress = registration.nodeAddress ?? nodeAddress
    taints = registration.taints ?? taints
  }
  // kubeadm's taint of control-plane nodes, which kind takes off a cluster of one node
  const defaultTaints = role === 'control-plane' && !isOnly ? ['node-role.kubernetes.io/control-plane:NoSchedule'] : []
  const image = reader.text(map.image, [...path, 'image'])
  return {
    name,
    role,
    ...(image === undefined ? {} : { image }),
    labels,
    source: reader.file.at(path),
    labelSources,
    ...(nodeAddress === undefined ? {} : { nodeAddress }),
    taints: taints ?? defaultTaints,
  }
}
