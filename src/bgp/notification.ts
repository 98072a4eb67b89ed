/** Codes and subcodes of NOTIFICATION that the speaker sends: RFC 4271 §4.5, RFC 4486, RFC 8538. */
export const CEASE = {
  code: 6,
  maximumPrefixes: 1,
  administrativeShutdown: 2,
  peerDeconfigured: 3,
  administrativeReset: 4,
  connectionRejected: 5,
  otherConfigurationChange: 6,
  collision: 7,
  hardReset: 9,
  bfdDown: 10,
} as const

/** OPEN message error with its subcodes, RFC 4271 §6.2. */
export const OPEN_ERROR = { code: 2, badPeerAs: 2, badBgpIdentifier: 3, unacceptableHoldTime: 6 } as const
/** RFC 4271 §6.5. */
export const HOLD_TIMER_EXPIRED = { code: 4, subcode: 0 } as const
/** Finite state machine error, RFC 4271 §6.6; its subcodes are those of RFC 6608. */
export const STATE_MACHINE_ERROR = { code: 5 } as const

const CODES: Readonly<Record<number, string>> = {
  1: 'Message Header Error',
  2: 'OPEN Message Error',
  3: 'UPDATE Message Error',
  4: 'Hold Timer Expired',
  5: 'Neighbor Events Error',
  6: 'Cease',
  7: 'ROUTE-REFRESH Message Error',
}

const SUBCODES: Readonly<Record<number, readonly string[]>> = {
  1: ['', 'Connection Not Synchronized', 'Bad Message Length', 'Bad Message Type'],
  2: [
    'Unspecific',
    'Unsupported Version Number',
    'Bad Peer AS',
    'Bad BGP Identifier',
    'Unsupported Optional Parameter',
    'Authentication Failure',
    'Unacceptable Hold Time',
    'Unsupported Capability',
  ],
  3: [
    'Unspecific',
    'Malformed Attribute List',
    'Unrecognized Well-known Attribute',
    'Missing Well-known Attribute',
    'Attribute Flags Error',
    'Attribute Length Error',
    'Invalid ORIGIN Attribute',
    'AS Routing Loop',
    'Invalid NEXT_HOP Attribute',
    'Optional Attribute Error',
    'Invalid Network Field',
    'Malformed AS_PATH',
  ],
  5: [
    'Unspecific',
    'Receive Unexpected Message in OpenSent State',
    'Receive Unexpected Message in OpenConfirm State',
    'Receive Unexpected Message in Established State',
  ],
  6: [
    'Unspecific',
    'Maximum Number of Prefixes Reached',
    'Administrative Shutdown',
    'Peer De-configured',
    'Administrative Reset',
    'Connection Rejected',
    'Other Configuration Change',
    'Connection Collision Resolution',
    'Out of Resources',
    'Hard Reset',
    'BFD Down',
  ],
}

/** `Cease/Administrative Reset`, `Hold Timer Expired`; a hard reset shows what it carries: `Cease/Administrative Reset/Hard Reset`. */
export function notificationText(code: number, subcode: number, data: readonly number[]): string {
  if (code === CEASE.code && subcode === CEASE.hardReset && data.length >= 2) {
    return `${plainText(data[0]!, data[1]!)}/Hard Reset`
  }
  return plainText(code, subcode)
}

function plainText(code: number, subcode: number): string {
  const name = CODES[code] ?? `Unknown (${code})`
  const sub = SUBCODES[code]?.[subcode]
  return sub === undefined || sub === '' ? name : `${name}/${sub}`
}

/** Reasons of FRR's `peer_down_str` that the speaker uses: text and `lastResetCode`. */
export const PEER_DOWN = {
  routerIdChange: { text: 'Router ID changed', code: 1 },
  adminShutdown: { text: 'Admin. shutdown', code: 11 },
  userReset: { text: 'User reset', code: 12 },
  notificationReceived: { text: 'BGP Notification received', code: 13 },
  notificationSent: { text: 'BGP Notification send', code: 14 },
  closed: { text: 'Peer closed the session', code: 15 },
  neighborDeleted: { text: 'Neighbor deleted', code: 16 },
  closedGracefully: { text: 'NSF peer closed the session', code: 22 },
  bfdDown: { text: 'BFD down received', code: 24 },
  interfaceDown: { text: 'Interface down', code: 25 },
  waitingForNextHop: { text: 'Waiting for NHT', code: 27 },
  noFamily: { text: 'No AFI/SAFI activated for peer', code: 30 },
  waitingForOpen: { text: 'Waiting for peer OPEN', code: 32 },
  prefixCount: { text: 'Reached received prefix count', code: 33 },
} as const
