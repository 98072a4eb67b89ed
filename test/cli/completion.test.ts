import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ROOT } from '../support/open-settled-lab.ts'

function drylab(...args: string[]) {
  return spawnSync(process.execPath, [join(ROOT, 'dist/cli/main.js'), ...args], { encoding: 'utf8', cwd: ROOT })
}

function words(...line: string[]): string[] {
  return drylab('complete', '--', ...line)
    .stdout.split('\n')
    .slice(0, -1)
}

describe('completion', () => {
  test('of commands', () => {
    expect(words('te')).toEqual(['test'])
    expect(words('')).not.toContain('complete')
  })

  test('of options', () => {
    expect(words('test', '--re')).toEqual(['--repeat', '--reporter'])
  })

  test('of the values of an option', () => {
    expect(words('test', '--reporter', 'j')).toEqual(['junit', 'json'])
  })

  test('asks for file names', () => {
    expect(words('run', '')).toEqual([':files'])
    expect(words('exec', '')).toEqual([':files'])
  })

  test('of node names, from a topology file and from what a script deploys', () => {
    expect(words('exec', 'topologies/clos-2x4/lab.clab.yml', 'sp')).toEqual(['spine1', 'spine2'])
    expect(words('exec', '--seed', '4', 'topologies/clos-2x4/lab.clab.yml', 'leaf4')).toEqual(['leaf4'])
    expect(words('exec', 'topologies/cilium-bgp/setup.sh', 'spi')).toEqual(['spine01', 'spine02'])
  })

  test('of a lab that is not there offers the machine', () => {
    expect(words('exec', 'nowhere.yml', '')).toEqual(['machine'])
  })

  test.each(['bash', 'zsh', 'fish'])('there is a script for %s', shell => {
    const { status, stdout } = drylab('completion', shell)
    expect(status).toBe(0)
    expect(stdout).toContain('drylab complete --')
  })

  test('bash takes the script and completes with it', () => {
    const script = `drylab() { "${process.execPath}" dist/cli/main.js "$@"; }; eval "$(drylab completion bash)"; COMP_WORDS=(drylab exec topologies/clos-2x4/lab.clab.yml ho); COMP_CWORD=3; _drylab; echo "\${COMPREPLY[*]}"`
    expect(spawnSync('bash', ['-c', script], { encoding: 'utf8', cwd: ROOT }).stdout).toBe('host1 host2 host3 host4\n')
  })

  test('another shell is a wrong use', () => {
    expect(drylab('completion', 'zhs')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('did you mean "zsh"?'),
    })
  })
})
