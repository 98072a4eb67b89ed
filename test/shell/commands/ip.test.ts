import { describe, expect, test } from 'vitest'
import { arp } from '../../../src/shell/commands/arp.ts'
import { bridge } from '../../../src/shell/commands/bridge.ts'
import { ip } from '../../../src/shell/commands/ip.ts'
import { ping } from '../../../src/shell/commands/ping.ts'
import { replayGolden } from '../../support/golden.ts'

const COMMANDS = [ip, bridge, arp, ping]

/** Recorded commands whose answer differs, with the reason. */
const DIFFERENT: ReadonlyMap<string, string> = new Map([])

describe.each(['address', 'route', 'neighbor', 'nexthop', 'more'])('ip prints what iproute2 6.1 printed: %s', name => {
  for (const { title, real, simulated } of replayGolden(`iproute2/${name}.json`, COMMANDS)) {
    if (DIFFERENT.has(title)) continue
    test(title, () => expect(simulated).toEqual(real))
  }
})
