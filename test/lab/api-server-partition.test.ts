import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { setApiServerReachable } from '../../src/lab/actions.ts'
import { openSettledLab, output, ROOT } from '../support/open-settled-lab.ts'

const CWD = join(ROOT, 'topologies/cilium-bgp')
const WORKERS = ['cilium-bgp-worker', 'cilium-bgp-worker2', 'cilium-bgp-worker3', 'cilium-bgp-worker4']
const GET = "curl -s -m 5 -o /dev/null -w '%{http_code}'"

/** Behind leaf01 are the control plane, 10.0.5.11, which cannot be parted from itself, and this worker. */
const WORKER_ADDRESS = '10.0.5.12'

/** The article's lab with its service announced by BGP; all workers parted from the API server. */
async function parted() {
  const opened = await openSettledLab('topologies/cilium-bgp/setup.sh')
  const { lab, terminal } = opened
  const { simulator } = lab
  const machine = async (text: string) => {
    const result = await terminal.run(text, { node: lab.machine, cwd: CWD })
    if (result.exitCode !== 0) throw new Error(`${text}: ${result.stderr}`)
    return result.stdout
  }
  const wait = (seconds: number) => void simulator.runWhile(() => true, simulator.nowNs + seconds * 1e9)
  await machine('for f in bgp pool nginx; do kubectl apply -f manifests/$f.yaml; done')
  simulator.runUntilQuiet(simulator.nowNs + 600e9)
  const workers = WORKERS.filter(name => lab.node(name) !== undefined)
  const reach = (isReachable: boolean) => {
    for (const name of workers) setApiServerReachable(lab, name, isReachable)
  }
  reach(false)
  const leaf = () => output(opened, 'leaf01', 'ip route show 20.0.0.101')
  return { opened, machine, wait, reach, leaf }
}

/** Another service of the same pods, which will get the pool's next address. */
const SECOND = `sed 's/name: nginx-service/name: second/' manifests/nginx.yaml | kubectl apply -f -`

describe('a partition from the API server', () => {
  test('leaves forwarding and announcements alone', async () => {
    const { opened, wait } = await parted()
    wait(60)
    expect(await output(opened, 'client', `${GET} http://20.0.0.100`)).toBe('200')
  })

  test('lets the kubelets’ leases grow old, so that the nodes are no longer ready', async () => {
    const { machine, wait } = await parted()
    wait(120)
    expect(await machine('kubectl get nodes')).toMatch(/cilium-bgp-worker +NotReady/)
  })

  test('hides new services from the agents', async () => {
    const { machine, wait, leaf } = await parted()
    await machine(SECOND)
    wait(30)
    expect(await machine('kubectl get service second')).toContain('20.0.0.101')
    expect(await leaf()).not.toContain(WORKER_ADDRESS)
  })

  test('is made up for when it is over', async () => {
    const { machine, wait, leaf, reach } = await parted()
    await machine(SECOND)
    wait(30)
    reach(true)
    wait(30)
    expect(await leaf()).toContain(WORKER_ADDRESS)
    expect(await machine('kubectl get nodes')).not.toContain('NotReady')
  })
})
