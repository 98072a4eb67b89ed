import { folderOf } from '../config/path.ts'
import type { Host } from '../host/host.ts'
import type { Interface } from '../host/interface.ts'
import { Cable } from '../link/cable.ts'
import { Port } from '../link/port.ts'
import type { EndpointModel, LinkModel, NodeModel, TopologyModel } from '../model/topology.ts'
import { boundFiles, type MachineFiles } from './bound-files.ts'
import { isOnMachine, nodeNamed } from './check-deployment.ts'
import { linkMac } from './deterministic-mac.ts'
import type { Lab } from './lab.ts'
import type { LabNode } from './node.ts'
import { startPrograms } from './start-programs.ts'
import type { DeployedEnd, DeployedLink, DeployedTopology } from './topology.ts'

/**
 * Containers do not start in the same microsecond: each takes up to this long more, drawn from the seed by name. Ours: the
 * order of magnitude of a container start beside others.
 */
const START_SPREAD_NS = 300e6

/** Makes containers and links of a checked topology and starts what runs in them. The `exec` lines are the caller's to run. */
export function deploy(lab: Lab, model: TopologyModel, files: MachineFiles): DeployedTopology {
  const nodes = new Map<string, LabNode>()
  const management: Interface[] = []
  const create = (node: NodeModel): LabNode => {
    const known = nodes.get(node.name)
    if (known !== undefined) return known
    const mode = node.networkMode
    const shared = mode.kind === 'container' ? nodeNamed(model, mode.container) : undefined
    const joined =
      mode.kind !== 'container' ? undefined : shared === undefined ? lab.node(mode.container) : create(shared)
    const made = createNode(lab, model, node, joined?.host, files)
    nodes.set(node.name, made)
    if (mode.kind === 'bridge' && node.kind !== 'ext-container' && !isOnMachine(node) && model.management.isWritten)
      management.push(connectManagement(lab, model, node, made))
    return made
  }
  for (const node of model.nodes) if (node.networkMode.kind !== 'container') create(node)
  for (const node of model.nodes) create(node)
  const links = model.links.flatMap(link => createLink(lab, model, link, nodes) ?? [])
  const deployed: DeployedTopology = { model, nodes, links, management }
  lab.topologies.set(model.name, deployed)
  for (const node of model.nodes) scheduleStart(lab, node, nodes.get(node.name)!)
  return deployed
}

/** @param shared the namespace that `network-mode: container:` names */
function createNode(
  lab: Lab,
  model: TopologyModel,
  node: NodeModel,
  shared: Host | undefined,
  files: MachineFiles,
): LabNode {
  if (node.kind === 'ext-container') return lab.node(node.name)!
  if (node.kind === 'bridge' || node.kind === 'ovs-bridge') lab.bridge(node.name)
  const isContainer = shared === undefined && !isOnMachine(node)
  const host = shared ?? (isContainer ? lab.newHost(node.containerName) : lab.machine.host)
  const bound = boundFiles(node, folderOf(model.file), files)
  const labNode: LabNode = {
    name: node.name,
    containerName: node.containerName,
    labName: model.name,
    kind: node.kind,
    image: node.image ?? '',
    hostName: node.hostName,
    host,
    environment: node.environment,
    files: new Map([...bound].map(([inside, { text }]) => [inside, text])),
    boundFrom: bound,
    router: undefined,
    isRunning: true,
  }
  lab.addNode(labNode)
  // docker turns forwarding on for the machine, and new namespaces copy it (devconf_inherit_init_net 0)
  if (isContainer) host.sysctl.set('net.ipv4.ip_forward', '1')
  for (const [key, value] of node.sysctls) host.sysctl.set(key, value)
  return labNode
}

/** Differs from containerlab: a file without a `mgmt` section gets no management network, so that tables show the lab alone. */
function connectManagement(lab: Lab, model: TopologyModel, node: NodeModel, labNode: LabNode): Interface {
  const { network, subnet, gateway, mtuBytes } = model.management
  return lab
    .network({ name: network, bridge: managementBridge(model), subnet, gateway, mtuBytes })
    .connect(labNode.host, 'eth0', node.managementAddress)
}

