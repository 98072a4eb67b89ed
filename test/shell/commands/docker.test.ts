import { beforeEach, describe, expect, test } from 'vitest'
import { type OpenedLab, openLab } from '../../../src/shell/open-lab.ts'

const FILES: Readonly<Record<string, string>> = {
  '/x/lab.clab.yml': 'name: two\ntopology:\n  nodes:\n    a: {kind: linux, image: "alpine:3"}\n    b: {kind: linux}\n',
  '/x/hello.txt': 'hello\n',
}
let lab: OpenedLab
beforeEach(async () => {
  lab = await openLab({
    path: '/x/lab.clab.yml',
    files: { readText: name => FILES[name], kindOf: name => (name in FILES ? 'file' : undefined), list: () => [] },
  })
})
const run = (text: string) => lab.terminal.run(text, { cwd: '/x' })

describe('docker', () => {
  test('ps --format prints the fields asked for', async () => {
    expect((await run('docker ps --format "{{.Names}} {{.State}}"')).stdout).toBe(
      'clab-two-a running\nclab-two-b running\n',
    )
  })

  test('ps --format with table puts headings on top', async () => {
    expect((await run(String.raw`docker ps --format "table {{.Names}}\t{{.Image}}"`)).stdout).toBe(
      'NAMES        IMAGE\nclab-two-a   alpine:3\nclab-two-b   \n',
    )
  })

  test('ps --filter name= keeps the containers whose name has the text', async () => {
    expect((await run('docker ps --filter name=two-b --format {{.Names}}')).stdout).toBe('clab-two-b\n')
  })

  test('ps shows stopped containers with -a only', async () => {
    await run('docker stop clab-two-a')
    expect((await run('docker ps --format {{.Names}}')).stdout).toBe('clab-two-b\n')
    expect((await run('docker ps -a --format "{{.Names}} {{.State}}"')).stdout).toContain('clab-two-a exited')
    await run('docker start clab-two-a')
    expect((await run('docker ps --format {{.Names}}')).stdout).toBe('clab-two-a\nclab-two-b\n')
  })

  test('cp copies a file into a container, and back', async () => {
    await run('docker cp hello.txt clab-two-a:/root/')
    expect((await run('docker exec clab-two-a cat /root/hello.txt')).stdout).toBe('hello\n')
    await run('docker cp clab-two-a:/root/hello.txt back.txt')
    expect((await run('cat /x/back.txt')).stdout).toBe('hello\n')
  })

  test.each([
    ['docker exec nosuch ls', 'Error response from daemon: No such container: nosuch\n', 1],
    ['docker cp nofile clab-two-a:/x', 'lstat /x/nofile: no such file or directory\n', 1],
    ['docker ps --format "{{range .x}}"', 'docker ps: template {{range .x}} is not modelled by drylab\n', 1],
    ['docker ps --filter label=x', 'docker ps: filter "label" is not modelled by drylab\n', 125],
  ])('%s fails aloud', async (text, stderr, exitCode) => {
    expect(await run(text)).toEqual({ stdout: '', stderr, exitCode })
  })

  test('inspect --format answers what scripts ask', async () => {
    expect((await run("docker inspect --format '{{.State.Running}} {{.Config.Image}}' clab-two-a")).stdout).toBe(
      'true alpine:3\n',
    )
  })
})
