import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { workCounters } from '../src/bgp/work-counters.ts'
import { realFiles } from '../src/cli/real-files.ts'
import { findCable, nodeDown, setLink } from '../src/lab/actions.ts'
import type { Lab } from '../src/lab/lab.ts'
import { parseScenario } from '../src/scenario/parse-scenario.ts'
import { runScenario } from '../src/scenario/run-scenario.ts'
import { settle } from './bench/support/measure.ts'
import { closFiles, openInMemory } from './bench/support/memory-lab.ts'
import { ROOT } from './support/open-settled-lab.ts'

/*
 * How much work the simulator does, in figures that are the same on every machine and every run: events, decisions, UPDATEs,
 * prefixes. test/work.json has what they were. UPDATE_GOLDEN=1 npx vitest run test/work.test.ts writes it anew.
 */
const FILE = join(ROOT, 'test/work.json')
const TOLERANCE = 0.05

type Figures = Record<string, number>

const known: Record<string, Figures> = existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : {}
const isUpdate = process.env.UPDATE_GOLDEN === '1'

/** Fails when the figures are not about those of the file, which are replaced when that was asked for. */
function hold(name: string, figures: Figures): void {
  if (isUpdate) {
    known[name] = figures
    writeFileSync(FILE, `${JSON.stringify(known, undefined, 2)}\n`)
    return
  }
  const complaints = Object.entries({ ...known[name], ...figures }).flatMap(([key]) => {
    const [before = 0, now = 0] = [known[name]?.[key], figures[key]]
    if (Math.abs(now - before) <= before * TOLERANCE) return []
    const change = before === 0 ? 'is new' : `${now > before ? '+' : ''}${((now / before - 1) * 100).toFixed(1)} %`
    const advice = now > before ? 'more work than before' : 'less work: lower the figure with UPDATE_GOLDEN=1'
    return [`${key}: ${before} → ${now} (${change}, ${advice})`]
  })
  expect(complaints, name).toEqual([])
}

/** What a part of a simulation adds to the counters, and how much is held at its end. */
function workOf(lab: Lab, run: () => void): Figures {
  const { simulator } = lab
  const before = { ...workCounters(simulator), events: simulator.executedEvents }
  run()
  const { paths, ...after } = { ...workCounters(simulator), events: simulator.executedEvents }
  const done = Object.entries(after).map(([key, value]) => [key, value - before[key as keyof typeof before]])
  return { ...Object.fromEntries(done), paths }
}

describe('the work done', { timeout: 60_000 }, () => {
  test('for a Clos of 4 spines and 16 leaves with 10 prefixes each, when a link dies and when a spine dies', async () => {
    const { lab } = await openInMemory(closFiles({ spines: 4, leaves: 16, prefixesPerLeaf: 10, hostsPerLeaf: 0 }))
    hold(
      'clos 4x16: converge',
      workOf(lab, () => settle(lab.simulator)),
    )
    hold(
      'clos 4x16: link failure',
      workOf(lab, () => {
        setLink(lab, findCable(lab, 'spine1', 'eth1')!, false)
        settle(lab.simulator)
      }),
    )
    hold(
      'clos 4x16: spine failure',
      workOf(lab, () => {
        nodeDown(lab, lab.node('spine2')!)
        settle(lab.simulator)
      }),
    )
  })

  test('for three tiers of route reflectors, and in ten minutes at rest', async () => {
    const shape = { spines: 4, leaves: 8, superSpines: 2, prefixesPerLeaf: 5, hostsPerLeaf: 0 }
    const { lab } = await openInMemory(closFiles({ ...shape, dialect: 'vyos', ibgpRouteReflectors: true }))
    const { simulator } = lab
    hold(
      'three tiers: converge',
      workOf(lab, () => settle(simulator)),
    )
    hold(
      'three tiers: ten minutes',
      workOf(lab, () => void simulator.runUntil(simulator.nowNs + 600e9)),
    )
  })

  test("for the article's first part", async () => {
    const file = join(ROOT, 'scenarios/article-1-bgp.yaml')
    const { model } = parseScenario(realFiles.readText(file)!, file)
    let lab: Lab | undefined
    await runScenario(model!, {
      files: realFiles,
      onLab: one => {
        lab = one
      },
    })
    const { paths, ...work } = workCounters(lab!.simulator)
    hold('article 1', { ...work, events: lab!.simulator.executedEvents, paths })
  })

  // in a process of its own, in which the engine collects and moves nothing by chance
  test('bytes of heap per path, over what a path adds to a settled fabric', () => {
    const engine = ['--predictable', '--no-flush-bytecode', '--hash-seed=1', '--random-seed=1']
    const program = ['test/bench/run.mjs', 'test/bench/heap-per-path.ts']
    const { stdout } = spawnSync(process.execPath, [...engine, ...program], { cwd: ROOT, encoding: 'utf8' })
    hold('bytes per path', { bytesPerPath: Math.round(Number(stdout)) })
  })
})
