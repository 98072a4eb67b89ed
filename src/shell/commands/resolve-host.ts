import type { Host } from '../../host/host.ts'
import { type Ipv4Address, parseIpv4 } from '../../wire/address.ts'

/** An address in dotted-quad form, or a name of /etc/hosts. Differs from Linux: there is no DNS. */
export function resolveHost(host: Host, text: string): Ipv4Address | undefined {
  return parseIpv4(text) ?? host.names.get(text) ?? (text === 'localhost' ? parseIpv4('127.0.0.1') : undefined)
}
