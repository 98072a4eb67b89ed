import type { Ipv4Address } from '../wire/address.ts'
import type { Session } from './session.ts'
import type { SpeakerConnection } from './transport.ts'

export const TTL_MAX = 255

/** Opens the TCP connection to a peer; undefined: the source address cannot be used. */
export function connectTo(session: Session, tos: number): SpeakerConnection | undefined {
  const { updateSource, password, ttlSecurityHops, port } = session.model
  const { host, address: destination, ttl } = session
  let source: Ipv4Address | undefined
  if (typeof updateSource === 'number') source = updateSource
  else if (updateSource !== undefined) {
    source = session.speaker.routes.interfaceAddress(updateSource.interface, destination)
    if (source === undefined) return undefined
  }
  if (source !== undefined && !host.isLocalAddress(source)) return undefined
  return host.tcp.connect({
    destination,
    port,
    tos,
    ttl,
    ...(source === undefined ? {} : { source }),
    ...(password === undefined ? {} : { md5Password: password }),
    ...(ttlSecurityHops === undefined ? {} : { minimumTtl: TTL_MAX + 1 - ttlSecurityHops }),
  })
}

/**
 * The TTL of an accepted connection, which has that of the listener until now: FRR bgp_set_socket_ttl. With ttl-security on one
 * side only a session never comes up: measured on FRR 8.4.4.
 */
export function limitHops({ model, type, ttl }: Session, tcp: SpeakerConnection): void {
  const { ttlSecurityHops } = model
  if (ttlSecurityHops !== undefined) tcp.minimumTtl = TTL_MAX + 1 - ttlSecurityHops
  if (ttlSecurityHops !== undefined || type === 'ebgp') tcp.ttl = ttl
}
