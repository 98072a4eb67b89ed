import { join } from 'node:path'
import { expect, test } from 'vitest'
import { realFiles } from '../../src/cli/real-files.ts'
import { type OpenedLab, openLab } from '../../src/shell/open-lab.ts'
import type { Answer } from '../../src/why/answer.ts'
import { renderAnswer } from '../../src/why/render-answer.ts'
import { whyVip } from '../../src/why/vip.ts'
import { parseIpv4 } from '../../src/wire/address.ts'
import { ROOT } from '../support/open-settled-lab.ts'
import { failedSteps, placesOf } from './vip-lab.ts'

const FOLDER = join(ROOT, 'topologies/cilium-bgp')
const APPLY = 'kubectl apply -f manifests/bgp.yaml -f manifests/pool.yaml -f manifests/nginx.yaml'

interface Change {
  readonly file: string
  readonly from: string
  readonly to: string
}

/** The article's lab with one file changed on disk, as far as the lab sees it. */
class ArticleLab {
  readonly #change: Change | undefined
  #isMended = false
  #opened!: OpenedLab

  constructor(change?: Change) {
    this.#change = change
  }

  async open(script = 'setup.sh'): Promise<this> {
    const readText = (path: string): string | undefined => this.#read(path)
    this.#opened = await openLab({ path: join(FOLDER, script), files: { ...realFiles, readText }, seed: 9 })
    this.settle()
    return this
  }

  mend(): void {
    this.#isMended = true
  }

  async run(text: string): Promise<void> {
    const { exitCode, stderr } = await this.#opened.terminal.run(text, { cwd: FOLDER })
    expect(exitCode, stderr).toBe(0)
    this.settle()
  }

  settle(): void {
    const { simulator } = this.#opened.lab
    simulator.runUntilQuiet(simulator.nowNs + 300e9)
    simulator.runUntil(simulator.nowNs + 20e9)
  }

