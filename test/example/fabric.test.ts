import { checks, LabError, loadLab, runScenario } from 'drylab'
import { beforeEach, describe, expect, test } from 'vitest'
import 'drylab/vitest'

const FABRIC = 'fabric/lab.clab.yml'
let lab: Awaited<ReturnType<typeof loadLab>>

beforeEach(async () => {
  lab = await loadLab(FABRIC)
})

describe('the fabric', () => {
  test('spreads traffic over both spines', async () => {
    await expect(lab).toHaveRoute('leaf1', '10.100.2.0/24', { via: ['10.1.1.0', '10.2.1.0'], protocol: 'bgp' })
    await expect(lab).toHaveSession('leaf1', '10.1.1.0')
    await expect(lab).not.toHaveRoute('leaf1', '10.100.3.0/24')
  })

  test('keeps hosts reachable when a spine dies, and heals', async () => {
    await expect(lab).toReach('host1', '10.100.2.10')
    await expect(lab).toKeepReachable('host1', '10.100.2.10', { atMost: '1s', for: '5s' }).during({ node: 'spine1' })
    await expect(lab).toHaveRoute('leaf1', '10.100.2.0/24', { via: '10.2.1.0' })
    await lab.restore({ node: 'spine1' })
    await expect(lab).toHaveRoute('leaf1', '10.100.2.0/24', { via: ['10.1.1.0', '10.2.1.0'], within: '300s' })
  })

  test('resolves gateways and announces no host address', async () => {
    await expect(lab).toResolve('host1', '10.100.1.1', { by: 'leaf1' })
    await expect(lab).not.toAnnounce('10.100.1.10')
    await expect(lab).toHold('no-loop', { to: ['10.100.1.10', '10.100.2.10'] })
  })
})

test('checks are functions too', async () => {
  const { holds, seen } = await checks.path(lab, { from: 'host1', to: '10.100.2.10', avoids: ['spine3'] })
  expect(holds, seen.join('\n')).toBe(true)
  const { stdout } = await lab.exec('leaf1', 'ip route show 10.100.2.0/24')
  expect(stdout).toContain('nexthop via 10.1.1.0 dev eth1')
})

test('scenarios run from a test', async () => {
  const { status, outcomes } = await runScenario('claims/spine-loss.yaml')
  expect(outcomes.filter(outcome => !outcome.holds)).toEqual([])
  expect(status).toBe('holds')
})

test('what is wrong is an error with a message', async () => {
  await expect(loadLab('nowhere.clab.yml')).rejects.toThrow(LabError)
  await expect(lab.fail({ node: 'spin1' })).rejects.toThrow('did you mean "spine1"?')
})
