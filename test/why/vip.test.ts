import { beforeAll, describe, expect, test } from 'vitest'
import { renderAnswer } from '../../src/why/render-answer.ts'
import { type Edit, failedSteps, placesOf, placesOfAll, VipLab } from './vip-lab.ts'

interface Cause {
  readonly title: string
  readonly edits: readonly Edit[]
  /** What is asked; announced once the cause is mended. */
  readonly ask?: string
  /** The line that must be named: the file and a text on the line. */
  readonly place: readonly [file: string, text: string]
  /** Commands that mend it in the running lab; none: a fresh lab from the mended files is the base lab. */
  readonly mend?: readonly string[]
  readonly says: RegExp
}

const SERVICE = 'default/web'
const DOOR = 'default/door'
const VIP = '20.0.0.100'
const DOOR_VIP = '10.0.5.100'
const APPLY = ['kubectl apply -f pool.yaml -f bgp.yaml -f l2.yaml -f app.yaml']

/** A second object in front of those of a file. */
const before = (file: string, head: string, text: string): Edit => [file, head, `${text}---\n${head}`]

const OLDER_POOL = `apiVersion: cilium.io/v2alpha1
kind: CiliumLoadBalancerIPPool
metadata: {name: older}
spec:
  blocks: [{cidr: 20.0.0.104/30}]
  serviceSelector: {matchLabels: {announce: never}}
`
const OTHER_SERVICE = `apiVersion: v1
kind: Service
metadata: {name: first, labels: {announce: ANNOUNCE}, annotations: {lbipam.cilium.io/ips: ADDRESS}}
spec: {type: LoadBalancer, selector: {app: first}, ports: [{port: 80}]}
`
const APP_HEAD = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web'
const otherService = (announce: string, address: string): Edit =>
  before('app.yaml', APP_HEAD, OTHER_SERVICE.replace('ANNOUNCE', announce).replace('ADDRESS', address))

