/**
 * The network of a pod: a host of its own, joined to the node by a veth pair, as cilium-cni sets it up: /32 address,
 * default route by the router address, on the node a device `lxc…` with a /32 route.
 * Differs from Cilium: the router's MAC is resolved by ARP from the node's kernel, which answers for `cilium_host`; Cilium's
 * BPF program on the lxc device answers instead, with that device's own address.
 * Source: cilium plugins/cilium-cni/cmd/cmd.go, pkg/datapath/connector/veth.go.
 */
import { assert } from '../assert.ts'
import { Host } from '../host/host.ts'
import type { Interface } from '../host/interface.ts'
import { Cable } from '../link/cable.ts'
import { Port } from '../link/port.ts'
import { hash32 } from '../sim/random.ts'
import { DEFAULT_ROUTE, type Ipv4Address, type MacAddress, prefixOf } from '../wire/address.ts'
import type { Pod } from './api/pod.ts'
import type { ClusterNode, RunningPod } from './cluster-node.ts'
import type { PodNetwork } from './pod-network.ts'

/** The main routing table. */
const MAIN_TABLE = 254

export interface SandboxOptions {
  readonly clusterName: string
  readonly node: ClusterNode
  readonly network: PodNetwork
  readonly pod: Pod
  readonly address: Ipv4Address
}

/** Makes the pod's host and plugs it into the node. */
export function createSandbox(options: SandboxOptions): RunningPod {
  const { node, network, pod, address } = options
  const { simulator, multipathSeed } = node.host
  const { namespace, name, uid } = pod.metadata
  const label = `${options.clusterName} ${namespace}/${name}`
  const host = new Host({ name: `pod ${label} ${uid}`, simulator, multipathSeed })
  host.setInterfaceUp(host.loopback, true)
  const mtuBytes = network.podMtuBytes(node)
  const inside = new Port('eth0', macOf(`${uid} pod`), mtuBytes)
  const deviceName = `lxc${hash32(`${uid}`).toString(16).padStart(8, '0')}${hash32(`${uid} lxc`).toString(16).padStart(8, '0').slice(0, 4)}`
  const outside = new Port(deviceName, macOf(`${uid} node`), mtuBytes)
  const cable = new Cable(simulator, `pod ${label} ${uid}`, inside, outside)
  const nodeInterface = node.host.addInterface(outside, deviceName)
  const podInterface = host.addInterface(inside, 'eth0')
  podInterface.peer = nodeInterface
  nodeInterface.peer = podInterface
  node.host.setInterfaceUp(nodeInterface, true)
  host.setInterfaceUp(podInterface, true)
  const added = host.addAddress(podInterface, { address, length: 32 })
  assert(added.ok, 'a new device takes any address')
  addPodRoutes(host, podInterface, network.routerAddress(node), mtuBytes)
  addNodeRoute(node.host, nodeInterface, address)
  host.names.set(name, address)
  return { namespace: namespace!, name, uid: uid!, address, host, usesHostNetwork: false, nodeInterface, cable }
}

/** Takes the pod's end and the node's end away. */
export function removeSandbox(node: ClusterNode, pod: RunningPod): void {
  if (pod.usesHostNetwork) return
  for (const device of [...pod.host.interfaces]) if (!device.isLoopback) pod.host.removeInterface(device)
  if (pod.nodeInterface !== undefined) node.host.removeInterface(pod.nodeInterface)
  pod.cable?.remove()
}

/** `ROUTER dev eth0 scope link` and `default via ROUTER dev eth0 mtu MTU`. */
function addPodRoutes(host: Host, device: Interface, router: Ipv4Address, mtuBytes: number): void {
  const common = { type: 'unicast' as const, table: MAIN_TABLE, tos: 0, metric: 0, protocol: 'boot' as const }
  const hop = { interface: device, weight: 1, onlink: false, isDead: false, isLinkDown: false }
  const results = [
    host.addRoute({ ...common, prefix: prefixOf(router, 32), scope: 'link', nextHops: [hop] }, 'add'),
    host.addRoute(
      { ...common, prefix: DEFAULT_ROUTE, scope: 'global', mtuBytes, nextHops: [{ ...hop, gateway: router }] },
      'add',
    ),
  ]
  for (const result of results) assert(result.ok, 'a new host takes its routes')
}

function addNodeRoute(host: Host, device: Interface, address: Ipv4Address): void {
  const nextHop = { interface: device, weight: 1, onlink: false, isDead: false, isLinkDown: false }
  const route = { prefix: prefixOf(address, 32), type: 'unicast' as const, table: MAIN_TABLE, tos: 0, metric: 0 }
  host.addRoute({ ...route, protocol: 'boot', scope: 'link', nextHops: [nextHop] }, 'replace')
}

/** A locally administered unicast address that depends on the label alone. */
function macOf(label: string): MacAddress {
  const high = (hash32(label, 1) & 0xffff & ~0x0100) | 0x0200
  return (high * 2 ** 32 + hash32(label, 2)) as MacAddress
}
