import type { BfdSession } from '../../../bfd/bfd-session.ts'
import { formatIpv4 } from '../../../wire/address.ts'
import { type Json, jsonPretty } from './json-c.ts'
import { addressWord, hasWord, type VtyshContext } from './vtysh-context.ts'

/** Texts of RFC 5880 diagnostics as bfdd prints them (bfdd/bfd.c diag2str). */
const DIAGNOSTICS = [
  'ok',
  'control detection time expired',
  'echo function failed',
  'neighbor signaled session down',
] as const

interface Row {
  readonly session: BfdSession
  readonly kind: 'configured' | 'dynamic'
}

/** `show bfd peers [json]`, `show bfd peer A.B.C.D [json]` (bfdd/bfdd_vty.c `_display_peer`); texts measured on FRR 8.4.4. */
export function showBfdPeers(context: VtyshContext): undefined {
  const wanted = addressWord(context)
  const rows = rowsOf(context).filter(({ session }) => wanted === undefined || formatIpv4(session.peer) === wanted)
  if (hasWord(context, 'json')) {
    const objects = rows.map(row => peerJson(context, row))
    context.out(`${jsonPretty(wanted === undefined ? objects : (objects[0] ?? {}))}\n`)
    return
  }
  if (wanted !== undefined && rows.length === 0) {
    context.out('% Unable to find session\n')
    return
  }
  context.out(wanted === undefined ? 'BFD Peers:\n' : 'BFD Peer:\n')
  for (const row of rows) context.out(peerText(context, row))
}

/** `show bfd peers brief [json]`. */
export function showBfdPeersBrief(context: VtyshContext): undefined {
  const rows = rowsOf(context)
  if (hasWord(context, 'json')) {
    context.out(`${jsonPretty(rows.map(row => peerJson(context, row)))}\n`)
    return
  }
  const line = (id: string, local: string, peer: string, status: string): string =>
    `${id.padEnd(10)} ${local.padEnd(40)} ${peer.padEnd(40)}${status.padEnd(15)}\n`
  context.out(`Session count: ${rows.length}\n`)
  context.out(line('SessionId', 'LocalAddress', 'PeerAddress', 'Status'))
  context.out(line('=========', '============', '===========', '======'))
  for (const { session } of rows)
    context.out(
      line(String(session.discriminator), formatIpv4(session.local ?? 0), formatIpv4(session.peer), session.state),
    )
}

/** `show bfd peers counters [json]`. */
export function showBfdPeersCounters(context: VtyshContext): undefined {
  const rows = rowsOf(context)
  if (hasWord(context, 'json')) {
    const objects = rows.map(({ session }) => ({
      ...nameJson(session),
      'control-packet-input': session.counters.input,
      'control-packet-output': session.counters.output,
      'echo-packet-input': 0,
      'echo-packet-output': 0,
      'session-up': session.counters.up,
      'session-down': session.counters.down,
      'zebra-notifications': session.counters.notifications,
    }))
    context.out(`${jsonPretty(objects)}\n`)
    return
  }
  context.out('BFD Peers:\n')
  for (const { session } of rows) {
    const { input, output, up, down, notifications } = session.counters
    context.out(
      [
        `\t${nameText(session)}`,
        `\t\tControl packet input: ${input} packets`,
        `\t\tControl packet output: ${output} packets`,
        '\t\tEcho packet input: 0 packets',
        '\t\tEcho packet output: 0 packets',
        `\t\tSession up events: ${up}`,
        `\t\tSession down events: ${down}`,
        `\t\tZebra notifications: ${notifications}`,
        '',
        '',
      ].join('\n'),
    )
  }
}

function rowsOf({ router }: VtyshContext): readonly Row[] {
  return router.bfd?.snapshot() ?? []
}

