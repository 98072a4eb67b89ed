import type { PeerDraft, PeerOptions } from '../bgp-draft.ts'
import { findPeer } from '../peer-lookup.ts'
import type { Statement, StatementContext } from '../statement.ts'
import type { StatementArguments } from '../statement-arguments.ts'
import { boundTimers } from './bgp-instance.ts'

type ApplyToPeer = (peer: PeerDraft, values: StatementArguments, context: StatementContext) => void

/** Switches of a session: the words after the neighbour and the option they set. */
const SWITCHES: readonly (readonly [words: string, option: BooleanOption, since?: number])[] = [
  ['passive', 'passive'],
  ['solo', 'solo'],
  ['disable-connected-check', 'disableConnectedCheck'],
  ['enforce-multihop', 'disableConnectedCheck'],
  ['enforce-first-as', 'enforceFirstAs'],
  ['capability dynamic', 'dynamicCapability'],
  ['capability extended-nexthop', 'extendedNextHop'],
  ['capability software-version', 'softwareVersion', 900],
  ['dont-capability-negotiate', 'dontCapabilityNegotiate'],
  ['override-capability', 'overrideCapability'],
  ['strict-capability-match', 'strictCapabilityMatch'],
]

type BooleanOption = {
  [Key in keyof PeerOptions]-?: boolean extends PeerOptions[Key] ? Key : never
}[keyof PeerOptions]

/** Statements about a neighbour's session. */
export const neighborSessionStatements: readonly Statement[] = [
  ...SWITCHES.map(([words, option, since]) =>
    session(words, words, (peer, values) => (peer.options[option] = !values.isNegated), since),
  ),
  session('description <text:rest>', 'description [<text:rest>]', (peer, values) => {
    peer.options.description = values.isNegated ? undefined : values.text('text')
  }),
  session('shutdown [message <message:rest>]', 'shutdown [message <message:rest>]', (peer, values) => {
    peer.options.shutdown = !values.isNegated
    peer.options.shutdownMessage = values.isNegated ? undefined : values.optionalText('message')
  }),
  session('password <password:rest>', 'password [<password:rest>]', (peer, values) => {
    peer.options.password = values.isNegated ? undefined : values.text('password')
  }),
  session('port <port:number 0-65535>', 'port [<port:number 0-65535>]', (peer, values) => {
    peer.options.port = values.isNegated ? undefined : values.number('port')
  }),
  session(
    'update-source (<address:ipv4>|<address6:ipv6>|<interface:word>)',
    'update-source [<any:word>]',
    applyUpdateSource,
  ),
  session('ebgp-multihop [<ttl:number 1-255>]', 'ebgp-multihop [<ttl:number 1-255>]', applyMultihop),
  session('ttl-security hops <hops:number 1-254>', 'ttl-security hops <hops:number 1-254>', applyTtlSecurity),
  session(
    'local-as <asn:asn> [no-prepend [replace-as]]',
    'local-as [<asn:asn> [no-prepend [replace-as]]]',
    applyLocalAs,
  ),
  session(
    'timers <keepalive:number 0-65535> <hold:number 0-65535>',
    'timers [<keepalive:number 0-65535> <hold:number 0-65535>]',
    applyTimers,
  ),
  session('timers connect <seconds:number 1-65535>', 'timers connect [<seconds:number 1-65535>]', (peer, values) => {
    peer.options.connectRetrySeconds = values.isNegated ? undefined : values.number('seconds')
  }),
  session('timers delayopen <seconds:number 1-240>', 'timers delayopen [<seconds:number 0-65535>]', (peer, values) => {
    peer.options.delayOpenSeconds = values.isNegated ? undefined : values.number('seconds')
  }),
  session(
    'advertisement-interval <seconds:number 0-600>',
    'advertisement-interval [<seconds:number 0-600>]',
    (peer, values) => {
      peer.options.advertisementIntervalSeconds = values.isNegated ? undefined : values.number('seconds')
    },
  ),
  session('bfd', 'bfd', (peer, values) => {
    peer.options.bfd = !values.isNegated
    if (values.isNegated) peer.options.bfdSettings = undefined
  }),
  session(
    'bfd <multiplier:number 2-255> <receive:number 50-60000> <transmit:number 50-60000>',
    'bfd <multiplier:number 2-255> <receive:number 50-60000> <transmit:number 50-60000>',
    (peer, values) => {
      peer.options.bfd = !values.isNegated
      peer.options.bfdSettings = values.isNegated
        ? undefined
        : {
            detectMultiplier: values.number('multiplier'),
            receiveMs: values.number('receive'),
            transmitMs: values.number('transmit'),
          }
    },
  ),
  session('bfd profile <profile:word>', 'bfd profile [<profile:word>]', (peer, values) => {
    peer.options.bfd = true
    peer.options.bfdSettings = values.isNegated ? undefined : { profile: values.text('profile') }
  }),
  session('bfd check-control-plane-failure', 'bfd check-control-plane-failure', (_peer, values, context) => {
    if (!values.isNegated) context.unmodelled('neighbor … bfd check-control-plane-failure')
  }),
]

