import type { LinkAdd, LinkDelete, LinkList, LinkSet, LinkSettings } from '../../../config/iproute/operation.ts'
import type { Host } from '../../../host/host.ts'
import type { Interface } from '../../../host/interface.ts'
import { Cable } from '../../../link/cable.ts'
import { Port } from '../../../link/port.ts'
import { formatMac, type MacAddress } from '../../../wire/address.ts'
import { linkFlags, linkJson, linkLines, linkPeer, linkTitle, operationalState, peerJson } from './link-fields.ts'
import { answer, type IpContext, type Json, noDevice, notModelled, printJson } from './output.ts'

/** Which devices `show` is about. */
type DeviceFilter = Pick<LinkList, 'device' | 'up' | 'master' | 'noMaster' | 'type'>

/** The devices that a filter leaves, or the exit code after the message. */
export function selectDevices(context: IpContext, filter: DeviceFilter): readonly Interface[] | number {
  const { interfaces } = context.host
  if (filter.device !== undefined && interfaces.get(filter.device) === undefined) {
    context.error(`Device "${filter.device}" does not exist.\n`)
    return 1
  }
  const master = filter.master === undefined ? undefined : interfaces.get(filter.master)
  if (filter.master !== undefined && master === undefined) {
    context.error(`Error: argument "${filter.master}" is wrong: Device does not exist\n\n`)
    return 255
  }
  return interfaces
    .all()
    .filter(
      device =>
        (filter.device === undefined || device.name === filter.device) &&
        (!filter.up || device.isUp) &&
        (master === undefined || device.master === master) &&
        (!filter.noMaster || device.master === undefined) &&
        (filter.type === undefined || device.kind === filter.type),
    )
    .sort((a, b) => a.index - b.index)
}

/** `ip link show`. */
export function listLinks(context: IpContext, list: LinkList): number {
  const devices = selectDevices(context, list)
  if (typeof devices === 'number') return devices
  if (context.options.json)
    printJson(
      context,
      devices.map(device => linkRowJson(context, device)),
    )
  else for (const device of devices) context.out(linkRowText(context, device))
  return 0
}

const LINK_LINE = { hasLinkLayer: true, hasMode: true } as const

function linkRowText(context: IpContext, device: Interface): string {
  if (context.options.brief) {
    const title = linkTitle(context, device).padEnd(16)
    const state = operationalState(context.host, device).padEnd(14)
    return `${title} ${state} ${formatMac(device.mac)} <${linkFlags(context.host, device).join(',')}> \n`
  }
  const statistics = context.options.statistics > 0 ? statisticsText(device, context.options.oneline ? '\\' : '\n') : ''
  return `${linkLines(context, device, LINK_LINE)}${statistics}\n`
}

function linkRowJson(context: IpContext, device: Interface): Json {
  if (context.options.brief) {
    return {
      ...peerJson(linkPeer(context, device)),
      ifname: device.name,
      operstate: operationalState(context.host, device),
      address: formatMac(device.mac),
      flags: linkFlags(context.host, device),
    }
  }
  const statistics = context.options.statistics > 0 ? { stats64: statisticsJson(device) } : {}
  return { ...linkJson(context, device, LINK_LINE), ...statistics }
}

/** The RX and TX tables of `-s` (print_stats64): columns as wide as their widest value. */
export function statisticsText(device: Interface, end: string): string {
  const { counters } = device
  const received = [counters.receivedBytes, counters.receivedPackets, 0, counters.receiveDrops, 0, 0]
  const transmitted = [counters.transmittedBytes, counters.transmittedPackets, 0, counters.transmitDrops, 0, 0]
  const minimum = ['*X:  bytes', 'packets', 'errors', 'dropped', 'carrier', 'collsns']
  const widths = minimum.map((title, at) =>
    Math.max(title.length, String(received[at]).length, String(transmitted[at]).length),
  )
  const table = (title: string, names: readonly string[], values: readonly number[]): string => {
    const heads = names.map((name, at) => name.padStart(widths[at]! - (at === 0 ? 4 : 0)))
    const cells = values.map((value, at) => String(value).padStart(widths[at]!))
    return `${end}    ${title}: ${heads.join(' ')}           ${end}    ${cells.join(' ')} `
  }
  return (
    table('RX', ['bytes', 'packets', 'errors', 'dropped', 'missed', 'mcast'], received) +
    table('TX', ['bytes', 'packets', 'errors', 'dropped', 'carrier', 'collsns'], transmitted)
  )
}

function statisticsJson(device: Interface): Json {
  const { counters } = device
  return {
    rx: {
      bytes: counters.receivedBytes,
      packets: counters.receivedPackets,
      errors: 0,
      dropped: counters.receiveDrops,
      over_errors: 0,
      multicast: 0,
    },
    tx: {
      bytes: counters.transmittedBytes,
      packets: counters.transmittedPackets,
      errors: 0,
      dropped: counters.transmitDrops,
      carrier_errors: 0,
      collisions: 0,
    },
  }
}

/** `ip link set`. */
export function setLink(context: IpContext, set: LinkSet): number {
  const device = context.host.interfaces.get(set.device)
  return device === undefined ? noDevice(context, set.device) : applySettings(context, device, set.settings)
}

