import type { GracefulRestartRow, PeerRow } from '../../../bgp/snapshot.ts'

const MODES = { helper: 'Helper*', restarting: 'Restart*', disabled: 'Disable*' } as const
/** BGP_DEFAULT_SELECT_DEFERRAL_TIME; another one cannot be configured in drylab. */
const SELECTION_DEFERRAL_SECONDS = 360

/** What the OPENs of a session that is up say. */
interface Offers {
  readonly isSent: boolean
  readonly remote: { readonly restarting: boolean; readonly notification: boolean } | undefined
  readonly remoteFamily: { readonly forwarding: boolean } | undefined
}

/**
 * The block "Graceful restart information" of one neighbour (bgpd/bgp_vty.c bgp_show_peer and
 * BGP_SHOW_PEER_GR_CAPABILITY), measured on FRR 8.4.4. The star says that the mode is the router's, not the neighbour's own.
 */
export function gracefulLines(peer: PeerRow): readonly string[] {
  const { gracefulRestart: row } = peer
  const offers = offersOf(peer)
  const isBoth = offers.isSent && offers.remote !== undefined
  const flag = (name: string, value: boolean | undefined): string =>
    `    ${name} bit: ${isBoth && value === true ? 'True' : 'False'}`
  const remaining = row.restartNs === undefined ? [] : [`      Restart Time Remaining(sec): ${seconds(row.restartNs)}`]
  return [
    '  Graceful restart information:',
    ...(offers.remote === undefined ? [] : endOfRibLines(row)),
    ...(row.restartNs === undefined ? [] : [`    The remaining time of restart timer is ${seconds(row.restartNs)}`]),
    ...(row.staleNs === undefined ? [] : [`    The remaining time of stalepath timer is ${seconds(row.staleNs)}`]),
    `    Local GR Mode: ${MODES[row.model.mode]}`,
    `    Remote GR Mode: ${remoteMode(offers)}`,
    flag('R', offers.remote?.restarting),
    flag('N', offers.remote?.notification),
    '    Timers:',
    `      Configured Restart Time(sec): ${row.model.restartSeconds}`,
    `      Received Restart Time(sec): ${row.receivedRestartSeconds}`,
    ...remaining,
    ...remaining, // bgpd prints it twice
    ...(isBoth ? familyLines(row, offers.remoteFamily?.forwarding === true) : []),
  ]
}

function offersOf(peer: PeerRow): Offers {
  const remote = peer.receivedCapabilities.find(({ name }) => name === 'graceful-restart')
  const isKnown = remote?.name === 'graceful-restart'
  return {
    isSent: peer.advertisedCapabilities.some(({ name }) => name === 'graceful-restart'),
    remote: isKnown ? remote : undefined,
    remoteFamily: isKnown ? remote.families.find(({ afi, safi }) => afi === 1 && safi === 1) : undefined,
  }
}

function remoteMode({ isSent, remote, remoteFamily }: Offers): string {
  if (!isSent) return 'NotApplicable'
  if (remote === undefined) return 'Disable'
  return remoteFamily === undefined ? 'Helper' : 'Restart'
}

/** End-of-RIB goes only to those who said that they know it. */
function endOfRibLines(row: GracefulRestartRow): readonly string[] {
  return [
    `    End-of-RIB send: ${row.isEndOfRibSent ? 'IPv4 Unicast' : ''}`,
    `    End-of-RIB received: ${row.isEndOfRibReceived ? 'IPv4 Unicast' : ''}`,
  ]
}

function familyLines(row: GracefulRestartRow, isForwarding: boolean): readonly string[] {
  const yes = (value: boolean): string => (value ? 'Yes' : 'No')
  return [
    '    IPv4 Unicast:',
    `      F bit: ${isForwarding ? 'True' : 'False'}`,
    `      End-of-RIB sent: ${yes(row.isEndOfRibSent)}`,
    `      End-of-RIB sent after update: ${yes(row.isEndOfRibSent && row.isEndOfRibLast)}`,
    `      End-of-RIB received: ${yes(row.isEndOfRibReceived)}`,
    '      Timers:',
    `        Configured Stale Path Time(sec): ${row.model.stalePathSeconds}`,
    ...(row.staleNs === undefined ? [] : [`      Stale Path Remaining(sec): ${seconds(row.staleNs)}`]),
    ...(row.model.mode === 'restarting'
      ? [`        Configured Selection Deferral Time(sec): ${SELECTION_DEFERRAL_SECONDS}`]
      : []),
  ]
}

function seconds(ns: number): number {
  return Math.floor(ns / 1e9)
}
