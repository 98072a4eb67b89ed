import { beforeEach, describe, expect, test } from 'vitest'
import { fileTextToBytes } from '../../../src/shell/commands/tcpdump/binary-file.ts'
import { type OpenedLab, openLab } from '../../../src/shell/open-lab.ts'
import { hasRealTcpdump, realTcpdump } from '../../support/real-tcpdump.ts'

const LAB = `name: two
topology:
  nodes:
    a: {kind: linux, exec: ["ip addr add 10.0.1.1/24 dev eth1", "ip link set eth1 mtu 1400"]}
    b: {kind: linux, exec: ["ip addr add 10.0.1.2/24 dev eth1", "ip link set eth1 mtu 1400"]}
  links:
    - endpoints: ["a:eth1", "b:eth1"]
`

let opened: OpenedLab
beforeEach(async () => {
  opened = await openLab({
    path: '/x/lab.clab.yml',
    files: {
      readText: name => (name === '/x/lab.clab.yml' ? LAB : undefined),
      kindOf: name => (name === '/x/lab.clab.yml' ? 'file' : undefined),
      list: () => [],
    },
  })
})

const node = (name: string) => opened.lab.node(name)!
const run = (text: string, at = 'a') => opened.terminal.run(text, { node: node(at) })

/** Runs a command on a while tcpdump runs on b, which then gets Ctrl-C. */
async function during(tcpdump: string, command: string) {
  const background = opened.terminal.start(tcpdump, { node: node('b') })!
  await run(command)
  const { simulator } = opened.lab
  simulator.runWhile(() => !background.task.isDone, simulator.nowNs + 1e9)
  background.task.interrupt()
  simulator.runWhile(() => !background.task.isDone, simulator.nowNs + 1e9)
  return { ...background.output(), exitCode: background.task.result?.exitCode }
}

const withoutTime = (text: string): string => text.replace(/^\d\d:\d\d:\d\d\.\d{6} /gm, '').replace(/id \d+/g, 'id N')