  why(address: string): Answer {
    return whyVip(this.#opened.lab, parseIpv4(address)!)
  }

  /** `manifests/pool.yaml:8` of the changed line. */
  get place(): string {
    const { file, to } = this.#change!
    const line = this.#read(join(FOLDER, file))!
      .split('\n')
      .findIndex(one => one.includes(to.trim()))
    return `${file}:${line + 1}`
  }

  #read(path: string): string | undefined {
    const text = realFiles.readText(path)
    const change = this.#change
    if (text === undefined || change === undefined || this.#isMended || path !== join(FOLDER, change.file)) return text
    expect(text).toContain(change.from)
    return text.replace(change.from, () => change.to)
  }
}

function places(answer: Answer, start: RegExp): readonly string[] {
  const step = failedSteps(answer.steps).find(one => start.test(one.text))
  expect(step, renderAnswer(answer)).toBeDefined()
  return placesOf(step!).map(place => place.replace(`${FOLDER}/`, ''))
}

test('the article: all four nodes announce every address by BGP, and every router has a route', async () => {
  const lab = await new ArticleLab().open()
  await lab.run(APPLY)
  const text = renderAnswer(lab.why('20.0.0.100'), { marks: 'ascii', width: 300 })
  expect(text).toMatch(/^\+ 20\.0\.0\.100 is announced by BGP from all 4 nodes$/m)
  expect(text).toMatch(/cilium-bgp-worker2 to leaf02 10\.0\.10\.1 for .*: one of 2 paths in use there/)
  expect(text).toContain('a route in 4 of 4 routers')
})

test('a --set of the setup script is named by its line', async () => {
  const lab = await new ArticleLab({
    file: 'setup.sh',
    from: 'bgpControlPlane.enabled=true',
    to: 'bgpControlPlane.enabled=false',
  }).open()
  await lab.run(APPLY)
  const answer = lab.why('20.0.0.100')
  expect(answer.isPositive).toBe(false)
  expect(places(answer, /bgpControlPlane/)).toEqual([lab.place])
  await lab.run(
    'helm upgrade cilium cilium/cilium --version 1.16.0 -n kube-system --reuse-values --set bgpControlPlane.enabled=true',
  )
  expect(lab.why('20.0.0.100').verdict).toBe('20.0.0.100 is announced by BGP from all 4 nodes')
})

test('the pool as the article prints it does not contain its addresses; the one it must have been does', async () => {
  const lab = await new ArticleLab({
    file: 'manifests/pool.yaml',
    from: '- start: "20.0.0.100"\n      stop: "20.0.0.200"',
    to: '- cidr: "20.0.10.0/24"',
  }).open()
  await lab.run(APPLY)
  const answer = lab.why('20.0.0.100')
  expect(answer.isPositive).toBe(false)
  expect(
    places(answer, /no pool contains 20\.0\.0\.100; nearest is .*lb-pool \(20\.0\.10\.0\/24\), used by default\/nginx/),
  ).toEqual([lab.place])
  expect(lab.why('20.0.10.0').isPositive).toBe(true)
  lab.mend()
  await lab.run('kubectl apply -f manifests/pool.yaml')
  expect(lab.why('20.0.0.100').isPositive).toBe(true)
})

test('a rack whose policy selects nobody is told of by the line of its selector', async () => {
  const lab = await new ArticleLab({ file: 'manifests/bgp.yaml', from: 'rack: rack1', to: 'rack: rack2' }).open()
  await lab.run(APPLY)
  const answer = lab.why('20.0.0.100')
  expect(answer.verdict).toBe('20.0.0.100 is announced by BGP from cilium-bgp-control-plane and cilium-bgp-worker3')
  expect(places(answer, /^BGP, cilium-bgp-worker and cilium-bgp-worker2: CiliumBGPPeeringPolicy rack1-65010/)[0]).toBe(
    lab.place,
  )
  lab.mend()
  await lab.run('kubectl apply -f manifests/bgp.yaml')
  expect(lab.why('20.0.0.100').verdict).toBe('20.0.0.100 is announced by BGP from all 4 nodes')
})

test("a label of the kind file's kubeadm patch is named by its line", async () => {
  const lab = await new ArticleLab({
    file: 'kind.yaml',
    from: 'node-ip: "10.0.10.12"\n            node-labels: "rack=rack1"',
    to: 'node-ip: "10.0.10.12"\n            node-labels: "rack=lab"',
  }).open()
  await lab.run(APPLY)
  const [first] = places(lab.why('20.0.0.100'), /^BGP, cilium-bgp-worker2: /)
  const line = realFiles
    .readText(join(FOLDER, 'kind.yaml'))!
    .split('\n')
    .findIndex(one => one.includes('10.0.10.12'))
  expect(first).toBe(`kind.yaml:${line + 2}`)
  await lab.run('kubectl label node cilium-bgp-worker2 rack=rack1 --overwrite')
  expect(lab.why('20.0.0.100').verdict).toBe('20.0.0.100 is announced by BGP from all 4 nodes')
})

test('a neighbour of a VyOS leaf with a wrong address is named by its line', async () => {
  const lab = await new ArticleLab({
    file: 'leaf01/config.boot',
    from: 'neighbor 10.0.5.11 {',
    to: 'neighbor 10.0.5.19 {',
  }).open()
  await lab.run(APPLY)
  const named = places(lab.why('20.0.0.100'), /^BGP, cilium-bgp-control-plane: leaf01 has no neighbor for /)
  expect(named).toContain(lab.place)
})

test('an older pool without a selector that takes the service away from the new one is named', async () => {
  const lab = await new ArticleLab().open()
  await lab.run('kubectl apply -f manifests/pool.yaml')
  await lab.run('kubectl apply -f manifests/l2.yaml -f manifests/nginx-l2.yaml')
  const answer = lab.why('10.0.5.100')
  expect(answer.isPositive).toBe(false)
  const named = places(
    answer,
    /Service default\/nginx-service, which .*l2-pool-for-rack0 selects too, has 20\.0\.0\.100 from .*lb-pool, which is older/,
  )
  expect(named[0]).toMatch(/^manifests\/pool\.yaml:/)
  await lab.run('kubectl delete -f manifests/pool.yaml')
  await lab.run(
    'helm upgrade cilium cilium/cilium --version 1.16.0 -n kube-system --reuse-values --set l2announcements.enabled=true',
  )
  expect(lab.why('10.0.5.100').verdict).toMatch(/^10\.0\.5\.100 is announced by ARP from cilium-bgp-/)
})

test('the second part of the article: the holder answers, and the other nodes are told why they do not', async () => {
  const lab = await new ArticleLab().open('setup-l2.sh')
  const answer = lab.why('10.0.5.100')
  expect(answer.verdict).toMatch(/^10\.0\.5\.100 is announced by ARP from cilium-bgp-(worker3|control-plane)$/)
  const texts = failedSteps(answer.steps).map(step => step.text)
  expect(texts[0]).toMatch(/^L2, cilium-bgp-(worker3|control-plane): Lease .* is held by/)
  expect(texts).toContain(
    'L2, cilium-bgp-worker and cilium-bgp-worker2: CiliumL2AnnouncementPolicy l2-lb-policy-for-rack0 selects rack=rack0; the node has rack=rack1',
  )
})
