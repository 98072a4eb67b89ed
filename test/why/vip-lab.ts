import { type OpenedLab, openLab } from '../../src/shell/open-lab.ts'
import type { Answer, Step } from '../../src/why/answer.ts'
import { whyService, whyVip } from '../../src/why/vip.ts'
import { parseIpv4, prefixOf } from '../../src/wire/address.ts'

/** A leaf, a spine behind it, and two nodes of one rack that announce `web` by BGP and `door` on the link. */
const FILES: Readonly<Record<string, string>> = {
  'setup.sh': `kind create cluster --name k --config kind.yaml
clab deploy -t lab.clab.yml
helm install cilium cilium/cilium --version 1.16.0 --namespace kube-system -f values.yaml \\
  --set ipam.mode=kubernetes
kubectl wait --for=condition=Ready nodes --all --timeout=300s
kubectl apply -f pool.yaml -f bgp.yaml -f l2.yaml
sleep 2
kubectl apply -f app.yaml
`,
  'kind.yaml': `kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
networking: {disableDefaultCNI: true, kubeProxyMode: none, podSubnet: 10.1.0.0/16}
nodes:
  - role: control-plane
    kubeadmConfigPatches:
      - |
        kind: InitConfiguration
        nodeRegistration:
          kubeletExtraArgs:
            node-ip: "10.0.5.11"
            node-labels: "rack=rack0"
  - role: worker
    labels:
      rack: rack0
    kubeadmConfigPatches:
      - |
        kind: JoinConfiguration
        nodeRegistration:
          kubeletExtraArgs:
            node-ip: "10.0.5.12"
`,
  'values.yaml': `kubeProxyReplacement: true
routingMode: native
bgpControlPlane:
  enabled: true
l2announcements:
  enabled: true
`,
  'lab.clab.yml': `name: k
topology:
  kinds:
    linux: {image: "quay.io/frrouting/frr:8.4.4"}
  nodes:
    leaf:
      kind: linux
      binds: [leaf.conf:/etc/frr/frr.conf]
    spine:
      kind: linux
      binds: [spine.conf:/etc/frr/frr.conf]
    br: {kind: bridge}
    client:
      kind: linux
      image: nicolaka/netshoot
      exec: [ip addr add 10.0.5.20/24 dev eth1]
    one:
      kind: linux
      network-mode: container:k-control-plane
      exec: [ip addr add 10.0.5.11/24 dev net0, ip route replace default via 10.0.5.1]
    two:
      kind: linux
      network-mode: container:k-worker
      exec: [ip addr add 10.0.5.12/24 dev net0, ip route replace default via 10.0.5.1]
  links:
    - endpoints: ["leaf:eth1", "br:p1"]
    - endpoints: ["one:net0", "br:p2"]
    - endpoints: ["two:net0", "br:p3"]
    - endpoints: ["client:eth1", "br:p4"]
    - endpoints: ["leaf:eth2", "spine:eth1"]
`,
  'leaf.conf': `hostname leaf
interface eth1
 ip address 10.0.5.1/24
interface eth2
 ip address 10.0.9.1/24
ip prefix-list VIPS seq 5 permit 20.0.0.0/24 le 32
ip prefix-list VIPS seq 10 permit 10.1.0.0/16 le 32
route-map NODES permit 10
 match ip address prefix-list VIPS
exit
router bgp 65005
 bgp router-id 10.0.5.1
 no bgp ebgp-requires-policy
 neighbor 10.0.5.11 remote-as 65005
 neighbor 10.0.5.12 remote-as 65005
 neighbor 10.0.9.2 remote-as 65100
 address-family ipv4 unicast
  neighbor 10.0.5.11 route-map NODES in
  neighbor 10.0.5.12 route-map NODES in
  neighbor 10.0.9.2 next-hop-self
 exit-address-family
`,
  'spine.conf': `hostname spine
interface eth1
 ip address 10.0.9.2/24
router bgp 65100
 bgp router-id 10.0.9.2
 no bgp ebgp-requires-policy
 neighbor 10.0.9.1 remote-as 65005
`,
  'pool.yaml': `apiVersion: cilium.io/v2alpha1
kind: CiliumLoadBalancerIPPool
metadata: {name: vips}
spec:
  blocks:
    - start: 20.0.0.100
      stop: 20.0.0.110
  serviceSelector:
    matchLabels:
      announce: bgp
---
apiVersion: cilium.io/v2alpha1
kind: CiliumLoadBalancerIPPool
metadata: {name: doors}
spec:
  blocks:
    - cidr: 10.0.5.96/28
  serviceSelector:
    matchLabels:
      announce: link
`,
  'bgp.yaml': `apiVersion: cilium.io/v2alpha1
kind: CiliumBGPPeeringPolicy
metadata:
  name: rack0
spec:
  nodeSelector:
    matchLabels:
      rack: rack0
  virtualRouters:
    - localASN: 65005
      serviceSelector:
        matchLabels:
          announce: bgp
      exportPodCIDR: true
      neighbors:
        - peerAddress: 10.0.5.1/32
          peerASN: 65005
`,
  'l2.yaml': `apiVersion: cilium.io/v2alpha1
kind: CiliumL2AnnouncementPolicy
metadata:
  name: link
spec:
  nodeSelector:
    matchLabels:
      rack: rack0
  serviceSelector:
    matchLabels:
      announce: link
  interfaces:
    - ^net0$
  loadBalancerIPs: true
`,
  'app.yaml': `apiVersion: v1
kind: Service
metadata:
  name: web
  labels:
    announce: bgp
spec:
  type: LoadBalancer
  selector: {app: web}
  ports: [{port: 80}]
---
apiVersion: v1
kind: Service
metadata:
  name: door
  labels:
    announce: link
  annotations:
    lbipam.cilium.io/ips: 10.0.5.100
spec:
  type: LoadBalancer
  selector: {app: web}
  ports: [{port: 80}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: nginx, image: nginx}]
`,
}

