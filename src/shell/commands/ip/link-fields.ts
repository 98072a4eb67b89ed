import type { Host } from '../../../host/host.ts'
import type { Interface } from '../../../host/interface.ts'
import { formatMac } from '../../../wire/address.ts'
import type { IpContext, Json } from './output.ts'

/** Where the device that this one is tied to lives. */
export type LinkPeer =
  | { readonly kind: 'none' }
  /** In this namespace: `eth1@eth2`. */
  | { readonly kind: 'here'; readonly peer: Interface }
  /** In another one: `eth1@if5`, with the number that the kernel gave that namespace. */
  | { readonly kind: 'elsewhere'; readonly index: number; readonly namespaceId: number }

/** `inet`, and so no link line: `ip -4 addr`. */
export interface LinkLineOptions {
  readonly hasLinkLayer: boolean
  /** `ip link` shows `mode DEFAULT`, `ip addr` does not. */
  readonly hasMode: boolean
}

const LINK_TYPES: Readonly<Partial<Record<Interface['kind'], string>>> = { loopback: 'loopback', ipip: 'ipip' }

/** operstate: veth and bridges follow the carrier, devices without a carrier of their own are UNKNOWN while up. */
export function operationalState(host: Host, device: Interface): string {
  if (!device.isUp) return 'DOWN'
  if (device.kind === 'veth' || device.kind === 'bridge') {
    if (device.hasCarrier) return 'UP'
    return device.peer !== undefined && isHere(host, device.peer) ? 'LOWERLAYERDOWN' : 'DOWN'
  }
  return device.hasCarrier ? 'UNKNOWN' : 'DOWN'
}

/** Flag words in iproute2's order. */
export function linkFlags(host: Host, device: Interface): readonly string[] {
  const isRunning = device.isUp && device.hasCarrier
  const kindFlags = { loopback: ['LOOPBACK'], dummy: ['BROADCAST', 'NOARP'], ipip: ['NOARP'] } as const
  const own = kindFlags[device.kind as keyof typeof kindFlags] ?? ['BROADCAST', 'MULTICAST']
  const peer = device.peer
  const hasDownPeer = peer !== undefined && isHere(host, peer) && !peer.isUp
  return [
    ...(device.isUp && !isRunning ? ['NO-CARRIER'] : []),
    ...own,
    ...(device.isUp ? ['UP'] : []),
    ...(isRunning ? ['LOWER_UP'] : []),
    ...(hasDownPeer ? ['M-DOWN'] : []),
  ]
}

/** Finds the other end of a veth. */
export function linkPeer(context: IpContext, device: Interface): LinkPeer {
  const { peer } = device
  if (peer === undefined) return { kind: 'none' }
  if (isHere(context.host, peer)) return { kind: 'here', peer }
  return { kind: 'elsewhere', index: peer.index, namespaceId: namespaceId(context, peer) }
}

/**
 * Numbers of other namespaces, in the order in which this host's devices lead to them. Differs from Linux: there the number
 * is drawn when the kernel first needs it, which for devices made by hand may be another order.
 */
function namespaceId(context: IpContext, wanted: Interface): number {
  const ids = new Map<Host | Interface, number>()
  for (const device of context.host.interfaces) {
    if (device.peer === undefined || isHere(context.host, device.peer)) continue
    const place = ownerOf(context, device.peer)
    if (!ids.has(place)) ids.set(place, ids.size)
    if (device.peer === wanted) return ids.get(place)!
  }
  return 0
}

function ownerOf(context: IpContext, device: Interface): Host | Interface {
  return context.namespaces.find(host => isHere(host, device)) ?? device
}

function isHere(host: Host, device: Interface): boolean {
  return host.interfaces.at(device.index) === device
}

/** `eth1@if5`. */
export function linkTitle(context: IpContext, device: Interface): string {
  const peer = linkPeer(context, device)
  if (peer.kind === 'none') return device.name
  return `${device.name}@${peer.kind === 'here' ? peer.peer.name : `if${peer.index}`}`
}

/** The one or two lines of a device, lines ended by newlines (`\` with -o). */
export function linkLines(context: IpContext, device: Interface, line: LinkLineOptions): string {
  const { host } = context
  const peer = linkPeer(context, device)
  const head = [
    `${device.index}: ${linkTitle(context, device)}: <${linkFlags(host, device).join(',')}> mtu ${device.mtuBytes}`,
    ` qdisc ${qdisc(device)}`,
    device.master === undefined ? '' : ` master ${device.master.name}`,
    ` state ${operationalState(host, device)}`,
    line.hasMode ? ' mode DEFAULT' : '',
    ` group default qlen ${device.txQueueLength}`,
  ].join('')
  const end = context.options.oneline ? '\\' : '\n'
  const address = line.hasLinkLayer
    ? `${end}    link/${linkType(device)} ${formatMac(device.mac)} brd ${broadcastMac(device)}`
    : ''
  const namespace = peer.kind === 'elsewhere' ? ` link-netnsid ${peer.namespaceId}` : ''
  return `${head}${address}${namespace}`
}

/** The members of a device in `ip -j`. */
export function linkJson(context: IpContext, device: Interface, line: LinkLineOptions): { [key: string]: Json } {
  const { host } = context
  const peer = linkPeer(context, device)
  return {
    ifindex: device.index,
    ...peerJson(peer),
    ifname: device.name,
    flags: linkFlags(host, device),
    mtu: device.mtuBytes,
    qdisc: qdisc(device),
    ...(device.master === undefined ? {} : { master: device.master.name }),
    operstate: operationalState(host, device),
    ...(line.hasMode ? { linkmode: 'DEFAULT' } : {}),
    group: 'default',
    txqlen: device.txQueueLength,
    ...(line.hasLinkLayer
      ? { link_type: linkType(device), address: formatMac(device.mac), broadcast: broadcastMac(device) }
      : {}),
    ...(peer.kind === 'elsewhere' ? { link_netnsid: peer.namespaceId } : {}),
  }
}

/** How JSON names the other end. */
export function peerJson(peer: LinkPeer): { [key: string]: Json } {
  if (peer.kind === 'none') return {}
  return peer.kind === 'here' ? { link: peer.peer.name } : { link_index: peer.index }
}

function linkType(device: Interface): string {
  return LINK_TYPES[device.kind] ?? 'ether'
}

function broadcastMac(device: Interface): string {
  return device.isLoopback ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff'
}

/** `noop` until the device was up for the first time; `netem` when `tc` put it there. */
function qdisc(device: Interface): string {
  if (!device.hasBeenUp) return 'noop'
  return device.port?.egress?.describe().split(' ')[0] ?? device.qdisc
}
