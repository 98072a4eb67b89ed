import { expect, test } from 'vitest'
import { openLab } from '../../src/shell/open-lab.ts'

/** What is said of the exec lines of one node: level and command. */
async function saidOf(...lines: readonly string[]): Promise<readonly string[]> {
  const exec = lines.map(line => `        - ${line}`).join('\n')
  const text = `name: one\ntopology:\n  nodes:\n    a:\n      kind: linux\n      exec:\n${exec}\n`
  const files = {
    readText: (name: string) => (name === '/x/lab.clab.yml' ? text : undefined),
    kindOf: (name: string) =>
      name === '/x/lab.clab.yml' ? ('file' as const) : name === '/' || name === '/x' ? ('folder' as const) : undefined,
    list: () => ['lab.clab.yml'],
  }
  const { lab } = await openLab({ path: '/x/lab.clab.yml', files })
  return lab.notices
    .filter(({ code }) => code === 'containerlab/exec-failed')
    .map(({ severity, message }) => `${severity}: ${message.split(': ')[1]}`)
}

test('warns of an exec line that the real node would refuse too', async () => {
  expect(await saidOf('ip addr add 10.0.0.1/24 dev eth9')).toEqual(['warning: ip addr add 10.0.0.1/24 dev eth9'])
})

test('takes what fails after a line that is not modelled for its consequence', async () => {
  expect(await saidOf('ip link add vxlan0 type vxlan id 5', 'ip link set vxlan0 up')).toEqual([
    'unmodelled: ip link add vxlan0 type vxlan id 5',
    'unmodelled: ip link set vxlan0 up',
  ])
})

test('takes a program that the image may have for one that is not modelled', async () => {
  expect(await saidOf('modprobe 8021q', 'sysctl -w net.mptcp.enabled=1')).toEqual([
    'unmodelled: modprobe 8021q',
    'unmodelled: sysctl -w net.mptcp.enabled=1',
  ])
})

test('takes what needs the management network, which there is not, for not modelled', async () => {
  expect(await saidOf('ip route del default via 172.20.20.1 dev eth0')).toEqual([
    'unmodelled: ip route del default via 172.20.20.1 dev eth0',
  ])
})

test('says nothing of a line that talks on stderr and succeeds', async () => {
  expect(await saidOf("sh -c 'tcpdump -i lo -w lo.cap &'")).toEqual([])
})
