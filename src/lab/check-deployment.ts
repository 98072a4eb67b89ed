import type { Diagnostic } from '../config/diagnostic.ts'
import type { SourceRef } from '../model/source.ts'
import type { EndpointModel, NodeModel, TopologyModel } from '../model/topology.ts'
import {
  broadcastAddress,
  formatIpv4,
  formatPrefix,
  type Ipv4Address,
  prefixAddress,
  prefixContains,
  prefixLength,
} from '../wire/address.ts'
import type { MachineFiles } from './bound-files.ts'
import { GOBGP_FILE } from './gobgp.ts'
import type { Lab } from './lab.ts'

type Report = (code: string, message: string, source: SourceRef) => void

/**
 * Checks what a deployment needs that the file alone does not tell: free names, containers to join, files to bind, device
 * names that are free in their namespaces, management addresses. Nothing is changed.
 */
export function checkDeployment(lab: Lab, model: TopologyModel, files: MachineFiles): readonly Diagnostic[] {
  const problems: Diagnostic[] = []
  const error: Report = (code, message, source) =>
    problems.push({ code: `containerlab/${code}`, severity: 'error', message, source })
  if (lab.topologies.has(model.name)) {
    error('already-deployed', `the "${model.name}" lab has already been deployed`, {
      file: model.file,
      line: 1,
      column: 1,
    })
    return problems
  }
  for (const node of model.nodes) checkNode(lab, model, node, files, error)
  if (problems.length > 0) return problems
  checkDeviceNames(lab, model, error)
  checkManagementAddresses(model, error)
  return problems
}

function checkNode(lab: Lab, model: TopologyModel, node: NodeModel, files: MachineFiles, error: Report): void {
  if (node.kind !== 'ext-container' && lab.node(node.containerName)?.containerName === node.containerName)
    error('name-taken', `container name "${node.containerName}" is taken`, node.source)
  if (node.kind === 'ext-container' && lab.node(node.name) === undefined)
    error('no-container', `there is no container "${node.name}" to attach to`, node.source)
  const owner = namespaceOwner(lab, model, node)
  if (owner === 'cycle')
    error('network-mode-cycle', `node "${node.name}" shares its own network in a circle`, node.source)
  else if (owner === undefined && node.networkMode.kind === 'container') {
    const { container } = node.networkMode
    error(
      'no-container',
      `there is no container "${container}" whose network node "${node.name}" could share`,
      node.source,
    )
  }
  for (const bind of node.binds) {
    if (isConfiguration(bind.to) && files.readText(bind.from) === undefined)
      error('missing-file', `cannot bind "${bind.from}": no such file`, bind.source)
  }
}

/** Files whose content shapes the simulation; other binds may be missing here. */
function isConfiguration(path: string): boolean {
  return ['/etc/frr/frr.conf', '/etc/frr/daemons', GOBGP_FILE].includes(path) || path.endsWith('/config.boot')
}

/**
 * Whose network namespace a node ends up in, following `container:` to its end: a name that stands for the namespace.
 * Undefined when a container on the way does not exist.
 */
function namespaceOwner(lab: Lab, model: TopologyModel, node: NodeModel): string | 'cycle' | undefined {
  let current = node
  for (let steps = 0; steps <= model.nodes.length; steps += 1) {
    const mode = current.networkMode
    if (current.kind === 'ext-container') return lab.node(current.name)?.host.name
    if (isOnMachine(current)) return lab.machine.host.name
    if (mode.kind !== 'container') return current.containerName
    const next = nodeNamed(model, mode.container)
    if (next === undefined) return lab.node(mode.container)?.host.name
    current = next
  }
  return 'cycle'
}

/** A node by the name that `container:` gives: its own or its container's. */
export function nodeNamed(model: TopologyModel, name: string): NodeModel | undefined {
  return model.nodes.find(node => node.name === name) ?? model.nodes.find(node => node.containerName === name)
}

/** Whether the node is a part of the machine and no container: bridges, `host`, `network-mode: host`. */
export function isOnMachine(node: NodeModel): boolean {
  return (
    node.kind === 'bridge' || node.kind === 'ovs-bridge' || node.kind === 'host' || node.networkMode.kind === 'host'
  )
}

/** Every link end needs a device name that is free where it goes: nodes may share a namespace, bridges all lie on the machine. */
function checkDeviceNames(lab: Lab, model: TopologyModel, error: Report): void {
  const taken = new Map<string, string>()
  const nodes = new Map(model.nodes.map(node => [node.name, node]))
  const hosts = new Map(lab.nodes().map(({ host }) => [host.name, host]))
  for (const node of model.nodes) {
    const hasManagement = model.management.isWritten && node.networkMode.kind === 'bridge' && !isOnMachine(node)
    if (hasManagement && node.kind !== 'ext-container')
      taken.set(`${node.containerName} eth0`, 'the management network')
  }
  const check = (end: EndpointModel) => {
    const node = nodes.get(end.node)
    const owner = node === undefined ? lab.machine.host.name : namespaceOwner(lab, model, node)
    const host = owner === lab.machine.host.name ? lab.machine.host : hosts.get(owner ?? '')
    const key = `${owner} ${end.interface}`
    const where = host?.interfaces.get(end.interface) === undefined ? taken.get(key) : 'a device that is there already'
    if (where !== undefined || end.interface === 'lo')
      error(
        'interface-taken',
        `interface "${end.interface}" of node "${end.node}" is taken by ${where ?? 'the loopback'}`,
        end.source,
      )
    taken.set(key, `${end.node}:${end.interface}`)
  }
  for (const link of model.links) for (const end of [link.a, link.b]) if (end !== undefined) check(end)
}

function checkManagementAddresses(model: TopologyModel, error: Report): void {
  const { subnet, gateway, isWritten } = model.management
  if (!isWritten) return
  const owners = new Map<Ipv4Address, string>([[gateway, 'the gateway']])
  const members = model.nodes.filter(node => node.networkMode.kind === 'bridge' && !isOnMachine(node))
  for (const { name, managementAddress: address, source } of members) {
    if (address === undefined) continue
    const owner = owners.get(address)
    if (owner !== undefined)
      error('address-taken', `management address ${formatIpv4(address)} of node "${name}" belongs to ${owner}`, source)
    else if (!prefixContains(subnet, address))
      error(
        'wrong-value',
        `management address ${formatIpv4(address)} of node "${name}" is outside the management network ${formatPrefix(subnet)}`,
        source,
      )
    owners.set(address, `node "${name}"`)
  }
  const room = broadcastAddress(prefixAddress(subnet), prefixLength(subnet)) - prefixAddress(subnet) - 2
  const last = members[room]
  if (last !== undefined)
    error(
      'no-address',
      `the management network ${formatPrefix(subnet)} has no address for node "${last.name}"`,
      last.source,
    )
}
