import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ROOT } from '../support/open-settled-lab.ts'

/*
 * What people hand in by mistake, through the built program.
 */
const folder = mkdtempSync(join(tmpdir(), 'drylab-bad-'))
afterAll(() => rmSync(folder, { recursive: true }))
const MAIN = join(ROOT, 'dist/cli/main.js')

function drylab(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    encoding: 'utf8',
    cwd: folder,
    input,
  })
  expect(stdout + stderr).not.toMatch(/\n\s+at /)
  return { status, stdout, stderr }
}

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return name
}

const LAB = 'name: one\ntopology:\n  nodes:\n    a: {kind: linux}\n'

describe('a file that cannot be a lab', () => {
  test.each([
    ['an empty file', () => file('empty.clab.yml', ''), 'empty.clab.yml:1:1: error: a topology file needs "name"'],
    [
      'tabs for indentation',
      () => file('tab.clab.yml', 'name: x\ntopology:\n\tnodes:\n'),
      'tab.clab.yml:3:1: error: Tabs',
    ],
    [
      'aliases that explode',
      () => {
        const lines = Array.from(
          { length: 9 },
          (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(', ')}]`,
        )
        return file('bomb.clab.yml', `a0: &a0 [x]\n${lines.join('\n')}\n${LAB}`)
      },
      'Excessive alias count',
    ],
    ['20 MB of text', () => file('big.clab.yml', 'a'.repeat(20e6)), 'big.clab.yml:1:1: error: the file is too large'],
    ['a Go template', () => file('go.clab.yml', `{{ if .x }}\n${LAB}{{ end }}\n`), 'Go templates are not modelled'],
    [
      'links in a circle',
      () => {
        symlinkSync('loop.clab.yml', join(folder, 'loop.clab.yml'))
        return 'loop.clab.yml'
      },
      'there is no file',
    ],
    [
      'a folder',
      () => {
        mkdirSync(join(folder, 'empty-folder'))
        return 'empty-folder'
      },
      'no topology file',
    ],
  ])('%s', (_name, path, message) => {
    const { status, stdout, stderr } = drylab(['exec', path(), 'a', 'ip a'])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
  })

  test('control characters of a file do not reach the terminal', () => {
    const { stdout } = drylab(['validate', file('escape.clab.yml', `${LAB}"\\e[31m \u001b[31m": 1\n`)])
    expect(stdout).not.toContain('\u001b')
  })
})

describe('a setup script', () => {
  test.each([
    ['that fails half-way', 'set -e\nclab deploy -t one.clab.yml\nfalse\necho never\n', 'ended with exit status 1'],
    ['with a mistake in its language', 'if true\n', 'syntax error'],
    ['that is binary', 'clab\0deploy\n', 'binary.sh:1:1: error: this is a binary file, not a script'],
    ['that never ends', 'while true; do :; done\n', 'the while loop went round 10000 times without coming to an end'],
  ])('%s builds no lab: exit status 2', (_name, text, message) => {
    file('one.clab.yml', LAB)
    const { status, stdout, stderr } = drylab(['exec', file('binary.sh', text), 'a', 'ip a'])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
  })

  test('with line ends of Windows runs', () => {
    file('one.clab.yml', LAB)
    const path = file('windows.sh', 'clab deploy -t one.clab.yml\r\nif true; then\r\n  sleep 1\r\nfi\r\n')
    expect(drylab(['exec', path, 'a', 'hostname'])).toEqual({ status: 0, stdout: 'a\n', stderr: '' })
  })

  test('runs another one that lies beside it', () => {
    file('one.clab.yml', LAB)
    file('inner.sh', '#!/bin/bash\nclab deploy -t one.clab.yml\n')
    expect(drylab(['exec', file('outer.sh', './inner.sh\n'), 'a', 'hostname']).stdout).toBe('a\n')
  })
})

describe('files as editors leave them', () => {
  test('a byte order mark and line ends of Windows are no mistakes', () => {
    const path = file('windows.clab.yml', `\ufeff${LAB.replaceAll('\n', '\r\n')}`)
    expect(drylab(['validate', path])).toMatchObject({ status: 0, stderr: '' })
  })
})

describe('a program that goes away', () => {
  test('Ctrl-C ends a run at once', async () => {
    file('one.clab.yml', LAB)
    const path = file(
      'long.sh',
      'clab deploy -t one.clab.yml\nfor i in 1 2 3 4 5 6 7 8 9; do docker exec clab-one-a ping 127.0.0.1; done\n',
    )
    const running = spawn(process.execPath, [MAIN, 'exec', path, 'a', 'ip a'], { cwd: folder, stdio: 'ignore' })
    await new Promise(resume => setTimeout(resume, 400))
    running.kill('SIGINT')
    const [code, signal] = await new Promise<[number | null, string | null]>(resume =>
      running.on('exit', (...end) => resume(end)),
    )
    // a shell shows both as 130
    expect(signal === 'SIGINT' || code === 130).toBe(true)
  })

  test('a reader that has seen enough is no mistake', () => {
    file('one.clab.yml', LAB)
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', `"${process.execPath}" "${MAIN}" exec one.clab.yml a 'seq 1 9000' | head -1`],
      { encoding: 'utf8', cwd: folder },
    )
    expect([status, stderr]).toEqual([0, ''])
  })
})

describe('text from a pipe', () => {
  test('keeps the variables of one line for the next', () => {
    file('one.clab.yml', LAB)
    expect(drylab(['shell', 'one.clab.yml'], 'x=5\ncd /tmp\necho $x; pwd\n').stdout).toBe('5\n/tmp\n')
  })
})
