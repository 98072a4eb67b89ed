import { beforeEach, describe, expect, test } from 'vitest'
import { type OpenedLab, openLab } from '../../src/shell/open-lab.ts'

const LAB = `name: two
topology:
  nodes:
    a: {kind: linux, exec: ["ip addr add 10.0.1.1/24 dev eth1"], binds: ["hello.txt:/hello.txt"]}
    b: {kind: linux, exec: ["ip addr add 10.0.1.2/24 dev eth1"]}
  links:
    - endpoints: ["a:eth1", "b:eth1"]
`
const FILES: Readonly<Record<string, string>> = {
  '/x/lab.clab.yml': LAB,
  '/x/hello.txt': 'hello\n',
  '/x/setup.sh': 'set -e\nclab deploy -t lab.clab.yml\nfalse\necho never\n',
}

const open = (path = '/x/lab.clab.yml', commandLimitSeconds?: number): Promise<OpenedLab> =>
  openLab({
    path,
    ...(commandLimitSeconds === undefined ? {} : { commandLimitSeconds }),
    files: {
      readText: name => FILES[name],
      kindOf: name => (name in FILES ? 'file' : name === '/' || name === '/x' ? 'folder' : undefined),
      list: () => Object.keys(FILES).map(name => name.slice(3)),
    },
  })

let lab: OpenedLab
beforeEach(async () => {
  lab = await open()
})
const run = (text: string, node = 'machine') => lab.terminal.run(text, { node: lab.lab.node(node)! })

describe('a terminal', () => {
  test('runs one command and gives its output and exit status', async () => {
    expect(await run('hostname', 'a')).toEqual({ stdout: 'a\n', stderr: '', exitCode: 0 })
  })

  test('does not know a command that the place does not have', async () => {
    expect(await run('kubectl get nodes', 'a')).toEqual({
      stdout: '',
      stderr: 'bash: kubectl: command not found\n',
      exitCode: 127,
    })
  })

  test('passes a command on into a container', async () => {
    expect((await run('docker exec -it clab-two-b hostname')).stdout).toBe('b\n')
  })

  test('passes shell text on into a container', async () => {
    expect((await run("docker exec clab-two-b sh -c 'hostname | tr b c; echo $((1 + 1))'")).stdout).toBe('c\n2\n')
  })

  test('keeps the order of what a loop prints', async () => {
    expect((await run('for n in b a; do docker exec clab-two-$n hostname; done')).stdout).toBe('b\na\n')
  })

  test('lets simulated time pass, and no other', async () => {
    const before = lab.lab.simulator.nowNs
    await run('sleep 1h; sleep 90')
    expect(lab.lab.simulator.nowNs - before).toBe(3690e9)
  })

  test('shows a container the files that are bound into it', async () => {
    expect((await run('cat /hello.txt', 'a')).stdout).toBe('hello\n')
    expect((await run('cat /hello.txt', 'b')).exitCode).toBe(1)
  })

  test('keeps what is written in memory, for all later commands of the place', async () => {
    await run('echo changed > /x/hello.txt')
    expect((await run('cat /x/hello.txt')).stdout).toBe('changed\n')
    expect((await run('cat /hello.txt', 'a')).stdout).toBe('hello\n')
  })

  test('gives a command that never ends Ctrl-C when its time is over', async () => {
    lab = await open('/x/lab.clab.yml', 10)
    const { stdout } = await run('ping 10.0.1.2', 'a')
    expect(stdout).toMatch(/1[01] packets transmitted/)
  })

  test('runs a command in the background until it is stopped', async () => {
    const ping = lab.terminal.start('ping 10.0.1.2', { node: lab.lab.node('a')! })!
    await run('sleep 2.5')
    expect(ping.task.isDone).toBe(false)
    ping.task.interrupt()
    expect([ping.task.isDone, ping.task.result?.exitCode]).toEqual([true, 0])
    expect(ping.output().stdout).toContain('3 packets transmitted, 3 received')
  })

  test('runs shell language in the background while others run, and ends it with Ctrl-C', async () => {
    const node = lab.lab.node('a')!
    const done = lab.terminal.start('ping -c 2 10.0.1.2 | grep -c from; sleep 1; echo over', { node })
    const loop = lab.terminal.start('while true; do sleep 1; done', { node })
    await run('sleep 1.5')
    expect([done.task.isDone, done.output().stdout]).toEqual([false, ''])
    await run('sleep 1')
    expect(done.output().stdout).toBe('2\nover\n')
    loop.task.interrupt()
    await run('sleep 0')
    expect(loop.task.result?.exitCode).toBe(130)
  })
})

describe('a setup script', () => {
  test('that fails tells its exit status and stops where it failed', async () => {
    const { setup } = await open('/x/setup.sh')
    expect(setup.exitCode).toBe(1)
    expect(setup.stdout).not.toContain('never')
  })
})
