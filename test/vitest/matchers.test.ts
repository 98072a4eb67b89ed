import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { type LoadedLab, loadLab } from '../../src/index.ts'
import '../../src/vitest/index.ts'
import { ROOT } from '../support/open-settled-lab.ts'

let lab: LoadedLab
beforeEach(async () => {
  lab = await loadLab(join(ROOT, 'topologies/clos-2x4/lab.clab.yml'))
})

/** What a matcher says when it fails. */
async function complaint(promise: Promise<void>): Promise<string> {
  return promise.then(
    () => 'nothing',
    thrown => String((thrown as Error).message),
  )
}

describe('matchers', () => {
  test('hold', async () => {
    await expect(lab).toHaveRoute('leaf1', '10.100.4.0/24', { via: ['10.1.1.0', '10.2.1.0'] })
    await expect(lab).toReach('host1', '10.100.4.10', { within: '1s' })
    await expect(lab).toAnnounce('10.255.1.1', { by: ['leaf1'], via: 'bgp' })
    await expect(lab).toResolve('host1', '10.100.1.1', { by: 'leaf1' })
    await expect(lab).toHaveSession('leaf1', '10.1.1.0')
    await expect(lab).toHold('no-loop', { to: '10.100.4.10' })
  })

  test('hold with not', async () => {
    await expect(lab).not.toHaveRoute('leaf1', '10.100.4.0/24', { via: '10.1.1.0' })
    await expect(lab).not.toReach('host1', '10.100.4.99')
    await expect(lab).not.toAnnounce('10.100.4.10')
    await expect(lab).not.toHaveSession('leaf1', '10.9.9.9')
  })

  test('say what there is instead, when and where', async () => {
    const text = await complaint(expect(lab).toHaveRoute('leaf1', '10.100.4.0/24', { via: '10.1.1.0' }))
    expect(text).toContain('expected: route on leaf1 to 10.100.4.0/24 via 10.1.1.0\nat ')
    expect(text).toContain(
      'lab.clab.yml, seed 1\ninstead:\n  10.100.4.0/24 via 10.2.1.0 dev eth2 + via 10.1.1.0 dev eth1',
    )
    expect(text).toContain('\nbefore:\n')
  })

  test('say what should not be', async () => {
    const text = await complaint(expect(lab).not.toHaveSession('leaf1', '10.1.1.0'))
    expect(text).toBe('expected not: session of leaf1 with 10.1.1.0 is Established')
  })

  test('refuse anything but a lab', async () => {
    expect(await complaint(expect(5).toHaveSession('leaf1', '10.1.1.0'))).toBe('expected a lab from loadLab()')
    expect(await complaint(expect(5).toKeepReachable('a', 'b', { atMost: '1s' }).during({ node: 'x' }))).toBe(
      'expected a lab from loadLab()',
    )
  })
})

describe('toKeepReachable … during', () => {
  const flow = ['host1', '10.100.4.10', { atMost: '1s', for: '5s' }] as const

  test('holds for a spine that dies', async () => {
    await expect(lab)
      .toKeepReachable(...flow)
      .during({ node: 'spine2' })
    await expect(lab).toHaveRoute('leaf1', '10.100.4.0/24', { via: '10.1.1.0' })
  })

  test('fails for the only leaf, and says for how long', async () => {
    const text = await complaint(
      expect(lab)
        .toKeepReachable(...flow)
        .during({ node: 'leaf4' }),
    )
    expect(text).toContain('host1 loses 10.100.4.10 for at most 1s when node leaf4 fails')
    expect(text).toMatch(/no answer from .*: 5\.000s/)
  })

  test('not', async () => {
    await expect(lab)
      .not.toKeepReachable(...flow)
      .during({ node: 'leaf4' })
  })
})
