import { scopeName } from '../../../config/iproute/names.ts'
import type { AddressChange, AddressList } from '../../../config/iproute/operation.ts'
import type { AddressRequest } from '../../../host/addresses.ts'
import type { Interface, InterfaceAddress } from '../../../host/interface.ts'
import { broadcastAddress, formatIpv4, type Ipv4Address, isLoopback, networkAddress } from '../../../wire/address.ts'
import { selectDevices, statisticsText } from './link.ts'
import { linkJson, linkLines, linkPeer, linkTitle, operationalState, peerJson } from './link-fields.ts'
import { answer, type IpContext, type Json, noDevice, notModelled, printJson } from './output.ts'

/** `ip address add|change|replace|delete`. Returns the exit code. */
export function changeAddress(context: IpContext, change: AddressChange): number {
  for (const warning of change.warnings) context.error(warning)
  const device = context.host.interfaces.get(change.device)
  if (device === undefined) return noDevice(context, change.device)
  const { local } = change
  if (local === undefined) return answer(context, { ok: false, errno: 'EOPNOTSUPP' })
  if (change.command === 'delete') return deleteAddress(context, device, change, local.address)
  const scope = addressScope(change, local.address)
  if (scope === undefined) return notModelled(context, `address scope ${scopeName(change.scope ?? 0)}`)
  const length = change.peer?.length ?? local.length
  const broadcast = change.broadcast === '+' ? plusBroadcast(change, local.address, length) : change.broadcast
  const request: AddressRequest = {
    address: local.address,
    length,
    scope,
    ...(broadcast === undefined || broadcast === '-' ? {} : { broadcast }),
    ...(change.label === undefined ? {} : { label: change.label }),
    ...(change.peer === undefined ? {} : { peer: change.peer.address }),
  }
  const exists = device.addresses.some(own => own.address === local.address && own.length === length)
  if (change.command === 'change' && !exists) return answer(context, { ok: false, errno: 'ENOENT' })
  if (change.command !== 'add' && exists) return 0
  return answer(context, context.host.addAddress(device, request))
}

/** Scope by address when none is given: host for 127/8 (default_scope of ip/ipaddress.c). */
function addressScope(change: AddressChange, address: Ipv4Address): InterfaceAddress['scope'] | undefined {
  if (change.scope === undefined) return isLoopback(address) ? 'host' : 'global'
  const name = scopeName(change.scope)
  return name === 'global' || name === 'link' || name === 'host' ? name : undefined
}

function plusBroadcast(change: AddressChange, address: Ipv4Address, length: number): Ipv4Address | undefined {
  return length > 30 ? undefined : broadcastAddress(change.peer?.address ?? address, length)
}

/** Without a length the old wildcard rule holds: any prefix length of that address. */
function deleteAddress(context: IpContext, device: Interface, change: AddressChange, address: Ipv4Address): number {
  const local = change.local!
  const length = change.peer?.length ?? local.length
  const isWildcard = !local.hasLength && change.peer === undefined
  const own = device.addresses.find(other => other.address === address && (isWildcard || other.length === length))
  return answer(context, context.host.deleteAddress(device, { address, length: own?.length ?? length }))
}

/** `ip address show` and `flush`. */
export function listAddresses(context: IpContext, list: AddressList): number {
  const devices = selectDevices(context, list)
  if (typeof devices === 'number') return devices
  if (list.flush) return flushAddresses(context, devices, list)
  const isFiltered =
    list.to !== undefined || list.scope !== undefined || list.label !== undefined || list.secondary !== undefined
  const needsAddress = isFiltered || list.permanent !== undefined || context.options.family === 'inet'
  const rows = devices
    .map(device => ({ device, addresses: addressesOf(context, device, list) }))
    .filter(row => !needsAddress || row.addresses.length > 0)
  if (context.options.json)
    printJson(
      context,
      rows.map(row => rowJson(context, row.device, row.addresses, list)),
    )
  else for (const row of rows) context.out(rowText(context, row.device, row.addresses, list))
  return 0
}

/** -0 shows links only. */
function addressesOf(context: IpContext, device: Interface, list: AddressList): readonly InterfaceAddress[] {
  return context.options.family === 'link' ? [] : device.addresses.filter(own => isWanted(own, list))
}

