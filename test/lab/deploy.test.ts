import { describe, expect, test } from 'vitest'
import { findCable, nodeDown, setLink } from '../../src/lab/actions.ts'
import { linkMac } from '../../src/lab/deterministic-mac.ts'
import { openLab } from '../../src/shell/open-lab.ts'
import { formatIpv4, formatMac } from '../../src/wire/address.ts'

const open = (text: string, more: Readonly<Record<string, string>> = {}) => {
  const files: Readonly<Record<string, string>> = { '/x/lab.clab.yml': text, ...more }
  return openLab({
    path: '/x/lab.clab.yml',
    files: { readText: path => files[path], kindOf: path => (path in files ? 'file' : undefined), list: () => [] },
  })
}

const LAB = `name: rack
mgmt: {network: rack, ipv4-subnet: 172.16.100.0/24}
topology:
  nodes:
    br1: {kind: bridge}
    a: {kind: linux, mgmt-ipv4: 172.16.100.10}
    b: {kind: linux}
    c: {kind: linux, network-mode: "container:a"}
  links:
    - endpoints: ["a:eth1", "br1:br1-a"]
    - endpoints: ["b:eth1", "br1:br1-b"]
`

describe('a deployed topology', () => {
  test('has its management network with the gateway on the machine', async () => {
    const { lab } = await open(LAB)
    const bridge = lab.machine.host.interfaces.get('br-rack')!
    expect(bridge.addresses.map(own => formatIpv4(own.address))).toEqual(['172.16.100.1'])
    const address = (name: string) => formatIpv4(lab.node(name)!.host.interfaces.get('eth0')!.addresses[0]!.address)
    expect([address('a'), address('b')]).toEqual(['172.16.100.10', '172.16.100.2'])
  })

  test('gives management interfaces the MAC address that docker derives', async () => {
    const { lab } = await open(LAB)
    expect(formatMac(lab.node('a')!.host.interfaces.get('eth0')!.mac)).toBe('02:42:ac:10:64:0a')
  })

  test('gives links the MAC address that follows from lab, node and interface', async () => {
    const { lab } = await open(LAB)
    const { mac } = lab.node('a')!.host.interfaces.get('eth1')!
    expect(mac).toBe(linkMac('rack', 'a', 'eth1'))
    expect(formatMac(mac)).toMatch(/^aa:c1:ab:/)
  })

  test('lets a node share the network of another', async () => {
    const { lab } = await open(LAB)
    expect(lab.node('c')!.host).toBe(lab.node('a')!.host)
  })

  test('joins nodes through a bridge of the machine', async () => {
    const { lab, terminal } = await open(LAB)
    await terminal.run('ip addr add 10.0.0.1/24 dev eth1', { node: lab.node('a')! })
    await terminal.run('ip addr add 10.0.0.2/24 dev eth1', { node: lab.node('b')! })
    expect((await terminal.run('ping -c 1 10.0.0.2', { node: lab.node('a')! })).exitCode).toBe(0)
    expect(lab.machine.host.interfaces.get('br1-a')!.master!.name).toBe('br1')
  })

  test('is gone after destroy, with its networks and bridges', async () => {
    const { lab, terminal } = await open(LAB)
    await terminal.run('clab destroy --all')
    expect([lab.nodes(), lab.machine.host.interfaces.all().map(device => device.name)]).toEqual([[], ['lo']])
  })

  test('can be deployed again after destroy, and not before', async () => {
    const { terminal } = await open(LAB)
    const again = await terminal.run('clab deploy -t /x/lab.clab.yml')
    expect([again.exitCode, again.stderr.includes('already been deployed')]).toEqual([1, true])
    await terminal.run('clab destroy -t /x/lab.clab.yml')
    expect((await terminal.run('clab deploy -t /x/lab.clab.yml')).exitCode).toBe(0)
  })

  test('changes nothing when one of its files is missing', async () => {
    const { lab, setup } = await open(
      LAB.replace('b: {kind: linux}', 'b: {kind: linux, binds: ["no.conf:/etc/frr/frr.conf"]}'),
    )
    expect(setup.exitCode).not.toBe(0)
    expect(setup.stderr).toContain('lab.clab.yml:7:')
    expect([lab.nodes(), lab.topologies.size]).toEqual([[], 0])
  })
})

describe('a router of a topology', () => {
  const ROUTERS = `name: peers
topology:
  kinds: {linux: {image: "frrouting/frr:8.4.4", binds: ["__clabNodeName__.conf:/etc/frr/frr.conf"]}}
  nodes: {r1: {kind: linux}, r2: {kind: linux, startup-delay: 30}}
  links:
    - endpoints: ["r1:eth1", "r2:eth1"]
`
  const config = (own: number, other: number): string => `interface eth1
 ip address 10.0.0.${own}/30
router bgp 6500${own}
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor 10.0.0.${other} remote-as 6500${other}
 address-family ipv4 unicast
  network 10.${own}.0.0/16
`
  const files = { '/x/r1.conf': config(1, 2), '/x/r2.conf': config(2, 1) }
  const established = (lab: Awaited<ReturnType<typeof open>>['lab']) =>
    lab.node('r1')!.router?.speaker?.snapshotPeers().peers[0]?.state

  test('peers with its neighbour, after the start-up delay of the later one', async () => {
    const { lab } = await open(ROUTERS, files)
    lab.simulator.runUntil(29e9)
    expect([lab.node('r2')!.router, established(lab)]).toEqual([undefined, expect.not.stringMatching('Established')])
    lab.simulator.runUntilQuiet(600e9)
    expect(established(lab)).toBe('Established')
  })

  test('loses its session when the cable is cut and regains it when it is mended', async () => {
    const { lab } = await open(ROUTERS, files)
    lab.simulator.runUntilQuiet(600e9)
    const cable = findCable(lab, 'r1', 'eth1')!
    setLink(lab, cable, false)
    lab.simulator.runUntil(lab.simulator.nowNs + 1e9)
    expect(established(lab)).not.toBe('Established')
    setLink(lab, cable, true)
    lab.simulator.runUntil(lab.simulator.nowNs + 200e9)
    expect(established(lab)).toBe('Established')
  })

  test('says nothing more once its node has died', async () => {
    const { lab } = await open(ROUTERS, files)
    lab.simulator.runUntilQuiet(600e9)
    nodeDown(lab, lab.node('r2')!)
    lab.simulator.runUntil(lab.simulator.nowNs + 5e9)
    expect(established(lab)).not.toBe('Established')
  })

  test('runs no bgpd when the daemons file says no', async () => {
    const text = ROUTERS.replace('binds: [', 'binds: ["daemons:/etc/frr/daemons", ')
    const { lab } = await open(text, { ...files, '/x/daemons': 'zebra=yes\nbgpd=no\n' })
    lab.simulator.runUntilQuiet(600e9)
    expect(lab.node('r1')!.router?.speaker).toBeUndefined()
  })
})
