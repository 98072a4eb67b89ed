import type { BgpDraft } from '../bgp-draft.ts'
import type { Statement } from '../statement.ts'

/** Switches of the instance: the words after `bgp`, kept by name; their defaults are in router-defaults.ts. */
const FLAGS: readonly (string | { readonly words: string; readonly since: number })[] = [
  'ebgp-requires-policy',
  'network import-check',
  'fast-external-failover',
  { words: 'enforce-first-as', since: 901 },
  'reject-as-sets',
  'suppress-duplicates',
  'always-compare-med',
  'deterministic-med',
  'client-to-client reflection',
  'route-reflector allow-outbound-policy',
  'hard-administrative-reset',
  'default show-hostname',
  'default show-nexthop-hostname',
  'graceful-shutdown',
  'log-neighbor-changes',
  'graceful-restart notification',
  'graceful-restart preserve-fw-state',
  'bestpath compare-routerid',
  'bestpath as-path ignore',
  'bestpath as-path confed',
  'bestpath peer-type multipath-relax',
]

export const bgpInstanceStatements: readonly Statement[] = [
  ...FLAGS.map((flag): Statement => {
    const { words, since } = typeof flag === 'string' ? { words: flag, since: 0 } : flag
    return {
      node: 'bgp',
      syntax: `bgp ${words}`,
      no: `bgp ${words}`,
      since,
      apply: (context, values) => context.bgp.flags.set(words, !values.isNegated),
    }
  }),
  {
    node: 'bgp',
    syntax: 'bgp router-id <id:ipv4>',
    no: 'bgp router-id [<id:ipv4>]',
    apply({ bgp }, values) {
      bgp.routerId = values.isNegated ? undefined : values.ipv4('id')
    },
  },
  {
    node: 'bgp',
    syntax: 'bgp cluster-id (<id:ipv4>|<number:number 1-4294967295>)',
    no: 'bgp cluster-id [(<id:ipv4>|<number:number 1-4294967295>)]',
    apply({ bgp }, values) {
      bgp.clusterId = values.isNegated ? undefined : (values.optionalIpv4('id') ?? values.ipv4('number'))
    },
  },
  {
    node: 'bgp',
    syntax: 'bgp confederation identifier <asn:asn>',
    no: 'bgp confederation identifier [<asn:asn>]',
    apply({ bgp }, values) {
      bgp.confederationIdentifier = values.isNegated ? undefined : values.number('asn')
    },
  },
  {
    node: 'bgp',
    syntax: 'bgp confederation peers <asns:asn...>',
    no: 'bgp confederation peers <asns:asn...>',
    apply(context, values) {
      const { bgp } = context
      for (const asn of values.list('asns') as readonly number[]) {
        if (values.isNegated) bgp.confederationPeers.delete(asn)
        else if (asn === bgp.asn) context.refuse('% Local member-AS not allowed in confed peer list')
        else bgp.confederationPeers.add(asn)
      }
    },
  },
  {
    node: 'bgp',
    syntax: 'bgp default local-preference <value:number 0-4294967295>',
    no: 'bgp default local-preference [<value:number 0-4294967295>]',
    apply({ bgp }, values) {
      bgp.defaultLocalPreference = values.isNegated ? undefined : values.number('value')
    },
  },
  {
    node: 'bgp',
    syntax: 'bgp default ipv4-unicast',
    no: 'bgp default ipv4-unicast',
    apply({ bgp }, values) {
      bgp.isIpv4UnicastDefault = !values.isNegated
    },
  },
  {
    node: 'bgp',
    syntax: 'bgp bestpath as-path multipath-relax [<set=as-set|no-as-set>]',
    no: 'bgp bestpath as-path multipath-relax [<set=as-set|no-as-set>]',
    apply({ bgp }, values) {
      bgp.multipathRelax = values.isNegated ? undefined : values.has('as-set') ? 'as-set' : 'relax'
    },
  },
  {
    node: 'bgp',
    syntax: 'bgp bestpath med {confed|missing-as-worst}',
    no: 'bgp bestpath med {confed|missing-as-worst}',
    apply({ bgp }, values) {
      if (values.has('confed')) bgp.medConfed = !values.isNegated
      if (values.has('missing-as-worst')) bgp.medMissingAsWorst = !values.isNegated
    },
  },
  {
    node: 'bgp',
    syntax: 'timers bgp <keepalive:number 0-65535> <hold:number 0-65535>',
    no: 'timers bgp [<keepalive:number 0-65535> <hold:number 0-65535>]',
    apply(context, values) {
      const timers = values.isNegated ? undefined : boundTimers(values.number('keepalive'), values.number('hold'))
      if (timers === null) {
        context.refuse('% hold time value must be either 0 or greater than 3')
        return
      }
      context.bgp.timers = timers
    },
  },
  {
    node: 'bgp',
    syntax: 'coalesce-time <milliseconds:number 0-4294967295>',
    no: 'coalesce-time [<milliseconds:number 0-4294967295>]',
    apply({ bgp }, values) {
      bgp.coalesceMs = values.isNegated ? undefined : values.number('milliseconds')
    },
  },
  {
    node: 'bgp',
    syntax: 'bgp graceful-restart',
    no: 'bgp graceful-restart',
    apply: ({ bgp }, values) => setGracefulRestart(bgp, values.isNegated ? undefined : 'restarting'),
  },
  {
    node: 'bgp',
    syntax: 'bgp graceful-restart-disable',
    no: 'bgp graceful-restart-disable',
    apply: ({ bgp }, values) => setGracefulRestart(bgp, values.isNegated ? undefined : 'disabled'),
  },
  {
    node: 'bgp',
    syntax: 'bgp graceful-restart restart-time <seconds:number 0-4095>',
    no: 'bgp graceful-restart restart-time [<seconds:number 0-4095>]',
    apply({ bgp }, values) {
      bgp.restartSeconds = values.isNegated ? undefined : values.number('seconds')
    },
  },
  {
    node: 'bgp',
    syntax: 'bgp graceful-restart stalepath-time <seconds:number 1-4095>',
    no: 'bgp graceful-restart stalepath-time [<seconds:number 1-4095>]',
    apply({ bgp }, values) {
      bgp.stalePathSeconds = values.isNegated ? undefined : values.number('seconds')
    },
  },
  {
    node: 'bgp',
    syntax: 'bgp listen limit <limit:number 1-65535>',
    no: 'bgp listen limit [<limit:number 1-65535>]',
    apply({ bgp }, values) {
      bgp.listenLimit = values.isNegated ? undefined : values.number('limit')
    },
  },
  {
    node: 'bgp',
    syntax: 'bgp listen range (<prefix:prefix>|<prefix6:ipv6>) peer-group <group:word>',
    no: 'bgp listen range (<prefix:prefix>|<prefix6:ipv6>) peer-group <group:word>',
    apply(context, values) {
      const prefix = values.optionalPrefix('prefix')
      if (prefix === undefined) {
        context.unmodelled(`IPv6 listen range ${values.text('prefix6')}`)
        return
      }
      if (values.isNegated) context.bgp.listenRanges.delete(prefix)
      else if (!context.bgp.groups.has(values.text('group'))) context.refuse('% Configure the peer-group first')
      else context.bgp.listenRanges.set(prefix, values.text('group'))
    },
  },
]

/** Keepalive never exceeds a third of the hold time (bgpd/bgpd.c `bgp_timers_set`). Null: FRR refuses the hold time. */
export function boundTimers(
  keepalive: number,
  hold: number,
): { readonly keepaliveSeconds: number; readonly holdSeconds: number } | null {
  if (hold > 0 && hold < 3) return null
  return { keepaliveSeconds: Math.min(keepalive, Math.floor(hold / 3)), holdSeconds: hold }
}

function setGracefulRestart(bgp: BgpDraft, mode: 'restarting' | 'disabled' | undefined): void {
  bgp.gracefulRestartMode = mode
}
