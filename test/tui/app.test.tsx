import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { render } from 'ink-testing-library'
import { describe, expect, test } from 'vitest'
import { realFiles } from '../../src/cli/real-files.ts'
import { TimeMachine } from '../../src/inspect/time-machine.ts'
import { App } from '../../src/tui/app.tsx'
import { Inspector } from '../../src/tui/inspector.ts'
import { makeTheme } from '../../src/tui/theme.ts'
import { ROOT } from '../support/open-settled-lab.ts'

const theme = makeTheme({ hasColour: false, hasUnicode: true })

async function openApp() {
  const machine = await TimeMachine.open({ path: join(ROOT, 'topologies/bfd-pair/lab.clab.yml'), files: realFiles })
  let hasLeft = false
  let tick = (): void => {}
  let nowMs = 0
  const inspector = new Inspector({
    machine,
    labName: 'bfd-pair',
    symbols: theme.symbols,
    hasUnicode: true,
    columns: 100,
    rows: 24,
    wallMs: () => nowMs,
    listFolder: () => [],
    resolvePath: path => path,
    shorten: text => text,
    writeFile: () => true,
    leave: () => {
      hasLeft = true
    },
  })
  const app = render(
    <App
      inspector={inspector}
      theme={theme}
      every={callback => {
        tick = callback
        return () => {}
      }}
      start={async () => {
        await inspector.operate('building the lab', limits => machine.settle(limits))
      }}
    />,
  )
  return {
    app,
    inspector,
    hasLeft: () => hasLeft,
    /** So much wall time passes, then the program's clock ticks. */
    pass: (spanMs: number) => {
      nowMs += spanMs
      tick()
    },
    shows: (text: string | RegExp) =>
      expect.poll(() => stripVTControlCharacters(app.lastFrame() ?? ''), { timeout: 10_000 }).toMatch(text),
  }
}

describe('the app', () => {
  test('builds the lab, shows it, and takes keys', async () => {
    const { app, shows, hasLeft } = await openApp()
    await shows(/settled/)
    await shows(/─ Nodes ─/)
    app.stdin.write('5')
    await shows(/─ BGP summary of r1/)
    app.stdin.write('\u001b[B')
    app.stdin.write('?')
    await shows(/─ Help ─/)
    app.stdin.write('q')
    await shows(/─ BGP summary of r1/)
    app.stdin.write('q')
    await expect.poll(hasLeft).toBe(true)
    app.unmount()
  })

  test('plays at its speed', async () => {
    const { app, shows, pass, inspector } = await openApp()
    await shows(/settled/)
    const before = inspector.machine.nowNs
    app.stdin.write('+')
    await shows(/ 2x /)
    app.stdin.write(' ')
    await shows(/▶/)
    pass(100)
    await expect.poll(() => inspector.machine.nowNs).toBe(before + 200e6)
    app.stdin.write(' ')
    await shows(/‖/)
    app.unmount()
  })

  test('an error in a key ends the app', async () => {
    const { app, shows, inspector } = await openApp()
    await shows(/settled/)
    inspector.picture = () => {
      throw new Error('a bomb')
    }
    app.stdin.write('x')
    await shows(/^$/)
  })
})
