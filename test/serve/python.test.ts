import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../support/open-settled-lab.ts'

const hasPython = spawnSync('python3', ['--version']).status === 0

test.skipIf(!hasPython)('a Python script with nothing but the standard library drives a lab', () => {
  const lab = join(ROOT, 'topologies/clos-2x4/lab.clab.yml')
  const command = [process.execPath, join(ROOT, 'dist/cli/main.js'), 'serve', '--stdio']
  const { status, stdout, stderr } = spawnSync('python3', [join(ROOT, 'test/serve/drive.py'), lab, ...command], {
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  expect(stdout.split('\n')).toEqual([
    'nodes: host1 host2 host3 host4 leaf1 leaf2 leaf3 leaf4 spine1 spine2',
    'sessions that came up: 16',
    expect.stringMatching(/^leaf1 to 10\.100\.4\.0\/24 via 10\.\S+ 10\.\S+$/),
    'captured: 4 lines',
    'after the cut: 1 next hop',
    '',
  ])
  expect(status).toBe(0)
})
