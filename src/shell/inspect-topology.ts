import type { Diagnostic } from '../config/diagnostic.ts'
import { folderOf } from '../config/path.ts'
import { nodeNamed } from '../lab/check-deployment.ts'
import { Lab } from '../lab/lab.ts'
import type { NodeModel, TopologyModel } from '../model/topology.ts'
import type { ReadOnlyFiles } from './files.ts'
import { loadTopology } from './load-topology.ts'
import { Terminal } from './terminal.ts'

/** Simulated time after a deployment in which routers read their configurations and set addresses. */
const START_NS = 3e9

export interface InspectedTopology {
  readonly diagnostics: readonly Diagnostic[]
  /** The lab that it was deployed in; undefined when it could not be. */
  readonly lab: Lab | undefined
}

/**
 * All there is to say about a containerlab file and what it binds: it is read, and when that goes well deployed in a lab of its
 * own, so that its `exec` lines are seen too. Containers that the file expects from elsewhere get a stand-in.
 */
export async function inspectTopology(path: string, files: ReadOnlyFiles): Promise<InspectedTopology> {
  const { model, diagnostics } = loadTopology(path, {
    readText: name => files.readText(name),
    list: name => (files.kindOf(name) === 'folder' ? files.list(name) : undefined),
  })
  if (model === undefined) return { diagnostics, lab: undefined }
  const lab = new Lab()
  for (const diagnostic of diagnostics) lab.say(diagnostic)
  for (const node of model.nodes) addStandIn(lab, model, node)
  const terminal = new Terminal(lab, { files })
  const place = { node: lab.machine, cwd: folderOf(path), stdin: '', environment: new Map<string, string>() }
  await terminal.runWords(['clab', 'deploy', '-t', path], place)
  if (!lab.topologies.has(model.name)) return { diagnostics: lab.notices, lab: undefined }
  lab.simulator.runUntil(lab.simulator.nowNs + START_NS)
  return { diagnostics: lab.notices, lab }
}

/** Makes a container that the node joins and that is not in the file: a kind node, another lab's. */
function addStandIn(lab: Lab, model: TopologyModel, node: NodeModel): void {
  const mode = node.networkMode
  const name = node.kind === 'ext-container' ? node.name : mode.kind === 'container' ? mode.container : undefined
  if (name === undefined || lab.node(name) !== undefined) return
  if (node.kind !== 'ext-container' && nodeNamed(model, name) !== undefined) return
  lab.say({
    code: 'containerlab/no-container',
    severity: 'warning',
    message: `container "${name}" is not in this file: it must be there before the lab is deployed`,
    source: node.source,
  })
  lab.addNode({
    name,
    containerName: name,
    labName: '',
    kind: 'kind-node',
    image: '',
    hostName: name,
    host: lab.newHost(name),
    environment: new Map(),
    files: new Map(),
    router: undefined,
    isRunning: true,
  })
}
