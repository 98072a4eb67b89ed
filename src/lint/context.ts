import type { Host } from '../host/host.ts'
import type { Interface } from '../host/interface.ts'
import type { Cluster } from '../kubernetes/cluster.ts'
import type { Lab } from '../lab/lab.ts'
import type { LabNode } from '../lab/node.ts'
import type { KubernetesObject } from '../model/kubernetes-object.ts'
import type { SourceRef } from '../model/source.ts'
import type { NodeModel } from '../model/topology.ts'
import { formatIpv4 } from '../wire/address.ts'
import { type ClusterView, clusterViews } from './cluster-view.ts'
import type { SourceTexts } from './source-texts.ts'
import { type PeerView, type SpeakerView, speakerViews } from './speaker-view.ts'
import { Wires } from './wires.ts'

/** What rules look at: the lab as it runs, and the files that it was built from. Taken once; the lab must not go on. */
export class LintContext {
  readonly lab: Lab
  readonly texts: SourceTexts
  readonly wires: Wires
  readonly speakers: readonly SpeakerView[]
  readonly clusters: readonly ClusterView[]
  /** Nodes of the topologies as their files say, by running node. */
  readonly models: ReadonlyMap<LabNode, NodeModel>

  readonly #hosts = new Map<Host, readonly LabNode[]>()

  constructor(lab: Lab, texts: SourceTexts) {
    this.lab = lab
    this.texts = texts
    this.wires = new Wires(lab)
    this.speakers = speakerViews(lab)
    this.clusters = clusterViews(lab)
    const models = new Map<LabNode, NodeModel>()
    for (const { model, nodes } of lab.topologies.values()) {
      for (const one of model.nodes) models.set(nodes.get(one.name)!, one)
    }
    this.models = models
    for (const node of lab.nodes()) {
      if (node.isRunning && node.host !== lab.machine.host)
        this.#hosts.set(node.host, [...(this.#hosts.get(node.host) ?? []), node])
    }
  }

  /** Every network namespace once, with the nodes that share it; without the machine's. */
  hosts(): ReadonlyMap<Host, readonly LabNode[]> {
    return this.#hosts
  }

  /** Whether something in the files or `exec` lines of these nodes fits: for features that the simulation has no state of. */
  mentions(nodes: readonly LabNode[], feature: RegExp): boolean {
    return nodes.some(
      node =>
        [...node.files].some(([path, text]) => /\.(conf|boot|sh)$/.test(path) && feature.test(text)) ||
        this.models.get(node)?.exec.some(({ command }) => feature.test(command)) === true,
    )
  }

  /** Containers that a plain topology expects from elsewhere: nobody knows what will run in them. */
  isStandIn(nodes: readonly LabNode[]): boolean {
    return nodes.some(node => node.kind === 'kind-node' && !this.clusters.some(view => view.cluster.node(node.name)))
  }

  /** What messages call a host: its first node that a topology names, else its container. */
  nameOf(host: Host): string {
    const nodes = this.hosts().get(host) ?? []
    return (nodes.find(node => this.models.has(node)) ?? nodes[0] ?? this.lab.machine).name
  }

  /** The place of a field of an object, or of what made the object; the beginning of the lab's file for one that was typed. */
  atManifest(cluster: Cluster, object: KubernetesObject, ...path: (string | number)[]): SourceRef {
    const { sources } = cluster.store
    return sources.sourceOf(object, path) ?? sources.sourceOf(object) ?? this.texts.beginning
  }

  /** A node in its topology file; for others the beginning of the lab's file. */
  atHost(host: Host): SourceRef {
    for (const node of this.hosts().get(host) ?? []) {
      const model = this.models.get(node)
      if (model !== undefined) return model.source
    }
    return this.texts.beginning
  }

