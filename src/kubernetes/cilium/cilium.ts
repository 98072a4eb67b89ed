/**
 * Cilium in one cluster: the operator (LB-IPAM) and an agent per node (pod addresses, BGP control plane v1, L2
 * announcements, datapath).
 * Everything is driven by watches on the store and runs as events of the simulator.
 * Not modelled: network policy, encapsulation, encryption, IPv6, BGP control plane v2.
 * Source: facts about Cilium 1.15 to 1.18 in the files below this one.
 */
import { assert } from '../../assert.ts'
import { ValueSources } from '../../config/helm/value-sources.ts'
import type { HelmValues } from '../../config/helm/values.ts'
import { type Ipv4Address, type Prefix, prefixAddress, prefixOf } from '../../wire/address.ts'
import type { Cluster } from '../cluster.ts'
import type { ClusterNode, RunningPod } from '../cluster-node.ts'
import type { PodNetwork } from '../pod-network.ts'
import { CiliumAgent } from './agent.ts'
import { type CiliumConfig, readConfig } from './config.ts'
import { installKubeSystemObjects, removeKubeSystemObjects } from './kube-system-objects.ts'
import { CiliumOperator } from './operator.ts'
import { type CiliumProfile, chooseProfile } from './profile.ts'

export interface CiliumOptions {
  /** Version of the Helm chart: `1.16.5`. */
  readonly version: string
  readonly values: HelmValues
  /** Where the values are written. */
  readonly sources?: ValueSources
}

/** A pod of the daemonset `cilium`. */
const AGENT_POD_NAME = /^cilium-[a-z0-9]{5}$/

export class Cilium implements PodNetwork {
  readonly cluster: Cluster
  readonly version: string
  readonly values: HelmValues
  readonly valueSources: ValueSources
  readonly profile: CiliumProfile
  readonly config: CiliumConfig
  readonly operator: CiliumOperator
  /** By node name, in the cluster's order. */
  readonly agents = new Map<string, CiliumAgent>()
  /** An agent has begun to work, or has ended: kubelet can look at its node again. */
  onAgentChange: (nodeName: string) => void = () => {}
  readonly #notices: readonly string[]
  readonly #stopFollowing: (() => void)[] = []
  /** What ran before a restart with other values. */
  readonly #previous: Cilium | undefined
  #isStarted = false

  constructor(cluster: Cluster, options: CiliumOptions) {
    const chosen = chooseProfile(options.version)
    const read = readConfig(options.values, chosen.profile, cluster.model.kubeProxyMode !== 'none')
    this.cluster = cluster
    this.#previous = cluster.cilium
    this.version = options.version.replace(/^v/, '')
    this.values = options.values
    this.valueSources = options.sources ?? new ValueSources(undefined)
    this.profile = chosen.profile
    this.config = read.config
    this.#notices = chosen.notice === undefined ? read.notices : [chosen.notice, ...read.notices]
    this.operator = new CiliumOperator(this)
  }

