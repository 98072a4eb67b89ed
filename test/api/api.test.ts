import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checks, LabError, loadLab, runScenario } from '../../src/index.ts'
import { ROOT } from '../support/open-settled-lab.ts'

const CLOS = join(ROOT, 'topologies/clos-2x4/lab.clab.yml')

describe('loadLab', () => {
  test('builds and settles', async () => {
    const lab = await loadLab(CLOS)
    expect(lab.lab.simulator.pendingWork).toBe(0)
    expect(lab.nowNs).toBeGreaterThan(0)
  })

  test('settle: false leaves the lab at its start', async () => {
    const lab = await loadLab(CLOS, { settle: false })
    expect((await checks.session(lab, { node: 'leaf1', peer: '10.1.1.0' })).holds).toBe(false)
    await lab.settle()
    expect((await checks.session(lab, { node: 'leaf1', peer: '10.1.1.0' })).holds).toBe(true)
  })

  test('clock sets what the nodes show', async () => {
    const lab = await loadLab(CLOS, { clock: '2025-07-03T14:00:00Z', settle: false })
    expect(lab.lab.simulator.epochMs).toBe(Date.UTC(2025, 6, 3, 14))
  })

  test('the same seed gives the same bytes, another one need not', async () => {
    const text = async (seed: number) =>
      (await (await loadLab(CLOS, { seed })).exec('leaf1', 'vtysh -c "show ip bgp"')).stdout
    expect(await text(5)).toBe(await text(5))
  })

  test.each([
    ['no such file', () => loadLab('nowhere.clab.yml'), 'nowhere.clab.yml'],
    ['a wrong clock', () => loadLab(CLOS, { clock: 'noon' }), '"noon" is not an instant'],
    ['a wrong span', () => loadLab(CLOS, { settle: 'soon' }), '"soon" is not a duration'],
    ['a lab that does not settle in time', () => loadLab(CLOS, { settle: '1ms' }), 'not settled within 1ms'],
  ])('%s is a LabError', async (_, load, message) => {
    await expect(load()).rejects.toThrow(LabError)
    await expect(load()).rejects.toThrow(message)
  })
})

describe('a loaded lab', () => {
  test('runs commands on nodes and on the machine', async () => {
    const lab = await loadLab(CLOS)
    expect(await lab.exec('leaf1', 'hostname')).toEqual({ stdout: 'leaf1\n', stderr: '', exitCode: 0 })
    expect((await lab.run('docker exec clab-clos-2x4-leaf2 hostname | tr a-z A-Z')).stdout).toBe('LEAF2\n')
  })

  test('lets time pass only when told', async () => {
    const lab = await loadLab(CLOS)
    const beforeNs = lab.nowNs
    await lab.wait('1m30s')
    expect(lab.nowNs - beforeNs).toBe(90e9)
  })

  test('breaks and mends links', async () => {
    const lab = await loadLab(CLOS)
    await lab.fail({ link: 'leaf1:eth1' })
    await lab.settle()
    expect((await checks.route(lab, { node: 'leaf1', to: '10.100.4.0/24', via: '10.2.1.0' })).holds).toBe(true)
    await lab.restore({ link: 'leaf1:eth1' })
    expect((await checks.session(lab, { node: 'leaf1', peer: '10.1.1.0' }, { within: '200s' })).holds).toBe(true)
  })

  test('names what is not there', async () => {
    const lab = await loadLab(CLOS)
    expect(() => lab.node('leaf9')).toThrow('there is no node "leaf9"; there are host1')
    await expect(lab.fail({ link: 'leaf1:eth9' })).rejects.toThrow('there is no link at "leaf1:eth9"')
    await expect(lab.fail({})).rejects.toThrow('a fault names one of')
  })
})

describe('runScenario', () => {
  test('returns outcomes and tells events', async () => {
    const kinds = new Set<string>()
    const result = await runScenario(join(ROOT, 'scenarios/spine-dies.yaml'), {
      onEvent: event => kinds.add(event.kind),
    })
    expect(result.status).toBe('holds')
    expect(result.outcomes.every(outcome => outcome.holds)).toBe(true)
    expect([...kinds]).toContain('check')
  })

  test('a file that is wrong is a LabError with its place', async () => {
    await expect(runScenario(CLOS)).rejects.toThrow(/lab\.clab\.yml:\d+:\d+: error: /)
    await expect(runScenario('nowhere.yaml')).rejects.toThrow('there is no file "nowhere.yaml"')
  })
})
