import type { Ipv4Address } from '../wire/address.ts'

/** What a profile or a peer sets; what is missing comes from the profile, then from bfdd's defaults (300 ms, 300 ms, 3). */
export interface BfdSettings {
  readonly detectMultiplier?: number
  readonly receiveMs?: number
  readonly transmitMs?: number
  readonly shutdown?: boolean
  readonly profile?: string
}

/** The `bfd` block of a router. */
export interface BfdModel {
  readonly profiles: ReadonlyMap<string, BfdSettings>
  /** Peers configured by hand, by address. */
  readonly peers: ReadonlyMap<Ipv4Address, BfdSettings>
}
