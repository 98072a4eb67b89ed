import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { realFiles } from '../../src/cli/real-files.ts'
import { TimeMachine } from '../../src/inspect/time-machine.ts'
import { Inspector } from '../../src/tui/inspector.ts'
import { parseKeys } from '../../src/tui/key.ts'
import { makeTheme } from '../../src/tui/theme.ts'
import { TOPOLOGY, VIEWS } from '../../src/tui/views/table.ts'
import { ROOT } from '../support/open-settled-lab.ts'

const FRAME_MS = 16
const FRAMES = 31
const theme = makeTheme({ hasColour: true, hasUnicode: true })

/** Processor time of the middle one of many frames, so that others on the machine do not count, milliseconds. */
async function frameCost(inspector: Inspector): Promise<number> {
  const costs: number[] = []
  for (let index = 0; index < FRAMES; index += 1) {
    // an event makes everything that is shown anew
    await inspector.machine.stepEvent()
    const start = process.cpuUsage()
    inspector.frame().map(theme.paint)
    const { user, system } = process.cpuUsage(start)
    costs.push((user + system) / 1000)
  }
  return costs.sort((a, b) => a - b)[FRAMES >> 1]!
}

test('with 100 nodes every view draws a frame in less than 16 ms while the lab changes', {
  timeout: 180_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'drylab-fluid-'))
  try {
    const program = join(ROOT, 'dist/cli/main.js')
    spawnSync(process.execPath, [program, 'generate', 'clos', '--spines', '4', '--leaves', '48', '--out', folder])
    const machine = await TimeMachine.open({ path: join(folder, 'lab.clab.yml'), files: realFiles })
    await machine.settle()
    expect(machine.lab.nodes()).toHaveLength(100)
    const inspector = new Inspector({
      machine,
      labName: 'fluid',
      symbols: theme.symbols,
      hasUnicode: true,
      columns: 120,
      rows: 40,
      wallMs: () => 0,
      listFolder: () => [],
      resolvePath: path => path,
      shorten: text => text,
      writeFile: () => true,
      leave: () => {},
    })
    const slow: string[] = []
    for (const { name } of [...VIEWS, TOPOLOGY]) {
      for (const key of parseKeys(`:${name}<enter>`)) await inspector.press(key)
      const costMs = await frameCost(inspector)
      if (costMs >= FRAME_MS) slow.push(`${name}: ${costMs.toFixed(1)} ms`)
    }
    expect(slow).toEqual([])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
