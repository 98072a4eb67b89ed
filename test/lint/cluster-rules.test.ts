import { describe, expect, test } from 'vitest'
import { type LabFiles, lintFiles, placesOf } from './lint-files.ts'

const LAB = `name: x
topology:
  nodes:
    leaf: {kind: linux, image: "frr:8.4.1", binds: ["leaf.conf:/etc/frr/frr.conf"]}
    br0: {kind: bridge}
    n1:
      kind: linux
      network-mode: container:c-control-plane
      exec:
        - ip addr add 10.0.5.11/24 dev net0
        - ip route replace default via 10.0.5.1
    n2:
      kind: linux
      network-mode: container:c-worker
      exec:
        - ip addr add 10.0.5.12/24 dev net0
        - ip route replace default via 10.0.5.1
    client:
      kind: linux
      exec:
        - ip addr add 192.168.0.2/24 dev eth1
        - ip route replace default via 192.168.0.1
  links:
    - endpoints: ["leaf:eth1", "br0:p1"]
    - endpoints: ["n1:net0", "br0:p2"]
    - endpoints: ["n2:net0", "br0:p3"]
    - endpoints: ["leaf:eth2", "client:eth1"]
`

const LEAF = `interface eth1
 ip address 10.0.5.1/24
!
interface eth2
 ip address 192.168.0.1/24
!
router bgp 65005
 no bgp ebgp-requires-policy
 neighbor 10.0.5.11 remote-as 65005
 neighbor 10.0.5.11 route-reflector-client
 neighbor 10.0.5.12 remote-as 65005
 neighbor 10.0.5.12 route-reflector-client
!
`

const KIND = `kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
networking: {disableDefaultCNI: true, kubeProxyMode: none, podSubnet: 10.1.0.0/16, serviceSubnet: 10.96.0.0/12}
nodes:
  - role: control-plane
    kubeadmConfigPatches:
      - |
        kind: InitConfiguration
        nodeRegistration:
          taints: []
          kubeletExtraArgs:
            node-ip: "10.0.5.11"
            node-labels: "rack=r0,name=one"
  - role: worker
    kubeadmConfigPatches:
      - |
        kind: JoinConfiguration
        nodeRegistration:
          kubeletExtraArgs:
            node-ip: "10.0.5.12"
            node-labels: "rack=r0,name=two"
`

const SETUP = `kind create cluster --name c --config kind.yaml
clab deploy -t lab.clab.yml
helm install cilium cilium/cilium --version 1.16.0 --namespace kube-system \\
  --set kubeProxyReplacement=true \\
  --set routingMode=native \\
  --set ipv4NativeRoutingCIDR=10.0.0.0/8 \\
  --set ipam.mode=kubernetes \\
  --set loadBalancer.mode=dsr \\
  --set bgpControlPlane.enabled=true \\
  --set l2announcements.enabled=true \\
  --set l2announcements.leaseDuration=15s
kubectl wait --for=condition=Ready nodes --all --timeout=300s
kubectl apply -f all.yaml
kubectl rollout status deployment/web --timeout=120s
`

/** Everything right: pods announced by BGP, one service by BGP, one in the rack's network by ARP. */
const ALL = `apiVersion: cilium.io/v2alpha1
kind: CiliumBGPPeeringPolicy
metadata: {name: rack}
spec:
  nodeSelector:
    matchLabels: {rack: r0}
  virtualRouters:
    - localASN: 65005
      exportPodCIDR: true
      serviceSelector:
        matchLabels: {announce: bgp}
      neighbors:
        - peerAddress: 10.0.5.1/32
          peerASN: 65005
---
apiVersion: cilium.io/v2alpha1
kind: CiliumLoadBalancerIPPool
metadata: {name: far}
spec:
  blocks:
    - cidr: 20.0.0.0/24
  serviceSelector:
    matchLabels: {announce: bgp}
---
apiVersion: cilium.io/v2alpha1
kind: CiliumLoadBalancerIPPool
metadata: {name: near}
spec:
  blocks:
    - start: 10.0.5.100
      stop: 10.0.5.200
  serviceSelector:
    matchLabels: {announce: l2}
---
apiVersion: cilium.io/v2alpha1
kind: CiliumL2AnnouncementPolicy
metadata: {name: arp}
spec:
  serviceSelector:
    matchLabels: {announce: l2}
  nodeSelector:
    matchLabels: {rack: r0}
  interfaces:
    - ^net0$
  loadBalancerIPs: true
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      nodeSelector: {name: two}
      containers: [{name: web, image: nginx, ports: [{containerPort: 80}]}]
---
apiVersion: v1
kind: Service
metadata:
  name: far
  labels: {announce: bgp}
spec:
  type: LoadBalancer
  selector: {app: web}
  ports: [{port: 80, protocol: TCP}]
---
apiVersion: v1
kind: Service
metadata:
  name: near
  labels: {announce: l2}
spec:
  type: LoadBalancer
  selector: {app: web}
  ports: [{port: 80, protocol: TCP}]
`