const CAUSES: readonly Cause[] = [
  {
    title: 'the service is of another type',
    edits: [['app.yaml', 'type: LoadBalancer', 'type: ClusterIP']],
    ask: SERVICE,
    place: ['app.yaml', 'type: ClusterIP'],
    mend: APPLY,
    says: /of type ClusterIP/,
  },
  {
    title: "the service's class is another controller's",
    edits: [['app.yaml', 'type: LoadBalancer', 'type: LoadBalancer\n  loadBalancerClass: example.com/other']],
    ask: SERVICE,
    place: ['app.yaml', 'loadBalancerClass'],
    says: /loadBalancerClass example\.com\/other is another controller's/,
  },
  {
    title: "the pool's selector misses the service",
    edits: [['pool.yaml', 'announce: bgp', 'announce: bpg']],
    place: ['pool.yaml', 'announce: bpg'],
    mend: APPLY,
    says: /CiliumLoadBalancerIPPool vips selects announce=bpg; the service has announce=bgp/,
  },
  {
    title: 'the pool is disabled',
    edits: [['pool.yaml', 'spec:\n', 'spec:\n  disabled: true\n']],
    place: ['pool.yaml', 'disabled: true'],
    mend: ['kubectl patch ciliumloadbalancerippool vips --type merge -p \'{"spec":{"disabled":false}}\''],
    says: /vips is disabled/,
  },
  {
    title: 'the pool is exhausted',
    edits: [['pool.yaml', 'stop: 20.0.0.110', 'stop: 20.0.0.100'], otherService('bgp', '20.0.0.100')],
    ask: SERVICE,
    place: ['pool.yaml', 'start: 20.0.0.100'],
    mend: APPLY,
    says: /exhausted: default\/first holds all of it/,
  },
  {
    title: 'the pool conflicts with an older one',
    edits: [
      ['setup.sh', 'kubectl apply -f pool.yaml', 'kubectl apply -f older.yaml\nsleep 2\nkubectl apply -f pool.yaml'],
    ],
    place: ['pool.yaml', 'start: 20.0.0.100'],
    mend: ['kubectl delete ciliumloadbalancerippool older'],
    says: /overlaps range/,
  },
  {
    title: 'the service asks for an address that no pool has',
    edits: [['app.yaml', 'ips: 10.0.5.100', 'ips: 10.0.7.100']],
    ask: DOOR,
    place: ['app.yaml', 'ips: 10.0.7.100'],
    mend: APPLY,
    says: /asks for 10\.0\.7\.100, which no pool contains/,
  },
  {
    title: 'the service asks for an address that another has',
    edits: [otherService('link', '10.0.5.100')],
    ask: DOOR,
    place: ['app.yaml', '    lbipam.cilium.io/ips: 10.0.5.100'],
    mend: ['kubectl delete service first'],
    says: /which Service default\/first has/,
  },
  {
    title: 'the service asks for an end of a block that is kept back',
    edits: [
      ['app.yaml', 'ips: 10.0.5.100', 'ips: 10.0.5.96'],
      ['pool.yaml', 'spec:\n  blocks:\n    - cidr', 'spec:\n  allowFirstLastIPs: "No"\n  blocks:\n    - cidr'],
    ],
    ask: DOOR,
    place: ['pool.yaml', 'allowFirstLastIPs'],
    mend: APPLY,
    says: /keeps back \(allowFirstLastIPs: No\)/,
  },
  {
    title: 'the BGP control plane is off in the values file',
    edits: [['values.yaml', 'bgpControlPlane:\n  enabled: true', 'bgpControlPlane:\n  enabled: false']],
    place: ['values.yaml', 'enabled: false'],
    mend: [
      'helm upgrade cilium cilium/cilium --version 1.16.0 -n kube-system -f values.yaml --set ipam.mode=kubernetes',
    ],
    says: /BGP, both nodes: bgpControlPlane\.enabled is not true/,
  },
  {
    title: 'the BGP control plane is off by --set',
    edits: [['setup.sh', 'ipam.mode=kubernetes', 'ipam.mode=kubernetes --set bgpControlPlane.enabled=false']],
    place: ['setup.sh', 'bgpControlPlane.enabled=false'],
    mend: [
      'helm upgrade cilium cilium/cilium --version 1.16.0 -n kube-system -f values.yaml --set ipam.mode=kubernetes',
    ],
    says: /bgpControlPlane\.enabled is not true/,
  },
  {
    title: "the peering policy's node selector misses",
    edits: [['bgp.yaml', 'rack: rack0', 'rack: rack9']],
    place: ['bgp.yaml', 'rack: rack9'],
    mend: APPLY,
    says: /CiliumBGPPeeringPolicy rack0 selects rack=rack9; the node has rack=rack0/,
  },
  {
    title: 'the router selects no service',
    edits: [['bgp.yaml', '      serviceSelector:\n        matchLabels:\n          announce: bgp\n', '']],
    place: ['bgp.yaml', '- localASN'],
    mend: APPLY,
    says: /has no serviceSelector/,
  },
  {
    title: 'the router selects other services',
    edits: [['bgp.yaml', 'announce: bgp', 'announce: bpg']],
    place: ['bgp.yaml', 'announce: bpg'],
    mend: APPLY,
    says: /selects announce=bpg/,
  },
  {
    title: 'the router announces other kinds of addresses',
    edits: [['bgp.yaml', '      exportPodCIDR', '      serviceAdvertisements: [ClusterIP]\n      exportPodCIDR']],
    place: ['bgp.yaml', 'serviceAdvertisements'],
    mend: APPLY,
    says: /announces ClusterIP, not LoadBalancerIP/,
  },
  {
    title: 'two peering policies select the nodes',
    edits: [['setup.sh', 'sleep 2', 'sleep 2\nkubectl apply -f second.yaml']],
    place: ['second.yaml', 'nodeSelector'],
    mend: ['kubectl delete -f second.yaml'],
    says: /rack0 and second all select it/,
  },
  {
    title: 'the neighbour has an address that nobody has',
    edits: [['bgp.yaml', 'peerAddress: 10.0.5.1/32', 'peerAddress: 10.0.5.9/32']],
    place: ['bgp.yaml', 'peerAddress'],
    mend: APPLY,
    says: /nobody in the lab has the address of neighbor 10\.0\.5\.9/,
  },
  {
    title: "the neighbour's AS is another",
    edits: [['bgp.yaml', 'peerASN: 65005', 'peerASN: 65006']],
    place: ['bgp.yaml', 'peerASN'],
    mend: APPLY,
    says: /peerASN 65006, but leaf 10\.0\.5\.1 is AS 65005/,
  },
  {
    title: 'the node dials a port where nobody listens',
    edits: [['bgp.yaml', 'peerASN: 65005', 'peerASN: 65005\n          peerPort: 1790']],
    place: ['bgp.yaml', 'peerPort'],
    mend: APPLY,
    says: /dials port 1790 of leaf 10\.0\.5\.1, which listens on 179/,
  },
  {
    title: 'the neighbour lacks the family',
    edits: [['bgp.yaml', 'peerASN: 65005', 'peerASN: 65005\n          families: [{afi: ipv6, safi: unicast}]']],
    place: ['bgp.yaml', 'families'],
    mend: APPLY,
    says: /without the family ipv4 unicast/,
  },
  {
    title: 'the leaf has neither of the nodes as neighbour',
    edits: [
      ['leaf.conf', ' neighbor 10.0.5.11 remote-as 65005\n neighbor 10.0.5.12 remote-as 65005\n', ''],
      ['leaf.conf', '  neighbor 10.0.5.11 route-map NODES in\n  neighbor 10.0.5.12 route-map NODES in\n', ''],
    ],
    place: ['leaf.conf', 'router bgp 65005'],
    says: /leaf has no neighbor for k-control-plane/,
  },
  {
    title: 'the leaf has shut its neighbours down',
    edits: [
      [
        'leaf.conf',
        ' neighbor 10.0.9.2 remote',
        ' neighbor 10.0.5.11 shutdown\n neighbor 10.0.5.12 shutdown\n neighbor 10.0.9.2 remote',
      ],
    ],
    place: ['leaf.conf', 'neighbor 10.0.5.11 shutdown'],
    says: /leaf: neighbor 10\.0\.5\.11 is shut down/,
  },
  {
    title: 'the leaf expects another AS',
    edits: [
      ['leaf.conf', 'neighbor 10.0.5.11 remote-as 65005', 'neighbor 10.0.5.11 remote-as 65007'],
      ['leaf.conf', 'neighbor 10.0.5.12 remote-as 65005', 'neighbor 10.0.5.12 remote-as 65007'],
    ],
    place: ['leaf.conf', 'neighbor 10.0.5.11 remote-as'],
    says: /AS mismatch: leaf expects AS 65007 of 10\.0\.5\.11, k-control-plane is AS 65005/,
  },
  {
    title: 'the leaf wants a password',
    edits: [
      [
        'leaf.conf',
        ' neighbor 10.0.9.2 remote',
        ' neighbor 10.0.5.11 password x\n neighbor 10.0.5.12 password x\n neighbor 10.0.9.2 remote',
      ],
    ],
    place: ['leaf.conf', 'neighbor 10.0.5.11 password'],
    says: /wants a password, and the neighbor has no authSecretRef/,
  },
  {
    title: "the leaf's prefix-list denies the address",
    edits: [['leaf.conf', 'seq 5 permit 20.0.0.0/24', 'seq 5 deny 20.0.0.0/24']],
    place: ['leaf.conf', 'seq 5 deny'],
    says: /leaf denies 20\.0\.0\.100\/32/,
  },
  {
    title: "the leaf's route-map denies everything",
    edits: [['leaf.conf', 'route-map NODES permit 10', 'route-map NODES deny 10']],
    place: ['leaf.conf', 'route-map NODES deny 10'],
    says: /route-map NODES deny 10/,
  },
  {
    title: 'the secret of the password is missing',
    edits: [
      ['bgp.yaml', 'peerASN: 65005', 'peerASN: 65005\n          authSecretRef: leaf'],
      [
        'leaf.conf',
        ' neighbor 10.0.9.2 remote',
        ' neighbor 10.0.5.11 password x\n neighbor 10.0.5.12 password x\n neighbor 10.0.9.2 remote',
      ],
    ],
    place: ['bgp.yaml', 'authSecretRef'],
    mend: ['kubectl create secret generic leaf -n kube-system --from-literal=password=x'],
    says: /Secret kube-system\/leaf is missing/,
  },
  {
    title: 'the password in the secret is another',
    edits: [
      ['bgp.yaml', 'peerASN: 65005', 'peerASN: 65005\n          authSecretRef: leaf'],
      before(
        'bgp.yaml',
        'apiVersion: cilium.io/v2alpha1',
        'apiVersion: v1\nkind: Secret\nmetadata: {name: leaf, namespace: kube-system}\ndata:\n  password: eQ==\n',
      ),
      [
        'leaf.conf',
        ' neighbor 10.0.9.2 remote',
        ' neighbor 10.0.5.11 password x\n neighbor 10.0.5.12 password x\n neighbor 10.0.9.2 remote',
      ],
    ],
    place: ['bgp.yaml', 'password: eQ=='],
    mend: ['kubectl patch secret leaf -n kube-system --type merge -p \'{"data":{"password":"eA=="}}\''],
    says: /signs with the password of Secret kube-system\/leaf; leaf 10\.0\.5\.1 has another/,
  },
  {
    title: 'the neighbour is farther than one hop',
    edits: [
      ['bgp.yaml', 'peerAddress: 10.0.5.1/32', 'peerAddress: 10.0.9.2/32'],
      ['bgp.yaml', 'peerASN: 65005', 'peerASN: 65100'],
      ['leaf.conf', '  neighbor 10.0.9.2 next-hop-self', '  neighbor 10.0.9.2 next-hop-self\n  network 10.0.5.0/24'],
      [
        'spine.conf',
        ' neighbor 10.0.9.1 remote-as 65005',
        ' neighbor 10.0.9.1 remote-as 65005\n neighbor 10.0.5.11 remote-as 65005\n neighbor 10.0.5.11 ebgp-multihop 3\n neighbor 10.0.5.12 remote-as 65005\n neighbor 10.0.5.12 ebgp-multihop 3',
      ],
    ],
    place: ['bgp.yaml', '- peerAddress'],
    mend: [
      'kubectl patch ciliumbgppeeringpolicy rack0 --type json -p \'[{"op":"add","path":"/spec/virtualRouters/0/neighbors/0/eBGPMultihopTTL","value":3}]\'',
    ],
    says: /spine 10\.0\.9\.2 is behind 10\.0\.5\.1, but eBGP goes out with TTL 1 \(eBGPMultihopTTL\)/,
  },
  {
    title: 'L2 announcements are off',
    edits: [['values.yaml', 'l2announcements:\n  enabled: true', 'l2announcements:\n  enabled: false']],
    ask: DOOR_VIP,
    place: ['values.yaml', 'enabled: false'],
    mend: [
      'helm upgrade cilium cilium/cilium --version 1.16.0 -n kube-system -f values.yaml --set ipam.mode=kubernetes',
    ],
    says: /L2, both nodes: l2announcements\.enabled is not true/,
  },
  {
    title: 'L2 announcements lack the replacement of kube-proxy',
    edits: [['values.yaml', 'kubeProxyReplacement: true', 'kubeProxyReplacement: false']],
    ask: DOOR_VIP,
    place: ['values.yaml', 'kubeProxyReplacement'],
    mend: [
      'helm upgrade cilium cilium/cilium --version 1.16.0 -n kube-system -f values.yaml --set ipam.mode=kubernetes',
    ],
    says: /need kubeProxyReplacement/,
  },
  {
    title: "the announcement policy's service selector misses",
    edits: [['l2.yaml', 'announce: link', 'announce: lnik']],
    ask: DOOR_VIP,
    place: ['l2.yaml', 'announce: lnik'],
    mend: APPLY,
    says: /CiliumL2AnnouncementPolicy link selects announce=lnik/,
  },
  {
    title: "the announcement policy's node selector misses",
    edits: [['l2.yaml', 'rack: rack0', 'rack: rack9']],
    ask: DOOR_VIP,
    place: ['l2.yaml', 'rack: rack9'],
    mend: APPLY,
    says: /selects rack=rack9/,
  },
  {
    title: 'no device fits the interfaces',
    edits: [['l2.yaml', '^net0$', '^net1$']],
    ask: DOOR_VIP,
    place: ['l2.yaml', '^net1$'],
    mend: APPLY,
    says: /interfaces \^net1\$ of CiliumL2AnnouncementPolicy link fit no device/,
  },
  {
    title: 'a regular expression of the interfaces is broken',
    edits: [['l2.yaml', '^net0$', '"net(0"']],
    ask: DOOR_VIP,
    place: ['l2.yaml', 'interfaces'],
    mend: APPLY,
    says: /is broken \(io\.cilium\/bad-interface-regex\)/,
  },
  {
    title: 'the policy announces no LoadBalancer addresses',
    edits: [['l2.yaml', 'loadBalancerIPs: true', 'loadBalancerIPs: false']],
    ask: DOOR_VIP,
    place: ['l2.yaml', 'loadBalancerIPs'],
    mend: APPLY,
    says: /does not set loadBalancerIPs: true/,
  },
  {
    title: "the service's class keeps it off the link",
    edits: [
      [
        'app.yaml',
        'ips: 10.0.5.100\nspec:',
        'ips: 10.0.5.100\nspec:\n  loadBalancerClass: io.cilium/bgp-control-plane',
      ],
    ],
    ask: DOOR_VIP,
    place: ['app.yaml', 'loadBalancerClass'],
    says: /loadBalancerClass io\.cilium\/bgp-control-plane keeps it off L2/,
  },
]

