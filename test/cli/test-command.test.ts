import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { PROGRAM, runProgram, ScratchFolder, TWO_NODES } from '../support/built-program.ts'

/*
 * `drylab test` as a user runs it, in a folder of its own.
 */
const folder = new ScratchFolder().path

const drylab = (...args: string[]) => runProgram(['test', ...args], { cwd: folder })

function claim(title: string, check: string): string {
  return `claim: ${title}\nlab: two.clab.yml\nsteps:\n  - expect:\n      - ${check}\n`
}

const HOLDS = claim('It is there', 'reach: {from: a, to: 10.0.1.2}')
const FAILS = claim('It is elsewhere', 'reach: {from: a, to: 10.0.1.9}')

/** Writes files into an empty folder `claims`. */
function write(files: Readonly<Record<string, string>>): void {
  rmSync(join(folder, 'claims'), { recursive: true, force: true })
  mkdirSync(join(folder, 'claims'))
  for (const [name, text] of Object.entries({ 'two.clab.yml': TWO_NODES, ...files }))
    writeFileSync(join(folder, 'claims', name), text)
}

beforeEach(() => write({ 'a.yaml': HOLDS, 'b.yaml': FAILS, 'c.yaml': HOLDS }))

describe('what is found', () => {
  test('files with a claim, in folders too, in order of path', () => {
    const { stdout } = drylab()
    expect(stdout.match(/claims\/\w+\.yaml/g)?.filter((path, index, all) => all.indexOf(path) === index)).toEqual([
      'claims/a.yaml',
      'claims/b.yaml',
      'claims/c.yaml',
    ])
  })

  test('nothing: exit status 2 and a message', () => {
    write({})
    expect(drylab()).toEqual({
      status: 2,
      stdout: '',
      stderr: 'error: there is no scenario (*.yaml with a claim) in this folder\n',
    })
  })

  test('a path that does not exist: exit status 2', () => {
    expect(drylab('nowhere')).toEqual({
      status: 2,
      stdout: '',
      stderr: 'error: there is no file or folder "nowhere"\n',
    })
  })

  test('--filter takes claims and paths', () => {
    expect(drylab('--filter', 'elsewhere').stdout).toMatch(/\nclaims 1 does not hold/)
    expect(drylab('--filter', 'claims/[ac]').stdout).toMatch(/\nclaims 2 hold /)
  })
})

describe('exit status', () => {
  test('0: all claims hold', () => {
    expect(drylab('claims/a.yaml').status).toBe(0)
  })

  test('1: one does not; what failed is shown with what there was and how to see it again', () => {
    const { status, stdout } = drylab('claims')
    expect(status).toBe(1)
    expect(stdout).toContain('✗ a reaches 10.0.1.9\n    claims/b.yaml:5 at')
    expect(stdout).toContain('0 of 1 succeeded')
    expect(stdout).toContain('again: drylab run --seed 1 claims/b.yaml')
  })

  test('2: a file is wrong; the others run', () => {
    write({ 'a.yaml': HOLDS, 'b.yaml': 'claim: x\nlab: two.clab.yml\nstep: []\n' })
    const { status, stdout } = drylab('claims')
    expect(status).toBe(2)
    expect(stdout).toContain('claims/b.yaml:3:1: error: unknown key "step" (did you mean "steps"?)')
    expect(stdout).toMatch(/\nclaims 1 hold, 1 cannot run/)
  })

  test('2: the lab cannot be built', () => {
    write({ 'a.yaml': HOLDS.replace('two.clab', 'three.clab') })
    expect(drylab('claims')).toMatchObject({ status: 2 })
  })

  test.each([
    [['--seed', '1', '--seeds', '1..2'], '--seed goes neither'],
    [['--seeds', '3..1'], 'is empty'],
    [['--reporter', 'junitt'], 'did you mean "junit"?'],
    [['--reporter', 'tap', '--reporter', 'json'], 'only one reporter can write to the terminal'],
    [['--filter', '['], 'no regular expression'],
    [['--jobs', '0'], 'expected a whole number above 0'],
  ])('2: %j', (args, message) => {
    const { status, stderr } = drylab('claims', ...args)
    expect(status).toBe(2)
    expect(stderr).toContain(message)
  })
})

