import type { HelmValues } from '../../../../src/config/helm/values.ts'
import type { Host } from '../../../../src/host/host.ts'
import { snapshotNeighbors } from '../../../../src/host/neighbor/neighbor-table.ts'
import type { Lease } from '../../../../src/kubernetes/api/configuration.ts'
import { Cluster } from '../../../../src/kubernetes/cluster.ts'
import { Bridge } from '../../../../src/link/bridge.ts'
import { Cable } from '../../../../src/link/cable.ts'
import { Port } from '../../../../src/link/port.ts'
import type { KubernetesObject } from '../../../../src/model/kubernetes-object.ts'
import { Simulator } from '../../../../src/sim/simulator.ts'
import { formatIpv4, formatMac, type MacAddress } from '../../../../src/wire/address.ts'
import type { ArpPacket } from '../../../../src/wire/arp.ts'
import type { EthernetFrame } from '../../../../src/wire/ethernet.ts'
import { addDefault, give, ip, newHost } from '../../../support/two-hosts.ts'
import { ARTICLE_VALUES } from './hop-lab.ts'
import { create, kindModel, settle } from './small-cluster.ts'

export const L2_VALUES: HelmValues = { ...ARTICLE_VALUES, l2announcements: { enabled: true } }

export interface RackClusterOptions {
  readonly version?: string
  readonly values?: HelmValues
  readonly seed?: number
  /** Objects created after Cilium is up. Default: a pool, a policy for every node and the service `web`. */
  readonly objects?: readonly KubernetesObject[]
}

/** An ARP frame that passed the bridge. */
interface SeenArp {
  readonly atNs: number
  readonly from: string
  readonly frame: EthernetFrame
  readonly arp: ArpPacket
}

const NODES = ['node-a', 'node-b', 'node-c'] as const

/** Three nodes, a leaf and a client on one bridge, 10.0.5.0/24: nodes .11 to .13, leaf .1, client .20. Cilium is settled. */
export function rackCluster(options: RackClusterOptions = {}) {
  const simulator = new Simulator({ seed: options.seed ?? 1 })
  const bridge = new Bridge(simulator, 'rack')
  const arps: SeenArp[] = []
  const cables = new Map<string, Cable>()
  const plug = (name: string, address: string): Host => {
    const host = newHost(simulator, name)
    const last = Number(address.split('.')[3])
    const own = new Port(`${name}:net0`, (0x020000000000 + last) as MacAddress, 9500)
    const far = new Port(`rack:${name}`, (0x020100000000 + last) as MacAddress, 9500)
    const device = host.addInterface(own, 'net0')
    bridge.addPort(far)
    cables.set(name, new Cable(simulator, `rack ${name}`, own, far))
    give(host, device, `${address}/24`)
    own.taps.add((frame, direction) => {
      if (direction === 'out' && frame.payload.kind === 'arp')
        arps.push({ atNs: simulator.nowNs, from: name, frame, arp: frame.payload })
    })
    return host
  }
  const leaf = plug('leaf', '10.0.5.1')
  leaf.sysctl.set('net.ipv4.ip_forward', '1')
  const client = plug('client', '10.0.5.20')
  const nodes = NODES.map((name, index) => {
    const host = plug(name, `10.0.5.${11 + index}`)
    addDefault(host, '10.0.5.1')
    return { name, host, address: ip(`10.0.5.${11 + index}`) }
  })
  const notices: string[] = []
  const cluster = new Cluster({
    simulator,
    model: kindModel(nodes, name => new Map([['place', name]])),
    nodes,
    say: diagnostic => notices.push(`${diagnostic.severity}: ${diagnostic.message}`),
  })
  cluster.installCilium({ version: options.version ?? '1.16.5', values: options.values ?? L2_VALUES })
  settle(simulator)
  for (const object of options.objects ?? [rangePool(), l2Policy(), l2Service('web')]) create(cluster, object)
  settle(simulator)
  const lab = { simulator, cluster, leaf, client, nodes, notices, arps, cables, cilium: cluster.cilium! }
  return {
    ...lab,
    /** Lets simulated time pass. */
    pass: (seconds: number) => simulator.runUntil(simulator.nowNs + seconds * 1e9),
    lease: (service: string): Lease | undefined =>
      cluster.store.get('Lease', 'kube-system', `cilium-l2announce-default-${service}`),
    holder: (service: string): string | undefined =>
      cluster.store.get('Lease', 'kube-system', `cilium-l2announce-default-${service}`)?.spec.holderIdentity,
    agent: (name: string) => cluster.cilium!.agent(name)!,
    /** The machine dies: cable and agent at once. */
    kill: (name: string) => {
      cables.get(name)!.setConnected(false)
      cluster.setNodeRunning(name, false)
    },
    /** `10.0.5.100 02:00:00:00:00:0b STALE` of a host's neighbour table. */
    neighbors: (host: Host) =>
      snapshotNeighbors(host).map(
        ({ address, mac, state }) => `${formatIpv4(address)} ${mac === undefined ? '-' : formatMac(mac)} ${state}`,
      ),
    /** Gratuitous ARPs seen: who and for which address. */
    gratuitous: () =>
      arps
        .filter(({ arp }) => arp.senderAddress === arp.targetAddress)
        .map(({ from, arp }) => `${from} ${formatIpv4(arp.senderAddress)}`),
  }
}

export function macOf(name: string): string {
  return { 'node-a': '02:00:00:00:00:0b', 'node-b': '02:00:00:00:00:0c', 'node-c': '02:00:00:00:00:0d' }[name]!
}

export function rangePool(): KubernetesObject {
  return {
    apiVersion: 'cilium.io/v2alpha1',
    kind: 'CiliumLoadBalancerIPPool',
    metadata: { name: 'pool' },
    spec: { blocks: [{ start: '10.0.5.100', stop: '10.0.5.200' }] },
  }
}

export function l2Policy(spec: Record<string, unknown> = {}, name = 'l2'): KubernetesObject {
  return {
    apiVersion: 'cilium.io/v2alpha1',
    kind: 'CiliumL2AnnouncementPolicy',
    metadata: { name },
    spec: { loadBalancerIPs: true, ...spec },
    status: {},
  }
}

export function l2Service(name: string, spec: Record<string, unknown> = {}): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default', labels: { app: name } },
    spec: {
      type: 'LoadBalancer',
      selector: { app: name },
      ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }],
      ...spec,
    },
    status: {},
  }
}

/** Opens a connection to port 80 of an address, lets a second pass and gives up: what the neighbour table learns thereby. */
export function touch(host: Host, address: string): void {
  const connection = host.tcp.connect({ destination: ip(address), port: 80 })
  host.simulator.runUntil(host.simulator.nowNs + 1e9)
  connection.abort()
}
