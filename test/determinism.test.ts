import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseDocument, type YAMLMap } from 'yaml'
import { realFiles } from '../src/cli/real-files.ts'
import { parseScenario } from '../src/scenario/parse-scenario.ts'
import { NO_PAINT, renderEvent } from '../src/scenario/reporters/spec.ts'
import { runScenario } from '../src/scenario/run-scenario.ts'
import type { ReadOnlyFiles } from '../src/shell/files.ts'
import { openLab } from '../src/shell/open-lab.ts'
import type { JournalEntry } from '../src/sim/journal.ts'
import { ROOT } from './support/open-settled-lab.ts'

/** The same files, with the order of the nodes in one topology turned round. */
function shuffled(path: string): ReadOnlyFiles {
  const document = parseDocument(realFiles.readText(path)!)
  const nodes = document.getIn(['topology', 'nodes']) as YAMLMap
  nodes.items.reverse()
  const text = String(document)
  return { ...realFiles, readText: file => (file === path ? text : realFiles.readText(file)) }
}

async function journalOf(path: string, files: ReadOnlyFiles, seed: number): Promise<readonly JournalEntry[]> {
  const { lab, setup } = await openLab({ path, files, seed })
  expect(setup.exitCode).toBe(0)
  lab.simulator.runUntilQuiet(1800e9)
  return lab.simulator.journal.entries
}

const lines = (entries: readonly JournalEntry[]): string[] => entries.map(entry => JSON.stringify(entry))

describe.each(['topologies/clos-2x4/lab.clab.yml', 'test/labs/route-reflectors/lab.clab.yml'])('%s', name => {
  const path = join(ROOT, name)

  test('the same seed gives the same journal', async () => {
    const first = lines(await journalOf(path, realFiles, 1))
    expect(first.length).toBeGreaterThan(100)
    expect(lines(await journalOf(path, realFiles, 1))).toEqual(first)
  })

  test('another seed gives another one', async () => {
    expect(lines(await journalOf(path, realFiles, 2))).not.toEqual(lines(await journalOf(path, realFiles, 1)))
  })

  test('the order of the nodes in the file does not matter', async () => {
    expect(lines(await journalOf(path, shuffled(path), 1))).toEqual(lines(await journalOf(path, realFiles, 1)))
  })
})

test('the same scenario and seed print the same bytes', async () => {
  const file = join(ROOT, 'scenarios/article-1-bgp.yaml')
  const printed = async (): Promise<string> => {
    const { model } = parseScenario(realFiles.readText(file)!, file)
    let text = ''
    await runScenario(model!, { files: realFiles, onEvent: event => (text += renderEvent(event, NO_PAINT)) })
    return text
  }
  expect(await printed()).toBe(await printed())
})
