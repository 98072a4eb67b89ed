import { beforeEach, describe, expect, test } from 'vitest'
import { ClusterBench } from '../../../support/cluster-bench.ts'

const POOL = `apiVersion: cilium.io/v2alpha1
kind: CiliumLoadBalancerIPPool
metadata: {name: lb-pool}
spec: {blocks: [{start: 20.0.0.100, stop: 20.0.0.200}]}
`
const SERVICE = `apiVersion: v1
kind: Service
metadata: {name: nginx-service, labels: {advertise-bgp: "true"}}
spec: {type: LoadBalancer, selector: {app: nginx}, ports: [{protocol: TCP, port: 80, targetPort: 80}]}
`
const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: nginx}
spec:
  replicas: 2
  selector: {matchLabels: {app: nginx}}
  template:
    metadata: {labels: {app: nginx}}
    spec: {containers: [{name: nginx, image: nginx}]}
`
const FILES = { 'pool.yaml': POOL, 'service.yaml': SERVICE, 'app/deploy.yaml': DEPLOYMENT, 'app/notes.txt': 'x' }

let bench: ClusterBench
beforeEach(async () => {
  bench = await new ClusterBench(FILES).create(1)
})

describe('kubectl apply', () => {
  test('creates, leaves alone and configures', async () => {
    expect(await bench.out('kubectl apply -f service.yaml')).toBe('service/nginx-service created\n')
    const before = bench.cluster.store.get('Service', 'default', 'nginx-service')!.spec
    expect(await bench.out('kubectl apply -f service.yaml')).toBe('service/nginx-service unchanged\n')
    expect(await bench.out('kubectl apply -f -', SERVICE.replace('port: 80,', 'port: 81,'))).toBe(
      'service/nginx-service configured\n',
    )
    expect(bench.cluster.store.get('Service', 'default', 'nginx-service')!.spec.clusterIP).toBe(before.clusterIP)
  })

  test('removes what was applied before and is not any more', async () => {
    await bench.out('kubectl apply -f service.yaml')
    await bench.out('kubectl label svc nginx-service by=hand')
    await bench.out('kubectl apply -f -', SERVICE.replace('advertise-bgp: "true"', 'tier: web'))
    expect(bench.cluster.store.get('Service', 'default', 'nginx-service')!.metadata.labels).toEqual({
      by: 'hand',
      tier: 'web',
    })
  })

  test('reads folders, and only manifests in them', async () => {
    expect(await bench.out('kubectl apply -f app')).toBe('deployment.apps/nginx created\n')
    expect(await bench.out('kubectl apply -f app/')).toBe('deployment.apps/nginx unchanged\n')
  })

  test.each([
    ['-f none.yaml', '', 'error: the path "none.yaml" does not exist\n'],
    [
      '-f -',
      'kind: Pod\nmetadata: {name: x}',
      'error: error validating "STDIN": error validating data: apiVersion not set; if you choose to ignore these errors, turn validation off with --validate=false\n',
    ],
    [
      '-f -',
      'apiVersion: cilium.io/v2alpha1\nkind: CiliumThing\nmetadata: {name: x}',
      'error: resource mapping not found for name: "x" namespace: "" from "STDIN": no matches for kind "CiliumThing" in version "cilium.io/v2alpha1"\nensure CRDs are installed first\n',
    ],
    [
      '-f -',
      SERVICE.replace('selector', 'selektor'),
      'Error from server (BadRequest): error when creating "STDIN": Service in version "v1" cannot be handled as a Service: strict decoding error: unknown field "spec.selektor"\n',
    ],
    [
      '-f -',
      SERVICE.replace('port: 80', 'port: 0'),
      'The Service "nginx-service" is invalid: spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive\n',
    ],
    [
      '-n web -f service.yaml',
      '',
      'Error from server (NotFound): error when creating "service.yaml": namespaces "web" not found\n',
    ],
  ])('fails as kubectl does: %s %s', async (words, stdin, stderr) => {
    expect(await bench.run(`kubectl apply ${words}`, stdin)).toEqual({ stdout: '', stderr, exitCode: 1 })
  })
})

describe('kubectl get', () => {
  test('shows a service as the article does', async () => {
    await bench.out('kubectl apply -f pool.yaml -f service.yaml')
    bench.settle()
    bench.lab.simulator.runUntil(bench.lab.simulator.nowNs + 104e9)
    expect(await bench.out('kubectl get service nginx-service')).toMatch(
      /^NAME +TYPE +CLUSTER-IP +EXTERNAL-IP +PORT\(S\) +AGE\nnginx-service +LoadBalancer +10\.96\.\d+\.\d+ +20\.0\.0\.100 +80:3\d{4}\/TCP +10\ds\n$/,
    )
  })

  test('without a pool the address is pending', async () => {
    await bench.out('kubectl apply -f service.yaml')
    expect(await bench.out('kubectl get svc nginx-service --no-headers')).toContain('<pending>')
  })

  test('names the namespace in which nothing is', async () => {
    const { stdout, stderr, exitCode } = await bench.run('kubectl get pods')
    expect([stdout, stderr, exitCode]).toEqual(['', 'No resources found in default namespace.\n', 0])
    expect((await bench.run('kubectl get pods -A -l no=such')).stderr).toBe('No resources found\n')
  })

  test.each([
    ['svc nope', 'Error from server (NotFound): services "nope" not found\n'],
    ['deploy/nope', 'Error from server (NotFound): deployments.apps "nope" not found\n'],
    ['ippools nope', 'Error from server (NotFound): ciliumloadbalancerippools.cilium.io "nope" not found\n'],
    ['thing', 'error: the server doesn\'t have a resource type "thing"\n'],
    [
      'pods -o table',
      'error: unable to match a printer suitable for the output format "table", allowed formats are: custom-columns,json,jsonpath,name,wide,yaml\n',
    ],
    ['pods --watch', 'error: --watch is not modelled\n'],
  ])('get %s fails as kubectl does', async (words, stderr) => {
    expect(await bench.run(`kubectl get ${words}`)).toEqual({ stdout: '', stderr, exitCode: 1 })
  })

  test('prints names and paths', async () => {
    expect(await bench.out('kubectl get nodes -o name')).toBe('node/kind-control-plane\nnode/kind-worker\n')
    expect(await bench.out("kubectl get nodes -o jsonpath='{.items[*].spec.podCIDR}'")).toBe('10.1.0.0/24 10.1.1.0/24')
    expect(await bench.out('kubectl get svc kubernetes -o jsonpath={.spec.clusterIP}')).toBe('10.96.0.1')
  })

  test('puts several kinds in tables of their own', async () => {
    await bench.out('kubectl apply -f service.yaml -f app')
    bench.settle()
    const tables = (await bench.out('kubectl get svc,deploy')).split('\n\n')
    expect(tables[0]).toContain('service/kubernetes')
    expect(tables[1]).toMatch(/^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\ndeployment.apps\/nginx +2\/2 +2 +2 +\d+s\n$/)
  })
})

describe('kubectl delete', () => {
  test('waits until pods are gone', async () => {
    await bench.out('kubectl apply -f app')
    bench.settle()
    const startNs = bench.lab.simulator.nowNs
    const [pod] = bench.cluster.store.list('Pod', 'default')
    expect(await bench.out(`kubectl delete pod ${pod!.metadata.name}`)).toBe(`pod "${pod!.metadata.name}" deleted\n`)
    expect(bench.cluster.store.get('Pod', 'default', pod!.metadata.name)).toBeUndefined()
    expect(bench.lab.simulator.nowNs - startNs).toBeGreaterThan(1e9)
  })

  test('takes what an object owns with it', async () => {
    await bench.out('kubectl apply -f app')
    bench.settle()
    expect(await bench.out('kubectl delete -f app')).toBe('deployment.apps "nginx" deleted\n')
    bench.settle()
    expect(bench.cluster.store.list('Pod', 'default')).toEqual([])
  })

  test('does not delete a whole kind by accident', async () => {
    expect((await bench.run('kubectl delete svc')).stderr).toBe(
      'error: resource(s) were provided, but no name was specified\n',
    )
  })
})

describe('kubectl label, scale, wait, rollout', () => {
  test('a label that is there is only replaced on request', async () => {
    expect(await bench.out('kubectl label node kind-worker rack=rack0')).toBe('node/kind-worker labeled\n')
    expect((await bench.run('kubectl label node kind-worker rack=rack1')).stderr).toBe(
      "error: 'rack' already has a value (rack0), and --overwrite is false\n",
    )
    expect(await bench.out('kubectl label node kind-worker rack=rack1 --overwrite')).toBe('node/kind-worker labeled\n')
    expect(await bench.out('kubectl label node kind-worker rack-')).toBe('node/kind-worker unlabeled\n')
  })

  test('waits in simulated time for the pods of a deployment', async () => {
    await bench.out('kubectl apply -f app')
    expect(await bench.out('kubectl rollout status deploy/nginx')).toMatch(
      /deployment "nginx" successfully rolled out\n$/,
    )
    await bench.out('kubectl scale deploy nginx --replicas=3')
    bench.settle()
    const lines = (await bench.out('kubectl wait pod -l app=nginx --for=condition=Ready')).trim().split('\n')
    expect(lines).toHaveLength(3)
    expect(lines[0]).toMatch(/^pod\/nginx-\w+-\w+ condition met$/)
  })

  test('gives up after the timeout', async () => {
    await bench.out('kubectl create deployment web --image=nginx --replicas=1')
    await bench.out('kubectl cordon kind-worker')
    await bench.out('kubectl scale deploy web --replicas=2')
    const startNs = bench.lab.simulator.nowNs
    const result = await bench.run("kubectl wait deploy web --for=jsonpath='{.status.readyReplicas}'=2 --timeout=5s")
    expect(result).toMatchObject({
      stderr: 'error: timed out waiting for the condition on deployments/web\n',
      exitCode: 1,
    })
    expect((bench.lab.simulator.nowNs - startNs) / 1e9).toBeCloseTo(5, 0)
  })

  test('a restart replaces every pod', async () => {
    await bench.out('kubectl apply -f app')
    bench.settle()
    const names = () => bench.cluster.store.list('Pod', 'default').map(pod => pod.metadata.name)
    const before = names()
    expect(await bench.out('kubectl rollout restart deploy nginx')).toBe('deployment.apps/nginx restarted\n')
    bench.settle()
    expect(names()).toHaveLength(2)
    expect(names().filter(name => before.includes(name))).toEqual([])
  })
})

test('makes and changes objects without a manifest', async () => {
  await bench.out('kubectl apply -f app -f pool.yaml')
  expect(
    await bench.out('kubectl expose deployment nginx --port=8080 --target-port=80 --type=LoadBalancer --name=web'),
  ).toBe('service/web exposed\n')
  bench.settle()
  const service = bench.cluster.store.get('Service', 'default', 'web')!
  expect(service.spec).toMatchObject({ selector: { app: 'nginx' }, ports: [{ port: 8080, targetPort: 80 }] })
  expect(service.status.loadBalancer?.ingress?.[0]?.ip).toBe('20.0.0.100')
  expect((await bench.run('kubectl expose deployment nginx')).stderr).toContain(
    "error: couldn't find port via --port flag",
  )
  expect(await bench.out('kubectl run probe --image=busybox')).toBe('pod/probe created\n')
  expect(await bench.out('kubectl set image deploy/nginx nginx=nginx:1.27')).toBe(
    'deployment.apps/nginx image updated\n',
  )
  bench.settle()
  const pods = bench.cluster.store.list('Pod', 'default').map(pod => pod.spec.containers[0]!.image)
  expect(pods.sort()).toEqual(['busybox', 'nginx:1.27', 'nginx:1.27'])
})

test('without a cluster the connection is refused', async () => {
  const { stderr, exitCode } = await new ClusterBench().run('kubectl get pods')
  expect(stderr).toBe(
    'The connection to the server localhost:8080 was refused - did you specify the right host or port?\n',
  )
  expect(exitCode).toBe(1)
})

test('helm knows one chart', async () => {
  expect(await bench.run('helm install web bitnami/nginx')).toMatchObject({
    stderr: 'Error: chart bitnami/nginx is not modelled: only cilium is\n',
    exitCode: 1,
  })
  expect((await bench.run('helm install cilium cilium/cilium')).stderr).toBe(
    'Error: INSTALLATION FAILED: cannot re-use a name that is still in use\n',
  )
  expect(await bench.out('helm upgrade cilium cilium/cilium -n kube-system --version 1.16.5 --reuse-values')).toContain(
    'REVISION: 2',
  )
  bench.settle()
  expect(bench.cluster.cilium?.version).toBe('1.16.5')
  expect(
    await bench.out(
      'kubectl get pods -n kube-system -l k8s-app=cilium -o jsonpath={.items[*].spec.containers[0].image}',
    ),
  ).toBe('quay.io/cilium/cilium:v1.16.5 quay.io/cilium/cilium:v1.16.5')
  expect(bench.cluster.cilium?.values).toMatchObject({ bgpControlPlane: { enabled: true } })
})
