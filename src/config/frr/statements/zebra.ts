import type { Statement } from '../statement.ts'

export const zebraStatements: readonly Statement[] = [
  {
    node: 'config',
    syntax: 'ip forwarding',
    no: 'ip forwarding',
    apply({ draft }, values) {
      draft.isForwarding = !values.isNegated
    },
  },
  {
    node: 'config',
    syntax: 'ipv6 forwarding',
    no: 'ipv6 forwarding',
    apply({ draft }, values) {
      draft.isIpv6Forwarding = !values.isNegated
    },
  },
  {
    node: 'config',
    syntax: 'ip nht resolve-via-default',
    no: 'ip nht resolve-via-default',
    apply({ draft }, values) {
      draft.resolveViaDefault = !values.isNegated
    },
  },
  {
    node: 'config',
    syntax: 'ip router-id <id:ipv4> [vrf default]',
    no: 'ip router-id [<id:ipv4>] [vrf default]',
    apply({ draft }, values) {
      draft.routerId = values.isNegated ? undefined : values.ipv4('id')
    },
  },
  {
    node: 'config',
    syntax: 'router-id <id:ipv4> [vrf default]',
    no: 'router-id [<id:ipv4>] [vrf default]',
    apply({ draft }, values) {
      draft.routerId = values.isNegated ? undefined : values.ipv4('id')
    },
  },
  {
    node: 'config',
    syntax: 'ip protocol <protocol:word> route-map <name:word>',
    no: 'ip protocol <protocol:word> [route-map <name:word>]',
    apply({ draft }, values) {
      const protocol = values.text('protocol')
      if (values.isNegated) draft.protocolRouteMaps.delete(protocol)
      else draft.protocolRouteMaps.set(protocol, values.text('name'))
    },
  },
  {
    node: 'config',
    syntax: 'zebra nexthop-group keep <seconds:number 1-3600>',
    no: 'zebra nexthop-group keep [<seconds:number 1-3600>]',
    apply({ draft }, values) {
      draft.nextHopGroupKeepSeconds = values.isNegated ? undefined : values.number('seconds')
    },
  },
]
