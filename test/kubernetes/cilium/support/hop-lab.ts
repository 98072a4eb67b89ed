import type { HelmValues } from '../../../../src/config/helm/values.ts'
import type { Host } from '../../../../src/host/host.ts'
import type { Interface } from '../../../../src/host/interface.ts'
import type { EndpointSlice } from '../../../../src/kubernetes/api/endpoint-slice.ts'
import type { Service } from '../../../../src/kubernetes/api/service.ts'
import type { CiliumAgent } from '../../../../src/kubernetes/cilium/agent.ts'
import { readConfig } from '../../../../src/kubernetes/cilium/config.ts'
import { Datapath } from '../../../../src/kubernetes/cilium/datapath/datapath.ts'
import { chooseProfile } from '../../../../src/kubernetes/cilium/profile.ts'
import { Bridge } from '../../../../src/link/bridge.ts'
import { Cable } from '../../../../src/link/cable.ts'
import { Port } from '../../../../src/link/port.ts'
import { Simulator } from '../../../../src/sim/simulator.ts'
import { formatIpv4, type MacAddress, prefixOf } from '../../../../src/wire/address.ts'
import { type Ipv4Packet, ipv4PacketBytes } from '../../../../src/wire/ipv4.ts'
import { addDefault, addRoute, give, ip, join, newHost, prefix } from '../../../support/two-hosts.ts'

/** One packet seen on the way. */
export interface Seen {
  readonly where: string
  readonly source: string
  readonly destination: string
  readonly ttl: number
  readonly bytes: number
  readonly hasOption: boolean
  readonly packet: Ipv4Packet
}

export interface HopLabOptions {
  readonly version?: string
  readonly values?: HelmValues
  readonly kubeProxyMode?: 'iptables' | 'none'
  readonly service?: Partial<Service['spec']>
  /** Endpoints of the service. Default: the pod in rack 1. */
  readonly endpoints?: EndpointSlice['endpoints']
}

const READY = { ready: true, serving: true, terminating: false }
const POD_ENDPOINT = { addresses: ['10.1.1.134'], conditions: READY, nodeName: 'worker' }

/**
 * The part of the article's lab that one request crosses: client2 and worker3 in rack 0 behind leaf01, spine02, leaf02 with
 * worker in rack 1 and one pod on it. The service address 10.0.5.100 is reached by way of worker3.
 */
export function hopLab(options: HopLabOptions = {}) {
  const simulator = new Simulator()
  const names = ['client2', 'worker3', 'leaf01', 'spine02', 'leaf02', 'worker', 'pod'] as const
  const hosts = new Map<string, Host>(names.map(name => [name, newHost(simulator, name)]))
  const host = (name: (typeof names)[number]): Host => hosts.get(name)!
  const seen: Seen[] = []
  plugIntoRack(simulator, [host('client2'), host('worker3'), host('leaf01')])
  give(host('client2'), device(host('client2'), 'net0'), '10.0.5.20/24')
  give(host('worker3'), device(host('worker3'), 'net0'), '10.0.5.12/24')
  give(host('leaf01'), device(host('leaf01'), 'net0'), '10.0.5.1/24')
  wire(host('leaf01'), 'eth3', '10.0.103.2/24', host('spine02'), 'eth2', '10.0.103.1/24')
  wire(host('spine02'), 'eth3', '10.0.104.1/24', host('leaf02'), 'eth3', '10.0.104.2/24')
  wire(host('leaf02'), 'eth1', '10.0.10.1/24', host('worker'), 'net0', '10.0.10.11/24')
  wirePod(host('pod'), host('worker'))
  for (const name of ['client2', 'worker3'] as const) addDefault(host(name), '10.0.5.1')
  addDefault(host('worker'), '10.0.10.1')
  addDefault(host('leaf01'), '10.0.103.1')
  addRoute(host('spine02'), '10.0.5.0/24', '10.0.103.2')
  addRoute(host('spine02'), '10.0.10.0/24', '10.0.104.2')
  addRoute(host('spine02'), '10.1.1.0/24', '10.0.104.2')
  addRoute(host('leaf02'), '10.1.1.0/24', '10.0.10.11')
  addRoute(host('leaf02'), '10.0.5.0/24', '10.0.104.1')
  addRoute(host('client2'), '10.0.5.100/32', '10.0.5.12')
  for (const name of ['worker3', 'leaf01', 'spine02', 'leaf02', 'worker'] as const) {
    host(name).sysctl.set('net.ipv4.ip_forward', '1')
  }
  for (const watched of hosts.values()) watch(watched, seen)
  const datapaths = ['worker3', 'worker'].map((name, index) => {
    const address = ip(index === 0 ? '10.0.5.12' : '10.0.10.11')
    return startDatapath(hosts.get(name)!, address, prefix(index === 0 ? '10.1.3.0/24' : '10.1.1.0/24'), options)
  })
  return { simulator, host, seen, loadBalancerNode: datapaths[0]!, backendNode: datapaths[1]! }
}

