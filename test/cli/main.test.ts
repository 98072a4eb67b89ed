import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runProgram, ScratchFolder, TWO_NODES } from '../support/built-program.ts'
import { ROOT } from '../support/open-settled-lab.ts'

/*
 * The built program as a user runs it.
 */
const folder = new ScratchFolder()

const drylab = (...args: string[]) => runProgram(args)

describe('drylab', () => {
  test('--version prints the version of the package', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    expect(drylab('--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' })
  })

  test.each([[[]], [['run']], [['test']], [['completion']], [['exec']], [['shell']], [['validate']]])(
    '%j --help shows how to use it',
    args => {
      const { status, stdout } = drylab(...args, '--help')
      expect(status).toBe(0)
      expect(stdout).toContain('Usage: drylab')
      if (args.length > 0) expect(stdout).toContain('Examples:')
    },
  )

  test('help fits a terminal of 80 columns, but for examples', () => {
    const names = [...drylab('--help').stdout.matchAll(/^ {2}([a-z]+) {2,}/gm)].map(match => match[1]!)
    expect(names).toContain('validate')
    for (const args of [[], ...names.map(name => [name])]) {
      const [help] = drylab(...args, '--help').stdout.split('\nExamples:')
      expect(help!.split('\n').filter(line => line.length > 80)).toEqual([])
    }
  }, 60_000)

  test.each([
    [['frobnicate']],
    [['run']],
    [['exec', 'x']],
    [['run', '--seed', 'x', 'y.yaml']],
    [['run', '--nope', 'y.yaml']],
  ])('%j is a wrong use: exit status 2 and a message', args => {
    const { status, stdout, stderr } = drylab(...args)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^error: /)
  })
})

describe('drylab exec', () => {
  test('prints the output of one command and nothing else', () => {
    const path = folder.file('two.clab.yml', TWO_NODES)
    expect(drylab('exec', path, 'a', 'ip', '-br', 'addr', 'show', 'dev', 'eth1')).toEqual({
      status: 0,
      stdout: 'eth1@if2         UP             10.0.1.1/24 \n',
      stderr: '',
    })
  })

  test('passes the exit status of the command on', () => {
    expect(drylab('exec', folder.file('two.clab.yml', TWO_NODES), 'a', 'ping -c 1 -W 1 10.0.1.9').status).toBe(1)
  })

  test('runs pipes through the shell language', () => {
    const { stdout } = drylab(
      'exec',
      folder.file('two.clab.yml', TWO_NODES),
      'a',
      "ping -c 3 10.0.1.2 | grep -c 'bytes from'",
    )
    expect(stdout).toBe('3\n')
  })

  test('an unknown node is named together with those there are', () => {
    const { status, stderr } = drylab('exec', folder.file('two.clab.yml', TWO_NODES), 'c', 'ip a')
    expect(status).toBe(2)
    expect(stderr).toBe('error: there is no node "c"; there are a, b\n')
  })
})

describe('a wrong file ends with exit status 2, its place, and no stack trace', () => {
  test.each([
    ['a missing topology', () => '/nowhere/lab.clab.yml', 'there is no file'],
    [
      'an unknown key',
      () => folder.file('key.clab.yml', TWO_NODES.replace('kind: linux', 'knd: linux')),
      'key.clab.yml:4:9: error: unknown key "knd" (did you mean "kind"?)',
    ],
    ['a binary file', () => folder.file('binary.clab.yml', 'name: \0\x01'), 'binary file'],
    [
      'a missing bind',
      () =>
        folder.file(
          'bind.clab.yml',
          TWO_NODES.replace('kind: linux', 'kind: linux, binds: ["no.conf:/etc/frr/frr.conf"]'),
        ),
      'no such file',
    ],
    [
      'a link to nowhere',
      () => folder.file('link.clab.yml', TWO_NODES.replace('b:eth1', 'z:eth1')),
      'there is no node "z"',
    ],
    ['a folder', () => folder.path, 'no topology file'],
  ])('%s', (_name, path, message) => {
    const { status, stdout, stderr } = drylab('exec', path(), 'a', 'ip a')
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
    expect(stderr).not.toMatch(/\n\s+at /)
  })

  test('all mistakes of a scenario at once', () => {
    const path = folder.file(
      'bad.yaml',
      'claim: x\nlab: two.clab.yml\nsteps:\n  - settel: 10s\n  - wait: soon\n  - expect:\n      - rout: {}\n',
    )
    const { status, stderr } = drylab('run', path)
    expect(status).toBe(2)
    expect(stderr).toContain('bad.yaml:4:5: error: unknown key "settel" (did you mean "settle"?)')
    expect(stderr).toContain('bad.yaml:5:11: error: steps.1.wait: expected a duration')
    expect(stderr).toContain('bad.yaml:7:9: error: unknown key "rout" (did you mean "route"?)')
  })
})

describe('drylab run', () => {
  const scenario = (check: string) =>
    folder.file(
      'claim.yaml',
      `claim: they reach each other\nlab: ${folder.file('two.clab.yml', TWO_NODES)}\nsteps:\n  - expect:\n      - ${check}\n`,
    )

  test('a claim that holds gives exit status 0', () => {
    const { status, stdout } = drylab('run', scenario('reach: {from: a, to: 10.0.1.2}'))
    expect(stdout).toContain('claim holds: 1 of 1 checks hold')
    expect(status).toBe(0)
  })

  test('a claim that does not hold gives exit status 1 and what there is instead', () => {
    const { status, stdout } = drylab('run', scenario('route: {node: a, to: 10.9.0.0/16}'))
    expect(stdout).toContain('✗ route on a to 10.9.0.0/16')
    expect(stdout).toContain('a has no route to 10.9.0.0/16')
    expect(status).toBe(1)
  })
})

describe('drylab shell', () => {
  test('runs text from a pipe on the machine', () => {
    const { stdout, status } = runProgram(['shell', folder.file('two.clab.yml', TWO_NODES)], {
      input: 'for n in a b; do docker exec clab-two-$n hostname; done | sort -r\n',
    })
    expect([stdout, status]).toEqual(['b\na\n', 0])
  })

  test('cannot write to the machine', () => {
    const path = folder.file('two.clab.yml', TWO_NODES)
    const target = join(folder.path, 'written')
    runProgram(['shell', path], { input: `echo x > ${target}; cat ${target}; rm ${path}\n` })
    expect(() => readFileSync(target)).toThrow()
    expect(readFileSync(path, 'utf8')).toBe(TWO_NODES)
  })
})
