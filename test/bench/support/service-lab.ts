/** Nodes and services of a cluster whose addresses are announced, as files of a lab folder. */
export interface ServiceLabOptions {
  readonly nodes: number
  readonly services: number
  readonly announcedBy: 'bgp' | 'l2'
}

const CILIUM =
  'helm install cilium cilium/cilium --version 1.16.0 -n kube-system --set kubeProxyReplacement=true,routingMode=native,' +
  'ipam.mode=kubernetes,ipv4NativeRoutingCIDR=10.0.0.0/8,bgpControlPlane.enabled=true,l2announcements.enabled=true'

/**
 * A kind cluster whose nodes have a leg each into one network (10.200.0.0/16) with a router, `leaf`. Its files: `setup.sh`
 * builds it, `services.yaml` is to be applied then.
 */
export function serviceLab(options: ServiceLabOptions): ReadonlyMap<string, string> {
  return new Map([
    ['setup.sh', `kind create cluster --name big --config kind.yaml\nclab deploy -t lab.clab.yml\n${CILIUM}\n`],
    ['kind.yaml', kindConfig(options.nodes)],
    ['lab.clab.yml', topology(options.nodes)],
    ['leaf/frr.conf', LEAF],
    ['services.yaml', `${POLICIES[options.announcedBy]}${POOL}${BACKEND}${services(options.services)}`],
  ])
}

function addressOf(index: number): string {
  return `10.200.${1 + Math.floor(index / 200)}.${1 + (index % 200)}`
}

function nodeName(index: number): string {
  if (index === 0) return 'big-control-plane'
  return index === 1 ? 'big-worker' : `big-worker${index}`
}

function indexes(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}

function kindConfig(nodes: number): string {
  const one = (index: number): string => {
    const [role, kind] = index === 0 ? ['control-plane', 'InitConfiguration'] : ['worker', 'JoinConfiguration']
    return `  - role: ${role}
    image: kindest/node:v1.31.0
    kubeadmConfigPatches:
      - |
        kind: ${kind}
        nodeRegistration:
          kubeletExtraArgs:
            node-ip: "${addressOf(index)}"
            node-labels: "rack=one"
`
  }
  return `kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
networking: {disableDefaultCNI: true, kubeProxyMode: none, podSubnet: 10.1.0.0/16}
nodes:
${indexes(nodes).map(one).join('')}`
}

function topology(nodes: number): string {
  const leg = (index: number): string => `    node${index}:
      kind: linux
      image: nicolaka/netshoot
      network-mode: container:${nodeName(index)}
      exec:
        - ip addr add ${addressOf(index)}/16 dev net0
        - ip route replace default via 10.200.0.1
`
  const link = (index: number): string => `    - endpoints: ["node${index}:net0", "rack:port${index}"]\n`
  return `name: big
topology:
  nodes:
    leaf:
      kind: linux
      network-mode: none
      image: quay.io/frrouting/frr:8.4.2
      binds: [leaf/frr.conf:/etc/frr/frr.conf]
    rack:
      kind: bridge
${indexes(nodes).map(leg).join('')}  links:
    - endpoints: ["leaf:eth1", "rack:leaf"]
${indexes(nodes).map(link).join('')}`
}

const LEAF = `hostname leaf
interface eth1
 ip address 10.200.0.1/16
exit
router bgp 65001
 no bgp ebgp-requires-policy
 bgp bestpath as-path multipath-relax
 neighbor NODES peer-group
 neighbor NODES remote-as external
 bgp listen limit 1000
 bgp listen range 10.200.0.0/16 peer-group NODES
exit
`

const POLICIES = {
  bgp: `apiVersion: cilium.io/v2alpha1
kind: CiliumBGPPeeringPolicy
metadata: {name: rack}
spec:
  nodeSelector: {matchLabels: {rack: one}}
  virtualRouters:
    - localASN: 65010
      serviceSelector: {matchLabels: {announced: "yes"}}
      neighbors: [{peerAddress: 10.200.0.1/16, peerASN: 65001}]
---
`,
  l2: `apiVersion: cilium.io/v2alpha1
kind: CiliumL2AnnouncementPolicy
metadata: {name: rack}
spec:
  serviceSelector: {matchLabels: {announced: "yes"}}
  nodeSelector: {matchLabels: {rack: one}}
  interfaces: [^net0$]
  loadBalancerIPs: true
---
`,
} as const

const POOL = `apiVersion: cilium.io/v2alpha1
kind: CiliumLoadBalancerIPPool
metadata: {name: pool}
spec: {blocks: [{cidr: 10.200.128.0/17}]}
---
`

const BACKEND = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: nginx, image: nginx, ports: [{containerPort: 80}]}]}
`

function services(count: number): string {
  const one = (index: number): string => `---
apiVersion: v1
kind: Service
metadata: {name: service-${index}, labels: {announced: "yes"}}
spec:
  type: LoadBalancer
  selector: {app: web}
  ports: [{port: 80, targetPort: 80}]
`
  return indexes(count).map(one).join('')
}