function createLink(
  lab: Lab,
  model: TopologyModel,
  link: LinkModel,
  nodes: ReadonlyMap<string, LabNode>,
): DeployedLink | undefined {
  if (link.b === undefined) {
    nodes.get(link.a.node)?.host.addDummy(link.a.interface, 'dummy')
    return undefined
  }
  const ports = [link.a, link.b].map(
    end => new Port(end.interface, end.mac ?? linkMac(model.name, end.node, end.interface), link.mtuBytes),
  )
  const name = [link.a, link.b]
    .map(end => `${end.node}:${end.interface}`)
    .sort()
    .join('--')
  const cable = new Cable(lab.simulator, `${model.name} ${name}`, ports[0]!, ports[1]!)
  const [a, b] = [link.a, link.b].map((end, index) => plugIn(lab, model, end, ports[index]!, nodes))
  a!.device.peer = b!.device
  b!.device.peer = a!.device
  return { cable, ends: [a!, b!] }
}

function plugIn(
  lab: Lab,
  model: TopologyModel,
  end: EndpointModel,
  port: Port,
  nodes: ReadonlyMap<string, LabNode>,
): DeployedEnd {
  const node = nodes.get(end.node)
  const host = node?.host ?? lab.machine.host
  const device = host.addInterface(port, end.interface)
  host.setInterfaceUp(device, true)
  const master = end.node === 'mgmt-net' ? managementBridge(model) : isBridge(node) ? end.node : undefined
  if (master !== undefined) host.setMaster(device, lab.bridge(master))
  if (end.address !== undefined) host.addAddress(device, end.address)
  return { node: end.node, interface: end.interface, host, device }
}

function isBridge(node: LabNode | undefined): boolean {
  return node?.kind === 'bridge' || node?.kind === 'ovs-bridge'
}

function managementBridge({ management }: TopologyModel): string {
  return management.bridge ?? `br-${management.network}`
}

function scheduleStart(lab: Lab, node: NodeModel, labNode: LabNode): void {
  if (node.kind !== 'linux') return
  const { simulator } = lab
  const spreadNs = Math.floor(simulator.random.fork(`start ${labNode.containerName}`).float() * START_SPREAD_NS)
  simulator.schedule(
    simulator.origin(`start ${labNode.containerName}`),
    node.startupDelaySeconds * 1e9 + spreadNs,
    () => {
      if (labNode.isRunning) startPrograms(lab, labNode)
    },
    'work',
  )
}

/** `clab destroy`: containers and links go; bridges that other labs use stay. */
export function destroy(lab: Lab, deployed: DeployedTopology): void {
  for (const node of deployed.nodes.values()) stopNode(node)
  for (const link of deployed.links) {
    for (const { host, device } of link.ends) host.removeInterface(device)
    link.cable.remove()
  }
  const { management } = deployed.model
  if (deployed.management.length > 0) {
    const network = lab.network({
      name: management.network,
      bridge: '',
      subnet: management.subnet,
      gateway: management.gateway,
      mtuBytes: management.mtuBytes,
    })
    for (const device of deployed.management) network.disconnect(device)
    lab.releaseNetwork(management.network)
  }
  for (const node of deployed.nodes.values()) {
    if (node.labName === deployed.model.name) lab.removeNode(node)
    if (isBridge(node)) removeEmptyBridge(lab, node.name)
  }
  lab.topologies.delete(deployed.model.name)
}

/** Differs from containerlab: there bridges are made and removed by hand; here the last lab that uses one takes it away. */
function removeEmptyBridge(lab: Lab, name: string): void {
  const bridge = lab.bridge(name)
  if (bridge.bridge?.ports.length === 0) lab.machine.host.removeInterface(bridge)
}

function stopNode(node: LabNode): void {
  node.router?.speaker?.stop()
  node.router = undefined
  node.gobgp?.speaker.stop()
  node.gobgp = undefined
  node.isRunning = false
}
