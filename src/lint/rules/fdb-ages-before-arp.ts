import type { SourceRef } from '../../model/source.ts'
import type { LintContext } from '../context.ts'
import type { LintRule } from '../rule.ts'

/** net.ipv4.neigh.default.base_reachable_time_ms of Linux: a neighbour is confirmed for about so long, seconds. */
const REACHABLE_SECONDS = 30

export const fdbAgesBeforeArp: LintRule = {
  id: 'cilium/fdb-ages-before-arp',
  level: 'info',
  summary: 'a bridge forgets MAC addresses sooner than its hosts forget ARP entries, below an L2 announcement',
  explain:
    'Hosts go on sending to a MAC address that the bridge has forgotten, so that it floods their frames to every port until the holder of the address speaks again. With direct server return it may never do so on that port. Linux keeps ARP entries for 30 s, bridges MAC addresses for 300 s.',
  *check(context) {
    if (!context.clusters.some(view => view.l2Policies.length > 0)) return
    for (const { command, source } of commands(context)) {
      const ageing = ageingSeconds(command)
      if (ageing === undefined || ageing.seconds === 0 || ageing.seconds >= REACHABLE_SECONDS) continue
      yield {
        message: `bridge ${ageing.bridge} forgets MAC addresses after ${ageing.seconds} s, hosts keep ARP entries for ${REACHABLE_SECONDS} s`,
        source,
        fix: 'let it keep them longer than hosts keep ARP entries (the default is 300 s)',
      }
    }
  },
}

function ageingSeconds(command: string): { readonly bridge: string; readonly seconds: number } | undefined {
  const brctl = /\bbrctl\s+setageing\s+(\S+)\s+([\d.]+)/.exec(command)
  if (brctl !== null) return { bridge: brctl[1]!, seconds: Number(brctl[2]) }
  // iproute2 counts it in hundredths of a second
  const ip = /\bip\s+l\w*\s+(?:set|add)\s+(?:dev\s+|name\s+)?(\S+)\s.*\bageing_time\s+(\d+)/.exec(command)
  return ip === null ? undefined : { bridge: ip[1]!, seconds: Number(ip[2]) / 100 }
}

/** `exec` lines of the topologies and lines of the scripts. */
function* commands({ models, texts }: LintContext): Iterable<{ readonly command: string; readonly source: SourceRef }> {
  for (const { exec } of models.values()) yield* exec
  for (const file of texts.scripts) {
    for (const [index, command] of texts.lines(file).entries())
      yield { command, source: { file, line: index + 1, column: command.search(/\S|$/) + 1 } }
  }
}
