import { describe, expect, test } from 'vitest'
import type { LabNode } from '../../../src/lab/node.ts'
import { EMPTY_POLICY } from '../../../src/model/policy.ts'
import type { RouterModel } from '../../../src/model/router.ts'
import type { CommandContext } from '../../../src/shell/command.ts'
import { vtysh } from '../../../src/shell/commands/vtysh.ts'
import { RouterFixture } from '../../zebra/router-fixture.ts'

interface Answer {
  readonly out: string
  readonly error: string
  readonly exitCode: number
}

/** Runs vtysh on a router without BGP. */
function run(router: RouterFixture, args: readonly string[], stdin = ''): Answer {
  let out = ''
  let error = ''
  const model = {
    version: router.zebra.version,
    policy: EMPTY_POLICY,
    runningConfig: () => ['frr version 8.4.4', 'frr defaults traditional', '!'],
  } as unknown as RouterModel
  const node = {
    name: 'r1',
    hostName: 'r1',
    host: router.host,
    router: { model, zebra: router.zebra, speaker: undefined },
  } as unknown as LabNode
  const context = {
    node,
    args,
    stdin,
    out: (text: string) => {
      out += text
    },
    error: (text: string) => {
      error += text
    },
  } as unknown as CommandContext
  const step = vtysh.run(context).next('time')
  return { out, error, exitCode: step.done === true ? Number(step.value) : -1 }
}

const LEGEND = `Codes: K - kernel route, C - connected, S - static, R - RIP,
       O - OSPF, I - IS-IS, B - BGP, E - EIGRP, N - NHRP,
       T - Table, v - VNC, V - VNC-Direct, A - Babel, F - PBR,
       f - OpenFabric,
       > - selected route, * - FIB route, q - queued, r - rejected, b - backup
       t - trapped, o - offload failure

`

describe('show ip route', () => {
  test('prints multipath, recursive and blackhole routes as 8.4.4 does', () => {
    const router = new RouterFixture()
    router.statics('51.0.0.0/24 blackhole', '52.0.0.0/24 reject', '53.0.0.0/24 10.0.1.2 eth2')
    router.bgp('20.0.0.100/32', ['p1', 'p3'])
    router.bgp('20.8.0.0/24', ['20.0.0.100'], { recursive: true })
    router.settle(4)
    for (const name of ['eth2', 'eth3', 'eth4']) if (name === 'eth4') router.setUp(name, false)
    expect(run(router, ['-c', 'show ip route']).out).toBe(
      `${LEGEND}${[
        'C>* 10.0.1.0/24 is directly connected, eth1, 00:00:04',
        'C>* 10.0.2.0/24 is directly connected, eth2, 00:00:04',
        'C>* 10.0.3.0/24 is directly connected, eth3, 00:00:04',
        'B>* 20.0.0.100/32 [20/0] via 10.0.1.2, eth1, weight 1, 00:00:04',
        '  *                      via 10.0.3.2, eth3, weight 1, 00:00:04',
        'B>  20.8.0.0/24 [200/0] via 20.0.0.100 (recursive), weight 1, 00:00:04',
        '  *                       via 10.0.1.2, eth1, weight 1, 00:00:04',
        '  *                       via 10.0.3.2, eth3, weight 1, 00:00:04',
        'S>* 51.0.0.0/24 [1/0] unreachable (blackhole), weight 1, 00:00:04',
        'S>* 52.0.0.0/24 [1/0] unreachable (ICMP unreachable), weight 1, 00:00:04',
        'S   53.0.0.0/24 [1/0] via 10.0.1.2, eth2 inactive, weight 1, 00:00:04',
      ].join('\n')}\n`,
    )
  })

  test('prints nothing at all without a hit', () => {
    expect(run(new RouterFixture(), ['-c', 'show ip route bgp']).out).toBe('')
  })

  test('prints one prefix with its next hops', () => {
    const answer = run(new RouterFixture(), ['-c', 'show ip route 10.0.1.77'])
    expect(answer.out).toBe(
      'Routing entry for 10.0.1.0/24\n  Known via "connected", distance 0, metric 0, best\n  Last update 00:00:00 ago\n  * directly connected, eth1\n\n',
    )
  })

  test('says so for an unknown prefix and is silent for an unknown address', () => {
    const router = new RouterFixture()
    expect(run(router, ['-c', 'show ip route 9.9.9.0/24']).out).toBe('% Network not in table\n')
    expect(run(router, ['-c', 'show ip route 9.9.9.9']).out).toBe('')
  })

  test('counts routes by source in the summary', () => {
    expect(run(new RouterFixture(), ['-c', 'show ip route summary']).out).toBe(
      [
        'Route Source         Routes               FIB  (vrf default)',
        'connected            4                    4                    ',
        '------',
        'Totals               4                    4                    ',
        '',
        '',
      ].join('\n'),
    )
  })
})

describe('vtysh', () => {
  test('refuses an unknown command with exit code 1', () => {
    expect(run(new RouterFixture(), ['-c', 'foo bar'])).toEqual({
      out: '% Unknown command: foo bar\n',
      error: '',
      exitCode: 1,
    })
  })

  test('stops at the first refused command', () => {
    expect(run(new RouterFixture(), ['-c', 'show ip', '-c', 'show version']).out).toBe(
      '% Command incomplete: show ip\n',
    )
  })

  test('filters lines with include', () => {
    const out = run(new RouterFixture(), ['-c', 'show ip route | include eth2']).out
    expect(out).toBe('C>* 10.0.2.0/24 is directly connected, eth2, 00:00:00\n')
  })

  test('knows no other pipe', () => {
    expect(run(new RouterFixture(), ['-c', 'show version | grep x'])).toMatchObject({
      out: "% Unknown action 'grep'\n",
      exitCode: 0,
    })
  })

  test('shuts an interface in configuration mode', () => {
    const router = new RouterFixture()
    run(router, ['-c', 'configure terminal', '-c', 'interface eth1', '-c', 'shutdown'])
    expect(router.host.interfaces.get('eth1')?.isUp).toBe(false)
  })

  test('says aloud that other configuration is not modelled', () => {
    const answer = run(new RouterFixture(), ['-c', 'conf t', '-c', 'router bgp 65000'])
    expect(answer.exitCode).toBe(1)
    expect(answer.error).toContain('not modelled')
  })

  test('says that BGP is not there as bgpd does', () => {
    expect(run(new RouterFixture(), ['-c', 'show ip bgp']).out).toBe('Default BGP instance not found\n')
    expect(run(new RouterFixture(), ['-c', 'show ip bgp summary']).out).toBe('% BGP instance not found\n')
  })

  test('shows the running configuration with the host name of the system', () => {
    expect(run(new RouterFixture(), ['-c', 'show running-config']).out).toBe(
      'Building configuration...\n\nCurrent configuration:\n!\nfrr version 8.4.4\nfrr defaults traditional\nhostname r1\n!\nend\n',
    )
  })

  test('reads lines from its standard input and echoes them behind the prompt', () => {
    const { out } = run(new RouterFixture(), [], 'show interface brief\nexit\n')
    expect(out).toContain('r1# show interface brief\nInterface       Status')
    expect(out.endsWith('r1# exit\n')).toBe(true)
  })
})