const GOOD: LabFiles = { 'lab.clab.yml': LAB, 'leaf.conf': LEAF, 'kind.yaml': KIND, 'setup.sh': SETUP, 'all.yaml': ALL }

interface Case {
  readonly rule: string
  readonly title: string
  /** File, text of the good lab, and what breaks it. */
  readonly breaks: readonly (readonly [file: string, from: string, to: string])[]
  /** The place, by what stands there: file and the text that the position begins with. */
  readonly at: readonly (readonly [file: string, text: string])[]
  readonly says: string
}

const CASES: readonly Case[] = [
  {
    rule: 'cilium/neighbor-missing-on-router',
    title: 'a node that the leaf has no neighbor for',
    breaks: [['leaf.conf', ' neighbor 10.0.5.12 remote-as 65005\n neighbor 10.0.5.12 route-reflector-client\n', '']],
    at: [['all.yaml', 'peerAddress: 10.0.5.1/32']],
    says: 'c-worker (10.0.5.12) cannot peer with 10.0.5.1: leaf has no neighbor for it',
  },
  {
    rule: 'bgp/as-mismatch',
    title: "an AS that is not the leaf's",
    breaks: [['all.yaml', 'peerASN: 65005', 'peerASN: 65006']],
    at: [['all.yaml', 'peerASN: 65006']],
    says: 'expects AS 65006 of its peer 10.0.5.1, but leaf is in AS 65005',
  },
  {
    rule: 'cilium/selector-matches-nothing',
    title: 'a policy for nodes that do not exist',
    breaks: [
      [
        'all.yaml',
        '  nodeSelector:\n    matchLabels: {rack: r0}\n  interfaces',
        '  nodeSelector:\n    matchLabels: {rack: r9}\n  interfaces',
      ],
    ],
    at: [['all.yaml', 'nodeSelector:\n    matchLabels: {rack: r9}']],
    says: 'CiliumL2AnnouncementPolicy arp selects no node of the cluster',
  },
  {
    rule: 'cilium/selector-matches-nothing',
    title: 'a pool for services that do not exist',
    breaks: [
      [
        'all.yaml',
        '      stop: 10.0.5.200\n  serviceSelector:\n    matchLabels: {announce: l2}',
        '      stop: 10.0.5.200\n  serviceSelector:\n    matchLabels: {announce: l3}',
      ],
    ],
    at: [['all.yaml', 'serviceSelector:\n    matchLabels: {announce: l3}']],
    says: 'CiliumLoadBalancerIPPool near selects none of the 2 services',
  },
  {
    rule: 'cilium/invalid-selector',
    title: 'NotIn without values',
    breaks: [
      [
        'all.yaml',
        '        matchLabels: {announce: bgp}\n      neighbors',
        '        matchExpressions: [{key: x, operator: NotIn, values: []}]\n      neighbors',
      ],
    ],
    at: [['all.yaml', '{key: x']],
    says: 'its selector has x NotIn without values',
  },
  {
    rule: 'cilium/several-bgp-policies',
    title: 'two policies for one node',
    breaks: [
      [
        'all.yaml',
        '---\napiVersion: cilium.io/v2alpha1\nkind: CiliumLoadBalancerIPPool\nmetadata: {name: far}',
        '---\napiVersion: cilium.io/v2alpha1\nkind: CiliumBGPPeeringPolicy\nmetadata: {name: second}\nspec:\n  nodeSelector:\n    matchLabels: {name: two}\n  virtualRouters: [{localASN: 65005, exportPodCIDR: true, neighbors: [{peerAddress: 10.0.5.1/32, peerASN: 65005}]}]\n---\napiVersion: cilium.io/v2alpha1\nkind: CiliumLoadBalancerIPPool\nmetadata: {name: far}',
      ],
    ],
    at: [['all.yaml', 'nodeSelector:\n    matchLabels: {name: two}']],
    says: 'second and rack both select c-worker',
  },
  {
    rule: 'cilium/pool-overlap',
    title: 'two pools with common addresses',
    breaks: [
      [
        'all.yaml',
        '    - cidr: 20.0.0.0/24',
        '    - cidr: 20.0.0.0/24\n    - start: 20.0.0.200\n      stop: 20.0.1.10',
      ],
    ],
    at: [['all.yaml', 'start: 20.0.0.200']],
    says: 'CiliumLoadBalancerIPPool far overlaps another block of its own (20.0.0.0 to 20.0.0.255)',
  },
  {
    rule: 'cilium/pool-overlaps-network',
    title: 'a pool in the network of the pods',
    breaks: [['all.yaml', '20.0.0.0/24', '10.1.200.0/24']],
    at: [['all.yaml', 'cidr: 10.1.200.0/24']],
    says: "CiliumLoadBalancerIPPool far overlaps the cluster's pod network 10.1.0.0/16",
  },
  {
    rule: 'cilium/pool-overlaps-network',
    title: 'a pool with the address of a device',
    breaks: [['all.yaml', 'start: 10.0.5.100', 'start: 10.0.5.10']],
    at: [['all.yaml', 'start: 10.0.5.10']],
    says: 'contains 10.0.5.11, the address of n1:net0',
  },
  {
    rule: 'cilium/pool-overlaps-network',
    title: 'a pool in a network where nobody answers ARP for it',
    breaks: [['all.yaml', 'cidr: 20.0.0.0/24', 'cidr: 192.168.0.128/25']],
    at: [['all.yaml', 'cidr: 192.168.0.128/25']],
    says: 'lies in 192.168.0.0/24, the network of client:eth1',
  },
  {
    rule: 'cilium/misaligned-cidr',
    title: 'host bits in a cidr',
    breaks: [['all.yaml', '20.0.0.0/24', '20.0.0.100/24']],
    at: [['all.yaml', 'cidr: 20.0.0.100/24']],
    says: '20.0.0.100/24 means 20.0.0.0 to 20.0.0.255',
  },
  {
    rule: 'cilium/address-outside-pools',
    title: 'an address that no pool has',
    breaks: [
      [
        'all.yaml',
        '  labels: {announce: bgp}\nspec:\n  type: LoadBalancer\n',
        '  labels: {announce: bgp}\nspec:\n  type: LoadBalancer\n  loadBalancerIP: 30.0.0.1\n',
      ],
    ],
    at: [['all.yaml', 'loadBalancerIP: 30.0.0.1']],
    says: 'service default/far asks for 30.0.0.1, which is in no pool',
  },
  {
    rule: 'cilium/address-outside-pools',
    title: 'an address of a pool for others, asked for in an annotation',
    breaks: [
      [
        'all.yaml',
        '  labels: {announce: bgp}\nspec:\n  type',
        '  labels: {announce: bgp}\n  annotations:\n    lbipam.cilium.io/ips: 10.0.5.150\nspec:\n  type',
      ],
    ],
    at: [['all.yaml', 'lbipam.cilium.io/ips']],
    says: 'which is in CiliumLoadBalancerIPPool near, but that one does not select the service',
  },
  {
    rule: 'cilium/no-pool-for-service',
    title: 'a service that no pool selects',
    breaks: [['all.yaml', '  name: far\n  labels: {announce: bgp}', '  name: far\n  labels: {announce: none}']],
    at: [['all.yaml', 'labels: {announce: none}']],
    says: 'service default/far gets no address: no enabled pool selects it',
  },
  {
    rule: 'cilium/address-not-announced',
    title: 'a service that no policy selects',
    breaks: [
      [
        'all.yaml',
        '        matchLabels: {announce: bgp}\n      neighbors',
        '        matchLabels: {announce: pgb}\n      neighbors',
      ],
    ],
    at: [['all.yaml', 'labels: {announce: bgp}\nspec:\n  type']],
    says: 'service default/far is announced by no policy',
  },
  {
    rule: 'cilium/bgp-control-plane-off',
    title: 'a peering policy that nobody reads',
    breaks: [['setup.sh', 'bgpControlPlane.enabled=true', 'bgpControlPlane.enabled=false']],
    at: [['all.yaml', 'apiVersion']],
    says: 'CiliumBGPPeeringPolicy rack has no effect',
  },
  {
    rule: 'cilium/l2-policy-announces-nothing',
    title: 'a policy without a kind of address',
    breaks: [['all.yaml', '  loadBalancerIPs: true\n', '']],
    at: [['all.yaml', 'spec:\n  serviceSelector:\n    matchLabels: {announce: l2}\n  nodeSelector']],
    says: 'neither loadBalancerIPs nor externalIPs is true',
  },
  {
    rule: 'cilium/interface-regex-matches-nothing',
    title: 'an expression that fits no device',
    breaks: [['all.yaml', '^net0$', '^ens']],
    at: [['all.yaml', '^ens']],
    says: "interface ^ens fits none of Cilium's devices (net0)",
  },
  {
    rule: 'cilium/local-policy-with-l2',
    title: 'externalTrafficPolicy Local below a lease',
    breaks: [
      [
        'all.yaml',
        '  labels: {announce: l2}\nspec:\n',
        '  labels: {announce: l2}\nspec:\n  externalTrafficPolicy: Local\n',
      ],
    ],
    at: [['all.yaml', 'externalTrafficPolicy: Local']],
    says: 'arp may announce it from c-control-plane, without a pod of it',
  },
  {
    rule: 'cilium/lease-timings',
    title: 'a lease shorter than its renewal',
    breaks: [['setup.sh', 'leaseDuration=15s', 'leaseDuration=4s']],
    at: [['setup.sh', 'l2announcements.leaseDuration=4s']],
    says: 'L2 announcement leases will use 4s, 2s',
  },
  {
    rule: 'cilium/fdb-ages-before-arp',
    title: 'a bridge that forgets fast',
    breaks: [['setup.sh', 'clab deploy', 'brctl addbr br0\nbrctl setageing br0 10 || true\nclab deploy']],
    at: [['setup.sh', 'brctl setageing']],
    says: 'bridge br0 forgets MAC addresses after 10 s',
  },
  {
    rule: 'cilium/dsr-mtu',
    title: 'datagrams that DSR makes too long',
    breaks: [['all.yaml', '  ports: [{port: 80, protocol: TCP}]\n---', '  ports: [{port: 53, protocol: UDP}]\n---']],
    at: [['setup.sh', 'loadBalancer.mode=dsr']],
    says: 'packets of 9500 bytes to service default/far become 9508 by DSR (opt), but nodes have MTU 9500',
  },
  {
    rule: 'cilium/pods-unreachable',
    title: 'pods that nobody knows the way to',
    breaks: [['all.yaml', 'exportPodCIDR: true', 'exportPodCIDR: false']],
    at: [['setup.sh', 'routingMode=native']],
    says: 'pods on c-control-plane do not reach those on c-worker (10.1.1.0/24): the way ends at leaf',
  },
  {
    rule: 'cilium/pool-loops',
    title: 'default routes that point at each other',
    breaks: [
      [
        'lab.clab.yml',
        '    br0:',
        '    edge: {kind: linux, image: "frr:8.4.1", binds: ["edge.conf:/etc/frr/frr.conf"]}\n    br0:',
      ],
      ['lab.clab.yml', '  links:\n', '  links:\n    - endpoints: ["leaf:eth9", "edge:eth9"]\n'],
      [
        'leaf.conf',
        'router bgp',
        'interface eth9\n ip address 10.9.0.1/30\n!\nip route 0.0.0.0/0 10.9.0.2\n!\nrouter bgp',
      ],
    ],
    at: [['all.yaml', 'cidr: 20.0.0.0/24']],
    says: 'packets to unused addresses of far (20.0.0.255) go round between leaf and edge',
  },
  {
    rule: 'kubernetes/node-address-missing',
    title: 'a node-ip that the topology does not give',
    breaks: [['kind.yaml', 'node-ip: "10.0.5.12"', 'node-ip: "10.0.5.99"']],
    at: [['kind.yaml', '10.0.5.99']],
    says: 'node c-worker is to have the address 10.0.5.99',
  },
  {
    rule: 'kubernetes/service-selects-nothing',
    title: 'a selector without pods',
    breaks: [
      [
        'all.yaml',
        '  name: near\n  labels: {announce: l2}\nspec:\n  type: LoadBalancer\n  selector: {app: web}',
        '  name: near\n  labels: {announce: l2}\nspec:\n  type: LoadBalancer\n  selector: {app: wep}',
      ],
    ],
    at: [['all.yaml', 'selector: {app: wep}']],
    says: 'service default/near selects no pod (app=wep)',
  },
  {
    rule: 'route/reverse-path-filter',
    title: 'a leaf that refuses the answers of direct server return',
    breaks: [
      // the pod's node answers over its second leg, whose network the leaf knows by another device
      [
        'lab.clab.yml',
        '        - ip addr add 10.0.5.12/24 dev net0\n',
        '        - ip addr add 10.0.5.12/24 dev net0\n        - ip addr add 10.0.7.2/30 dev net1\n',
      ],
      [
        'lab.clab.yml',
        '10.0.7.2/30 dev net1\n        - ip route replace default via 10.0.5.1',
        '10.0.7.2/30 dev net1\n        - ip route replace default via 10.0.7.1',
      ],
      ['lab.clab.yml', '  links:\n', '  links:\n    - endpoints: ["leaf:eth7", "n2:net1"]\n'],
      [
        'lab.clab.yml',
        'binds: ["leaf.conf:/etc/frr/frr.conf"]',
        'binds: ["leaf.conf:/etc/frr/frr.conf"], sysctls: {net.ipv4.conf.all.rp_filter: 1}',
      ],
      ['leaf.conf', 'router bgp', 'interface eth7\n ip address 10.0.7.1/30\n!\nrouter bgp'],
    ],
    at: [['lab.clab.yml', 'net.ipv4.conf.all.rp_filter']],
    says: 'leaf drops answers of 20.0.0.0 (service default/far) to client that come in on eth7',
  },
]

