import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { DIGITS, VIEWS } from '../../src/tui/views/table.ts'
import { ROOT } from '../support/open-settled-lab.ts'
import { BEFORE, type ProgramOptions, TerminalProgram } from './support/terminal-program.ts'

const LAB = 'topologies/clos-2x4/lab.clab.yml'
const CLUSTER = 'topologies/cilium-bgp/setup.sh'

// programs are started, and machines are busy
vi.setConfig({ testTimeout: 90_000 })

let program: TerminalProgram | undefined

async function start(options: ProgramOptions = {}, args: readonly string[] = [LAB]): Promise<TerminalProgram> {
  program = new TerminalProgram(['tui', ...args], options)
  await program.shows(/settled $/m)
  return program
}

afterEach(() => {
  program?.close()
  program = undefined
})

/** The alternate screen is left, the cursor is seen, and what stood there before stands there again. */
function expectRestored(tui: TerminalProgram): void {
  expect(tui.isOnAlternateScreen).toBe(false)
  expect(tui.written.lastIndexOf('\u001b[?25h')).toBeGreaterThan(tui.written.lastIndexOf('\u001b[?25l'))
  expect(tui.text()).toContain(BEFORE)
}

describe('the terminal is given back', () => {
  test('after q', async () => {
    const tui = await start()
    expect(tui.isOnAlternateScreen).toBe(true)
    tui.press('q')
    expect(await tui.ends()).toBe(0)
    expectRestored(tui)
  })

  test('after Ctrl-C', async () => {
    const tui = await start()
    tui.press('ctrl-c')
    expect(await tui.ends()).toBe(0)
    expectRestored(tui)
  })

  test('after :q while it plays', async () => {
    const tui = await start()
    tui.press(' ', ':q', 'enter')
    expect(await tui.ends()).toBe(0)
    expectRestored(tui)
  })

  test('after q while the lab is still being built, at once', async () => {
    program = new TerminalProgram(['tui', CLUSTER])
    await program.shows('building the lab')
    program.press('q')
    expect(await program.ends(3000)).toBe(0)
    expectRestored(program)
  })

  test('after SIGTERM', async () => {
    const tui = await start()
    tui.kill('SIGTERM')
    await tui.ends()
    expectRestored(tui)
  })

  test('after an error that nobody caught, which is then told', async () => {
    const bomb = encodeURIComponent('process.on("SIGUSR2",()=>{throw new Error("a bomb")})')
    const tui = await start({ environment: { NODE_OPTIONS: `--import data:text/javascript,${bomb}` } })
    tui.kill('SIGUSR2')
    expect(await tui.ends()).not.toBe(0)
    expectRestored(tui)
    expect(tui.text()).toContain('a bomb')
  })

  test('when the lab cannot be built, with the reason and status 2', async () => {
    program = new TerminalProgram(['tui', 'topologies/no-such-lab.clab.yml'])
    expect(await program.ends()).toBe(2)
    expect(program.isOnAlternateScreen).toBe(false)
    expect(program.text()).toMatch(/no-such-lab/)
  })
})

