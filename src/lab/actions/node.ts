import type { FibNextHop, FibRoute } from '../../host/fib.ts'
import type { Host } from '../../host/host.ts'
import type { Interface } from '../../host/interface.ts'
import type { Coroutine } from '../../sim/coroutine.ts'
import type { Lab } from '../lab.ts'
import type { LabNode } from '../node.ts'
import { startPrograms } from '../start-programs.ts'

/** What a node's kernel gets back when the node returns. */
export interface KernelBefore {
  readonly up: readonly Interface[]
  readonly routes: readonly FibRoute[]
}

/** Protocols of routes that programs put into the kernel again by themselves, or the kernel does with the addresses. */
const OWN_AGAIN: readonly FibRoute['protocol'][] = ['kernel', 'zebra', 'bgp', 'frr-static', 'ospf', 'isis', 'rip']

/**
 * A node dies at once, as by power loss: nothing is said to anybody. The neighbours lose carrier; where a bridge lies
 * between, they learn it by their timers only. Containers that share its network die with it.
 * Differs from docker: there a container that joined another one's network keeps that alive.
 */
export function nodeDown(lab: Lab, node: LabNode): void {
  if (!node.isRunning) return
  lab.simulator.journal.record(node.containerName, 'node.down')
  lab.simulator.as('work', () => {
    if (ownsNetwork(node)) node.host.tcp.vanish()
    stopPrograms(lab, node)
    cutOff(lab, node)
  })
}

/** From the end of a container's programs to the end of its network: their FINs are on the wire by then. Ours. */
const NETWORK_END_NS = 10_000_000

/**
 * `docker stop`, `containerlab stop`: the containers' programs end and the kernel closes their connections, so that peers
 * get a FIN; shortly after that the network goes too.
 */
export function* stopNodes(lab: Lab, nodes: readonly LabNode[]): Coroutine<void> {
  const running = nodes.filter(({ isRunning }) => isRunning)
  if (running.length === 0) return
  lab.simulator.as('work', () => {
    for (const node of running) stopPrograms(lab, node)
  })
  yield { sleepNs: NETWORK_END_NS }
  for (const node of running) nodeDown(lab, node)
}

/**
 * A dead node comes back with the files it started with: interfaces go up, what was configured by hand is there again, the
 * routing suite starts anew.
 * Differs from docker and containerlab: a real container returns without its links unless containerlab parked them, and
 * without addresses and routes of `exec` lines.
 */
export function nodeUp(lab: Lab, node: LabNode): void {
  if (node.isRunning) return
  lab.simulator.journal.record(node.containerName, 'node.up')
  lab.simulator.as('work', () => {
    for (const member of membersOf(lab, node)) member.isRunning = true
    bringBack(node)
    for (const member of membersOf(lab, node)) if (member.kind === 'linux') startPrograms(lab, member)
    setClusterNode(lab, node, true)
  })
}

/** Whether the network namespace is the node's own, and not one it joined. */
function ownsNetwork(node: LabNode): boolean {
  return node.host.name === node.containerName
}

/** The node, and those that joined its network. */
function membersOf(lab: Lab, node: LabNode): readonly LabNode[] {
  return ownsNetwork(node) ? lab.nodes().filter(one => one.host === node.host) : [node]
}

function stopPrograms(lab: Lab, node: LabNode): void {
  for (const member of membersOf(lab, node)) {
    member.router?.bfd?.stop()
    member.router?.speaker?.crash()
    member.router?.zebra.stop()
    if (member.router !== undefined) member.host.sourceNat.setRules(member.host.sourceNat.router, [])
    member.router = undefined
    member.gobgp?.speaker.crash()
    member.gobgp = undefined
  }
  setClusterNode(lab, node, false)
}

function cutOff(lab: Lab, node: LabNode): void {
  for (const member of membersOf(lab, node)) member.isRunning = false
  if (!ownsNetwork(node)) return
  const { host } = node
  host.tcp.vanish()
  host.sourceNat.forgetFlows()
  const up = host.interfaces.all().filter(device => device.isUp && !device.isLoopback)
  const routes = host.fib.routes().filter(route => !OWN_AGAIN.includes(route.protocol))
  node.kernelBefore = { up, routes }
  for (const device of up) host.setInterfaceUp(device, false)
  host.fib.deleteWhere(entry => entry.table === 254)
  for (const object of host.nextHopObjects.all()) host.nextHopObjects.delete(object.id)
}

function bringBack(node: LabNode): void {
  const { kernelBefore, host } = node
  if (kernelBefore === undefined) return
  for (const device of kernelBefore.up) host.setInterfaceUp(device, true)
  restoreRoutes(host, kernelBefore.routes)
  node.kernelBefore = undefined
}

/** Routes over others come after those; a route whose way is gone stays away. */
function restoreRoutes(host: Host, routes: readonly FibRoute[]): void {
  const revived = (hop: FibNextHop): FibNextHop => ({
    ...hop,
    isDead: false,
    isLinkDown: hop.interface?.hasCarrier === false,
  })
  const fresh = routes.map(route => ({ ...route, nextHops: route.nextHops.map(revived) }))
  const refused = fresh.filter(route => !host.addRoute(route, 'append').ok)
  for (const route of refused) host.addRoute(route, 'append')
}

/** A kind node's kubelet and Cilium agent live and die with it. */
function setClusterNode(lab: Lab, node: LabNode, isRunning: boolean): void {
  for (const cluster of lab.clusters.values()) {
    if (cluster.node(node.name)?.host === node.host) cluster.setNodeRunning(node.name, isRunning)
  }
}
