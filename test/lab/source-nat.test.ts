import { beforeEach, describe, expect, test } from 'vitest'
import { nodeDown, nodeUp } from '../../src/lab/actions.ts'
import { type OpenedLab, openLab } from '../../src/shell/open-lab.ts'
import { formatIpv4 } from '../../src/wire/address.ts'

/** A host behind a VyOS leaf that masquerades towards the management network, where nobody has a route to the host. */
const LAB = `name: rack
mgmt: {network: rack, ipv4-subnet: 172.16.100.0/24}
topology:
  nodes:
    leaf:
      kind: linux
      image: vyos/vyos:1.4-rolling-202306080317
      mgmt-ipv4: 172.16.100.10
      binds: [config.boot:/opt/vyatta/etc/config/config.boot]
    host:
      kind: linux
      network-mode: none
      exec:
        - ip addr add 10.0.5.10/24 dev eth1
        - ip route replace default via 10.0.5.1
    outside: {kind: linux, mgmt-ipv4: 172.16.100.20}
  links:
    - endpoints: ["leaf:eth1", "host:eth1"]
`

const CONFIG = (rule: string) => `interfaces {
  ethernet eth1 {
    address 10.0.5.1/24
  }
}
nat {
  source {
${rule}
  }
}
`

const MASQUERADE = `rule 100 {
  outbound-interface eth0
  source {
    address 10.0.0.0/16
  }
  translation {
    address masquerade
  }
}`

const open = (config: string): Promise<OpenedLab> => {
  const files: Readonly<Record<string, string>> = { '/x/lab.clab.yml': LAB, '/x/config.boot': config }
  return openLab({
    path: '/x/lab.clab.yml',
    files: { readText: path => files[path], kindOf: path => (path in files ? 'file' : undefined), list: () => [] },
  })
}

let opened: OpenedLab
let sources: string[]

const run = async (node: string, text: string): Promise<string> =>
  (await opened.terminal.run(text, { node: opened.lab.node(node)! })).stdout

async function start(config: string): Promise<void> {
  opened = await open(config)
  opened.lab.simulator.runUntilQuiet(opened.lab.simulator.nowNs + 60e9)
  sources = []
  opened.lab.node('outside')!.host.hooks.prerouting.add(({ source }) => {
    sources.push(formatIpv4(source))
    return { verdict: 'accept' }
  })
}

const PING = 'ping -c 1 -W 1 172.16.100.20'

describe('a host behind a VyOS leaf with a masquerade rule', () => {
  beforeEach(() => start(CONFIG(MASQUERADE)))

  test('reaches an address outside, which sees the address of the leaf', async () => {
    expect(await run('host', PING)).toContain('1 received')
    expect(sources).toEqual(['172.16.100.10'])
  })

  test('has its traceroute answered', async () => {
    expect(await run('host', 'traceroute -n -q 1 172.16.100.20')).toMatch(
      / 1 {2}10\.0\.5\.1 .*\n 2 {2}172\.16\.100\.20 /,
    )
  })

  test('still reaches it after the leaf has been down', async () => {
    const { lab } = opened
    nodeDown(lab, lab.node('leaf')!)
    expect(lab.node('leaf')!.host.sourceNat.router.rules).toEqual([])
    nodeUp(lab, lab.node('leaf')!)
    lab.simulator.runUntil(lab.simulator.nowNs + 30e9)
    expect(await run('host', PING)).toContain('1 received')
  })
})

describe('a host behind a VyOS leaf without a rule for it', () => {
  test('gets no answer from outside', async () => {
    await start(CONFIG(MASQUERADE.replace('10.0.0.0/16', '10.9.0.0/16')))
    expect(await run('host', PING)).toContain('0 received')
    expect(sources[0]).toBe('10.0.5.10')
  })

  test('gets none either when a rule excludes it first', async () => {
    const exclude = 'rule 9 {\n  exclude\n  destination {\n    address 172.16.100.0/24\n  }\n}\n'
    await start(CONFIG(exclude + MASQUERADE))
    expect(await run('host', PING)).toContain('0 received')
  })

  test('is translated to the address of a rule with one', async () => {
    await start(CONFIG(MASQUERADE.replace('address masquerade', 'address 172.16.100.77')))
    await run('host', PING)
    expect(sources).toEqual(['172.16.100.77'])
  })

  test('gets an answer once iptables masquerades', async () => {
    await start(CONFIG(''))
    await run('leaf', 'iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE')
    expect(await run('host', PING)).toContain('1 received')
    expect(await run('leaf', 'iptables -t nat -L POSTROUTING -n -v')).toContain(
      '    1    84 MASQUERADE  0    --  *      eth0    0.0.0.0/0            0.0.0.0/0           \n',
    )
  })
})
