import { UNSPECIFIED } from '../wire/address.ts'
import type { BgpOpen } from '../wire/bgp/message.ts'
import { OPEN_ERROR } from './notification.ts'
import type { PeerConnection } from './peer-connection.ts'
import type { Session } from './session.ts'

/** What the NOTIFICATION says with which an OPEN is refused. */
export interface OpenRefusal {
  readonly subcode: number
  readonly data: readonly number[]
}

/** RFC 4271 §6.2; undefined: the OPEN is taken. */
export function judgeOpen({ model, type, speaker }: Session, open: BgpOpen): OpenRefusal | undefined {
  const { remoteAs } = model
  const own = model.localAs?.asn ?? speaker.model.asn
  const isWrongAs =
    remoteAs === 'internal'
      ? open.asn !== own
      : remoteAs === 'external'
        ? open.asn === own
        : remoteAs !== undefined && open.asn !== remoteAs
  if (isWrongAs) return { subcode: OPEN_ERROR.badPeerAs, data: [(open.asn >> 8) & 255, open.asn & 255] }
  if (open.routerId === UNSPECIFIED || (type === 'ibgp' && open.routerId === speaker.routerId))
    return { subcode: OPEN_ERROR.badBgpIdentifier, data: [] }
  if (open.holdSeconds === 1 || open.holdSeconds === 2) return { subcode: OPEN_ERROR.unacceptableHoldTime, data: [] }
  return undefined
}

/**
 * RFC 4271 §6.8: which of two connections to a peer goes, now that one of them has heard an OPEN: that of the side with the lower
 * router id, but never one that is Established. Undefined while there is nothing to decide.
 */
export function collisionLoser(
  session: Session,
  connection: PeerConnection,
  other: PeerConnection,
  open: BgpOpen,
): PeerConnection | undefined {
  const { state } = other
  if (state === 'Established' || state === 'Clearing') return connection
  if (state !== 'OpenConfirm' && state !== 'OpenSent') return undefined
  const own = session.speaker.routerId
  const remoteWins = own < open.routerId || (own === open.routerId && session.localAsn < open.asn)
  return connection.isAccepted === remoteWins ? other : connection
}