let base: VipLab
beforeAll(async () => {
  base = await new VipLab([]).open()
})

describe('the first gate that failed names its line, and mending that line lets the address be announced', () => {
  test.each(CAUSES)('$title', async ({ edits, ask = VIP, place, mend, says }) => {
    const lab = new VipLab(edits)
    lab.texts.set('older.yaml', OLDER_POOL)
    lab.texts.set('second.yaml', lab.texts.get('bgp.yaml')!.replace('name: rack0', 'name: second'))
    await lab.open()
    const expected = lab.lineOf(...place)
    const answer = lab.why(ask)
    const shown = renderAnswer(answer)
    expect(answer.isPositive, shown).toBe(false)
    for (const address of [VIP, DOOR_VIP]) expect(lab.announcersTold(address)).toEqual(lab.announcers(address))
    const [first] = failedSteps(answer.steps)
    expect(first?.text, shown).toMatch(says)
    expect(placesOf(first!), shown).toContain(expected)
    if (mend === undefined) {
      expect(base.why(ask).isPositive).toBe(true)
      return
    }
    lab.mend()
    for (const command of mend) await lab.run(command)
    const mended = lab.why(ask)
    expect(mended.isPositive, renderAnswer(mended)).toBe(true)
  })
})

/** Pairs of causes of one address that do not touch the same file, some of them. */
function pairs(): readonly (readonly [Cause, Cause])[] {
  const files = (cause: Cause): readonly string[] => cause.edits.map(([file]) => file)
  const usable = CAUSES.filter(cause => (cause.ask ?? VIP) === VIP || cause.ask === DOOR_VIP)
  const all = usable.flatMap((one, index) =>
    usable.slice(index + 1).flatMap(other => {
      const isApart = one.ask === other.ask && !files(one).some(file => files(other).includes(file))
      return isApart ? [[one, other] as const] : []
    }),
  )
  return all.filter((_, index) => index % Math.ceil(all.length / 10) === 0)
}

