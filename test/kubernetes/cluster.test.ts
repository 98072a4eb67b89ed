import { beforeAll, describe, expect, test } from 'vitest'
import { isPodReady } from '../../src/kubernetes/api/pod.ts'
import { formatIpv4, formatPrefix, parseIpv4, prefixContains } from '../../src/wire/address.ts'
import { ClusterBench } from '../support/cluster-bench.ts'

const NGINX = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 4
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: nginx, image: nginx:latest, ports: [{name: http, containerPort: 80}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: http}]}
`

function podsOf(bench: ClusterBench) {
  return bench.cluster.store.list('Pod', 'default')
}

describe('a cluster without a network plugin', () => {
  test('has nodes that are not ready and pods that wait', async () => {
    const bench = await new ClusterBench({ 'web.yaml': NGINX }).create(2, false)
    await bench.out('kubectl apply -f web.yaml')
    bench.settle()
    expect(
      await bench.out('kubectl get nodes --no-headers -o custom-columns=N:.metadata.name,T:.spec.taints[*].key'),
    ).toContain('node.kubernetes.io/not-ready')
    expect(podsOf(bench).map(pod => [pod.status.phase, pod.spec.nodeName])).toEqual(
      Array(4).fill(['Pending', undefined]),
    )
    expect((await bench.run('kubectl get ippools')).stderr).toBe(
      'error: the server doesn\'t have a resource type "ippools"\n',
    )
  })

  test('starts the pods that waited once Cilium is there', async () => {
    const bench = await new ClusterBench({ 'web.yaml': NGINX }).create(2, false)
    await bench.out('kubectl apply -f web.yaml')
    await bench.out(
      'helm install cilium cilium/cilium --version 1.16.0 -n kube-system --set ipam.mode=kubernetes --wait',
    )
    bench.settle()
    expect(podsOf(bench).every(isPodReady)).toBe(true)
  })
})

describe('a cluster with Cilium', () => {
  let bench: ClusterBench
  beforeAll(async () => {
    bench = await new ClusterBench({ 'web.yaml': NGINX }).create(2)
    await bench.out('kubectl apply -f web.yaml')
    bench.settle()
  })

  test('gives nodes a /24 each in the order of registration', () => {
    expect(bench.cluster.nodes.map(node => formatPrefix(node.podPrefix))).toEqual([
      '10.1.0.0/24',
      '10.1.1.0/24',
      '10.1.2.0/24',
    ])
    expect(bench.cluster.nodes.map(node => formatIpv4(node.address))).toEqual([
      '172.18.0.2',
      '172.18.0.3',
      '172.18.0.4',
    ])
  })

  test('spreads pods over the workers, each with an address of its node', () => {
    const pods = podsOf(bench)
    expect(pods.map(pod => pod.spec.nodeName).sort()).toEqual([
      'kind-worker',
      'kind-worker',
      'kind-worker2',
      'kind-worker2',
    ])
    for (const pod of pods) {
      expect(prefixContains(bench.cluster.node(pod.spec.nodeName!)!.podPrefix, parseIpv4(pod.status.podIP!)!)).toBe(
        true,
      )
    }
  })

  test('lists ready pods as endpoints, the named port looked up', () => {
    const [slice] = bench.cluster.store
      .list('EndpointSlice', 'default')
      .filter(one => one.metadata.name.startsWith('web-'))
    expect(slice?.ports).toEqual([{ protocol: 'TCP', port: 80 }])
    expect(slice?.endpoints.map(endpoint => endpoint.addresses[0]).sort()).toEqual(
      podsOf(bench)
        .map(pod => pod.status.podIP)
        .sort(),
    )
  })

  test('a pod is a host that serves pages to its node', async () => {
    const pod = podsOf(bench)[0]!
    const page = await bench.out(`docker exec ${pod.spec.nodeName} curl -s ${pod.status.podIP}`)
    expect(page).toContain('Welcome to nginx!')
    const routes = await bench.out(`kubectl exec ${pod.metadata.name} -- ip route`)
    expect(routes).toMatch(/^default via 10\.1\.\d\.\d+ dev eth0 mtu 1500 \n10\.1\.\d\.\d+ dev eth0 scope link \n$/)
  })

  test('a deleted pod is replaced and its interface goes from the node', async () => {
    const pod = podsOf(bench)[0]!
    const node = bench.cluster.node(pod.spec.nodeName!)!
    const device = node.pods.get(pod.metadata.uid!)!.nodeInterface!
    await bench.out(`kubectl delete pod ${pod.metadata.name}`)
    bench.settle()
    expect(node.host.interfaces.get(device.name)).toBeUndefined()
    expect(podsOf(bench)).toHaveLength(4)
    expect(podsOf(bench).some(other => other.metadata.name === pod.metadata.name)).toBe(false)
  })

  test('allocates addresses and ports inside their ranges', () => {
    const { spec } = bench.cluster.store.get('Service', 'default', 'web')!
    expect(spec.clusterIP).toMatch(/^10\.96\./)
    expect(spec.ports![0]!.nodePort).toBeGreaterThanOrEqual(30_000)
    expect(spec.ports![0]!.nodePort).toBeLessThanOrEqual(32_767)
    expect(bench.cluster.store.get('Service', 'default', 'kubernetes')!.spec.clusterIP).toBe('10.96.0.1')
  })
})

test('a node that stops is noticed after 40 seconds, and its pods are not ready any more', async () => {
  const bench = await new ClusterBench({ 'web.yaml': NGINX }).create(2)
  await bench.out('kubectl apply -f web.yaml')
  bench.settle()
  bench.cluster.setNodeRunning('kind-worker', false)
  const { simulator } = bench.lab
  simulator.runUntil(simulator.nowNs + 60e9)
  expect(await bench.out('kubectl get node kind-worker --no-headers')).toMatch(/^kind-worker +NotReady /)
  const ready = podsOf(bench).filter(isPodReady)
  expect(ready.map(pod => pod.spec.nodeName)).toEqual(['kind-worker2', 'kind-worker2'])
})

test('the same seed gives the same names, addresses and ports', async () => {
  const listing = async () => {
    const bench = await new ClusterBench({ 'web.yaml': NGINX }, 7).create(2)
    await bench.out('kubectl apply -f web.yaml')
    bench.settle()
    return bench.out('kubectl get pod,svc -A -o wide')
  }
  expect(await listing()).toBe(await listing())
})

test('pods keep their addresses over an upgrade of Cilium, and new pods get others', async () => {
  const bench = await new ClusterBench({ 'web.yaml': NGINX }).create(1)
  await bench.out('kubectl apply -f web.yaml')
  bench.settle()
  const before = podsOf(bench).map(pod => pod.status.podIP)
  await bench.out('helm upgrade cilium cilium/cilium -n kube-system --version 1.16.5 --reuse-values --wait')
  await bench.out('kubectl scale deploy web --replicas=40')
  bench.settle()
  const after = podsOf(bench).map(pod => pod.status.podIP)
  expect(new Set(after).size).toBe(40)
  expect(before.every(address => after.includes(address))).toBe(true)
  const page = await bench.out(`docker exec kind-worker curl -s ${before[0]}`)
  expect(page).toContain('Welcome to nginx!')
})