/** Files of the good lab with what a case changes. */
function broken({ breaks, rule }: Case): LabFiles {
  const files: Record<string, string> = { ...GOOD }
  if (rule === 'cilium/pool-loops') {
    files['edge.conf'] = 'interface eth9\n ip address 10.9.0.2/30\n!\nip route 0.0.0.0/0 10.9.0.1\n'
  }
  for (const [file, from, to] of breaks) {
    expect(files[file]).toContain(from)
    files[file] = files[file]!.replace(from, to)
  }
  return files
}

/** `file:line:column` of the first place where the text begins. */
function placeOf(files: LabFiles, [file, text]: readonly [string, string]): string {
  const offset = files[file]!.indexOf(text)
  const before = files[file]!.slice(0, offset).split('\n')
  return `${file}:${before.length}:${before.at(-1)!.length + 1}`
}

describe('the rules on clusters', () => {
  test('are silent on a lab where all is right', async () => {
    const found = await lintFiles(GOOD)
    expect(found.filter(report => report.level !== 'info')).toEqual([])
  })

  test.each(CASES.map(one => [one.rule, one.title, one] as const))('%s finds %s', async (rule, _title, one) => {
    const files = broken(one)
    const found = await lintFiles(files)
    expect([...new Set(placesOf(found, rule))]).toEqual(one.at.map(place => placeOf(files, place)))
    expect(found.find(report => report.rule === rule)!.message).toContain(one.says)
  })
})
