import { formatPrefix } from '../../wire/address.ts'
import type { LintRule } from '../rule.ts'

export const networkNotInTable: LintRule = {
  id: 'bgp/network-not-in-table',
  level: 'warning',
  summary: 'a network statement announces nothing, because the routing table has no such route',
  explain:
    'With import-check (the default of FRR) a network is announced only while exactly this prefix is in the routing table; another length does not count.',
  *check(context) {
    for (const { model, speaker, name, hasForeignRoutes } of context.speakers) {
      if (!model.networkImportCheck || hasForeignRoutes) continue
      for (const { prefix, source, backdoor } of model.networks) {
        const paths = speaker.table.rib.get(prefix)?.paths ?? []
        if (backdoor || paths.some(path => path.kind === 'network' && path.isValid)) continue
        const text = formatPrefix(prefix)
        yield {
          message: `${name} does not announce ${text}: exactly this prefix is not in its routing table`,
          source,
          fix: `give an interface an address of ${text}, add "ip route ${text} blackhole" or "no bgp network import-check"`,
        }
      }
    }
  },
}