describe('without a terminal', () => {
  const run = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
    spawnSync(process.execPath, [join(ROOT, 'dist/cli/main.js'), 'tui', ...args], {
      encoding: 'utf8',
      cwd: ROOT,
      env: { ...process.env, ...environment },
    })

  test('it names drylab run and ends with status 2', () => {
    const { status, stdout, stderr } = run([LAB])
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain('drylab run')
  })

  test('--frame prints a screen as text', () => {
    const { status, stdout, stderr } = run([LAB, '--frame', 'bgp', '--size', '80x12', '--keys', ':bgp leaf1<enter>'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout.split('\n')).toHaveLength(13)
    expect(stdout).toContain('BGP summary of leaf1')
    expect(stdout).toMatch(/10\.2\.1\.0 +65100 .* Established/)
  })

  test.each([
    [['--frame', 'nothing'], 'Allowed choices are nodes, routes'],
    [['--frame', 'nodes', '--size', '10x5'], 'is no size'],
    [['--frame', 'nodes', '--at', 'noon'], 'is no time'],
  ])('%j is refused', (args, complaint) => {
    const { status, stderr } = run([LAB, ...args])
    expect(status).toBe(2)
    expect(stderr).toContain(complaint)
  })
})

describe('a tour', () => {
  test('of every view of a fabric, by name and by number', async () => {
    const tui = await start({ columns: 100, rows: 30 })
    for (const { name, title } of VIEWS) {
      tui.press(`:${name}`, 'enter')
      await tui.shows(`─ ${title}`)
    }
    for (const [digit, name] of Object.entries(DIGITS)) {
      tui.press(digit)
      await tui.shows(new RegExp(`› ${name} +‖`))
    }
    tui.press('v')
    await tui.shows('─ Views')
    tui.press('j', 'down', 'enter')
    await tui.shows('─ Neighbours of')
    tui.press('?')
    await tui.shows('─ Help')
    tui.press('G')
    await tui.shows(':quit')
    tui.press('escape')
    await tui.shows('─ Neighbours of')
    tui.press('escape')
    await tui.shows('─ Routes of')
  })

  test('of moving, filtering and asking why', async () => {
    const tui = await start()
    tui.press('2')
    await tui.shows('Routes of leaf1')
    tui.press('G')
    await tui.shows('17 of 17')
    tui.press('g', 'j', 'down', 'k', 'pagedown', 'up')
    tui.press('/10.100.3')
    await tui.shows('/10.100.3  1 of 2')
    tui.press('enter', 'enter')
    await tui.shows('leaf1 routes 10.100.3.0/24 over 2 next hops')
    tui.press('escape', 'escape')
    await tui.shows(/ of 17 /)
    tui.press(']')
    await tui.shows('Routes of leaf2')
    tui.press('[', 'd')
    await tui.shows('hiddenFromRoute')
    tui.press('escape', '1', 'j', 'enter')
    await tui.shows('Routes of host2')
  })

  test('of time: steps, play, back, a branch', async () => {
    const tui = await start({ columns: 100, rows: 30 })
    tui.press('t', '5s', 'enter')
    await tui.shows('‖ 5.000000s')
    tui.press('t', '-4500ms', 'enter')
    await tui.shows('‖ 0.500000s')
    tui.press('n')
    await tui.shows(/session|routing|arp/)
    tui.press('s', 'u')
    await tui.shows('‖ 2.580888s')
    tui.press(':speed 10', 'enter', ' ')
    await tui.shows(/▶ \d+\.\d+s {2}10x/)
    await tui.shows(/▶ [5-9]\.\d+s/)
    tui.press(' ', ':time 2580888us', 'enter')
    await tui.shows('‖ 2.580888s')
    tui.press(':break leaf1:eth1', 'enter')
    await tui.shows('break link leaf1:eth1')
    tui.press('e')
    await tui.shows(/carrier +leaf1|act +break link/)
    tui.press('u')
    tui.press('<', '<', '<')
    tui.press('c')
    await tui.shows('─ Console')
  })

  test('of acts and commands, saved as a scenario that runs', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'drylab-tui-'))
    try {
      const file = join(folder, 'saved.yaml')
      const tui = await start({ columns: 100, rows: 30 })
      tui.press('5', ':node spine1', 'enter', 'x')
      await tui.shows('─ Act')
      tui.press('enter')
      await tui.shows('crash node spine1')
      tui.press('u', ':node leaf1', 'enter', '!', 'ip route show 10.100.4.0/24', 'enter')
      await tui.shows(/leaf1\$ ip route show/)
      await tui.shows('via 10.2.1.0')
      tui.press('!', 'up')
      await tui.shows(/ leaf1\$ ip route show 10\.100\.4\.0\/24/)
      tui.press('escape', '!', 'trac', 'tab')
      await tui.shows(/leaf1\$ traceroute/)
      tui.press('escape', 'S', 'ctrl-w', file, 'enter')
      await tui.shows('written: drylab run')
      expect(readFileSync(file, 'utf8')).toContain('spine1')
      const { status } = spawnSync(process.execPath, [join(ROOT, 'dist/cli/main.js'), 'run', file])
      expect(status).toBe(0)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('of packets: a capture with a filter', async () => {
    const tui = await start({ columns: 100, rows: 30 })
    tui.press('4', ':node leaf1', 'enter', 'j', 'p')
    await tui.shows('tcpdump -i eth1 on leaf1')
    tui.press('t', '+70s', 'enter')
    await tui.shows(/In {2}IP 10\.1\.1\.0/)
    tui.press('F', 'port 179 and dst host 10.1.1.0', 'enter')
    tui.press('t', '+70s', 'enter')
    await tui.shows('eth1 on leaf1: port 179')
    tui.press('k', 'G', 'enter')
    await tui.shows("The packet's way: delivered")
    await tui.shows('─ Topology')
    tui.press('j', 'k', 'escape')
    await tui.shows('eth1 on leaf1: port 179')
    tui.press('p', 'escape')
    await tui.shows(/Interfaces of leaf1/)
  })

  test('of a cluster', async () => {
    const tui = await start({ columns: 100, rows: 30 }, [CLUSTER])
    tui.press(':leases', 'enter')
    await tui.shows('cilium-bgp-worker3')
    tui.press('8')
    await tui.shows('kubernetes')
    tui.press(':pods', 'enter')
    await tui.shows('coredns')
    tui.press('a', 'topologies/cilium-bgp/manifests/', 'tab')
    await tui.shows(/kubectl apply -f topologies/)
  })
})

describe('robust', () => {
  test('a resize is followed', async () => {
    const tui = await start({ columns: 100, rows: 30 })
    tui.resize(80, 24)
    await tui.shows(/┐$/m)
    await expect.poll(() => tui.lines().filter(text => text.length > 80)).toEqual([])
    await expect.poll(() => tui.lines()[23]).toContain('? help')
    tui.resize(120, 40)
    await expect.poll(() => tui.lines()[39]).toContain('? help')
    await expect.poll(() => tui.lines()[1]?.length).toBe(120)
  })

  test('a screen that is too small says so', async () => {
    const tui = await start()
    tui.resize(30, 8)
    await tui.shows('make me 40x10')
    tui.resize(80, 24)
    await tui.shows('─ Nodes')
  })

  test('NO_COLOR draws without colours', async () => {
    const tui = await start({ environment: { NO_COLOR: '1' } })
    tui.press('9', 'e')
    await tui.shows('─ What happened')
    expect(tui.written).not.toMatch(/\u001b\[[\d;]*3\d/)
  })

  test('--ascii draws with ASCII only', async () => {
    program = new TerminalProgram(['tui', LAB, '--ascii'])
    await program.shows(/settled $/m)
    program.press('9', 'e')
    await program.shows('- What happened')
    expect(program.written).toMatch(/^[\u0000-\u007f]*$/)
  })

  test('wide characters stay in line', async () => {
    const tui = await start()
    tui.press('/漢字カナ')
    await tui.shows('/漢字カナ  0 of 0')
    const edges = tui
      .lines()
      .slice(1, 22)
      .map((_, row) =>
        tui.screen.buffer.active
          .getLine(row + 1)
          ?.getCell(79)
          ?.getChars(),
      )
    expect(edges[0]).toBe('┐')
    expect(edges.slice(1, -1).every(edge => edge === '│' || edge === '┃')).toBe(true)
  })
})
