import { expect, test } from 'vitest'
import { daemonDown, daemonUp } from '../../../../src/lab/actions.ts'
import { type OpenedLab, openLab } from '../../../../src/shell/open-lab.ts'

const config = (own: number, other: number, lines: string): string => `router bgp 6500${own}
 bgp router-id 10.255.0.${own}
 no bgp ebgp-requires-policy
 no bgp network import-check
${lines}
 neighbor 10.0.1.${other} remote-as 6500${other}
 neighbor 10.0.1.${other} timers connect 3
 address-family ipv4 unicast
  network 10.${own}.0.0/24
`
const RESTARTS = ' bgp graceful-restart\n bgp graceful-restart restart-time 30'

/** The lab that was measured with FRR 8.4.4 in network namespaces: two routers on one link. */
async function measuredLab(lines: string): Promise<OpenedLab & { block: (name: string) => Promise<string> }> {
  const node = (name: string, address: string) =>
    `    ${name}: {kind: linux, image: "frrouting/frr:v8.4.4", binds: ["${name}.conf:/etc/frr/frr.conf"], exec: ["ip addr add ${address}/24 dev eth1"]}\n`
  const files: Readonly<Record<string, string>> = {
    '/x/lab.clab.yml': `name: gr\ntopology:\n  nodes:\n${node('a', '10.0.1.1')}${node('b', '10.0.1.2')}  links:\n    - endpoints: ["a:eth1", "b:eth1"]\n`,
    '/x/a.conf': config(1, 2, lines),
    '/x/b.conf': config(2, 1, lines),
  }
  const opened = await openLab({
    path: '/x/lab.clab.yml',
    files: { readText: name => files[name], kindOf: name => (name in files ? 'file' : undefined), list: () => [] },
  })
  const { lab, terminal } = opened
  lab.simulator.runUntilQuiet(lab.simulator.nowNs + 600e9)
  const block = async (name: string) => {
    const { stdout } = await terminal.run('vtysh -c "show bgp neighbors"', { node: lab.node(name)! })
    return /^ {2}BGP state = [^,\n]*|^ {2}Graceful restart information:\n(?: {4}.*\n)*/gm
      [Symbol.match](stdout)!
      .join('\n')
  }
  return { ...opened, block }
}

test('show bgp neighbors tells graceful restart as FRR 8.4.4 does: both sides restart', async () => {
  const { block } = await measuredLab(RESTARTS)
  expect(await block('a')).toBe(`  BGP state = Established
  Graceful restart information:
    End-of-RIB send: IPv4 Unicast
    End-of-RIB received: IPv4 Unicast
    Local GR Mode: Restart*
    Remote GR Mode: Restart
    R bit: True
    N bit: True
    Timers:
      Configured Restart Time(sec): 30
      Received Restart Time(sec): 30
    IPv4 Unicast:
      F bit: False
      End-of-RIB sent: Yes
      End-of-RIB sent after update: Yes
      End-of-RIB received: Yes
      Timers:
        Configured Stale Path Time(sec): 360
        Configured Selection Deferral Time(sec): 360
`)
})

test('show bgp neighbors names the family whose forwarding state the peer did not keep', async () => {
  const { lab, terminal } = await measuredLab(RESTARTS)
  const { stdout } = await terminal.run('vtysh -c "show bgp neighbors"', { node: lab.node('a')! })
  expect(stdout).toContain('      Address families by peer:\n        IPv4 Unicast(not preserved)\n')
})

test('show bgp neighbors waits passively for a peer that restarts, with what is left of the timers', async () => {
  const { lab, block } = await measuredLab(RESTARTS)
  daemonDown(lab, lab.node('b')!)
  lab.simulator.runUntil(lab.simulator.nowNs + 3.5e9)
  expect(await block('a')).toBe(`  BGP state = Active (NSF passive)
  Graceful restart information:
    The remaining time of restart timer is 26
    The remaining time of stalepath timer is 356
    Local GR Mode: Restart*
    Remote GR Mode: NotApplicable
    R bit: False
    N bit: False
    Timers:
      Configured Restart Time(sec): 30
      Received Restart Time(sec): 30
      Restart Time Remaining(sec): 26
      Restart Time Remaining(sec): 26
`)
})

test('show bgp neighbors keeps the stale path timer after the peer is back', async () => {
  const { lab, block } = await measuredLab(RESTARTS)
  daemonDown(lab, lab.node('b')!)
  lab.simulator.runUntil(lab.simulator.nowNs + 1e9)
  daemonUp(lab, lab.node('b')!)
  lab.simulator.runUntil(lab.simulator.nowNs + 9e9)
  const text = await block('a')
  expect(text).toMatch(/ {4}The remaining time of stalepath timer is 3[45]\d\n/)
  expect(text).toMatch(/ {6}Stale Path Remaining\(sec\): 3[45]\d\n/)
})

test('show bgp neighbors says Disable* and no more where graceful restart is off', async () => {
  const { block } = await measuredLab(' bgp graceful-restart-disable')
  expect(await block('a')).toBe(`  BGP state = Established
  Graceful restart information:
    Local GR Mode: Disable*
    Remote GR Mode: NotApplicable
    R bit: False
    N bit: False
    Timers:
      Configured Restart Time(sec): 120
      Received Restart Time(sec): 0
`)
})
