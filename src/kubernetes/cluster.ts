import type { Diagnostic } from '../config/diagnostic.ts'
import type { Host } from '../host/host.ts'
import type { KindClusterModel } from '../model/topology.ts'
import type { Simulator } from '../sim/simulator.ts'
import {
  broadcastAddress,
  type Ipv4Address,
  type Prefix,
  prefixAddress,
  prefixLength,
  prefixOf,
} from '../wire/address.ts'
import { BUILTIN_KINDS } from './api/builtin-kinds.ts'
import { admitDefaults } from './api/default-objects.ts'
import { admitServices } from './api/service-admission.ts'
import { Store } from './api/store.ts'
import { Cilium, type CiliumOptions } from './cilium/cilium.ts'
import { ciliumKinds, registerCiliumKinds } from './cilium-kinds.ts'
import type { ClusterNode } from './cluster-node.ts'
import { createControlPlaneObjects, createNamespaces } from './control-plane-objects.ts'
import { DaemonSetController } from './controllers/daemon-set-controller.ts'
import { DeploymentController } from './controllers/deployment-controller.ts'
import { EndpointSliceController } from './controllers/endpoint-slice-controller.ts'
import { NamespaceController } from './controllers/namespace-controller.ts'
import { NodeLifecycleController } from './controllers/node-lifecycle-controller.ts'
import { ReplicaSetController } from './controllers/replica-set-controller.ts'
import { Scheduler } from './controllers/scheduler.ts'
import { Kubelet } from './kubelet.ts'

export interface ClusterOptions {
  readonly simulator: Simulator
  readonly model: KindClusterModel
  /** The kind containers in the model's order; `address` is the docker network's. */
  readonly nodes: readonly { readonly name: string; readonly host: Host; readonly address: Ipv4Address }[]
  /** Notices for the user. */
  readonly say?: (diagnostic: Diagnostic) => void
}

/** kube-controller-manager's --node-cidr-mask-size. */
const NODE_MASK_LENGTH = 24

/**
 * A kind cluster: API store, controllers, kubelets and, once installed, Cilium. It has no network until then: nodes are
 * NotReady and pods wait.
 */
export class Cluster {
  readonly name: string
  readonly model: KindClusterModel
  readonly simulator: Simulator
  readonly store: Store
  /** In the model's order, which is the order of registration. */
  readonly nodes: readonly ClusterNode[]
  cilium: Cilium | undefined
  isStopped = false
  readonly #kubelets = new Map<string, Kubelet>()
  readonly #images = new Map<string, Set<string>>()
  readonly #say: (diagnostic: Diagnostic) => void
  readonly #said = new Set<string>()

  constructor(options: ClusterOptions) {
    const { simulator, model } = options
    this.name = model.name
    this.model = model
    this.simulator = simulator
    this.#say = options.say ?? (() => {})
    this.store = new Store(simulator, model.name)
    this.nodes = options.nodes.map((node, index) => this.#makeNode(node, index))
    this.store.registerKinds(BUILTIN_KINDS)
    admitDefaults(
      this.store,
      [...BUILTIN_KINDS, ...ciliumKinds(Number.POSITIVE_INFINITY)].map(kind => kind.kind),
    )
    admitServices(this.store, model.serviceSubnet, simulator.random.fork(`cluster ${model.name} services`))
    this.#startControllers()
    this.#noteMissing()
  }

  /** The node with this name. */
  node(name: string): ClusterNode | undefined {
    return this.nodes.find(node => node.name === name)
  }

  /**
   * Installs Cilium or, when it is there, restarts it with other values. Its CRDs are known when this returns; agents take
   * simulated time to start.
   */
  installCilium(options: CiliumOptions): void {
    this.cilium?.stop('restart')
    const minor = Number(/^v?\d+\.(\d+)/.exec(options.version)?.[1] ?? 16)
    registerCiliumKinds(this, minor)
    this.cilium = new Cilium(this, options)
    this.cilium.onAgentChange = name => this.#kubelets.get(name)?.reportAgent()
    this.cilium.start()
    this.#reportNodes()
  }

  /** Takes Cilium away; its CRDs and custom resources stay, as Helm leaves them. */
  uninstallCilium(): void {
    this.cilium?.stop()
    this.cilium = undefined
    this.#reportNodes()
  }

  /** `kind load docker-image`: the image need not be pulled. */
  loadImage(image: string, nodeNames?: readonly string[]): void {
    for (const [name, images] of this.#images) if (nodeNames?.includes(name) ?? true) images.add(image)
  }

  /** The container of a node has stopped, or started again. */
  setNodeRunning(name: string, isRunning: boolean): void {
    this.cilium?.setNodeRunning(name, isRunning)
    this.#kubelets.get(name)?.setRunning(isRunning)
  }

  /** Parts a node from the API server, or joins them again. */
  setApiServerReachable(name: string, isReachable: boolean): void {
    this.store.setReachable(name, isReachable)
    if (isReachable) this.#kubelets.get(name)?.reportStatus()
  }

  /** `kind delete cluster`: Cilium, pods and controllers end. The nodes' hosts are left to the lab. */
  stop(): void {
    this.isStopped = true
    this.store.close()
    for (const kubelet of this.#kubelets.values()) kubelet.stop()
    this.cilium?.stop()
    this.cilium = undefined
  }

  /** Tells the user something, once per code and message. */
  say(diagnostic: Diagnostic): void {
    const key = `${diagnostic.code} ${diagnostic.message}`
    if (this.#said.has(key)) return
    this.#said.add(key)
    this.#say(diagnostic)
  }

  #makeNode(node: ClusterOptions['nodes'][number], index: number): ClusterNode {
    const model = this.model.nodes[index]!
    this.#images.set(node.name, new Set())
    return {
      name: node.name,
      host: node.host,
      model,
      address: model.nodeAddress ?? node.address,
      podPrefix: podPrefixAt(this.model.podSubnet, index),
      pods: new Map(),
      onPodsChange: new Set(),
      isRunning: true,
    }
  }

  #startControllers(): void {
    new NamespaceController(this).start()
    createNamespaces(this)
    for (const node of this.nodes) {
      const kubelet = new Kubelet(this, node, this.#images.get(node.name)!)
      this.#kubelets.set(node.name, kubelet)
      kubelet.start()
    }
    for (const ControllerClass of CONTROLLERS) new ControllerClass(this).start()
    createControlPlaneObjects(this)
  }

  #reportNodes(): void {
    for (const kubelet of this.#kubelets.values()) kubelet.reportStatus()
  }

  #noteMissing(): void {
    if (this.model.disableDefaultCni) return
    const message =
      'kindnet, the default network of kind, is not modelled: the cluster has no network until Cilium is installed'
    this.say({
      code: 'kind/not-modelled',
      severity: 'unmodelled',
      message,
      source: { file: this.model.file, line: 1, column: 1 },
    })
  }
}

const CONTROLLERS = [
  NodeLifecycleController,
  Scheduler,
  DeploymentController,
  ReplicaSetController,
  DaemonSetController,
  EndpointSliceController,
]

/** The nth /24 of the pod subnet, or of what there is when the subnet is smaller; it wraps when nodes outnumber the blocks. */
function podPrefixAt(subnet: Prefix, index: number): Prefix {
  const length = Math.max(NODE_MASK_LENGTH, prefixLength(subnet))
  const first = prefixAddress(subnet)
  const blocks = (broadcastAddress(first, prefixLength(subnet)) - first + 1) / 2 ** (32 - length)
  return prefixOf(first + (index % blocks) * 2 ** (32 - length), length)
}
