/** A UDP datagram, RFC 768. The payload is counted and labelled, not kept as bytes. */
export interface UdpDatagram {
  readonly kind: 'udp'
  readonly sourcePort: number
  readonly destinationPort: number
  readonly payloadBytes: number
}

export const UDP_HEADER_BYTES = 8