  /** The first `exec` line of a host, or line of a setup script, that has all these words. */
  atCommand(host: Host, ...words: string[]): SourceRef | undefined {
    for (const node of this.hosts().get(host) ?? []) {
      const line = this.models.get(node)?.exec.find(({ command }) => words.every(word => command.includes(word)))
      if (line !== undefined) return line.source
    }
    const names = (this.hosts().get(host) ?? []).map(node => node.containerName)
    for (const file of this.texts.scripts) {
      const isIt = (line: string): boolean =>
        words.every(word => line.includes(word)) && names.some(name => line.includes(name))
      const index = this.texts.lines(file).findIndex(isIt)
      if (index >= 0) return this.texts.find({ file, line: index + 1, column: 1 }, words.at(-1)!)
    }
    return undefined
  }

  /** Where a host got a sysctl: an `exec` line, a script's line, the `sysctls` of its node; else its node. */
  atSysctl(host: Host, name: string): SourceRef {
    const command = this.atCommand(host, name)
    if (command !== undefined) return command
    for (const node of this.hosts().get(host) ?? []) {
      const model = this.models.get(node)
      const key = [...(model?.sysctls.keys() ?? [])].find(one => one.includes(name))
      if (model !== undefined && key !== undefined) return this.texts.find(model.source, key) ?? model.source
    }
    return this.atHost(host)
  }

  /** Where a device got an address: in the router's configuration, an `exec` line, a link; else its node. */
  atAddress(host: Host, device: Interface, text: string): SourceRef {
    for (const node of this.hosts().get(host) ?? []) {
      const block = node.router?.model.interfaces.find(one => one.name === device.name)
      const own = block?.addresses.some(({ address }) => text.startsWith(`${formatIpv4(address)}/`))
      if (own === true) return this.texts.find(block!.source, text) ?? block!.source
    }
    const command = this.atCommand(host, text)
    if (command !== undefined) return command
    for (const { model, nodes } of this.lab.topologies.values()) {
      for (const link of model.links) {
        for (const end of [link.a, link.b]) {
          if (end?.address !== undefined && nodes.get(end.node)?.host === host && end.interface === device.name)
            return end.source
        }
      }
    }
    return this.atHost(host)
  }

  /** A statement about a peer: `neighbor 10.0.0.1 remote-as 65001`, or the same of its group; else where the peer begins. */
  atPeer({ speaker, model, address }: PeerView, word = ''): SourceRef {
    if (speaker.virtualRouter !== undefined) {
      const { cluster, policy, index } = speaker.virtualRouter
      const neighbors = policy.spec.virtualRouters[index]?.neighbors ?? []
      const at = neighbors.findIndex(one => one.peerAddress.split('/')[0] === formatIpv4(address))
      return this.atManifest(cluster, policy, 'spec', 'virtualRouters', index, 'neighbors', at, word || 'peerAddress')
    }
    for (const name of [formatIpv4(address), model.peerGroup]) {
      const start = `neighbor ${name} ${word}`.trimEnd()
      const found = speaker.statements.find(({ text }) => text === start || text.startsWith(`${start} `))
      if (found !== undefined) return found.source
    }
    return model.source
  }

  /** Where a speaker is configured: `router bgp`, gobgpd's file, the virtual router of a peering policy. */
  atSpeaker({ virtualRouter, model }: SpeakerView): SourceRef {
    if (virtualRouter === undefined) return model.source
    const { cluster, policy, index } = virtualRouter
    return this.atManifest(cluster, policy, 'spec', 'virtualRouters', index, 'localASN')
  }

  /** The first statement of a router that begins like this, in FRR's words. */
  atStatement(speaker: SpeakerView, start: string): SourceRef | undefined {
    return speaker.statements.find(({ text }) => text === start || text.startsWith(`${start} `))?.source
  }

  /** Where a value of Cilium's chart is set, or where Cilium is installed. */
  atHelmValue({ cilium }: ClusterView, key: string): SourceRef {
    return cilium.valueSources.of(key) ?? this.texts.beginning
  }
}
