import type { Diagnostic } from '../config/diagnostic.ts'
import type { HelmValues } from '../config/helm/values.ts'
import type { Host } from '../host/host.ts'
import type { KindClusterModel } from '../model/topology.ts'
import type { Simulator } from '../sim/simulator.ts'
import type { Ipv4Address } from '../wire/address.ts'
import { Store } from './api/store.ts'
import { Cilium } from './cilium/cilium.ts'
import type { ClusterNode } from './cluster-node.ts'

export interface ClusterOptions {
  readonly simulator: Simulator
  readonly model: KindClusterModel
  /** The kind containers in the model's order; `address` is the docker network's. */
  readonly nodes: readonly { readonly name: string; readonly host: Host; readonly address: Ipv4Address }[]
  /** Notices for the user. */
  readonly say?: (diagnostic: Diagnostic) => void
}

/** A kind cluster: API store, controllers, kubelets and, once installed, Cilium. */
export class Cluster {
  readonly name: string
  readonly model: KindClusterModel
  readonly simulator: Simulator
  readonly store: Store
  readonly nodes: readonly ClusterNode[]
  cilium: Cilium | undefined

  constructor(options: ClusterOptions) {
    this.name = options.model.name
    this.model = options.model
    this.simulator = options.simulator
    this.store = new Store(options.simulator, options.model.name)
    this.nodes = []
  }

  /** The node with this name. */
  node(name: string): ClusterNode | undefined {
    return this.nodes.find(node => node.name === name)
  }

  /** Installs Cilium or, when it is there, restarts it with other values. Takes effect within this call and events after it. */
  installCilium(options: { readonly version: string; readonly values: HelmValues }): void {
    this.cilium = new Cilium(this, options)
    this.cilium.start()
  }

  /** Tells the user something, once per code and message. */
  say(_diagnostic: Diagnostic): void {}
}