describe('of two causes at once, mending what the answer names first leads to an announced address', () => {
  test.each(pairs().map(([one, other]) => ({ title: `${one.title}; ${other.title}`, one, other })))(
    '$title',
    async ({ one, other }) => {
      const ask = one.ask ?? VIP
      let edits: readonly Edit[] = [...one.edits, ...other.edits]
      const files = new Set(edits.map(([file]) => file))
      for (let round = 0; ; round += 1) {
        const lab = new VipLab(edits)
        lab.texts.set('older.yaml', OLDER_POOL)
        lab.texts.set('second.yaml', lab.texts.get('bgp.yaml')!.replace('name: rack0', 'name: second'))
        await lab.open()
        const answer = lab.why(ask)
        if (answer.isPositive) break
        const shown = renderAnswer(answer)
        expect(round, shown).toBeLessThan(files.size)
        const named = placesOf(failedSteps(answer.steps)[0]!).map(place => place.split(':')[0]!)
        const wrong = named.map(file => (['older.yaml', 'second.yaml'].includes(file) ? 'setup.sh' : file))
        const left = edits.filter(([file]) => !wrong.includes(file))
        expect(left.length, shown).toBeLessThan(edits.length)
        edits = left
      }
    },
  )
})

describe('one node of two', () => {
  test('a node without the label in the kind file is told of by that line, and announces once labelled', async () => {
    const lab = await new VipLab([['kind.yaml', 'labels:\n      rack: rack0', 'labels:\n      rack: rack7']]).open()
    const answer = lab.why(VIP)
    expect(answer.verdict).toBe('20.0.0.100 is announced by BGP from k-control-plane')
    const gate = failedSteps(answer.steps).find(step => step.text.startsWith('BGP, k-worker:'))
    expect(gate?.text).toContain('CiliumBGPPeeringPolicy rack0 selects rack=rack0; the node has rack=rack7')
    expect(placesOf(gate!)).toEqual([lab.lineOf('kind.yaml', 'rack: rack7'), lab.lineOf('bgp.yaml', 'rack: rack0')])
    await lab.run('kubectl label node k-worker rack=rack0 --overwrite')
    expect(lab.why(VIP).verdict).toBe('20.0.0.100 is announced by BGP from both nodes')
  })

  test('externalTrafficPolicy Local keeps nodes without a ready endpoint silent, until it is Cluster again', async () => {
    const lab = await new VipLab([
      ['app.yaml', 'type: LoadBalancer', 'type: LoadBalancer\n  externalTrafficPolicy: Local'],
    ]).open()
    const answer = lab.why(VIP)
    expect(answer.verdict).toBe('20.0.0.100 is announced by BGP from k-worker')
    const gate = failedSteps(answer.steps).find(step => step.text.startsWith('BGP, k-control-plane:'))
    expect(gate?.text).toContain('externalTrafficPolicy Local, and it runs no endpoint of the service')
    expect(gate?.steps?.[0]?.text).toBe('ready endpoints are on k-worker')
    expect(placesOf(gate!)[0]).toBe(lab.lineOf('app.yaml', 'externalTrafficPolicy'))
    lab.mend()
    await lab.run('kubectl apply -f app.yaml')
    expect(lab.why(VIP).verdict).toBe('20.0.0.100 is announced by BGP from both nodes')
  })

  test('a session that one neighbour line breaks is told of by that line beside the node that announces', async () => {
    const lab = await new VipLab([
      ['leaf.conf', 'neighbor 10.0.5.12 remote-as 65005', 'neighbor 10.0.5.12 remote-as 65008'],
    ]).open()
    const answer = lab.why(VIP)
    expect(answer.verdict).toBe('20.0.0.100 is announced by BGP from k-control-plane')
    const gate = failedSteps(answer.steps).find(step => step.text.startsWith('BGP, k-worker:'))!
    expect(placesOf(gate)[0]).toBe(lab.lineOf('leaf.conf', 'neighbor 10.0.5.12 remote-as'))
    expect(gate.steps?.at(-1)?.text).toMatch(/^session with leaf 10\.0\.5\.1: (Idle|Active|OpenSent)/)
  })

  test('the other candidate of the lease is told who holds it, and takes over when the holder has died', async () => {
    const lab = await new VipLab([]).open()
    const held = lab.why(DOOR_VIP)
    const [, holder] = /by ARP from (\S+)$/.exec(held.verdict)!
    const other = holder === 'k-worker' ? 'k-control-plane' : 'k-worker'
    const gate = failedSteps(held.steps)[0]!
    expect(gate.text).toMatch(
      new RegExp(
        `^L2, ${other}: Lease kube-system/cilium-l2announce-default-door is held by ${holder}, 1\\d\\.\\ds left`,
      ),
    )
    await lab.run(`docker stop ${holder}`)
    const after = lab.why(DOOR_VIP)
    expect(after.verdict).toBe(`10.0.5.100 is announced by ARP from ${other}`)
    expect(failedSteps(after.steps).map(step => step.text)).toContain(`L2, ${holder}: its container is not running`)
  })
})

