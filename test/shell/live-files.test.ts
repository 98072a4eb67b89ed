import { beforeEach, describe, expect, test } from 'vitest'
import { type OpenedLab, openLab } from '../../src/shell/open-lab.ts'

const LAB = `name: two
topology:
  nodes:
    a:
      kind: linux
      exec:
        - ip addr add 10.0.1.1/24 dev eth1
        - touch /etc/marker
        - bash -c "echo \\"a \\\\\\"quoted\\\\\\" word\\" > /root/text && cat /root/text"
        - sh -c 'echo 0 > /proc/sys/net/ipv4/ip_forward'
        - sh -c 'echo "10.0.1.2 server" >> /etc/hosts'
        - sh -c 'sleep 2; ip route add 10.9.0.0/16 via 10.0.1.2'
    b: {kind: linux, exec: ["ip addr add 10.0.1.2/24 dev eth1"]}
  links:
    - endpoints: ["a:eth1", "b:eth1"]
`

let lab: OpenedLab
beforeEach(async () => {
  lab = await openLab({
    path: '/x/lab.clab.yml',
    files: {
      readText: name => (name === '/x/lab.clab.yml' ? LAB : undefined),
      kindOf: () => undefined,
      list: () => [],
    },
  })
})
const run = (text: string) => lab.terminal.run(text, { node: lab.lab.node('a')! })

describe('exec lines of a topology', () => {
  test('all run, with shell text and programs that only a shell has', () => {
    expect(lab.setup).toMatchObject({ exitCode: 0 })
    expect(lab.setup.stderr).not.toContain('ERRO')
    expect(lab.lab.notices).toEqual([])
  })

  test('are split into words as a shell would, without one', async () => {
    expect((await run('cat /root/text')).stdout).toBe('a "quoted" word\n')
  })

  test('leave the files that they made', async () => {
    expect((await run('ls /etc/marker')).exitCode).toBe(0)
  })

  test('take simulated time inside shell text', async () => {
    expect(lab.lab.simulator.nowNs).toBeGreaterThanOrEqual(2e9)
    expect((await run('ip route show 10.9.0.0/16')).stdout).toBe('10.9.0.0/16 via 10.0.1.2 dev eth1 \n')
  })
})

describe('files that are asked for', () => {
  test('/proc/sys shows and sets sysctls', async () => {
    expect((await run('sysctl -n net.ipv4.ip_forward')).stdout).toBe('0\n')
    await run('echo 1 > /proc/sys/net/ipv4/conf/eth1/rp_filter')
    expect((await run('cat /proc/sys/net/ipv4/conf/eth1/rp_filter')).stdout).toBe('1\n')
  })

  test('/proc/sys refuses what the kernel refuses', async () => {
    const { stderr, exitCode } = await run('echo x > /proc/sys/net/ipv4/ip_forward')
    expect(stderr).toContain('EINVAL')
    expect(exitCode).toBe(1)
  })

  test('/etc/hosts gives names to commands', async () => {
    expect((await run('ping -c 1 server')).stdout).toContain('PING server (10.0.1.2)')
    expect((await run('cat /etc/hosts')).stdout).toBe('127.0.0.1\tlocalhost\n127.0.1.1\ta\n10.0.1.2\tserver\n')
  })

  test('/etc/hosts loses the names that are overwritten', async () => {
    await run('echo 10.0.1.9 other > /etc/hosts')
    expect((await run('ping -c 1 server')).exitCode).toBe(2)
  })
})