describe('tcpdump on a node', () => {
  test('prints what passes, and an empty line after Ctrl-C', async () => {
    const { stdout, stderr, exitCode } = await during('tcpdump -i eth1 -nn icmp', 'ping -c 1 10.0.1.2')
    expect(withoutTime(stdout)).toBe(
      'IP 10.0.1.1 > 10.0.1.2: ICMP echo request, id N, seq 1, length 64\n' +
        'IP 10.0.1.2 > 10.0.1.1: ICMP echo reply, id N, seq 1, length 64\n\n',
    )
    expect(stderr).toBe(
      'tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n' +
        'listening on eth1, link-type EN10MB (Ethernet), snapshot length 262144 bytes\n' +
        '2 packets captured\n2 packets received by filter\n0 packets dropped by kernel\n',
    )
    expect(exitCode).toBe(0)
  })

  test('ends by itself after -c packets, without the empty line', async () => {
    const { stdout, stderr } = await during('tcpdump -i eth1 -nn -c 1 -v arp', 'ping -c 1 10.0.1.2')
    expect(withoutTime(stdout)).toBe(
      'ARP, Ethernet (len 6), IPv4 (len 4), Request who-has 10.0.1.2 tell 10.0.1.1, length 28\n',
    )
    expect(stderr).toMatch(/^tcpdump: listening on eth1, [^\n]+\n1 packet captured\n1 packet received by filter\n/)
  })

  test('names interface and direction with -i any', async () => {
    const { stdout, stderr } = await during('tcpdump -i any -nn', 'ping -c 1 10.0.1.2')
    expect(withoutTime(stdout).replace(/is-at \S+,/, 'is-at M,')).toBe(
      'eth1  B   ARP, Request who-has 10.0.1.2 tell 10.0.1.1, length 28\n' +
        'eth1  Out ARP, Reply 10.0.1.2 is-at M, length 28\n' +
        'eth1  In  IP 10.0.1.1 > 10.0.1.2: ICMP echo request, id N, seq 1, length 64\n' +
        'eth1  Out IP 10.0.1.2 > 10.0.1.1: ICMP echo reply, id N, seq 1, length 64\n\n',
    )
    expect(stderr).toMatch(/^tcpdump: data link type LINUX_SLL2\n/)
  })

  test('takes a packet on lo once and counts it twice', async () => {
    const background = opened.terminal.start('tcpdump -i lo -nn', { node: node('a') })!
    await run('ping -c 1 127.0.0.1')
    background.task.interrupt()
    expect(background.output().stderr).toContain('2 packets captured\n4 packets received by filter\n')
  })

  test('tells directions apart', async () => {
    expect(withoutTime((await during('tcpdump -i eth1 -nn inbound and icmp', 'ping -c 1 10.0.1.2')).stdout)).toBe(
      'IP 10.0.1.1 > 10.0.1.2: ICMP echo request, id N, seq 1, length 64\n\n',
    )
    expect(withoutTime((await during('tcpdump -i eth1 -nn -Q out icmp', 'ping -c 1 10.0.1.2')).stdout)).toBe(
      'IP 10.0.1.2 > 10.0.1.1: ICMP echo reply, id N, seq 1, length 64\n\n',
    )
  })

  test('shows the fragments of a packet that travels in several', async () => {
    const { stdout } = await during('tcpdump -i eth1 -nn ip', 'ping -c 1 -M dont -s 3000 10.0.1.2')
    expect(withoutTime(stdout)).toContain('IP 10.0.1.1 > 10.0.1.2: ip-proto-1\n')
  })

  test('shows a refused connection', async () => {
    const { stdout } = await during('tcpdump -i eth1 -nn tcp', 'curl -s http://10.0.1.2:81')
    expect(withoutTime(stdout)).toMatch(
      /^IP 10\.0\.1\.1\.\d+ > 10\.0\.1\.2\.81: Flags \[S\], .* length 0\nIP 10\.0\.1\.2\.81 > 10\.0\.1\.1\.\d+: Flags \[R\.\], seq 0, ack \d+, win 0, length 0\n\n$/,
    )
  })

  test.each([
    ['tcpdump -i nope', 'tcpdump: nope: No such device exists\n(No such device exists)\n'],
    ['tcpdump -i eth1 1.1.1.1', "tcpdump: can't parse filter expression: syntax error\n"],
    ['tcpdump -c 0', 'tcpdump: invalid packet count 0\n'],
    ['tcpdump -r nothing', 'tcpdump: nothing: No such file or directory\n'],
    ['tcpdump -i eth1 -E x', 'tcpdump: option -E is not modelled by drylab\n'],
  ])('fails with the real words: %s', async (command, stderr) => {
    expect(await run(command)).toEqual({ stdout: '', stderr, exitCode: 1 })
  })

  test('does not capture on a device that is down', async () => {
    await run('ip link set eth1 down')
    expect((await run('tcpdump -i eth1')).stderr).toBe('tcpdump: eth1: That device is not up\n')
  })

  test('lists the devices with -D', async () => {
    expect((await run('tcpdump -D')).stdout).toMatch(
      /^1\.eth1 \[Up, Running\]\n2\.lo \[Up, Running, Loopback\]\n3\.any /,
    )
  })

  test('writes a file that it reads again', async () => {
    const { stdout, stderr } = await during('tcpdump -i eth1 -w /tmp/x.pcap', 'ping -c 2 10.0.1.2')
    expect(stdout).toBe('\n')
    expect(stderr).toMatch(/^tcpdump: listening on eth1, link-type EN10MB \(Ethernet\), snapshot length 262144 bytes\n/)
    const read = await run('tcpdump -nn -r /tmp/x.pcap icmp and src 10.0.1.1', 'b')
    expect(withoutTime(read.stdout)).toBe(
      'IP 10.0.1.1 > 10.0.1.2: ICMP echo request, id N, seq 1, length 64\n' +
        'IP 10.0.1.1 > 10.0.1.2: ICMP echo request, id N, seq 2, length 64\n',
    )
    expect(read.stderr).toBe('reading from file /tmp/x.pcap, link-type EN10MB (Ethernet), snapshot length 262144\n')
  })

  test('leaves no tap behind', async () => {
    await during('tcpdump -i any -nn', 'ping -c 1 10.0.1.2')
    for (const device of node('b').host.interfaces) expect(device.taps.size).toBe(0)
  })

  test.skipIf(!hasRealTcpdump)('prints live what the real tcpdump prints for the file written meanwhile', async () => {
    for (const name of ['eth1', 'any']) {
      const writing = opened.terminal.start(`tcpdump -i ${name} -w /tmp/y.pcap`, { node: node('b') })!
      const { stdout } = await during(`tcpdump -i ${name} -nn -v`, 'traceroute -n 10.0.1.2')
      writing.task.interrupt()
      const bytes = fileTextToBytes(opened.terminal.filesOf(node('b')).readText('/tmp/y.pcap')!)!
      const real = realTcpdump(bytes, ['-nn', '-v']).stdout
      // a file does not know the names of interfaces
      const nameless = (text: string): string => text.replace(/^(\d\d:\S+) \S+ +(In|Out|B|M|P) /gm, '$1 ? $2 ')
      expect(nameless(stdout.replace(/\n$/, ''))).toBe(nameless(real))
    }
  })
})
