import { type Ipv4Address, parseIpv4 } from '../../../wire/address.ts'

/** What a node's annotation says about one virtual router. */
export interface VirtualRouterAnnotation {
  readonly routerId?: Ipv4Address
  /** Undefined: the server does not listen. */
  readonly listenPort?: number
}

/**
 * Reads `cilium.io/bgp-virtual-router.<asn>="router-id=10.0.0.1,local-port=179"` off a node's annotations. A key given
 * twice counts with its last value; unknown or unreadable parts are skipped.
 * Source: pkg/bgpv1/agent/annotations.go (parseAnnotation).
 */
export function readVirtualRouterAnnotation(
  annotations: Readonly<Record<string, string>> | undefined,
  localAsn: number,
): VirtualRouterAnnotation {
  const text = annotations?.[`cilium.io/bgp-virtual-router.${localAsn}`]
  const read: { routerId?: Ipv4Address; listenPort?: number } = {}
  for (const part of text?.split(',') ?? []) {
    const [key, value = ''] = part.trim().split('=')
    const routerId = parseIpv4(value)
    if (key === 'router-id' && routerId !== undefined) read.routerId = routerId
    if (key === 'local-port' && /^\d{1,5}$/.test(value) && Number(value) < 65536) read.listenPort = Number(value)
  }
  return read
}