function peerText(context: VtyshContext, { session, kind }: Row): string {
  const { state, timers } = session
  const remote = remoteOf(session)
  const span = `${state === 'up' ? 'Uptime' : 'Downtime'}: ${spanText(secondsSince(context, session))}`
  return [
    `\t${nameText(session)}`,
    `\t\tID: ${session.discriminator}`,
    `\t\tRemote ID: ${session.remoteDiscriminator}`,
    '\t\tActive mode',
    `\t\tStatus: ${state}`,
    ...(state === 'init' ? [] : [`\t\t${span}`]),
    `\t\tDiagnostics: ${DIAGNOSTICS[session.diagnostic] ?? 'unknown'}`,
    `\t\tRemote diagnostics: ${DIAGNOSTICS[session.remote?.diagnostic ?? 0] ?? 'unknown'}`,
    `\t\tPeer Type: ${kind}`,
    '\t\tRTT min/avg/max: 0/0/0 usec',
    '\t\tLocal timers:',
    `\t\t\tDetect-multiplier: ${timers.detectMultiplier}`,
    `\t\t\tReceive interval: ${timers.receiveMs}ms`,
    `\t\t\tTransmission interval: ${timers.transmitMs}ms`,
    '\t\t\tEcho receive interval: 50ms',
    '\t\t\tEcho transmission interval: disabled',
    '\t\tRemote timers:',
    `\t\t\tDetect-multiplier: ${remote.multiplier}`,
    `\t\t\tReceive interval: ${remote.receiveMs}ms`,
    `\t\t\tTransmission interval: ${remote.transmitMs}ms`,
    `\t\t\tEcho receive interval: ${remote.echoMs === 0 ? 'disabled' : `${remote.echoMs}ms`}`,
    '',
    '',
  ].join('\n')
}

function peerJson(context: VtyshContext, { session }: Row): Readonly<Record<string, Json>> {
  const { state, timers } = session
  const remote = remoteOf(session)
  const since = secondsSince(context, session)
  return {
    ...nameJson(session),
    id: session.discriminator,
    'remote-id': session.remoteDiscriminator,
    'passive-mode': false,
    status: state,
    ...(state === 'up' ? { uptime: since } : state === 'down' ? { downtime: since } : {}),
    diagnostic: DIAGNOSTICS[session.diagnostic] ?? 'unknown',
    'remote-diagnostic': DIAGNOSTICS[session.remote?.diagnostic ?? 0] ?? 'unknown',
    'receive-interval': timers.receiveMs,
    'transmit-interval': timers.transmitMs,
    'echo-receive-interval': 50,
    'echo-transmit-interval': 0,
    'detect-multiplier': timers.detectMultiplier,
    'remote-receive-interval': remote.receiveMs,
    'remote-transmit-interval': remote.transmitMs,
    'remote-echo-receive-interval': remote.echoMs,
    'remote-detect-multiplier': remote.multiplier,
    'rtt-min': 0,
    'rtt-avg': 0,
    'rtt-max': 0,
  }
}

function nameText({ peer, local, interfaceName }: BfdSession): string {
  const from = local === undefined ? '' : ` local-address ${formatIpv4(local)}`
  return `peer ${formatIpv4(peer)}${from} vrf default${interfaceName === undefined ? '' : ` interface ${interfaceName}`}`
}

function nameJson({ peer, local, interfaceName }: BfdSession): Readonly<Record<string, Json>> {
  return {
    multihop: false,
    peer: formatIpv4(peer),
    ...(local === undefined ? {} : { local: formatIpv4(local) }),
    vrf: 'default',
    ...(interfaceName === undefined ? {} : { interface: interfaceName }),
  }
}

/** What the neighbour last said; before that what bfdd starts with. */
function remoteOf({ remote }: BfdSession) {
  return {
    multiplier: remote?.detectMultiplier ?? 3,
    receiveMs: (remote?.requiredReceiveUs ?? 1e6) / 1000,
    transmitMs: (remote?.desiredTransmitUs ?? 1e6) / 1000,
    echoMs: (remote?.requiredEchoReceiveUs ?? 0) / 1000,
  }
}

function secondsSince({ simulator }: VtyshContext, { changedAtNs }: BfdSession): number {
  return Math.floor((simulator.nowNs - changedAtNs) / 1e9)
}

/** bfdd's `time elapsed`: parts that are zero are left out, the seconds never. */
function spanText(total: number): string {
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(total / 86_400), 'day(s)'],
    [Math.floor(total / 3600) % 24, 'hour(s)'],
    [Math.floor(total / 60) % 60, 'minute(s)'],
  ]
  const long = parts.filter(([value]) => value > 0).map(([value, unit]) => `${value} ${unit}, `)
  return `${long.join('')}${total % 60} second(s)`
}
