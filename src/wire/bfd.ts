/** States of RFC 5880 §4.1 in the order of their numbers. */
export const BFD_STATES = ['admin-down', 'down', 'init', 'up'] as const
/** A state of a BFD session, as packets carry it. */
export type BfdState = (typeof BFD_STATES)[number]

/** A BFD control packet of version 1 without authentication, RFC 5880 §4.1. Intervals are microseconds. */
export interface BfdControlPacket {
  readonly kind: 'bfd'
  readonly state: BfdState
  readonly diagnostic: number
  readonly isPoll: boolean
  readonly isFinal: boolean
  readonly detectMultiplier: number
  readonly myDiscriminator: number
  readonly yourDiscriminator: number
  readonly desiredTransmitUs: number
  readonly requiredReceiveUs: number
  readonly requiredEchoReceiveUs: number
}

/** RFC 5881 §4: single-hop control packets. */
export const BFD_PORT = 3784
/** Length of a control packet without authentication. */
export const BFD_BYTES = 24
