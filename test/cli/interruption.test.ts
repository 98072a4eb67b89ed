import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ROOT } from '../support/open-settled-lab.ts'

const folder = mkdtempSync(join(tmpdir(), 'drylab-'))
afterAll(() => rmSync(folder, { recursive: true }))
const scenario = join(folder, 'long.yaml')
writeFileSync(
  scenario,
  `claim: a thousand years pass
lab: ${ROOT}/topologies/clos-2x4/lab.clab.yml
steps:
  - settle: 600s
  - expect: [{route: {node: leaf1, to: 10.100.4.0/24}}]
  - wait: 365000d
`,
)

/** Starts the program, sends Ctrl-C once its output fits, and waits for its end. */
async function interrupt(args: readonly string[], when: RegExp | number) {
  const child: ChildProcess = spawn(process.execPath, [join(ROOT, 'dist/cli/main.js'), ...args], { cwd: ROOT })
  let output = ''
  const ended = new Promise<number | null>(resolve => child.on('close', resolve))
  const heard = new Promise<void>(resolve => {
    child.stdout!.on('data', data => {
      output += data
      if (typeof when !== 'number' && when.test(output)) resolve()
    })
    if (typeof when === 'number') setTimeout(resolve, when)
  })
  child.stderr!.on('data', () => {})
  await heard
  await new Promise(resume => setTimeout(resume, 300))
  const startMs = performance.now()
  child.kill('SIGINT')
  const status = await ended
  return { status, output, ms: performance.now() - startMs }
}

describe('Ctrl-C', () => {
  test('ends a run at once, with a report of what was checked and status 130', async () => {
    const { status, output, ms } = await interrupt(['run', scenario], /✓/)
    expect(status).toBe(130)
    expect(output).toMatch(/\nclaim interrupted: 1 of 1 checks hold \(\d+\.\d{3}s simulated, \d+ events\)\n$/)
    // 100 ms are meant; a loaded machine may need more
    expect(ms).toBeLessThan(1000)
  })

  test('ends tests: those that have not ended are skipped, and the report is written', async () => {
    const report = join(folder, 'report.xml')
    const { status, output } = await interrupt(['test', scenario, '--reporter', `junit=${report}`], 2500)
    expect(status).toBe(130)
    expect(output).toContain('1 skipped')
  })
})