function isWanted(own: InterfaceAddress, list: AddressList): boolean {
  const { to, scope, label, secondary, permanent } = list
  if (to !== undefined && networkAddress(own.peer ?? own.address, to.length) !== networkAddress(to.address, to.length))
    return false
  if (scope !== undefined && scopeName(scope) !== own.scope) return false
  if (label !== undefined && !globMatches(label, own.label)) return false
  if (secondary !== undefined && secondary !== own.isSecondary) return false
  return permanent !== false
}

/** fnmatch with `*` and `?`. */
function globMatches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`).test(text)
}

function flushAddresses(context: IpContext, devices: readonly Interface[], list: AddressList): number {
  for (const device of devices) {
    for (const own of device.addresses.filter(address => isWanted(address, list))) {
      context.host.deleteAddress(device, { address: own.address, length: own.length })
    }
  }
  return 0
}

/** `to` and -4 leave the link line out, `label` and -o the whole device, as the real filters do. */
function hasLinkLayer(context: IpContext, list: AddressList): boolean {
  return context.options.family !== 'inet' && list.to === undefined
}

function rowText(
  context: IpContext,
  device: Interface,
  addresses: readonly InterfaceAddress[],
  list: AddressList,
): string {
  if (context.options.brief) return briefLine(context, device, addresses)
  if (context.options.oneline) return addresses.map(own => onelineAddress(device, own)).join('')
  const lines = addresses
    .map(own => `    ${addressText(own)}\n       valid_lft forever preferred_lft forever\n`)
    .join('')
  if (list.label !== undefined) return lines
  const statistics = context.options.statistics > 0 ? `${statisticsText(device, '\n').slice(1)}\n` : ''
  return `${linkLines(context, device, { hasLinkLayer: hasLinkLayer(context, list), hasMode: false })}\n${lines}${statistics}`
}

function onelineAddress(device: Interface, own: InterfaceAddress): string {
  return `${device.index}: ${device.name}    ${addressText(own)}\\       valid_lft forever preferred_lft forever\n`
}

function briefLine(context: IpContext, device: Interface, addresses: readonly InterfaceAddress[]): string {
  const title = linkTitle(context, device).padEnd(16)
  const state = operationalState(context.host, device).padEnd(14)
  return `${title} ${state} ${addresses.map(own => `${networkText(own)} `).join('')}\n`
}

function networkText(own: InterfaceAddress): string {
  return own.peer === undefined
    ? `${formatIpv4(own.address)}/${own.length}`
    : `${formatIpv4(own.address)} peer ${formatIpv4(own.peer)}/${own.length}`
}

function addressText(own: InterfaceAddress): string {
  const broadcast = own.broadcast === undefined ? '' : ` brd ${formatIpv4(own.broadcast)}`
  return `inet ${networkText(own)}${broadcast} scope ${own.scope} ${own.isSecondary ? 'secondary ' : ''}${own.label}`
}

function rowJson(
  context: IpContext,
  device: Interface,
  addresses: readonly InterfaceAddress[],
  list: AddressList,
): Json {
  if (context.options.brief) {
    return {
      ...peerJson(linkPeer(context, device)),
      ifname: device.name,
      operstate: operationalState(context.host, device),
      addr_info: addresses.map(own => ({ ...localJson(own), prefixlen: own.length })),
    }
  }
  const head =
    list.label === undefined
      ? linkJson(context, device, { hasLinkLayer: hasLinkLayer(context, list), hasMode: false })
      : {}
  return { ...head, addr_info: addresses.map(addressJson) }
}

function localJson(own: InterfaceAddress): { [key: string]: Json } {
  return { local: formatIpv4(own.address), ...(own.peer === undefined ? {} : { address: formatIpv4(own.peer) }) }
}

/** INFINITY_LIFE_TIME. */
const FOREVER = 0xffffffff

function addressJson(own: InterfaceAddress): Json {
  return {
    family: 'inet',
    ...localJson(own),
    prefixlen: own.length,
    ...(own.broadcast === undefined ? {} : { broadcast: formatIpv4(own.broadcast) }),
    scope: own.scope,
    ...(own.isSecondary ? { secondary: true } : {}),
    label: own.label,
    valid_life_time: FOREVER,
    preferred_life_time: FOREVER,
  }
}
