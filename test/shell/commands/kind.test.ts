import { expect, test } from 'vitest'
import { ClusterBench } from '../../support/cluster-bench.ts'

test('a cluster is made once and its nodes are containers', async () => {
  const bench = await new ClusterBench().create(1, false)
  expect(await bench.out('kind get clusters')).toBe('kind\n')
  expect(await bench.out('kind get nodes')).toBe('kind-control-plane\nkind-worker\n')
  expect(await bench.run('kind create cluster')).toMatchObject({
    stderr: 'ERROR: failed to create cluster: node(s) already exist for a cluster with the name "kind"\n',
    exitCode: 1,
  })
  expect(await bench.out('kubectl config current-context')).toBe('kind-kind\n')
})

test('a deleted cluster leaves nothing that runs, and can be made again', async () => {
  const bench = await new ClusterBench().create(1)
  await bench.out('kubectl create deployment web --image=nginx --replicas=2')
  bench.settle()
  const nodes = bench.cluster.nodes
  expect((await bench.run('kind delete cluster')).stderr).toBe(
    'Deleting cluster "kind" ...\nDeleted nodes: ["kind-control-plane" "kind-worker"]\n',
  )
  bench.settle()
  for (const { host } of nodes) expect(host.interfaces.all().map(device => device.name)).toEqual(['lo'])
  expect((await bench.run('docker exec kind-worker ip addr')).exitCode).not.toBe(0)
  await bench.create(1)
  expect(await bench.out('kubectl get nodes -o name')).toBe('node/kind-control-plane\nnode/kind-worker\n')
})

test('without clusters there is nothing to list', async () => {
  const bench = new ClusterBench()
  expect((await bench.run('kind get clusters')).stderr).toBe('No kind clusters found.\n')
  expect((await bench.run('kind get nodes')).stderr).toBe('No kind nodes found for cluster "kind".\n')
})

test('says where a cluster file is wrong and makes nothing', async () => {
  const bench = new ClusterBench({
    'kind.yaml': 'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes:\n- role: boss\n',
  })
  const { stderr, exitCode } = await bench.run('kind create cluster --config kind.yaml')
  expect(stderr).toContain('/lab/kind.yaml:4:9: "boss" is not a valid node role')
  expect(exitCode).toBe(1)
  expect(bench.lab.clusters.size).toBe(0)
})

test('a loaded image is not pulled again', async () => {
  const startOf = async (load: boolean) => {
    const bench = await new ClusterBench().create(1)
    if (load) await bench.out('kind load docker-image nginx:demo')
    await bench.out('kubectl create deployment web --image=nginx:demo')
    const startNs = bench.lab.simulator.nowNs
    await bench.out('kubectl rollout status deploy web')
    return (bench.lab.simulator.nowNs - startNs) / 1e9
  }
  expect(await startOf(true)).toBeLessThan(1)
  expect(await startOf(false)).toBeGreaterThan(1.5)
})