  /** Creates Cilium's objects in the store and starts operator and agents. Call once. */
  start(): void {
    assert(!this.#isStarted, 'Cilium starts once')
    this.#isStarted = true
    for (const notice of this.#notices) this.say(notice)
    installKubeSystemObjects(this)
    for (const node of this.cluster.nodes) this.attachNode(node)
    this.operator.start()
  }

  /**
   * `uninstall` takes everything away. `restart` closes the BGP sessions, but leaves objects, addresses and forwarding to the
   * Cilium that is constructed and started next.
   */
  stop(how: 'uninstall' | 'restart' = 'uninstall'): void {
    this.operator.stop()
    for (const stop of this.#stopFollowing.splice(0)) stop()
    for (const agent of this.agents.values()) agent.stop(how)
    if (how === 'uninstall') removeKubeSystemObjects(this)
  }

  /** Starts the agent of a node. */
  attachNode(node: ClusterNode): void {
    assert(!this.agents.has(node.name), `node is attached once: ${node.name}`)
    const agent = new CiliumAgent(this, node, this.#podPrefix(node), this.#previous?.agents.get(node.name))
    this.agents.set(node.name, agent)
    agent.start()
    this.#followAgentPod(node)
  }

  /** The agent of a node ends; it stays away until `restartAgent`. */
  exitAgent(nodeName: string, how: 'killed' | 'terminated' = 'killed'): void {
    this.agents.get(nodeName)?.exit(how)
  }

  /** An agent that has ended starts again, and takes forwarding over once it works. */
  restartAgent(nodeName: string): void {
    const previous = this.agents.get(nodeName)
    if (previous?.hasExited !== true) return
    const agent = new CiliumAgent(this, previous.node, previous.podPrefix, previous)
    this.agents.set(nodeName, agent)
    agent.start()
  }

  /** A node's container has died, or is back. */
  setNodeRunning(nodeName: string, isRunning: boolean): void {
    const agent = this.agents.get(nodeName)
    if (isRunning) agent?.start()
    else agent?.crash()
  }

  /** The agent of a node. */
  agent(nodeName: string): CiliumAgent | undefined {
    return this.agents.get(nodeName)
  }

  isReady(node: ClusterNode): boolean {
    return this.agents.get(node.name)?.isReady ?? false
  }

  isAgentWorking(node: ClusterNode): boolean {
    return this.agents.get(node.name)?.isWorking ?? false
  }

  allocatePodAddress(
    node: ClusterNode,
    pod: { readonly namespace: string; readonly name: string },
  ): Ipv4Address | undefined {
    return this.agents.get(node.name)?.allocatePodAddress(pod)
  }

  releasePodAddress(node: ClusterNode, address: Ipv4Address): void {
    this.agents.get(node.name)?.ipam.release(address)
  }

  routerAddress(node: ClusterNode): Ipv4Address {
    const agent = this.agents.get(node.name)
    assert(agent !== undefined, `node has an agent: ${node.name}`)
    return agent.routerAddress
  }

  podMtuBytes(node: ClusterNode): number {
    const agent = this.agents.get(node.name)
    assert(agent !== undefined, `node has an agent: ${node.name}`)
    return agent.podMtuBytes
  }

  /** Tells the user what is not simulated. */
  say(message: string): void {
    this.cluster.say({ code: 'cilium/not-modelled', severity: 'unmodelled', message, source: this.#source })
  }

  /** Tells the user what the real system would do as well, but what is hardly meant. */
  warn(code: string, message: string): void {
    this.cluster.say({ code: `cilium/${code}`, severity: 'warning', message, source: this.#source })
  }

  /** The helm command that installed it. */
  get #source() {
    return this.valueSources.command ?? { file: `cilium ${this.version}`, line: 1, column: 1 }
  }

  /** The agent's process lives in a pod: it ends and starts with it. */
  #followAgentPod(node: ClusterNode): void {
    let current: string | undefined
    const follow = (pod: RunningPod, change: 'started' | 'stopped'): void => {
      if (!node.isRunning || pod.namespace !== 'kube-system' || !AGENT_POD_NAME.test(pod.name)) return
      if (change === 'started') {
        current = pod.uid
        this.restartAgent(node.name)
      } else if (pod.uid === current) this.exitAgent(node.name, 'terminated')
    }
    node.onPodsChange.add(follow)
    this.#stopFollowing.push(() => node.onPodsChange.delete(follow))
  }

  /** `ipam.mode=kubernetes`: the Node's podCIDR. `cluster-pool`: carved off the pool in the nodes' order. */
  #podPrefix(node: ClusterNode): Prefix {
    if (this.config.ipamMode === 'kubernetes') return node.podPrefix
    const length = this.config.clusterPoolMaskLength
    const first = prefixAddress(this.config.clusterPoolPrefix)
    return prefixOf(first + this.agents.size * 2 ** (32 - length), length)
  }
}
