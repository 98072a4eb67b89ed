import { spawn } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { wantsRoom } from '../../src/cli/room.ts'
import { PROGRAM, runProgram, ScratchFolder, TWO_NODES } from '../support/built-program.ts'
import { ROOT } from '../support/open-settled-lab.ts'

const folder = new ScratchFolder()
const small = folder.file('small.clab.yml', TWO_NODES)
const large = folder.file('large.clab.yml', `${TWO_NODES}${'# as long as that of a large fabric\n'.repeat(6000)}`)
// names a large topology, and deploys one that has something to do for ever
const setup = folder.file('setup.sh', `# not large.clab.yml\nclab deploy -t ${ROOT}/topologies/clos-2x4/lab.clab.yml\n`)
const scenario = folder.file('large.yaml', 'claim: it lasts\nlab: setup.sh\nsteps: [{settle: 600s}, {wait: 365000d}]\n')

describe('room for a large lab', () => {
  test.each([
    ['a topology', [large]],
    ['a script', [setup]],
    ['a scenario', ['run', scenario]],
  ])('is wanted for %s that leads to one', (_, args) => {
    expect(wantsRoom(args)).toBe(true)
  })

  test.each([
    ['a small topology', [small]],
    ['an option', ['--help']],
    ['a text too long for a name', ['exec', small, 'a', 'x'.repeat(5000)]],
    ['a folder', [folder.path]],
    ['what can be no name', ['\0']],
  ])('is not wanted for %s', (_, args) => {
    expect(wantsRoom(args)).toBe(false)
  })

  test('is left to whoever sets it', () => {
    const before = process.env.NODE_OPTIONS
    process.env.NODE_OPTIONS = '--max-old-space-size=1000'
    expect(wantsRoom([large])).toBe(false)
    if (before === undefined) delete process.env.NODE_OPTIONS
    else process.env.NODE_OPTIONS = before
  })

  test('changes neither what is printed nor the exit status', () => {
    const exec = (lab: string, command: string) => runProgram(['exec', lab, 'a', command])
    expect(exec(large, 'ip route')).toEqual(exec(small, 'ip route'))
    expect(exec(large, 'ip route del 1.1.1.1')).toEqual(exec(small, 'ip route del 1.1.1.1'))
  })

  test('hands an interruption on', async () => {
    const child = spawn(process.execPath, [PROGRAM, 'run', scenario])
    let output = ''
    child.stdout.on('data', data => {
      output += data
    })
    await new Promise(resume => setTimeout(resume, 2500))
    child.kill('SIGINT')
    const status = await new Promise(resolve => child.on('close', resolve))
    expect([status, output]).toEqual([130, expect.stringContaining('claim interrupted')])
  })
})
