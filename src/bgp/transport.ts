import type { Origin } from '../sim/origin.ts'
import type { Random } from '../sim/random.ts'
import type { Simulator } from '../sim/simulator.ts'
import type { Ipv4Address } from '../wire/address.ts'
import type { RecordList, RecordsHandler } from '../wire/stream.ts'

/** What a speaker needs of the host it runs on. `Host` fits; tests may pass less than a host. */
export interface SpeakerHost {
  readonly name: string
  readonly simulator: Simulator
  readonly origin: Origin
  readonly random: Random
  readonly tcp: SpeakerTransport
  isLocalAddress(address: Ipv4Address): boolean
}

/** A listening socket with the MD5 passwords of those who may connect. */
export interface SpeakerListener {
  readonly md5Passwords?: Map<Ipv4Address, string>
  close(): void
}

interface SpeakerTransport {
  listen(options: {
    readonly port: number
    readonly onConnection: (connection: SpeakerConnection) => void
    readonly ttl?: number
    readonly tos?: number
  }): SpeakerListener | { readonly error: string }
  connect(options: {
    readonly destination: Ipv4Address
    readonly port: number
    readonly source?: Ipv4Address
    readonly ttl?: number
    readonly tos?: number
    readonly minimumTtl?: number
    readonly md5Password?: string
  }): SpeakerConnection
}

/** One TCP connection; the four callbacks are set by its owner before anything happens. */
export interface SpeakerConnection {
  readonly localAddress: Ipv4Address
  readonly localPort: number
  readonly remoteAddress: Ipv4Address
  readonly remotePort: number
  /** IP_TTL and IP_MINTTL, which may be set at any time. */
  ttl: number
  minimumTtl: number
  onEstablished: () => void
  onRecords: RecordsHandler
  onRemoteClose: () => void
  onClosed: (reason: ConnectionEnd) => void
  /** One write(2). The same list may be sent on many connections, and costs what one costs. */
  send(records: RecordList): void
  /** FIN */
  close(): void
  /** RST */
  abort(): void
}

export type ConnectionEnd =
  | 'closed'
  | 'reset'
  | 'refused'
  | 'timeout'
  | 'host-unreachable'
  | 'network-unreachable'
  | 'aborted'
