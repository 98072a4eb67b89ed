import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runProgram, ScratchFolder, TWO_NODES } from '../support/built-program.ts'

/*
 * The built program as a user runs it.
 */
const scratch = new ScratchFolder()
const folder = scratch.path

const drylab = (...args: string[]) => runProgram(args, { cwd: folder })

const withoutTime = (text: string): string => text.replace(/^\d\d:\d\d:\d\d\.\d{6} /gm, '').replace(/id \d+/g, 'id N')

scratch.file('lab.clab.yml', TWO_NODES)
const PING = 'ping -c 1 10.0.1.2'
const LINES =
  'IP 10.0.1.1 > 10.0.1.2: ICMP echo request, id N, seq 1, length 64\n' +
  'IP 10.0.1.2 > 10.0.1.1: ICMP echo reply, id N, seq 1, length 64\n'

describe('drylab capture', () => {
  test('prints what passes while a command runs', () => {
    const { status, stdout, stderr } = drylab(
      'capture',
      '--run',
      PING,
      '--on',
      'a',
      'lab.clab.yml',
      'b:eth1',
      '-nn',
      'icmp',
    )
    expect(withoutTime(stdout)).toBe(LINES)
    expect(stderr).toContain('1 packets transmitted, 1 received')
    expect(stderr).toContain('2 packets captured\n')
    expect(status).toBe(0)
  })

  test('writes a file to the disk, which drylab tcpdump reads', () => {
    for (const name of ['ping.pcap', 'ping.pcapng']) {
      expect(drylab('capture', '--run', PING, '--on', 'a', '-w', name, 'lab.clab.yml', 'b:any', 'icmp').status).toBe(0)
      const { stdout, stderr, status } = drylab('tcpdump', '-nn', '-t', '-r', name, 'icmp[0] = 8')
      expect(withoutTime(stdout)).toBe('?     In  IP 10.0.1.1 > 10.0.1.2: ICMP echo request, id N, seq 1, length 64\n')
      expect(stderr).toMatch(
        /^reading from file ping\.pcap(ng)?, link-type LINUX_SLL2 \(Linux cooked v2\), snapshot length 262144\nWarning: interface names might be incorrect\n$/,
      )
      expect(status).toBe(0)
    }
  })

  test.each([
    [['capture', 'lab.clab.yml', 'eth1'], 'error: "eth1" is not NODE:INTERFACE, such as leaf01:eth1 or client:any\n'],
    [['capture', 'lab.clab.yml', 'c:eth1'], 'error: there is no node "c"; there are a, b\n'],
    [['capture', '--for', 'soon', 'lab.clab.yml', 'a:eth1'], 'error: "soon" is not a duration such as 10s or 5m\n'],
    [['tcpdump', '-i', 'eth0'], 'tcpdump: only files are read here (-r FILE): "drylab capture" captures in a lab\n'],
  ])('%j is a mistake', (args, stderr) => {
    expect(drylab(...args)).toEqual({ status: 2, stdout: '', stderr })
  })

  test('fails as tcpdump does for a wrong expression', () => {
    const { status, stderr } = drylab('capture', 'lab.clab.yml', 'a:eth1', 'foo')
    expect(stderr).toContain("tcpdump: can't parse filter expression: syntax error\n")
    expect(status).toBe(1)
  })
})

describe('drylab run --pcap', () => {
  test('writes a file per link, with the ends and what was lost', () => {
    scratch.file(
      's.yaml',
      `claim: a lost frame is told
lab: lab.clab.yml
steps:
  - run: docker exec clab-two-a ${PING}
  - run: docker exec clab-two-b tc qdisc add dev eth1 root netem loss 100%
  - run: docker exec clab-two-a ping -c 1 -W 1 10.0.1.2
    expect: {exit: 1}
`,
    )
    const { stderr, status } = drylab('run', '--pcap', 'captures', 's.yaml')
    expect(stderr).toContain('1 capture written to captures\n')
    expect(status).toBe(0)
    expect(readdirSync(join(folder, 'captures'))).toEqual(['two_a_eth1--b_eth1.pcapng'])
    const text = readFileSync(join(folder, 'captures', 'two_a_eth1--b_eth1.pcapng'), 'latin1')
    expect(text).toContain('clab-two-a:eth1')
    expect(text).toMatch(/lost on the way: \w+/)
    const printed = drylab('tcpdump', '-nn', '-r', 'captures/two_a_eth1--b_eth1.pcapng', 'icmp')
    expect(withoutTime(printed.stdout).split('\n')).toHaveLength(5)
  })

  test('changes nothing of the run', () => {
    const plain = drylab('run', 's.yaml').stdout
    expect(drylab('run', '--pcap', 'again', 's.yaml').stdout).toBe(plain)
  })
})