/** In the kernel's order: address, MTU, name, master, flags last (do_setlink, net/core/rtnetlink.c). */
function applySettings(context: IpContext, device: Interface, settings: LinkSettings): number {
  const { host } = context
  const { mac, mtuBytes, newName, master } = settings
  sayIgnored(context, settings)
  if (mac !== undefined) {
    const code = answer(context, host.setMac(device, mac))
    if (code !== 0) return code
  }
  if (mtuBytes !== undefined) {
    const code = answer(context, host.setMtu(device, mtuBytes))
    if (code !== 0) return code
  }
  if (newName !== undefined && newName !== device.name) {
    const code = answer(context, host.renameInterface(device, newName))
    if (code !== 0) return code
  }
  if (master !== undefined) {
    const bridge = host.interfaces.get(master)
    if (master !== '' && bridge === undefined) {
      context.error(`Error: argument "${master}" is wrong: Device does not exist\n\n`)
      return 255
    }
    const code = answer(context, host.setMaster(device, bridge))
    if (code !== 0) return code
  }
  if (settings.up !== undefined) host.setInterfaceUp(device, settings.up)
  return 0
}

/** What is accepted, because labs contain it, and changes nothing in the simulation. */
function sayIgnored(context: IpContext, settings: LinkSettings): void {
  const words = [...settings.ignored]
  if (settings.txQueueLength !== undefined) words.push(`txqueuelen ${settings.txQueueLength}`)
  if (settings.alias !== undefined) words.push(`alias ${settings.alias}`)
  if (settings.arp === false) words.push('arp off')
  if (settings.multicast !== undefined) words.push(`multicast ${settings.multicast ? 'on' : 'off'}`)
  if (settings.promiscuous !== undefined) words.push(`promisc ${settings.promiscuous ? 'on' : 'off'}`)
  if (settings.allMulticast !== undefined) words.push(`allmulticast ${settings.allMulticast ? 'on' : 'off'}`)
  for (const word of words) context.error(`ip: "${word}" is not modelled by drylab and has no effect\n`)
}

/** `ip link add`: dummy, bridge and veth exist; other kinds are refused aloud. */
export function addLink(context: IpContext, add: LinkAdd): number {
  for (const warning of add.warnings) context.error(warning)
  if (add.type === 'veth') return addVethPair(context, add)
  if (add.type !== 'dummy' && add.type !== 'bridge') return refuseType(context, add.type)
  const name = add.name ?? freeName(context.host, add.type)
  const added = context.host.addDummy(name, add.type)
  if (!added.ok) return answer(context, added)
  if (add.settings.mac === undefined) context.host.setMac(added.interface, localMac(context.host, name))
  return applySettings(context, added.interface, add.settings)
}

const KNOWN_TYPES =
  'vlan bond vxlan macvlan macvtap ipvlan ipip gre gretap sit vti geneve xfrm vrf team tun wireguard ip6gre ip6tnl nlmon ifb hsr macsec bareudp'

function refuseType(context: IpContext, type: string): number {
  if (KNOWN_TYPES.split(' ').includes(type)) return notModelled(context, `link type "${type}"`)
  context.error('Error: Unknown device type.\n')
  return 2
}

/** The peer is made first, so it has the lower index (rtnl_newlink, veth_newlink). */
function addVethPair(context: IpContext, add: LinkAdd): number {
  const { host } = context
  const name = add.name ?? freeName(host, 'veth')
  const peerName = add.peer?.name ?? freeName(host, 'veth', name)
  if (host.interfaces.get(name) !== undefined || host.interfaces.get(peerName) !== undefined || name === peerName) {
    return answer(context, { ok: false, errno: 'EEXIST' })
  }
  const makePort = (own: string, settings: LinkSettings | undefined): Port => {
    const port = new Port(`${host.name}:${own}`, settings?.mac ?? localMac(host, own), settings?.mtuBytes ?? 1500)
    port.setUp(false)
    return port
  }
  const peerPort = makePort(peerName, add.peer?.settings)
  const port = makePort(name, add.settings)
  new Cable(host.simulator, `${host.name}:${name}`, port, peerPort)
  const peer = host.addInterface(peerPort, peerName)
  const device = host.addInterface(port, name)
  device.peer = peer
  peer.peer = device
  const code = add.peer === undefined ? 0 : applySettings(context, peer, add.peer.settings)
  return code !== 0 ? code : applySettings(context, device, add.settings)
}

/** `dummy0`, `veth1`: the first free number. */
function freeName(host: Host, kind: string, taken?: string): string {
  for (let number = 0; ; number++) {
    const name = `${kind}${number}`
    if (host.interfaces.get(name) === undefined && name !== taken) return name
  }
}

/** A random, locally administered unicast address (eth_hw_addr_random); the same in every run of the same lab. */
function localMac(host: Host, name: string): MacAddress {
  const random = host.random.fork(`mac ${name}`)
  const high = ((random.uint32() & 0xfcff) | 0x0200) >>> 0
  return ((high & 0xffff) * 2 ** 32 + random.uint32()) as MacAddress
}

/** `ip link del`: a veth takes its other end with it. */
export function deleteLink(context: IpContext, operation: LinkDelete): number {
  const { host } = context
  const device = host.interfaces.get(operation.device)
  if (device === undefined) return noDevice(context, operation.device)
  const { peer } = device
  const result = host.removeInterface(device)
  if (!result.ok || peer === undefined) return answer(context, result)
  const owner = context.namespaces.find(other => other.interfaces.at(peer.index) === peer) ?? host
  if (owner.interfaces.at(peer.index) === peer) owner.removeInterface(peer)
  return 0
}