test('the report is the same with any number of threads', () => {
  const strip = (text: string) => text.replace(/\(\d+\.\ds\)/, '')
  expect(strip(drylab('claims', '--jobs', '1').stdout)).toBe(strip(drylab('claims', '--jobs', '3').stdout))
})

test('--bail skips what follows the first claim that does not hold', () => {
  const { status, stdout } = drylab('claims', '--bail', '--jobs', '1')
  expect(status).toBe(1)
  expect(stdout).toMatch(/- It is there claims\/c\.yaml \(skipped\)/)
  expect(stdout).toMatch(/\nclaims 1 hold, 1 does not hold, 1 skipped/)
})

describe('seeds', () => {
  const LUCKY = claim(
    'Luck',
    'output: {run: "docker exec clab-two-a ping -c 1 10.0.1.2", stdout: {contains: "1 received"}}',
  )

  test('--seeds runs each seed and says how many hold', () => {
    write({ 'a.yaml': LUCKY })
    expect(drylab('claims', '--seeds', '3..6').stdout).toContain('holds with 4 of 4 seeds')
  })

  test('--repeat starts with the seed of the file', () => {
    write({ 'a.yaml': `seed: 40\n${LUCKY}` })
    const { stdout } = drylab('claims', '--repeat', '3', '--reporter', 'json')
    expect(JSON.parse(stdout).runs.map((run: { seed: number }) => run.seed)).toEqual([40, 41, 42])
  })

  test('seeds that break a claim are named', () => {
    write({ 'b.yaml': FAILS })
    const { status, stdout } = drylab('claims', '--seeds', '1..2')
    expect(status).toBe(1)
    expect(stdout).toContain('holds with 0 of 2 seeds; breaks with 1, 2')
  })
})

describe('--update', () => {
  const GOLDEN = `claim: Output\nlab: two.clab.yml\nsteps:\n  - run: docker exec clab-two-a hostname\n    expect: {stdout: {golden: golden/host.txt}}\n`

  test('writes golden files, after which the claim holds', () => {
    write({ 'a.yaml': GOLDEN })
    expect(drylab('claims').status).toBe(1)
    const updated = drylab('claims', '--update')
    expect(updated.status).toBe(0)
    expect(updated.stdout).toContain('updated claims/golden/host.txt')
    expect(readFileSync(join(folder, 'claims/golden/host.txt'), 'utf8')).toBe('a\n')
    expect(drylab('claims').stdout).not.toContain('updated')
  })
})

describe('--reporter', () => {
  test('several at once, into files, with the usual report on the terminal', () => {
    const { stdout } = drylab('claims', '--reporter', 'junit=out/junit.xml', '--reporter', 'tap=out/report.tap')
    expect(stdout).toMatch(/\nclaims 2 hold, 1 does not hold/)
    expect(readFileSync(join(folder, 'out/junit.xml'), 'utf8')).toContain(
      '<testsuites name="drylab" tests="3" failures="1"',
    )
    expect(readFileSync(join(folder, 'out/report.tap'), 'utf8')).toContain('not ok 2 - It is elsewhere (claims/b.yaml)')
  })

  test('github annotates the line of the check', () => {
    expect(drylab('claims', '--reporter', 'github').stdout).toMatch(
      /^::error file=claims\/b\.yaml,line=5,col=9,title=It is elsewhere::/,
    )
  })

  test('no colour without a terminal or with NO_COLOR', () => {
    expect(drylab('claims').stdout).not.toContain('\x1b[')
  })
})

test('--watch runs again when a file changes, and ends with Ctrl-C', async () => {
  write({ 'b.yaml': FAILS })
  const child = spawn(process.execPath, [PROGRAM, 'test', 'claims', '--watch'], { cwd: folder })
  let output = ''
  const seen = (text: string): Promise<void> =>
    new Promise(resolve => {
      const look = () => output.includes(text) && resolve()
      child.stdout.on('data', look)
      look()
    })
  child.stdout.on('data', chunk => {
    output += chunk
  })
  await seen('waiting for changes')
  expect(output).toContain('claims 1 does not hold')
  // watching begins right after the words, sooner than a person saves a file
  await new Promise(resume => setTimeout(resume, 500))
  writeFileSync(join(folder, 'claims/b.yaml'), HOLDS)
  await seen('claims 1 hold')
  const ended = new Promise(resolve => child.on('exit', resolve))
  child.kill('SIGINT')
  expect(await ended).toBe(0)
})
