import { describe, expect, test } from 'vitest'
import type { CommandResult } from '../../../src/shell/command.ts'
import { ifconfig } from '../../../src/shell/commands/ifconfig.ts'
import { ip } from '../../../src/shell/commands/ip.ts'
import { netstat } from '../../../src/shell/commands/netstat.ts'
import { ping } from '../../../src/shell/commands/ping.ts'
import { route } from '../../../src/shell/commands/route.ts'
import { sysctl } from '../../../src/shell/commands/sysctl.ts'
import { traceroute } from '../../../src/shell/commands/traceroute.ts'
import { replayGolden } from '../../support/golden.ts'

const COMMANDS = [ip, route, netstat, ifconfig, sysctl, ping, traceroute]

/** What a clock or the kernel's own chatter decides is replaced on both sides. */
function normalise(result: CommandResult): CommandResult {
  const stdout = result.stdout
    .replace(/time=[\d.]+ ms/g, 'time=T ms')
    .replace(/, time \d+ms/g, ', time Tms')
    .replace(/rtt min\/avg\/max\/mdev = [\d./]+ ms/g, 'rtt T ms')
    .replace(/^\[\d+\.\d{6}\]/gm, '[T]')
    .replace(/ {2}\d+\.\d{3} ms/g, '  T ms')
    .replace(/packets \d+ {2}bytes \d+ \([\d.]+ \w+\)/g, 'packets N')
    .replace(/^(\w+ +\d+) +\d+( +\d+ +\d+ \d+) +\d+( +\d+ +\d+ +\d+ \w+)$/gm, '$1 N$2 N$3')
  return { ...result, stdout }
}

describe.each(['net-tools/route', 'procps/sysctl', 'iputils/ping', 'iputils/many', 'traceroute/traceroute'])(
  'prints what the real tool printed: %s',
  name => {
    for (const { title, real, simulated } of replayGolden(`${name}.json`, COMMANDS)) {
      test(title, () => expect(normalise(simulated)).toEqual(normalise(real)))
    }
  },
)
