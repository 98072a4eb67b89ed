import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runProgram, ScratchFolder } from '../support/built-program.ts'

const folder = new ScratchFolder().path

const drylab = (...args: string[]) => runProgram(args, { cwd: folder })

const SMALL = ['generate', 'clos', '--spines', '1', '--leaves', '2']

describe('drylab generate', () => {
  test('writes a lab that validates and runs', () => {
    expect(drylab(...SMALL, '--out', 'new/lab')).toEqual({
      status: 0,
      stdout: 'new/lab/lab.clab.yml: 3 routers, 2 hosts, 4 links, 2 prefixes\n',
      stderr: '',
    })
    expect(readdirSync(join(folder, 'new/lab')).sort()).toEqual(['daemons', 'lab.clab.yml', 'leaf1', 'leaf2', 'spine1'])
    expect(drylab('validate', 'new/lab/lab.clab.yml').stdout).toBe(
      'new/lab/lab.clab.yml: 0 errors, 0 warnings, 0 not modelled\n',
    )
    expect(drylab('exec', 'new/lab/lab.clab.yml', 'host1', 'ping -c 1 10.128.1.2').stdout).toContain('1 received')
  })

  test('leaves a folder alone that is not empty, unless told', () => {
    drylab(...SMALL, '--out', 'twice')
    expect(drylab(...SMALL, '--out', 'twice')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('not empty'),
    })
    expect(drylab(...SMALL, '--out', 'twice', '--force', '--dialect', 'vyos').status).toBe(0)
    expect(readdirSync(join(folder, 'twice/leaf1')).sort()).toEqual(['config.boot', 'frr.conf'])
  })

  test.each([
    [['generate', 'ring', '--spines', '1', '--leaves', '2', '--out', 'x'], 'there is no shape "ring"'],
    [['generate', 'clos', '--spines', '0', '--leaves', '2', '--out', 'x'], 'expected a whole number above 0'],
    [
      ['generate', 'clos', '--spines', '3', '--leaves', '2', '--super-spines', '1', '--out', 'x'],
      'cannot be shared equally',
    ],
    [[...SMALL, '--out', 'new/lab/daemons'], 'cannot be written'],
    [[...SMALL], "required option '--out <folder>'"],
    [[...SMALL, '--dialect', 'ios', '--out', 'x'], 'Allowed choices are frr, vyos'],
  ])('%j is a wrong use', (args, message) => {
    expect(drylab(...args)).toMatchObject({ status: 2, stderr: expect.stringContaining(message) })
  })
})
