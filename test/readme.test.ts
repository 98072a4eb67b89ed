import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { realFiles } from '../src/cli/real-files.ts'
import { parseScenario } from '../src/scenario/parse-scenario.ts'
import { runScenario } from '../src/scenario/run-scenario.ts'
import { ROOT } from './support/open-settled-lab.ts'

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
const scripts = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> })
  .scripts

/** Text of the fenced blocks in one language. */
function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(match => match[1]!)
}

/** The commands of a transcript, each with what it prints. */
function transcript(text: string): [command: string, printed: string][] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map(part => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)])
}

describe('the README', () => {
  test.each(blocks('console').flatMap(transcript))('shows what this prints: %s', (command, printed) => {
    const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(match => match[1] ?? match[2]!)
    expect(words[0]).toBe('drylab')
    const { stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'dist/cli/main.js'), ...words.slice(1)], {
      encoding: 'utf8',
      cwd: ROOT,
    })
    expect(stderr).toBe('')
    expect(stdout).toBe(printed)
  })

  test.each(blocks('yaml'))('has a scenario that holds', async text => {
    const { model, diagnostics } = parseScenario(text, join(ROOT, 'scenarios/from-readme.yaml'))
    expect(diagnostics).toEqual([])
    expect(await runScenario(model!, { files: realFiles })).toMatchObject({ status: 'holds' })
  })

  test('names only npm scripts that exist', () => {
    for (const [, name] of readme.matchAll(/npm (?:run )?(start|test|run [\w:]+)/g))
      expect(scripts).toHaveProperty(name!.replace('run ', ''))
  })

  test('links only to files that exist', () => {
    for (const [, path] of readme.matchAll(/\]\((?!https?:)([^)]+)\)/g))
      expect(realFiles.kindOf(join(ROOT, path!))).toBeDefined()
    for (const [, path] of readme.matchAll(/`(src\/[\w/.-]+|test\/[\w/.-]+)`/g))
      expect(realFiles.kindOf(join(ROOT, path!))).toBeDefined()
  })
})
