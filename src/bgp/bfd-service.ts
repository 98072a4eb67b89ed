import type { BfdSettings } from '../model/bfd.ts'
import type { Ipv4Address } from '../wire/address.ts'

/** What a speaker asks of bfdd: sessions to watch its peers. */
export interface BfdService {
  /** @param onChange the session came up, or went down after it was up */
  watch(peer: Ipv4Address, settings: BfdSettings, onChange: (isUp: boolean) => void): BfdWatch
}

export interface BfdWatch {
  /** The BGP session is up: the BFD session shows its own address and interface. */
  bind(local: Ipv4Address, interfaceName: string | undefined): void
  stop(): void
}
