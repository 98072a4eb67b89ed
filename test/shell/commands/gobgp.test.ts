import { beforeAll, describe, expect, test } from 'vitest'
import { type OpenedLab, openLab } from '../../../src/shell/open-lab.ts'

/* A router with two GoBGP speakers behind it as reflector clients. Texts measured on GoBGP 3.10.0 with FRR 8.4.4. */

const speaker = (number: number): string =>
  `[global.config]\nas = 65005\nrouter-id = "10.0.${number}.2"\nport = -1\n` +
  `[[neighbors]]\n[neighbors.config]\nneighbor-address = "10.0.${number}.1"\npeer-as = 65005\n`

const FILES: Readonly<Record<string, string>> = {
  '/lab/lab.clab.yml': `name: gobgp
topology:
  nodes:
    r1: {kind: linux, image: 'frrouting/frr:8.4.4', binds: ['r1.conf:/etc/frr/frr.conf'], exec: [ip addr add 10.0.1.1/24 dev eth1, ip addr add 10.0.2.1/24 dev eth2]}
    n1: {kind: linux, binds: ['n1.toml:/etc/gobgp/gobgp.conf'], exec: [ip addr add 10.0.1.2/24 dev eth1]}
    n2: {kind: linux, binds: ['n2.toml:/etc/gobgp/gobgp.conf'], exec: [ip addr add 10.0.2.2/24 dev eth1]}
  links:
    - endpoints: [r1:eth1, n1:eth1]
    - endpoints: [r1:eth2, n2:eth1]
`,
  '/lab/r1.conf': `router bgp 65005
 bgp router-id 10.0.1.1
 no bgp network import-check
 neighbor 10.0.1.2 remote-as 65005
 neighbor 10.0.2.2 remote-as 65005
 address-family ipv4 unicast
  network 10.0.1.0/24
  neighbor 10.0.1.2 route-reflector-client
  neighbor 10.0.2.2 route-reflector-client
`,
  '/lab/n1.toml': speaker(1),
  '/lab/n2.toml': speaker(2),
}

let opened: OpenedLab

async function run(node: string, text: string): Promise<{ stdout: string; exitCode: number }> {
  const result = await opened.terminal.run(text, { node: opened.lab.node(node)! })
  opened.lab.simulator.runUntilQuiet(opened.lab.simulator.nowNs + 60e9)
  return { stdout: result.stdout.replace(/\d\d:\d\d:\d\d/g, 'HH:MM:SS'), exitCode: result.exitCode }
}

beforeAll(async () => {
  opened = await openLab({
    path: '/lab/lab.clab.yml',
    files: { readText: name => FILES[name], kindOf: name => (name in FILES ? 'file' : undefined), list: () => [] },
    seed: 1,
  })
  opened.lab.simulator.runUntilQuiet(600e9)
  await run('n1', 'gobgp global rib add 10.1.0.0/24 origin igp')
  await run('n2', 'gobgp global rib add 10.2.0.0/24 origin igp')
})

describe('gobgpd', () => {
  test('announces what global rib add puts in, and the router installs it', async () => {
    expect((await run('r1', 'ip route show 10.1.0.0/24')).stdout).toMatch(
      /via 10\.0\.1\.2 dev eth1 proto bgp metric 20/,
    )
  })

  test('takes what it receives, and its kernel gets nothing of it', async () => {
    expect((await run('n1', 'gobgp global rib')).stdout).toBe(
      '   Network              Next Hop             AS_PATH              Age        Attrs\n' +
        '*> 10.0.1.0/24          10.0.1.1                                  HH:MM:SS   [{Origin: i} {Med: 0} {LocalPref: 100}]\n' +
        '*> 10.1.0.0/24          0.0.0.0                                   HH:MM:SS   [{Origin: i}]\n' +
        '*> 10.2.0.0/24          10.0.2.2                                  HH:MM:SS   [{Origin: i} {Med: 0} {LocalPref: 100} {Originator: 10.0.2.2} {ClusterList: [10.0.1.1]}]\n',
    )
    expect((await run('n1', 'ip route show 10.2.0.0/24')).stdout).toBe('')
  })

  test('counts its own reflected route as received but not as accepted', async () => {
    expect((await run('n1', 'gobgp neighbor')).stdout).toBe(
      'Peer        AS  Up/Down State       |#Received  Accepted\n' +
        '10.0.1.1 65005 HH:MM:SS Establ      |        3         2\n',
    )
  })

  test('lists received routes with age and sent ones with an identifier', async () => {
    expect((await run('n1', 'gobgp neighbor 10.0.1.1 adj-in')).stdout).toContain(
      '   ID  Network              Next Hop             AS_PATH              Age        Attrs\n' +
        '   0   10.0.1.0/24          10.0.1.1                                  HH:MM:SS   [{Origin: i}',
    )
    expect((await run('n1', 'gobgp neighbor 10.0.1.1 adj-out')).stdout).toBe(
      '   ID  Network              Next Hop             AS_PATH              Attrs\n' +
        '   1   10.1.0.0/24          10.0.1.2                                  [{Origin: i} {LocalPref: 100}]\n',
    )
  })

  test('forgets a route with del', async () => {
    await run('n2', 'gobgp global rib del 10.2.0.0/24')
    expect((await run('r1', 'ip route show 10.2.0.0/24')).stdout).toBe('')
  })
})

describe('gobgp', () => {
  test('shows an own route with all it was given at once, before the next tick', async () => {
    const words = 'aspath 65001,65002 med 5 local-pref 200 community 65000:1,no-export nexthop 10.0.1.9'
    const { stdout } = await run('n1', `gobgp global rib add 10.9.1.0/24 ${words}; gobgp global rib 10.9.1.0/24`)
    expect(stdout).toBe(
      '   Network              Next Hop             AS_PATH              Age        Attrs\n' +
        '*> 10.9.1.0/24          10.0.1.9             65001 65002          HH:MM:SS   [{Origin: ?} {Med: 5} {LocalPref: 200} {Communities: 65000:1, no-export}]\n',
    )
  })

  test.each([
    ['300.1.2.3/24', 'invalid CIDR address: 300.1.2.3/24'],
    ['10.9.0.0/24 origin foo', 'invalid origin type. expect [igp|egp|incomplete] but foo'],
    ['10.2.0.0/24 nexthop 1.1.1', 'invalid nexthop address'],
    ['10.2.0.0/24 med x', 'strconv.ParseUint: parsing "x": invalid syntax'],
    ['10.2.0.0/24 foo', 'failed to parse [foo]'],
  ])('refuses add %s', async (words, problem) => {
    const { stdout, exitCode } = await run('n1', `gobgp global rib add ${words}`)
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(
      new RegExp(`^error: ${problem.replace(/[[\]|?.()]/g, '\\$&')}\nusage: global rib -a ipv4 add`),
    )
  })

  test('tells global settings and an unknown neighbour', async () => {
    expect((await run('n1', 'gobgp global')).stdout).toBe(
      'AS:        65005\nRouter-ID: 10.0.1.2\nListening Port: -1, Addresses: 0.0.0.0, ::\n',
    )
    expect(await run('n1', 'gobgp neighbor 1.2.3.4')).toEqual({ stdout: 'not found neighbor 1.2.3.4\n', exitCode: 1 })
  })
})
