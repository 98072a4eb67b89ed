import type { Host } from '../../host/host.ts'
import { resolveHost } from '../../shell/commands/resolve-host.ts'
import type { Ipv4Address } from '../../wire/address.ts'

/** Whom a probe asks and how. */
export interface Target {
  readonly kind: 'ping' | 'tcp' | 'http'
  readonly address: Ipv4Address
  readonly port: number
  /** Of a ping: length of the whole packet, which then may not be fragmented. */
  readonly packetBytes?: number
}

/** Reads `10.0.0.1` or a name (ping), `tcp://10.0.0.1:80`, `http://10.0.0.1/path`. Undefined when it is none or unknown. */
export function parseTarget(host: Host, text: string): Target | undefined {
  const match = /^(?:(tcp|http):\/\/)?([\w.-]+)(?::(\d{1,5}))?(?:\/.*)?$/.exec(text)
  if (match === null) return undefined
  const address = resolveHost(host, match[2]!)
  if (address === undefined) return undefined
  const kind = (match[1] as 'tcp' | 'http' | undefined) ?? (match[3] === undefined ? 'ping' : 'tcp')
  return { kind, address, port: Number(match[3] ?? 80) }
}
