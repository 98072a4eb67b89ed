import type { NodeModel, TopologyModel } from '../../model/topology.ts'
import type { Converted, Diagnostic } from '../diagnostic.ts'
import { folderOf } from '../path.ts'
import { YamlFile } from '../yaml-file.ts'
import { YamlReader } from '../yaml-reader.ts'
import { convertLinks } from './links.ts'
import { convertManagement } from './management.ts'
import { convertNode } from './nodes.ts'
import { NODE_KEYS, TOP_KEYS, TOPOLOGY_KEYS } from './schema.ts'
import { substituteEnvironment } from './substitute.ts'
import { noteUnmodelled } from './unmodelled.ts'

export interface ContainerlabOptions {
  /** Absolute path of the file. */
  readonly file: string
  /** Variables for `${VAR}`; none by default, so that the answer is the same on every machine. */
  readonly environment?: ReadonlyMap<string, string>
}

/**
 * Reads a containerlab topology file: `name`, `prefix`, `mgmt` and `topology` with inheritance resolved. Keys of the format
 * that are not simulated come back as `unmodelled` diagnostics, keys it does not have as errors.
 *
 * Source: containerlab manual (topo-def-file, nodes, network), schemas/clab.schema.json.
 */
export function parseContainerlab(text: string, options: ContainerlabOptions): Converted<TopologyModel> {
  const template = templateLine(text)
  if (template !== undefined) return { model: undefined, diagnostics: [goTemplate(options.file, template)] }
  const substituted = substituteEnvironment(text, options.environment ?? new Map())
  const { model: file, diagnostics } = YamlFile.parse(substituted, options.file)
  if (file === undefined) return { model: undefined, diagnostics }
  const reader = new YamlReader(file, 'containerlab')
  const model = convert(reader, options.file)
  return { model: reader.hasErrors ? undefined : model, diagnostics: reader.diagnostics }
}

/** The number of the first line that only a Go template has: `{{ if … }}`, `{{- range`, `{{ .name }}`. */
function templateLine(text: string): number | undefined {
  const line = text
    .split('\n')
    .findIndex(one => /^[^#]*\{\{-?\s*(if|range|end|else|with|define|template|\.|\$)/.test(one))
  return line < 0 ? undefined : line + 1
}

function goTemplate(file: string, line: number): Diagnostic {
  return {
    code: 'containerlab/template',
    severity: 'error',
    message: 'Go templates are not modelled: render the file first (containerlab deploy --export-rendered)',
    source: { file, line, column: 1 },
  }
}

function convert(reader: YamlReader, path: string): TopologyModel {
  const top = reader.map(reader.file.value, [])
  reader.onlyKeys(top, Object.keys(TOP_KEYS), [])
  const name = convertName(reader, top.name)
  const topology = reader.map(top.topology, ['topology'])
  if (top.topology === undefined) reader.error('missing-key', 'a topology file needs "topology"', [])
  reader.onlyKeys(topology, Object.keys(TOPOLOGY_KEYS), ['topology'])
  const containerPrefix = convertPrefix(reader.text(top.prefix, ['prefix']), name)
  for (const section of ['kinds', 'groups'] as const) {
    for (const [key, entry] of Object.entries(reader.map(topology[section], ['topology', section]))) {
      reader.onlyKeys(reader.map(entry, ['topology', section, key]), Object.keys(NODE_KEYS), ['topology', section, key])
    }
  }
  reader.onlyKeys(reader.map(topology.defaults, ['topology', 'defaults']), Object.keys(NODE_KEYS), [
    'topology',
    'defaults',
  ])
  const nodes = convertNodes(reader, topology, { labName: name, containerPrefix, folder: folderOf(path) })
  noteUnmodelled(reader, top, topology)
  return {
    name,
    containerPrefix,
    management: convertManagement(reader, top.mgmt),
    nodes,
    links: convertLinks(
      reader,
      topology.links,
      new Set(Object.keys(reader.map(topology.nodes, ['topology', 'nodes']))),
    ),
    file: path,
  }
}

function convertNodes(
  reader: YamlReader,
  topology: Readonly<Record<string, unknown>>,
  lab: { labName: string; containerPrefix: string; folder: string },
): NodeModel[] {
  const nodes: NodeModel[] = []
  for (const name of Object.keys(reader.map(topology.nodes, ['topology', 'nodes']))) {
    const node = convertNode(reader, topology, name, lab)
    if (node !== undefined) nodes.push(node)
  }
  return nodes
}

function convertName(reader: YamlReader, value: unknown): string {
  const name = reader.text(value, ['name'])?.replaceAll('__gitBranch__', 'none').replaceAll('__gitHash__', 'none')
  if (name === undefined) reader.error('missing-key', 'a topology file needs "name"', [])
  else if (!/^[a-zA-Z0-9][a-zA-Z0-9\-._]*$/.test(name)) {
    reader.error('wrong-value', `"${name}" is not a lab name (letters, digits, "-", "." and "_")`, ['name'])
  }
  return name ?? ''
}

/** `clab` when absent, bare node names when empty, `<lab>-<node>` for `__lab-name`. */
function convertPrefix(prefix: string | undefined, labName: string): string {
  if (prefix === '') return ''
  if (prefix === '__lab-name') return `${labName}-`
  return `${prefix ?? 'clab'}-${labName}-`
}