describe('what is beside the announcement', () => {
  test('clients that have the address in their ARP table are named, and those with the MAC of another', async () => {
    const lab = await new VipLab([]).open()
    await lab.run('docker exec clab-k-client ping -c 1 -W 1 10.0.5.100 || true')
    const text = renderAnswer(lab.why(DOOR_VIP), { marks: 'ascii', width: 200 })
    expect(text).toMatch(/- in the ARP tables of client \((REACHABLE|STALE)\)/)
    expect(text).toContain('1 request so far')
    await lab.run('docker exec clab-k-client ip neigh replace 10.0.5.100 lladdr 02:00:00:00:00:01 dev eth1 nud stale')
    expect(renderAnswer(lab.why(DOOR_VIP), { marks: 'ascii', width: 200 })).toContain(
      'client still has 02:00:00:00:00:01 in its ARP table (STALE)',
    )
  })

  test('a router that does not take the route is told of by its line, and has it once mended', async () => {
    const edits: Edit[] = [['spine.conf', 'router bgp', 'ip prefix-list NO seq 5 deny any\nrouter bgp']]
    const applied: Edit = [
      'spine.conf',
      'neighbor 10.0.9.1 remote-as 65005\n',
      'neighbor 10.0.9.1 remote-as 65005\n neighbor 10.0.9.1 prefix-list NO in\n',
    ]
    const lab = await new VipLab([...edits, applied]).open()
    const answer = lab.why(VIP)
    expect(answer.isPositive).toBe(true)
    const gate = failedSteps(answer.steps)[0]!
    expect(gate.text).toContain('spine denies 20.0.0.100/32 from leaf')
    expect(placesOf(gate)).toContain(lab.lineOf('spine.conf', 'prefix-list NO seq 5'))
    expect(placesOfAll(base.why(VIP).steps)).not.toContain(lab.lineOf('spine.conf', 'prefix-list NO seq 5'))
    expect(renderAnswer(base.why(VIP), { marks: 'ascii', width: 200 })).toContain('a route in 2 of 2 routers')
  })

  test('an agent that has ended announces nothing; its kernel answers ARP for the lease duration', async () => {
    const lab = await new VipLab([]).open()
    const [, holder] = /by ARP from (\S+)$/.exec(lab.why(DOOR_VIP).verdict)!
    lab.opened.lab.cluster!.cilium!.exitAgent(holder!)
    const ended = failedSteps(lab.why(DOOR_VIP).steps).find(step => step.text.startsWith(`L2, ${holder}:`))
    expect(ended?.steps?.[0]?.text).toMatch(/^its kernel still answers ARP on net0/)
    lab.opened.lab.cluster!.cilium!.restartAgent(holder!)
    lab.settle()
    lab.opened.lab.cluster!.cilium!.exitAgent('k-worker')
    lab.settle()
    const answer = lab.why(VIP)
    expect(answer.verdict).toBe('20.0.0.100 is announced by BGP from k-control-plane')
    expect(failedSteps(answer.steps).map(step => step.text)).toContain('BGP, k-worker: its Cilium agent has ended')
  })
})

