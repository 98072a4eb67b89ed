import { beforeEach, describe, expect, test } from 'vitest'
import { brctl } from '../../../src/shell/commands/brctl.ts'
import { bridge } from '../../../src/shell/commands/bridge.ts'
import { ethtool } from '../../../src/shell/commands/ethtool.ts'
import { hostname } from '../../../src/shell/commands/hostname.ts'
import { ip } from '../../../src/shell/commands/ip.ts'
import { iptables } from '../../../src/shell/commands/iptables.ts'
import { netstat } from '../../../src/shell/commands/netstat.ts'
import { ping } from '../../../src/shell/commands/ping.ts'
import { ss } from '../../../src/shell/commands/ss.ts'
import { tc } from '../../../src/shell/commands/tc.ts'
import { Bench } from '../../support/run-command.ts'

let bench: Bench
const run = (node: string, line: string): string => {
  const { stdout, stderr, exitCode } = bench.run(node, line)
  return stdout + stderr + (exitCode === 0 ? '' : `exit ${exitCode}`)
}

beforeEach(() => {
  bench = new Bench([ip, bridge, brctl, ethtool, hostname, iptables, tc, ping, ss, netstat])
  for (const name of ['leaf1', 'leaf2']) bench.addNode(name)
  bench.connect('leaf1:eth1', 'leaf2:eth1', { macs: ['02:00:00:00:00:01', '02:00:00:00:00:02'] })
  run('leaf1', 'ip addr add 10.0.5.1/24 dev eth1')
  run('leaf2', 'ip addr add 10.0.5.2/24 dev eth1')
})

describe('ip link add', () => {
  test('makes dummies that are UNKNOWN while they are up', () => {
    expect(run('leaf1', 'ip link add dummy0 address 02:00:00:00:99:01 mtu 1400 type dummy')).toBe('')
    expect(run('leaf1', 'ip -br link show dummy0')).toBe(
      'dummy0           DOWN           02:00:00:00:99:01 <BROADCAST,NOARP> \n',
    )
    run('leaf1', 'ip link set dummy0 up')
    expect(run('leaf1', 'ip link show dummy0')).toBe(
      '3: dummy0: <BROADCAST,NOARP,UP,LOWER_UP> mtu 1400 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000\n' +
        '    link/ether 02:00:00:00:99:01 brd ff:ff:ff:ff:ff:ff\n',
    )
    expect(run('leaf1', 'ip link add dummy0 type dummy')).toBe('RTNETLINK answers: File exists\nexit 2')
  })

  test('joins two hosts through a veth pair and a bridge', () => {
    for (const line of [
      'ip link add br0 type bridge',
      'ip addr flush dev eth1',
      'ip link set eth1 master br0',
      'ip addr add 10.0.5.1/24 dev br0',
      'ip link set br0 up',
    ])
      expect(run('leaf1', line)).toBe('')
    expect(run('leaf1', 'ping -c1 -q 10.0.5.2')).toContain('1 received')
    expect(run('leaf1', 'bridge fdb show br br0')).toContain('02:00:00:00:00:02 dev eth1 master br0 \n')
    expect(run('leaf1', 'brctl show')).toMatch(
      /^bridge name\tbridge id\t\tSTP enabled\tinterfaces\nbr0\t\t8000\.[0-9a-f]{12}\tno\t\teth1\n$/,
    )
  })

  test.each(['vlan', 'bond', 'vxlan', 'macvlan', 'vrf'])('refuses %s aloud', type => {
    expect(run('leaf1', `ip link add x0 type ${type}`)).toBe(
      `ip: link type "${type}" is not modelled by drylab\nexit 2`,
    )
  })
})

test('ip link add link … type vlan names the type that is not modelled', () => {
  expect(run('leaf1', 'ip link add link eth1 name eth1.10 type vlan id 10')).toBe(
    'ip: link type "vlan" is not modelled by drylab\nexit 2',
  )
})

describe('tc netem', () => {
  test('delays what the device sends and shows itself', () => {
    expect(run('leaf1', 'tc qdisc add dev eth1 root netem delay 10ms')).toBe('')
    expect(run('leaf1', 'tc qdisc show dev eth1')).toBe('qdisc netem 8001: root refcnt 2 limit 1000 delay 10ms\n')
    run('leaf1', 'ping -c1 10.0.5.2')
    expect(run('leaf1', 'ping -c1 10.0.5.2')).toMatch(/time=10\.\d ms/)
    expect(run('leaf1', 'tc qdisc del dev eth1 root')).toBe('')
    expect(run('leaf1', 'ping -c1 10.0.5.2')).toMatch(/time=0\.\d+ ms/)
  })

  test('loses everything at 100%', () => {
    run('leaf1', 'tc qdisc replace dev eth1 root netem loss 100%')
    expect(run('leaf1', 'ping -c2 -i0.1 -W1 -q 10.0.5.2')).toContain('100% packet loss')
  })

  test('refuses what it does not simulate', () => {
    expect(run('leaf1', 'tc qdisc add dev eth1 root netem rate 1mbit')).toBe(
      'tc: "netem … rate" is not modelled by drylab\nexit 2',
    )
    expect(run('leaf1', 'tc qdisc add dev eth1 root tbf rate 1mbit')).toContain('not modelled')
  })
})

test('ethtool -K DEVICE tx off changes nothing and says nothing', () => {
  expect(run('leaf1', 'ethtool -K eth1 tx off')).toBe('')
  expect(run('leaf1', 'ethtool -K nope tx off')).toBe('Cannot get device feature names: No such device\nexit 1')
})

test('hostname prints the name of the node', () => {
  expect(run('leaf1', 'hostname')).toBe('leaf1\n')
  expect(run('leaf1', 'hostname -I')).toBe('10.0.5.1 \n')
})

test('iptables refuses rules aloud and lists empty chains', () => {
  expect(run('leaf1', 'iptables -A FORWARD -j DROP')).toBe(
    'iptables: "-A FORWARD -j DROP" is not modelled by drylab\nexit 2',
  )
  expect(run('leaf1', 'iptables -L')).toContain('Chain FORWARD (policy ACCEPT)\n')
})

describe('sockets', () => {
  beforeEach(() => {
    const { tcp } = bench.node('leaf2').host
    tcp.listen({ port: 179, onConnection: () => {} })
    bench.node('leaf1').host.tcp.connect({ destination: 0x0a000502 as never, port: 179, sourcePort: 40000 })
    bench.simulator.runUntil(bench.simulator.nowNs + 1e9)
  })

  test('ss -tn has the layout of iproute2', () => {
    expect(run('leaf1', 'ss -tn')).toBe(
      'State Recv-Q Send-Q Local Address:Port  Peer Address:PortProcess\n' +
        'ESTAB 0      0           10.0.5.1:40000     10.0.5.2:179        \n',
    )
  })

  test('netstat -tn has the layout of net-tools', () => {
    expect(run('leaf1', 'netstat -tn')).toBe(
      'Active Internet connections (w/o servers)\n' +
        'Proto Recv-Q Send-Q Local Address           Foreign Address         State      \n' +
        'tcp        0      0 10.0.5.1:40000          10.0.5.2:179            ESTABLISHED\n',
    )
  })

  test('ss -tln lists listeners', () => {
    expect(run('leaf2', 'ss -Htln')).toMatch(/^LISTEN 0 +\d+ +0\.0\.0\.0:179 +0\.0\.0\.0:\*\n$/)
  })
})