/** What is done to a file. */
export type Edit = readonly [file: string, from: string, to: string]

/** The lab with some of its files changed; `mend` undoes the changes in the files. */
export class VipLab {
  readonly texts = new Map(Object.entries(FILES))
  opened!: OpenedLab

  constructor(edits: readonly Edit[]) {
    for (const [file, from, to] of edits) {
      const text = this.texts.get(file)
      if (text?.includes(from) !== true) throw new Error(`${file} has no ${from}`)
      this.texts.set(
        file,
        text.replace(from, () => to),
      )
    }
  }

  async open(seed = 1): Promise<this> {
    const files = {
      readText: (path: string) => this.texts.get(path.replace('/lab/', '')),
      kindOf: (path: string) => (this.texts.has(path.replace('/lab/', '')) ? ('file' as const) : undefined),
      list: () => [],
    }
    this.opened = await openLab({ path: '/lab/setup.sh', files, seed })
    this.settle()
    return this
  }

  mend(): void {
    for (const [file, text] of Object.entries(FILES)) this.texts.set(file, text)
  }

  async run(text: string): Promise<string> {
    const { stdout, stderr, exitCode } = await this.opened.terminal.run(text, { cwd: '/lab' })
    if (exitCode !== 0) throw new Error(`${text}: ${stdout}${stderr}`)
    this.settle()
    return stdout
  }

  /** Until no work is left, and long enough for dials and leases. */
  settle(): void {
    const { simulator } = this.opened.lab
    simulator.runUntilQuiet(simulator.nowNs + 300e9)
    simulator.runUntil(simulator.nowNs + 30e9)
    simulator.runUntilQuiet(simulator.nowNs + 300e9)
  }

  /** An address, or NAMESPACE/NAME. */
  why(asked: string): Answer {
    const address = parseIpv4(asked)
    const [namespace = '', name = ''] = asked.split('/')
    return address === undefined ? whyService(this.opened.lab, { namespace, name }) : whyVip(this.opened.lab, address)
  }

  /** Who announces the address, found without asking why: paths that neighbours hold, and tables of the L2 announcers. */
  announcers(asked: string): readonly string[] {
    const { lab } = this.opened
    const cluster = lab.cluster!
    const address = parseIpv4(asked)
    if (address === undefined) throw new Error(`${asked} is no address`)
    const peers = lab.nodes().flatMap(node => node.router?.speaker ?? [])
    return cluster.nodes
      .flatMap(({ name, host, isRunning }) => {
        const agent = cluster.cilium?.agent(name)
        const paths = peers.flatMap(speaker => speaker.table.rib.get(prefixOf(address, 32))?.paths ?? [])
        const isHeard = paths.some(
          path => path.isUsable && path.peer.address !== undefined && host.isLocalAddress(path.peer.address),
        )
        const isAnswering = isRunning && agent?.l2.rows.some(row => row.address === address) === true
        return [...(isHeard ? [`BGP ${name}`] : []), ...(isAnswering ? [`L2 ${name}`] : [])]
      })
      .sort()
  }

  /** The same as the answer has it. */
  announcersTold(asked: string): readonly string[] {
    const steps = allSteps(this.why(asked).steps).filter(step => step.outcome === 'pass')
    const names = this.opened.lab.cluster!.nodes.map(node => node.name)
    return names
      .flatMap(name => [
        ...(steps.some(step => step.text.startsWith(`${name} to `)) ? [`BGP ${name}`] : []),
        ...(steps.some(step => step.text.startsWith(`${name} holds Lease`)) ? [`L2 ${name}`] : []),
      ])
      .sort()
  }

  /** `pool.yaml:9`: the line with this text, as the file is now. */
  lineOf(file: string, text: string): string {
    const line = this.texts
      .get(file)!
      .split('\n')
      .findIndex(one => one.includes(text))
    if (line < 0) throw new Error(`${file} has no line with ${text}`)
    return `${file}:${line + 1}`
  }
}

/** The gates that failed, outermost first. */
export function failedSteps(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap(step => [...(step.outcome === 'fail' ? [step] : []), ...failedSteps(step.steps ?? [])])
}

/** Places that a step and those below it name, in order. */
export function placesOf(step: Step): readonly string[] {
  const own = step.source === undefined ? [] : [`${step.source.file.replace('/lab/', '')}:${step.source.line}`]
  return [...own, ...(step.steps ?? []).flatMap(placesOf)]
}

/** The same of several steps. */
export function placesOfAll(steps: readonly Step[]): readonly string[] {
  return steps.flatMap(placesOf)
}

function allSteps(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap(step => [step, ...allSteps(step.steps ?? [])])
}
