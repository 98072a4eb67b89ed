import type { Lab } from '../../../lab/lab.ts'
import type { LabNode } from '../../../lab/node.ts'
import type { DeployedTopology } from '../../../lab/topology.ts'
import { formatIpv4, type Ipv4Address } from '../../../wire/address.ts'
import { containerId } from '../container-id.ts'
import { roundedTable } from './rounded-table.ts'

/** The table of `containerlab inspect`, nodes sorted by name. */
export function inspectTable(topologies: readonly DeployedTopology[], all: boolean): string {
  const rows = topologies.flatMap(topology =>
    containersOf(topology).map(node => [
      ...(all ? [topology.model.file, topology.model.name] : []),
      node.containerName,
      `${node.kind}\n${node.image}`,
      node.isRunning ? 'running' : 'exited',
      `${managementAddress(node, topology)}\nN/A`,
    ]),
  )
  const headings = [...(all ? ['Topology', 'Lab Name'] : []), 'Name', 'Kind/Image', 'State', 'IPv4/6 Address']
  return roundedTable(headings, rows)
}

/** `containerlab inspect -f json`: lab name → its containers. */
export function inspectJson(lab: Lab, topologies: readonly DeployedTopology[]): string {
  const out: Record<string, unknown[]> = {}
  for (const topology of topologies) {
    out[topology.model.name] = containersOf(topology).map(node => ({
      lab_name: topology.model.name,
      labPath: topology.model.file,
      absLabPath: topology.model.file,
      name: node.containerName,
      container_id: containerId(lab, node).slice(0, 12),
      image: node.image,
      kind: node.kind,
      state: node.isRunning ? 'running' : 'exited',
      status: node.isRunning ? 'Up' : 'Exited',
      ipv4_address: managementAddress(node, topology),
      ipv6_address: 'N/A',
      owner: 'root',
    }))
  }
  return `${JSON.stringify(out, null, 2)}\n`
}

/** Nodes that are containers of their own: bridges and attached ones are not listed by containerlab either. */
function containersOf(topology: DeployedTopology): LabNode[] {
  return [...topology.nodes.values()]
    .filter(node => node.labName === topology.model.name && (node.kind === 'linux' || node.kind === 'k8s-kind'))
    .sort((a, b) => (a.containerName < b.containerName ? -1 : 1))
}

function managementAddress(node: LabNode, topology: DeployedTopology): string {
  const device = topology.management.find(candidate => node.host.interfaces.all().includes(candidate))
  const address: Ipv4Address | undefined = device?.addresses[0]?.address
  return address === undefined ? 'N/A' : `${formatIpv4(address)}/${device!.addresses[0]!.length}`
}
