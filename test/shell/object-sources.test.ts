import { beforeEach, expect, test } from 'vitest'
import type { SourceRef } from '../../src/model/source.ts'
import { openLab } from '../../src/shell/open-lab.ts'
import { ClusterBench } from '../support/cluster-bench.ts'

const SERVICE = `# a service
apiVersion: v1
kind: Service
metadata:
  name: web
  labels:
    tier: front
spec:
  ports:
    - port: 80
`
const LIST = `kind: List
apiVersion: v1
items:
  - apiVersion: v1
    kind: ConfigMap
    metadata:
      name: c
    data:
      k: v
`

let bench: ClusterBench
beforeEach(async () => {
  const back = SERVICE.replace('tier: front', 'tier: back')
  bench = await new ClusterBench({ 'a.yaml': SERVICE, 'b.yaml': `\n\n${back}`, 'list.yaml': LIST }).create(1)
})

function placeOf(...path: (string | number)[]): string | undefined {
  const { store } = bench.cluster
  return text(store.sources.sourceOf(store.get('Service', 'default', 'web')!, path))
}

function text(source: SourceRef | undefined): string | undefined {
  return source === undefined ? undefined : `${source.file}:${source.line}`
}

test('an applied object knows the line of each field, and of the parent for fields that are not written', async () => {
  await bench.out('kubectl apply -f a.yaml')
  expect(placeOf('metadata', 'labels', 'tier')).toBe('/lab/a.yaml:7')
  expect(placeOf('spec', 'ports', 0, 'port')).toBe('/lab/a.yaml:10')
  expect(placeOf('spec', 'type')).toBe('/lab/a.yaml:9')
  expect(placeOf()).toBe('/lab/a.yaml:2')
})

test('an object that is applied again comes from the new file', async () => {
  await bench.out('kubectl create -f a.yaml')
  await bench.out('kubectl apply -f b.yaml')
  expect(placeOf('metadata', 'labels', 'tier')).toBe('/lab/b.yaml:9')
})

test('items of a List have their own lines', async () => {
  await bench.out('kubectl apply -f list.yaml')
  const { store } = bench.cluster
  expect(text(store.sources.sourceOf(store.get('ConfigMap', 'default', 'c')!, ['data', 'k']))).toBe('/lab/list.yaml:9')
})

test('a field that a typed command has changed comes from no file, until a file says it again', async () => {
  await bench.out('kubectl apply -f a.yaml')
  await bench.out('kubectl label service web tier=other extra=x --overwrite')
  await bench.out(`kubectl patch service web -p '{"spec":{"type":"NodePort"}}'`)
  expect(placeOf('metadata', 'labels', 'tier')).toBeUndefined()
  expect(placeOf('spec', 'type')).toBeUndefined()
  expect(placeOf('spec', 'selector')).toBe('/lab/a.yaml:9')
  await bench.out('kubectl apply -f a.yaml')
  expect(placeOf('metadata', 'labels', 'tier')).toBe('/lab/a.yaml:7')
  expect(placeOf('metadata', 'labels', 'extra')).toBeUndefined()
})

test('the places are in no output of kubectl', async () => {
  await bench.out('kubectl apply -f a.yaml')
  expect(await bench.out('kubectl get service web -o yaml')).not.toContain('a.yaml')
  expect(await bench.out('kubectl get service web -o json')).not.toContain('a.yaml')
})

test('a namesake made after a deletion does not inherit the places', async () => {
  await bench.out('kubectl apply -f a.yaml')
  await bench.out('kubectl delete service web')
  bench.settle()
  await bench.out('kubectl create service clusterip web --tcp=80')
  expect(placeOf('metadata', 'labels', 'tier')).toBeUndefined()
})

test('commands of a setup script give fields, values and here-documents its lines', async () => {
  const script = `kind create cluster
helm install cilium cilium/cilium -n kube-system \\
  --set kubeProxyReplacement=true,ipam.mode=kubernetes \\
  --set bgpControlPlane.enabled=true
kubectl label node kind-control-plane rack=r1
kubectl apply -f - <<EOF
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  ports: [{port: 80}]
EOF
`
  const files = {
    readText: (path: string) => (path === '/s.sh' ? script : undefined),
    kindOf: () => undefined,
    list: () => [],
  }
  const { lab, setup } = await openLab({ path: '/s.sh', files, seed: 1 })
  expect(setup.exitCode, setup.stderr).toBe(0)
  const { store, cilium } = lab.cluster!
  const node = store.list('Node')[0]!
  expect(text(store.sources.sourceOf(node, ['metadata', 'labels', 'rack']))).toBe('/s.sh:5')
  const service = store.get('Service', 'default', 'web')!
  expect(text(store.sources.sourceOf(service, ['spec', 'ports']))).toBe('/s.sh:11')
  const places = ['ipam.mode', 'bgpControlPlane.enabled', 'devices'].map(path => text(cilium!.valueSources.of(path)))
  expect(places).toEqual(['/s.sh:3', '/s.sh:4', '/s.sh:2'])
})
