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

test('a server whose driver has died during a long run ends', async () => {
  const requests = [
    { jsonrpc: '2.0', id: 1, method: 'lab.load', params: { lab: join(ROOT, 'topologies/clos-2x4/lab.clab.yml') } },
    { jsonrpc: '2.0', id: 2, method: 'lab.run', params: { lab: 'lab-1', for: '1000000h' } },
  ]
  const driver = `
    const { spawn } = require('node:child_process')
    const server = spawn(process.execPath, [${JSON.stringify(join(ROOT, 'dist/cli/main.js'))}, 'serve', '--stdio'])
    server.stdin.write(${JSON.stringify(`${requests.map(request => JSON.stringify(request)).join('\n')}\n`)})
    server.stdout.once('data', () => process.stdout.write(String(server.pid), () => process.exit()))`
  const { stdout } = spawnSync(process.execPath, ['-e', driver], { encoding: 'utf8' })
  const pid = Number(stdout)
  expect(pid).toBeGreaterThan(1)
  await expect.poll(() => isAlive(pid), { timeout: 15_000, interval: 100 }).toBe(false)
}, 30_000)

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
