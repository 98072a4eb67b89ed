import type { Sysctl } from '../sysctl.ts'
import type { ReceiveMemory } from './receive-window.ts'

/** What connections ask of the kernel's settings that are several numbers in one line. */
export interface TcpSettings {
  /** Largest of net.ipv4.tcp_rmem and net.core.rmem_max. */
  readonly receiveMemory: ReceiveMemory
  /** net.ipv4.ip_local_port_range: first and last ephemeral port. */
  readonly portRange: readonly [number, number]
}

/** Reads the settings again when one has changed, and not for each connection. */
export class TcpSettingsReader {
  readonly #sysctl: Sysctl
  #version = -1
  #settings: TcpSettings | undefined

  constructor(sysctl: Sysctl) {
    this.#sysctl = sysctl
  }

  get(): TcpSettings {
    if (this.#settings === undefined || this.#version !== this.#sysctl.version) {
      this.#version = this.#sysctl.version
      this.#settings = read(this.#sysctl)
    }
    return this.#settings
  }
}

function read(sysctl: Sysctl): TcpSettings {
  const [, initial = 131072, largest = 0] = numbers(sysctl, 'net.ipv4.tcp_rmem')
  const [first = 32768, last = 60999] = numbers(sysctl, 'net.ipv4.ip_local_port_range')
  const maximumBytes = Math.max(largest, sysctl.number('net.core.rmem_max') ?? 0)
  return { receiveMemory: { defaultBytes: initial, maximumBytes }, portRange: [first, last] }
}

function numbers(sysctl: Sysctl, key: string): readonly number[] {
  return (sysctl.get(key) ?? '').split(/\s+/).filter(Boolean).map(Number)
}
