import { createBgpDraft } from '../bgp-draft.ts'
import type { Statement, StatementContext } from '../statement.ts'
import type { StatementArguments } from '../statement-arguments.ts'

const OTHER_FAMILY =
  'address-family (<family=ipv6|l2vpn> [<safi=unicast|multicast|vpn|labeled-unicast|flowspec|evpn|encap>]|' +
  'ipv4 <safi=multicast|vpn|labeled-unicast|flowspec|encap|rt-constrain>)'

/** `router bgp` and the families inside it. */
export const routerBgpStatements: readonly Statement[] = [
  {
    node: 'config',
    syntax: 'router bgp [<asn:asn>] [<instance=vrf|view> <name:word>] [as-notation <notation=dot|dot+|plain>]',
    no: 'router bgp [<asn:asn>] [<instance=vrf|view> <name:word>]',
    apply(context, values) {
      const { draft } = context
      if (values.optionalText('name') !== undefined && values.text('name') !== 'default') {
        if (!values.isNegated) enterOtherInstance(context, values)
      } else if (values.isNegated) draft.bgp = undefined
      else enterInstance(context, values.optionalNumber('asn'))
    },
  },
  {
    node: 'bgp',
    syntax: 'address-family ipv4 [unicast]',
    apply: context => context.enterIpv4Unicast(),
  },
  {
    node: 'bgp',
    syntax: OTHER_FAMILY,
    apply: (context, values) => context.enterForeign(familyName(values.line), 'family'),
  },
  {
    node: 'bgp',
    syntax: 'segment-routing srv6',
    no: 'segment-routing srv6',
    apply(context, values) {
      if (!values.isNegated) context.enterForeign('Segment routing', 'family')
    },
  },
  {
    node: 'bgp',
    syntax: 'vnc <what:rest>',
    apply: context => context.enterForeign('VNC', 'protocol'),
  },
]

function enterInstance(context: StatementContext, asn: number | undefined): void {
  const { draft } = context
  if (asn === undefined) {
    if (draft.bgp === undefined) {
      context.refuse('% No BGP process is configured')
      return
    }
  } else if (draft.bgp === undefined) draft.bgp = createBgpDraft(asn, context.source)
  else if (draft.bgp.asn !== asn) {
    context.refuse(`BGP is already running; AS is ${draft.bgp.asn}`)
    context.enterForeign(`A second BGP instance (router bgp ${asn})`, 'protocol')
    return
  }
  context.enterBgp()
}

function enterOtherInstance(context: StatementContext, values: StatementArguments): void {
  const kind = values.text('instance') === 'vrf' ? 'VRF' : 'view'
  context.enterForeign(`BGP in ${kind} ${values.text('name')}`, 'protocol')
}

function familyName(line: string): string {
  return `The family ${line.split(' ').slice(1).join(' ')}`
}