test('a node that is parted from the API server goes on announcing, and that is said', async () => {
  const lab = await new VipLab([]).open()
  const cluster = lab.opened.lab.cluster!
  cluster.setApiServerReachable('k-worker', false)
  await lab.run('kubectl delete -f bgp.yaml')
  expect(lab.announcers(VIP)).toEqual(['BGP k-worker'])
  const answer = lab.why(VIP)
  expect(answer.verdict).toBe('20.0.0.100 is announced by BGP from k-worker')
  expect(renderAnswer(answer, { marks: 'ascii', width: 200 })).toContain(
    'k-worker still announces it (it is parted from the API server and acts on what it knew), although: there is no CiliumBGPPeeringPolicy',
  )
  cluster.setApiServerReachable('k-worker', true)
  lab.settle()
  expect(lab.why(VIP).isPositive).toBe(false)
})

describe('versions and best paths', () => {
  test('Cilium 1.15 keeps the ends of a block back unless told otherwise', async () => {
    const lab = await new VipLab([
      ['setup.sh', '--version 1.16.0', '--version 1.15.0'],
      ['app.yaml', 'ips: 10.0.5.100', 'ips: 10.0.5.111'],
    ]).open()
    const [gate] = failedSteps(lab.why(DOOR).steps)
    expect(gate?.text).toBe(
      'it asks for 10.0.5.111, an end of 10.0.5.96/28, which CiliumLoadBalancerIPPool doors keeps back (the default of 1.15)',
    )
    await lab.run(
      'kubectl patch ciliumloadbalancerippool doors --type merge -p \'{"spec":{"allowFirstLastIPs":"Yes"}}\'',
    )
    expect(lab.why(DOOR).isPositive).toBe(true)
  })

  test('a path that the leaf takes but does not use is told of with the step at which it loses', async () => {
    const lab = await new VipLab([
      ['leaf.conf', 'router bgp', 'route-map FIRST permit 10\n set local-preference 200\nexit\nrouter bgp'],
      ['leaf.conf', 'neighbor 10.0.5.12 route-map NODES in', 'neighbor 10.0.5.12 route-map FIRST in'],
    ]).open()
    const text = renderAnswer(lab.why(VIP), { marks: 'ascii', width: 200 })
    expect(text).toMatch(
      /k-control-plane to leaf .* taken, but not used there: it loses at local-preference \(100 against 200\)/,
    )
    expect(text).toMatch(/k-worker to leaf .*: best path there/)
  })

  test('a path that ties but for the limit of paths is told of with the line of the limit', async () => {
    const lab = await new VipLab([
      ['leaf.conf', '  neighbor 10.0.5.11 route-map', '  maximum-paths ibgp 1\n  neighbor 10.0.5.11 route-map'],
    ]).open()
    const answer = lab.why(VIP)
    expect(renderAnswer(answer, { marks: 'ascii', width: 200 })).toContain(
      'it loses at router-id (10.0.5.12 against 10.0.5.11)',
    )
    expect(placesOfAll(answer.steps)).toContain(lab.lineOf('leaf.conf', 'maximum-paths'))
  })

  test('a node that was killed is still used by the leaf until the hold time is over', async () => {
    const lab = await new VipLab([]).open()
    await lab.run('docker kill k-worker')
    const gone = () => failedSteps(lab.why(VIP).steps).find(step => step.text.startsWith('BGP, k-worker:'))
    expect(gone()?.text).toBe('BGP, k-worker: its container is not running')
    expect(gone()?.steps?.[0]?.text).toBe('leaf still uses its path, until the hold time is over')
    for (const _ of [1, 2, 3]) lab.settle()
    expect(gone()?.steps).toBeUndefined()
  })

  test('a dead device of the node is told of before the session', async () => {
    const lab = await new VipLab([]).open()
    await lab.run('docker exec k-worker ip link set net0 down')
    lab.settle()
    lab.settle()
    const gate = failedSteps(lab.why(VIP).steps).find(step => step.text.startsWith('BGP, k-worker:'))
    expect(gate?.text).toBe('BGP, k-worker: k-worker net0 is down (administratively)')
  })
})

