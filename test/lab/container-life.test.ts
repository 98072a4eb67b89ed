import { describe, expect, test } from 'vitest'
import { TCP_FLAG } from '../../src/wire/tcp.ts'
import { openSettledLab, output } from '../support/open-settled-lab.ts'

/** Two routers and what the first one's eth1 says at the end of a connection. */
async function pair() {
  const opened = await openSettledLab('topologies/bfd-pair/lab.clab.yml')
  const { lab } = opened
  const r1 = lab.node('r1')!
  const farewells: string[] = []
  r1.host.interfaces.get('eth1')!.port!.taps.add(({ payload }, direction) => {
    if (direction !== 'out' || payload.kind !== 'ipv4' || payload.payload.kind !== 'tcp') return
    const { flags } = payload.payload
    if (flags & TCP_FLAG.fin) farewells.push('fin')
    if (flags & TCP_FLAG.rst) farewells.push('rst')
  })
  const far = lab.node('r2')!.host.interfaces.get('eth1')!
  const machine = (text: string) => opened.terminal.run(text, { node: lab.machine })
  const settle = () => lab.simulator.runUntilQuiet(lab.simulator.nowNs + 600e9)
  return { opened, r1, far, farewells, machine, settle }
}

describe.each(['docker stop clab-bfd-pair-r1', 'docker stop -t 1 clab-bfd-pair-r1', 'clab stop -n r1'])(
  '%s',
  command => {
    test('lets the kernel close the connections: the peer gets a FIN', async () => {
      const { farewells, machine } = await pair()
      expect((await machine(command)).exitCode).toBe(0)
      expect(farewells[0]).toBe('fin')
    })

    test('takes the network away afterwards: the neighbour loses carrier', async () => {
      const { far, r1, machine } = await pair()
      await machine(command)
      expect([r1.isRunning, far.hasCarrier]).toEqual([false, false])
    })
  },
)

describe('docker kill', () => {
  test('tells nobody', async () => {
    const { farewells, machine, far } = await pair()
    await machine('docker kill clab-bfd-pair-r1')
    expect([farewells, far.hasCarrier]).toEqual([[], false])
  })

  test('of a container that is stopped fails as the daemon says it', async () => {
    const { machine } = await pair()
    await machine('docker stop clab-bfd-pair-r1')
    const { stderr, exitCode } = await machine('docker kill clab-bfd-pair-r1')
    expect(stderr).toMatch(
      /^Error response from daemon: cannot kill container: clab-bfd-pair-r1: container [0-9a-f]{64} is not running\n$/,
    )
    expect(exitCode).toBe(1)
  })

  test('with a signal that is not the end says that it is not modelled', async () => {
    const { machine } = await pair()
    expect((await machine('docker kill -s HUP clab-bfd-pair-r1')).stderr).toContain('"HUP" is not modelled')
  })
})

describe.each([
  ['docker stop clab-bfd-pair-r1; docker start clab-bfd-pair-r1'],
  ['docker kill clab-bfd-pair-r1; docker start clab-bfd-pair-r1'],
  ['docker restart clab-bfd-pair-r1'],
  ['clab stop -n r1; clab start -n r1'],
  ['clab restart -n r1'],
])('%s', command => {
  test('brings the sessions back', async () => {
    const { opened, machine, settle } = await pair()
    expect((await machine(command)).exitCode).toBe(0)
    settle()
    expect(await output(opened, 'r2', 'vtysh -c "show bgp summary established"')).toContain('Displayed neighbors 2')
  })
})

test('docker stop without a name fails', async () => {
  const { machine } = await pair()
  expect((await machine('docker stop')).stderr).toContain('requires at least 1 argument')
})
