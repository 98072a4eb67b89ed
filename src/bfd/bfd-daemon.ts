import type { BfdService, BfdWatch } from '../bgp/bfd-service.ts'
import type { Host } from '../host/host.ts'
import type { UdpSocket } from '../host/udp.ts'
import type { BfdModel, BfdSettings } from '../model/bfd.ts'
import type { Ipv4Address } from '../wire/address.ts'
import { BFD_PORT } from '../wire/bfd.ts'
import { BfdSession, type BfdTimers } from './bfd-session.ts'

/** bfdd's defaults, measured on FRR 8.4.4. */
export const BFD_DEFAULTS: BfdTimers = { detectMultiplier: 3, receiveMs: 300, transmitMs: 300 }

/** Source ports of RFC 5881 §4, as bfdd counts through them: one per session (bfdd/bfd_packet.c bp_peer_socket). */
const SOURCE_PORTS = { first: 49152, end: 65535 } as const

interface Entry {
  readonly session: BfdSession
  readonly socket: UdpSocket
  readonly kind: 'configured' | 'dynamic'
}

/** bfdd of one host: sessions that bgpd asks for and those that are configured by hand. */
export class BfdDaemon implements BfdService {
  readonly #host: Host
  readonly #model: BfdModel
  readonly #sessions = new Map<Ipv4Address, Entry>()
  #listener: UdpSocket | undefined
  #nextPort: number = SOURCE_PORTS.first

  constructor(host: Host, model: BfdModel) {
    this.#host = host
    this.#model = model
  }

  start(): void {
    const listener = this.#host.udp.bind({
      port: BFD_PORT,
      onDatagram: packet => {
        const { payload } = packet.payload
        // RFC 5881 §5: what has passed a router is not taken
        if (payload?.kind === 'bfd' && packet.ttl === 255) this.#sessions.get(packet.source)?.session.receive(payload)
      },
    })
    if (!('port' in listener)) return
    this.#listener = listener
    for (const [peer, settings] of this.#model.peers)
      if (settings.shutdown !== true) this.#open(peer, settings, 'configured')
  }

  /** The program is gone. Its neighbours are not told. */
  stop(): void {
    for (const { session, socket } of this.#sessions.values()) {
      session.stop(false)
      socket.close()
    }
    this.#sessions.clear()
    this.#listener?.close()
    this.#listener = undefined
  }

  watch(peer: Ipv4Address, settings: BfdSettings, onChange: (isUp: boolean) => void): BfdWatch {
    const entry = this.#sessions.get(peer) ?? this.#open(peer, settings, 'dynamic')
    if (entry !== undefined) entry.session.onChange = onChange
    return {
      bind: (local, interfaceName) => {
        if (entry === undefined) return
        entry.session.local = local
        entry.session.interfaceName = interfaceName
      },
      stop: () => {
        if (entry === undefined) return
        entry.session.onChange = () => {}
        if (entry.kind === 'configured' || this.#sessions.get(peer) !== entry) return
        entry.session.stop(true)
        entry.socket.close()
        this.#sessions.delete(peer)
      },
    }
  }

  /** Sessions in order of address. */
  snapshot(): readonly { readonly session: BfdSession; readonly kind: 'configured' | 'dynamic' }[] {
    return [...this.#sessions.values()].sort((one, other) => one.session.peer - other.session.peer)
  }

  #open(peer: Ipv4Address, settings: BfdSettings, kind: 'configured' | 'dynamic') {
    const socket = this.#listener === undefined ? undefined : this.#bindSource()
    if (socket === undefined) return undefined
    const entry: Entry = { session: new BfdSession(this.#host, socket, peer, this.#timers(settings)), socket, kind }
    this.#sessions.set(peer, entry)
    return entry
  }

  /** The next port that nobody has; ports of ended sessions come round again only after all others. */
  #bindSource(): UdpSocket | undefined {
    for (let tries = SOURCE_PORTS.end - SOURCE_PORTS.first; tries > 0; tries -= 1) {
      if (this.#nextPort >= SOURCE_PORTS.end) this.#nextPort = SOURCE_PORTS.first
      const socket = this.#host.udp.bind({ port: this.#nextPort++ })
      if ('port' in socket) return socket
    }
    return undefined
  }

  /** The peer's own values, then its profile's, then the defaults. */
  #timers(settings: BfdSettings): BfdTimers {
    const profile = settings.profile === undefined ? undefined : this.#model.profiles.get(settings.profile)
    const value = (key: keyof BfdTimers): number => settings[key] ?? profile?.[key] ?? BFD_DEFAULTS[key]
    return {
      detectMultiplier: value('detectMultiplier'),
      receiveMs: value('receiveMs'),
      transmitMs: value('transmitMs'),
    }
  }
}