describe('what is absent', () => {
  test.each([
    ['20.0.0.105', /no service has it/, /20\.0\.0\.105 is free in CiliumLoadBalancerIPPool vips/],
    [
      '20.0.7.1',
      /no service has it/,
      /no pool contains 20\.0\.7\.1; nearest is CiliumLoadBalancerIPPool vips .* used by default\/web/,
    ],
    ['10.0.5.12', /an address of the Kubernetes node k-worker, on net0/, /k-worker, on net0/],
    ['10.0.9.2', /an address of spine, on eth1/, /spine, on eth1/],
    ['10.1.1.250', /no service has it/, /in the pod network of k-worker \(10\.1\.1\.0\/24\)/],
    ['10.96.77.77', /no service has it/, /in the service network of cluster k \(10\.96\.0\.0\/16\), unused/],
    ['default/wep', /there is no Service default\/wep/, /there is default\/door, .*default\/web/],
  ])('%s', (asked, verdict, step) => {
    const answer = base.why(asked)
    expect(answer.isPositive).toBe(false)
    expect(answer.verdict).toMatch(verdict)
    expect(renderAnswer(answer, { marks: 'ascii', width: 300 })).toMatch(step)
  })

  test('an address that a router announces is told of by its network line', async () => {
    const lab = await new VipLab([
      ['leaf.conf', 'interface eth1', 'interface lo\n ip address 20.0.7.7/32\ninterface eth1'],
      ['leaf.conf', ' exit-address-family', '  network 20.0.7.7/32\n exit-address-family'],
    ]).open()
    const answer = lab.why('20.0.7.7')
    expect(answer.verdict).toBe('20.0.7.7 is announced by BGP from leaf: it is an address of leaf, on lo')
    expect(placesOf(answer.steps[0]!)).toEqual([lab.lineOf('leaf.conf', 'network 20.0.7.7/32')])
  })

  test('the address of a pod is named as such', () => {
    const pod = base.opened.lab.cluster!.store.list('Pod', 'default')[0] as { status: { podIP: string } } & object
    expect(base.why(pod.status.podIP).verdict).toMatch(/is an address of pod web-/)
  })

  test('a clusterIP is announced by nobody, and each mechanism says why', () => {
    const service = base.opened.lab.cluster!.store.get('Service', 'default', 'web')!
    const texts = failedSteps(base.why(service.spec.clusterIP!).steps).map(step => step.text)
    expect(texts[0]).toMatch(/BGP, both nodes: .* announces LoadBalancerIP, not ClusterIP/)
    expect(texts[1]).toMatch(/L2, both nodes: .*LoadBalancer and external addresses only/)
  })
})

test('asking changes nothing in the lab', () => {
  const { simulator, cluster } = base.opened.lab
  const state = () => [simulator.journal.entries.length, simulator.executedEvents, cluster!.store.revision]
  const before = state()
  const first = base.why(VIP)
  expect(base.why(VIP)).toEqual(first)
  expect(base.why(DOOR_VIP)).toEqual(base.why(DOOR_VIP))
  expect(state()).toEqual(before)
})
