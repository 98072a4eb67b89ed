import type { BfdService, BfdWatch } from '../bgp/bfd-service.ts'
import type { Host } from '../host/host.ts'
import type { UdpSocket } from '../host/udp.ts'
import type { BfdModel, BfdSettings } from '../model/bfd.ts'
import type { Ipv4Address } from '../wire/address.ts'
import { BFD_PORT } from '../wire/bfd.ts'
import { BfdSession, type BfdTimers } from './bfd-session.ts'

/** bfdd's defaults, measured on FRR 8.4.4. */
export const BFD_DEFAULTS: BfdTimers = { detectMultiplier: 3, receiveMs: 300, transmitMs: 300 }

/** bfdd's first source port. RFC 5881 §4 */
const SOURCE_PORT = 49152

/** bfdd of one host: sessions that bgpd asks for and those that are configured by hand. */
export class BfdDaemon implements BfdService {
  readonly #host: Host
  readonly #model: BfdModel
  readonly #sessions = new Map<Ipv4Address, { session: BfdSession; readonly kind: 'configured' | 'dynamic' }>()
  readonly #sockets: UdpSocket[] = []
  #sender: UdpSocket | undefined

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
    const sender = this.#host.udp.bind({ port: SOURCE_PORT })
    for (const socket of [listener, sender]) if ('port' in socket) this.#sockets.push(socket)
    this.#sender = 'port' in sender ? sender : undefined
    for (const [peer, settings] of this.#model.peers)
      if (settings.shutdown !== true) this.#open(peer, settings, 'configured')
  }

  /** The program is gone. Its neighbours are not told. */
  stop(): void {
    for (const { session } of this.#sessions.values()) session.stop(false)
    this.#sessions.clear()
    for (const socket of this.#sockets.splice(0)) socket.close()
    this.#sender = undefined
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
        this.#sessions.delete(peer)
      },
    }
  }

  /** Sessions in order of address. */
  snapshot(): readonly { readonly session: BfdSession; readonly kind: 'configured' | 'dynamic' }[] {
    return [...this.#sessions.values()].sort((one, other) => one.session.peer - other.session.peer)
  }

  #open(peer: Ipv4Address, settings: BfdSettings, kind: 'configured' | 'dynamic') {
    if (this.#sender === undefined) return undefined
    const session = new BfdSession(this.#host, this.#sender, peer, this.#timers(settings))
    const entry = { session, kind }
    this.#sessions.set(peer, entry)
    return entry
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
