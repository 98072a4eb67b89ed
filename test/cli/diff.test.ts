import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROOT } from '../support/open-settled-lab.ts'

const CLOS = 'topologies/clos-2x4/lab.clab.yml'
const L2 = 'topologies/cilium-bgp/setup-l2.sh'

function diff(...args: string[]) {
  return spawnSync(process.execPath, [join(ROOT, 'dist/cli/main.js'), 'diff', ...args], { encoding: 'utf8', cwd: ROOT })
}

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drylab-diff-'))
})

afterAll(() => rmSync(folder, { recursive: true }))

/** A copy of the clos with its lab file changed. */
function copyOfClos(name: string, change: (text: string) => string): string {
  const target = join(folder, name)
  cpSync(join(ROOT, 'topologies/clos-2x4'), target, { recursive: true })
  const file = join(target, 'lab.clab.yml')
  writeFileSync(file, change(readFileSync(file, 'utf8')))
  return file
}

describe('drylab diff', () => {
  test('of a lab with itself finds nothing and ends with 0', () => {
    expect(diff(CLOS, CLOS)).toMatchObject({ status: 0, stdout: 'no differences\n', stderr: '' })
  })

  test('of a lab that was only renamed finds nothing', () => {
    const renamed = copyOfClos('renamed', text => text.replace(/^name: .*$/m, 'name: another'))
    expect(diff(CLOS, renamed)).toMatchObject({ status: 0, stdout: 'no differences\n' })
  })

  test('of two labs says what the second one has more', () => {
    const file = copyOfClos('more', text => text)
    const leaf = join(folder, 'more/leaf1/frr.conf')
    writeFileSync(
      leaf,
      readFileSync(leaf, 'utf8').replace(/( *)network 10\.100\.1\.0\/24/, '$&\n$1network 10.1.1.0/31'),
    )
    const { status, stdout } = diff(CLOS, file, '--only', 'announcements')
    expect(status).toBe(1)
    expect(stdout).toContain('+ 10.1.1.0/31 bgp  by leaf1, origin network')
    expect(stdout).toMatch(/\n1 difference: 1 added\n$/)
  })

  test('before and after a fault lists what was lost, without colour when it is no terminal', () => {
    const { status, stdout } = diff(CLOS, '--fail', 'link=leaf1:eth1', '--only', 'routes,reachability')
    expect(status).toBe(1)
    expect(stdout).toContain(`+ ${CLOS} after fail link=leaf1:eth1`)
    expect(stdout).toContain('~ 10.100.2.0/24 metric 20  via 10.1.1.0 eth1, 10.2.1.0 eth2 → 10.2.1.0 eth2')
    expect(stdout).not.toContain('\u001b[')
  })

  test('with an impaired link breaks nothing', () => {
    expect(diff(CLOS, '--fail', 'link=leaf1:eth1,delay=5ms')).toMatchObject({ status: 0 })
  })

  test('before and after --apply shows addresses, announcements, routes and who reaches them', () => {
    const manifests = ['bgp', 'pool', 'nginx'].flatMap(name => [
      '--apply',
      `topologies/cilium-bgp/manifests/${name}.yaml`,
    ])
    const { status, stdout } = diff('topologies/cilium-bgp/setup.sh', ...manifests, '-o', 'json')
    expect(status).toBe(1)
    const { tables } = JSON.parse(stdout)
    const added = (name: string) => tables.find((one: { table: string }) => one.table === name).added
    expect(added('announcements')).toContainEqual({
      address: '20.0.0.100',
      how: 'bgp',
      by: ['cilium-bgp-control-plane', 'cilium-bgp-worker', 'cilium-bgp-worker2', 'cilium-bgp-worker3'],
      origin: ['originated'],
      services: ['default/nginx-service'],
      devices: [],
    })
    expect(added('reachability')).toEqual([
      { from: 'client', to: 'default/nginx-service:80', address: '20.0.0.100', answer: 'answers' },
    ])
    expect(added('services')).toMatchObject([{ service: 'nginx-service', externalIp: '20.0.0.100' }])
  })

  test('after the holder of a lease died says who holds it now, and that this is luck', () => {
    const { status, stdout } = diff(L2, '--fail', 'node=cilium-bgp-worker3', '--only', 'announcements,leases')
    expect(status).toBe(1)
    expect(stdout).toMatch(/~ 10\.0\.5\.100 l2 {2}by cilium-bgp-worker3 → cilium-bgp-control-plane \(perhaps luck\)/)
    expect(stdout).toMatch(/holder cilium-bgp-worker3 → cilium-bgp-control-plane \(perhaps luck\)/)
  })

  test('leaves luck out when asked to', () => {
    const args = [L2, '--fail', 'node=cilium-bgp-worker3', '--only', 'leases', '--ignore', 'luck']
    expect(diff(...args)).toMatchObject({ status: 0, stdout: 'no differences\n' })
  })

  test('of two versions of Cilium shows that 1.15 elects for services without addresses, and does --run in both', () => {
    const run = 'kubectl create service clusterip idle --tcp=80 && kubectl label service idle advertise-l2-rack0=true'
    const { status, stdout } = diff(L2, '--cilium', '1.15..1.16', '--run', run)
    expect(status).toBe(1)
    expect(stdout).toContain('- kube-system cilium-l2announce-default-idle')
    expect(stdout).toMatch(/\n1 difference: 1 removed\n$/)
  })

  test('under several seeds tells what each of them shows', () => {
    const args = [CLOS, '--fail', 'link=leaf1:eth1', '--seeds', '1..3', '--only', 'routes']
    expect(diff(...args)).toMatchObject({ status: 1, stdout: diff(...args.slice(0, 3), '--only', 'routes').stdout })
  })

  test('takes manifests from standard input', () => {
    const input = readFileSync(join(ROOT, 'topologies/cilium-bgp/manifests/pool.yaml'))
    const args = ['diff', 'topologies/cilium-bgp/setup.sh', '--apply', '-', '--only', 'pools']
    const { status, stdout } = spawnSync(process.execPath, [join(ROOT, 'dist/cli/main.js'), ...args], {
      cwd: ROOT,
      input,
    })
    expect(status).toBe(1)
    expect(stdout.toString()).toMatch(/\n1 difference: 1 added\n$/)
  })

  test('as Markdown is ready for a comment', () => {
    const { status, stdout } = diff(CLOS, '--fail', 'node=spine1', '-o', 'markdown')
    expect(status).toBe(1)
    expect(stdout).toMatch(/^\*\*drylab diff: \d+ differences/)
    expect(stdout).toMatch(/<details>\n<summary>Routes: \d+ rows<\/summary>/)
  })

  test.each([
    { args: [], says: 'nothing to compare with' },
    { args: ['--fail', 'link=leaf9:eth1'], says: 'did you mean "leaf1:eth1"?' },
    { args: ['--fail', 'lonk=leaf1:eth1'], says: 'Unrecognized key: "lonk"' },
    { args: ['--fail', 'link=leaf1:eth1,node=leaf1'], says: 'a fault names one of' },
    { args: ['--only', 'rutes', CLOS], says: 'did you mean "routes"?' },
    { args: ['--apply', 'nowhere.yaml'], says: 'there is no file "nowhere.yaml"' },
    { args: ['--run', 'false'], says: 'false: exit status 1' },
    { args: ['--cilium', '1.15'], says: 'expected two versions' },
    { args: ['--cilium', '1.15..1.16'], says: 'installs no Cilium' },
    { args: [CLOS, '--cilium', '1.15..1.16'], says: 'name one lab' },
    { args: [CLOS, '--only', 'routes', '--ignore', 'routes'], says: 'no table is left' },
    { args: [CLOS, '--settle', 'soon'], says: '"soon" is not a duration' },
    { args: ['--fail', 'node=leaf1', '--seeds', '5..1'], says: '--seeds takes 1 to 100 seeds' },
    { args: ['nowhere.clab.yml'], says: 'nowhere.clab.yml' },
  ])('ends with 2 at $args', ({ args, says }) => {
    const { status, stdout, stderr } = diff(CLOS, ...args)
    expect(stderr).toContain(says)
    expect([status, stdout]).toEqual([2, ''])
  })
})