/** The values of the article's installation. */
export const ARTICLE_VALUES: HelmValues = {
  kubeProxyReplacement: true,
  routingMode: 'native',
  ipv4NativeRoutingCIDR: '10.0.0.0/8',
  ipam: { mode: 'kubernetes' },
  loadBalancer: { mode: 'dsr' },
}

function startDatapath(
  host: Host,
  address: ReturnType<typeof ip>,
  podPrefix: ReturnType<typeof prefix>,
  options: HopLabOptions,
): Datapath {
  const { profile } = chooseProfile(options.version ?? '1.16.5')
  const { config } = readConfig(options.values ?? ARTICLE_VALUES, profile, true)
  const store = { watch: () => () => {} }
  const nodes = [
    { name: 'worker3', address: ip('10.0.5.12') },
    { name: 'worker', address: ip('10.0.10.11') },
  ]
  const agent = {
    cilium: {
      cluster: {
        simulator: host.simulator,
        name: 'test',
        store,
        nodes,
        model: { kubeProxyMode: options.kubeProxyMode ?? 'iptables' },
      },
      config,
      profile,
    },
    node: { name: host.name, host, address, pods: new Map(), onPodsChange: new Set() },
    podPrefix,
  } as unknown as CiliumAgent
  const datapath = new Datapath(agent, undefined)
  datapath.start()
  datapath.services.upsertService({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'nginx-service', namespace: 'default' },
    spec: {
      type: 'LoadBalancer',
      clusterIP: '10.96.0.9',
      ports: [{ protocol: 'TCP', port: 80, targetPort: 80, nodePort: 30320 }],
      ...options.service,
    },
    status: { loadBalancer: { ingress: [{ ip: '10.0.5.100' }] } },
  })
  datapath.services.upsertSlice({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'nginx-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'nginx-service' } },
    addressType: 'IPv4',
    endpoints: [...(options.endpoints ?? [POD_ENDPOINT])],
    ports: [{ protocol: 'TCP', port: 80 }],
  })
  return datapath
}

/** A learning bridge with the `net0` of each host. */
function plugIntoRack(simulator: Simulator, members: readonly Host[]): void {
  const bridge = new Bridge(simulator, 'leaf01-br')
  for (const member of members) {
    const mac = (0x020000000000 + member.random.fork('net0').uint32()) as MacAddress
    const own = new Port(`${member.name}:net0`, mac, 9500)
    const far = new Port(`leaf01-br:${member.name}`, (mac + 2 ** 32) as MacAddress, 9500)
    member.addInterface(own, 'net0')
    bridge.addPort(far)
    new Cable(simulator, `rack ${member.name}`, own, far)
  }
}

function wire(
  one: Host,
  oneName: string,
  oneAddress: string,
  other: Host,
  otherName: string,
  otherAddress: string,
): void {
  const [first, second] = join(one, oneName, other, otherName, 9500)
  give(one, first, oneAddress)
  give(other, second, otherAddress)
}

/** /32 in the pod, default route by cilium_host, as the network plugin sets it up. */
function wirePod(pod: Host, node: Host): void {
  const [inside, outside] = join(pod, 'eth0', node, 'lxc1', 1500)
  const router = node.addDummy('cilium_host', 'dummy')
  if (!router.ok) throw new Error(router.errno)
  node.setInterfaceUp(router.interface, true)
  give(node, router.interface, '10.1.1.77/32')
  give(pod, inside, '10.1.1.134/32')
  const hop = { weight: 1, onlink: false, isDead: false, isLinkDown: false }
  const common = { type: 'unicast' as const, table: 254, tos: 0, metric: 0, protocol: 'boot' as const }
  const routes = [
    pod.addRoute(
      { ...common, prefix: prefixOf(ip('10.1.1.77'), 32), scope: 'link', nextHops: [{ ...hop, interface: inside }] },
      'add',
    ),
    pod.addRoute(
      {
        ...common,
        prefix: prefix('default'),
        scope: 'global',
        nextHops: [{ ...hop, interface: inside, gateway: ip('10.1.1.77') }],
      },
      'add',
    ),
    node.addRoute(
      { ...common, prefix: prefixOf(ip('10.1.1.134'), 32), scope: 'link', nextHops: [{ ...hop, interface: outside }] },
      'add',
    ),
  ]
  for (const route of routes) if (!route.ok) throw new Error(route.message ?? route.errno)
}

function device(host: Host, name: string): Interface {
  return host.interfaces.get(name)!
}

/** Notes every TCP, UDP and ICMP packet that a host receives. */
function watch(host: Host, seen: Seen[]): void {
  for (const watched of host.interfaces) {
    watched.port?.taps.add((frame, direction) => {
      const packet = frame.payload
      if (direction !== 'in' || packet.kind !== 'ipv4' || frame.destination !== watched.mac) return
      const ports = 'sourcePort' in packet.payload ? packet.payload : { sourcePort: 0, destinationPort: 0 }
      seen.push({
        where: host.name,
        source: `${formatIpv4(packet.source)}:${ports.sourcePort}`,
        destination: `${formatIpv4(packet.destination)}:${ports.destinationPort}`,
        ttl: packet.ttl,
        bytes: ipv4PacketBytes(packet),
        hasOption: packet.options.length > 0,
        packet,
      })
    })
  }
}
