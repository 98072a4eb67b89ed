import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { main } from '../../src/cli/program.ts'

const folder = mkdtempSync(join(tmpdir(), 'drylab-validate-'))
const bgp = (own: number, other: string) =>
  `interface eth1\n ip address 10.0.0.${own}/30\n!\nrouter bgp 6500${own}\n no bgp ebgp-requires-policy\n ${other}\n!\n`
const LAB = `name: x
mgmt: {}
topology:
  nodes:
    a: {kind: linux, image: "frr:8.4.1", binds: ["A:/etc/frr/frr.conf"]}
    b: {kind: linux, image: "frr:8.4.1", binds: ["b.conf:/etc/frr/frr.conf"]}
  links:
    - endpoints: ["a:eth1", "b:eth1"]
`

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

file('b.conf', bgp(2, 'neighbor 10.0.0.1 remote-as 65001'))
file('good.conf', bgp(1, 'neighbor 10.0.0.2 remote-as 65002'))
const badConf = file('bad.conf', bgp(1, 'neighbor 10.0.0.2 remote-as 65009'))
file('quiet.conf', bgp(1, '! drylab: ignore bgp/as-mismatch\n neighbor 10.0.0.2 remote-as 65009'))
const good = file('good.clab.yml', LAB.replace('A:', 'good.conf:'))
const bad = file('bad.clab.yml', LAB.replace('A:', 'bad.conf:'))
const quiet = file('quiet.clab.yml', LAB.replace('A:', 'quiet.conf:'))
const doubtful = file(
  'doubtful.clab.yml',
  LAB.replace('A:', 'good.conf:').replace('kind: linux,', 'kind: linux, exec: [ip link set nosuch up],'),
)
const wrong = file('wrong.clab.yml', 'name: x\ntopology: 3\n')

async function validate(...words: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[stream], 'write').mockImplementation(text => {
      output[stream] += String(text)
      return true
    })
  }
  const status = await main(['validate', ...words], '1.2.3')
  vi.restoreAllMocks()
  return { status, ...output }
}

afterEach(() => vi.restoreAllMocks())

describe('drylab validate', () => {
  test('exits with 0 when there is nothing to say', async () => {
    expect(await validate(good)).toEqual({
      status: 0,
      stdout: `${good}: 0 errors, 0 warnings, 0 not modelled\n`,
      stderr: '',
    })
  })

  test('exits with 1 for what a rule finds, and shows place, line, caret and fix', async () => {
    expect(await validate(bad)).toEqual({
      status: 1,
      stdout: `${badConf}:6:2: error: a expects AS 65009 of its peer 10.0.0.2, but b is in AS 65002 [bgp/as-mismatch]
  6 |  neighbor 10.0.0.2 remote-as 65009
    |  ^
  fix: write 65002 here, or put b into AS 65009
${bad}: 1 errors, 0 warnings, 0 not modelled
`,
      stderr: '',
    })
  })

  test('exits with 2 when a file is wrong', async () => {
    expect((await validate(bad, wrong)).status).toBe(2)
  })

  test('is silent about a rule that a comment or an option names', async () => {
    expect((await validate(quiet)).status).toBe(0)
    expect((await validate('--disable', 'bgp/as-mismatch', bad)).status).toBe(0)
    expect((await validate('--disable', 'bgp/*', bad)).status).toBe(0)
  })

  test('takes warnings for failures with --strict, unless they are below the level', async () => {
    expect((await validate(doubtful)).status).toBe(0)
    expect((await validate('--strict', doubtful)).status).toBe(1)
    expect((await validate('--strict', '--level', 'error', doubtful)).status).toBe(0)
  })

  test('prints JSON', async () => {
    const [one] = JSON.parse((await validate('--format', 'json', bad)).stdout)
    expect(one).toMatchObject({
      path: bad,
      reports: [{ rule: 'bgp/as-mismatch', level: 'error', file: badConf, line: 6, column: 2 }],
    })
  })

  test('prints SARIF with each finding once, however many labs have it', async () => {
    const { stdout, status } = await validate('--format', 'sarif', bad, bad)
    const { runs } = JSON.parse(stdout)
    expect([status, runs[0].results.length, runs[0].tool.driver.version]).toEqual([1, 1, '1.2.3'])
  })

  test('lists the rules and explains one', async () => {
    expect((await validate('--rules')).stdout).toMatch(/^bgp\/as-mismatch +error +a BGP peer is in another AS/m)
    expect((await validate('--explain', 'bgp/as-mismatch')).stdout).toContain('RFC 4271 section 6.2')
    expect(await validate('--explain', 'bgp/nonsense')).toMatchObject({ status: 2, stdout: '' })
  })
})