function session(words: string, no: string, apply: ApplyToPeer, since = 0): Statement {
  return {
    node: 'bgp',
    syntax: `neighbor <peer:peer> ${words}`,
    no: `neighbor <peer:peer> ${no}`,
    since,
    apply(context, values) {
      const peer = findPeer(context, values.text('peer'))
      if (peer !== undefined) apply(peer, values, context)
    },
  }
}

function applyUpdateSource(peer: PeerDraft, values: StatementArguments, context: StatementContext): void {
  if (!values.isNegated && values.optionalText('address6') !== undefined) {
    context.unmodelled('IPv6 update-source')
    return
  }
  const address = values.isNegated ? undefined : values.optionalIpv4('address')
  const name = values.isNegated ? undefined : values.optionalText('interface')
  peer.options.updateSource = address ?? (name === undefined ? undefined : { interface: name })
}

function applyMultihop(peer: PeerDraft, values: StatementArguments, context: StatementContext): void {
  if (!values.isNegated && peer.options.ttlSecurityHops !== undefined) {
    context.refuse('% ebgp-multihop and ttl-security cannot be configured together')
    return
  }
  peer.options.ebgpMultihopTtl = values.isNegated ? undefined : (values.optionalNumber('ttl') ?? 255)
}

function applyTtlSecurity(peer: PeerDraft, values: StatementArguments, context: StatementContext): void {
  if (!values.isNegated && peer.options.ebgpMultihopTtl !== undefined) {
    context.refuse('% ebgp-multihop and ttl-security cannot be configured together')
    return
  }
  peer.options.ttlSecurityHops = values.isNegated ? undefined : values.number('hops')
}

function applyLocalAs(peer: PeerDraft, values: StatementArguments, context: StatementContext): void {
  if (values.isNegated) {
    peer.options.localAs = undefined
    return
  }
  const asn = values.number('asn')
  if (asn === context.bgp.asn) {
    context.refuse('% Cannot have local-as same as BGP AS number')
    return
  }
  // Newer releases take it.
  if (asn === peer.options.remoteAs && context.version <= 804) {
    context.refuse('% AS specified for local as is the same as the remote as and this is not allowed.')
    return
  }
  peer.options.localAs = { asn, noPrepend: values.has('no-prepend'), replaceAs: values.has('replace-as') }
}

function applyTimers(peer: PeerDraft, values: StatementArguments, context: StatementContext): void {
  const timers = values.isNegated ? undefined : boundTimers(values.number('keepalive'), values.number('hold'))
  if (timers === null) {
    context.refuse('% hold time value must be either 0 or greater than 3')
    return
  }
  peer.options.timers = timers
}
