import { assert } from '../assert.ts'
import type { Diagnostic } from '../config/diagnostic.ts'
import { Host } from '../host/host.ts'
import type { Interface } from '../host/interface.ts'
import { Cluster } from '../kubernetes/cluster.ts'
import type { KindClusterModel } from '../model/topology.ts'
import { Simulator, type SimulatorOptions } from '../sim/simulator.ts'
import { ipv4, parseIpv4, parsePrefix } from '../wire/address.ts'
import { addBridge, DockerNetwork, type DockerNetworkOptions } from './docker-network.ts'
import type { LabNode } from './node.ts'
import { RouterReadings } from './router-readings.ts'
import type { DeployedTopology } from './topology.ts'

/** docker's network for kind clusters: the second of its default pools, as on a machine with nothing else. */
const KIND_NETWORK: DockerNetworkOptions = {
  name: 'kind',
  bridge: 'br-kind',
  subnet: parsePrefix('172.18.0.0/16')!,
  gateway: parseIpv4('172.18.0.1')!,
  mtuBytes: 1500,
}

/**
 * The simulated machine with everything that runs on it: containerlab topologies, kind clusters, docker networks and the
 * bridges they share. This is the object that commands, scenarios and tests hold.
 */
export class Lab {
  readonly simulator: Simulator
  readonly machine: LabNode
  readonly topologies = new Map<string, DeployedTopology>()
  readonly clusters = new Map<string, Cluster>()
  /** What the user should know: statements that are not modelled, assumptions, deviations. */
  readonly notices: Diagnostic[] = []
  /** Version of the Cilium chart that helm takes whatever its command line says: to compare versions. */
  ciliumVersion: string | undefined
  readonly routerReadings = new RouterReadings()
  readonly #nodes = new Map<string, LabNode>()
  readonly #networks = new Map<string, DockerNetwork>()
  readonly #multipathSeed: number

  constructor(options: SimulatorOptions = {}) {
    this.simulator = new Simulator(options)
    this.#multipathSeed = this.simulator.random.fork('fib_multipath_hash_seed').uint32()
    this.machine = {
      name: 'machine',
      containerName: 'machine',
      labName: '',
      kind: 'machine',
      image: '',
      hostName: 'server',
      host: this.newHost('machine'),
      environment: new Map(),
      files: new Map(),
      router: undefined,
      isRunning: true,
    }
    this.machine.host.sysctl.set('net.ipv4.ip_forward', '1')
  }

  /** All containers, by name. */
  nodes(): readonly LabNode[] {
    return [...this.#nodes.values()].sort((a, b) => (a.containerName < b.containerName ? -1 : 1))
  }

  /** A container by docker's name, or by its name in a topology file when only one has it; `machine` is the machine. */
  node(name: string): LabNode | undefined {
    if (name === this.machine.name) return this.machine
    const exact = this.#nodes.get(name)
    if (exact !== undefined) return exact
    const found = this.nodes().filter(node => node.name === name)
    return found.length === 1 ? found[0] : undefined
  }

  /** kubectl's current context: the cluster made last. */
  get cluster(): Cluster | undefined {
    return [...this.clusters.values()].at(-1)
  }

  /** A network namespace of this machine: they share the kernel's multipath seed. */
  newHost(name: string): Host {
    return new Host({ name, simulator: this.simulator, multipathSeed: this.#multipathSeed })
  }

  addNode(node: LabNode): void {
    assert(!this.#nodes.has(node.containerName), `container name ${node.containerName} is taken`)
    this.#nodes.set(node.containerName, node)
  }

  removeNode(node: LabNode): void {
    this.#nodes.delete(node.containerName)
  }

  /** The bridge of this name on the machine; made when it is not there, shared by all labs that name it. */
  bridge(name: string): Interface {
    return addBridge(this.machine.host, name)
  }

  /** The docker network of this name; made with these options when it is not there. */
  network(options: DockerNetworkOptions): DockerNetwork {
    let network = this.#networks.get(options.name)
    if (network === undefined) {
      network = new DockerNetwork(this.simulator, this.machine.host, options)
      this.#networks.set(options.name, network)
    }
    return network
  }

  /** Takes a docker network away once nobody is on it. */
  releaseNetwork(name: string): void {
    const network = this.#networks.get(name)
    if (network === undefined || !network.isEmpty) return
    network.remove()
    this.#networks.delete(name)
  }

  /** `kind create cluster`: containers on docker's `kind` network and the control plane on them. */
  createCluster(model: KindClusterModel): Cluster {
    const network = this.network(KIND_NETWORK)
    const nodes = model.nodes.map(({ name, image }) => {
      const host = this.newHost(name)
      host.sysctl.set('net.ipv4.ip_forward', '1')
      const device = network.connect(host, 'eth0')
      this.addNode({
        name,
        containerName: name,
        labName: model.name,
        kind: 'kind-node',
        image: image ?? 'kindest/node:v1.31.0',
        hostName: name,
        host,
        environment: new Map(),
        files: new Map(),
        router: undefined,
        isRunning: true,
      })
      return { name, host, address: device.addresses[0]?.address ?? ipv4(0) }
    })
    const cluster = new Cluster({ simulator: this.simulator, model, nodes, say: diagnostic => this.say(diagnostic) })
    this.clusters.set(model.name, cluster)
    return cluster
  }

  /** `kind delete cluster`: the cluster ends and its containers go off docker's network. */
  deleteCluster(name: string): void {
    const cluster = this.clusters.get(name)
    if (cluster === undefined) return
    cluster.stop()
    const network = this.network(KIND_NETWORK)
    for (const { name: container, host } of cluster.nodes) {
      const device = host.interfaces.get('eth0')
      if (device !== undefined) network.disconnect(device)
      this.#nodes.delete(container)
    }
    this.clusters.delete(name)
  }

  /** Keeps a notice, once. */
  say(diagnostic: Diagnostic): void {
    const { code, message, source } = diagnostic
    const isKnown = this.notices.some(
      one =>
        one.code === code &&
        one.message === message &&
        one.source.file === source.file &&
        one.source.line === source.line,
    )
    if (!isKnown) this.notices.push(diagnostic)
  }
}
