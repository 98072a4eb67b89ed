import { Bridge } from '../link/bridge.ts'
import type { Port } from '../link/port.ts'
import { ipv4, type MacAddress, ZERO_MAC } from '../wire/address.ts'
import { addAddress } from './addresses.ts'
import type { Host } from './host.ts'
import { Interface, type InterfaceKind } from './interface.ts'
import { changeCarrier, removeAllRoutes, setInterfaceUp } from './link-events.ts'
import { failure, OK, type Result } from './result.ts'

const LOOPBACK_MTU_BYTES = 65536
const ETHERNET_MTU_BYTES = 1500

/** Makes `lo`, index 1, up and with 127.0.0.1/8. */
export function addLoopback(host: Host): Interface {
  const { settings, neighbor } = host.sysctl.addDevice('lo')
  const device = new Interface({
    index: 1,
    name: 'lo',
    kind: 'loopback',
    mac: ZERO_MAC,
    mtuBytes: LOOPBACK_MTU_BYTES,
    settings,
    neighborSettings: neighbor,
  })
  device.isUp = true
  device.hasBeenUp = true
  host.interfaces.add(device)
  addAddress(host, device, { address: ipv4(0x7f000001), length: 8, scope: 'host' })
  return device
}

/** Makes a device of the end of a cable. */
export function plugIn(host: Host, port: Port, name: string, index: number): Interface {
  const { settings, neighbor } = host.sysctl.addDevice(name)
  const device = new Interface({
    index,
    name,
    kind: 'veth',
    mtuBytes: port.mtuBytes,
    port,
    settings,
    neighborSettings: neighbor,
  })
  device.isUp = port.isUp
  device.hasBeenUp = port.isUp
  connect(host, device, port)
  host.interfaces.add(device)
  host.monitor.notify({ kind: 'link', interface: device, isRemoved: false })
  return device
}

/** Makes a device that has no cable: dummy, bridge and the like; down at first. */
export function addDevice(host: Host, name: string, kind: InterfaceKind): Interface {
  const { settings, neighbor } = host.sysctl.addDevice(name)
  const bridge = kind === 'bridge' ? new Bridge(host.simulator, `${host.name} ${name}`) : undefined
  const device = new Interface({
    index: host.interfaces.nextIndex,
    name,
    kind,
    mac: drawnMac(host, name),
    mtuBytes: ETHERNET_MTU_BYTES,
    ...(bridge === undefined ? {} : { bridge }),
    settings,
    neighborSettings: neighbor,
  })
  bridge?.attachHost(
    () => device.mac,
    frame => {
      if (!device.isUp) return
      for (const tap of device.taps) tap(frame, 'in')
      host.receiveFrame(device, frame)
    },
  )
  host.interfaces.add(device)
  host.monitor.notify({ kind: 'link', interface: device, isRemoved: false })
  return device
}

/** Takes a device away with all that hangs on it; the cable stays with whoever made it. */
export function removeDevice(host: Host, device: Interface): void {
  setMaster(host, device, undefined)
  setInterfaceUp(host, device, false)
  for (const own of [...device.addresses]) host.deleteAddress(device, own)
  removeAllRoutes(host, device)
  host.neighbors.proxies.delete(device)
  if (device.port !== undefined) {
    device.port.onReceive = () => {}
    device.port.onCarrier = () => {}
  }
  host.interfaces.remove(device)
  host.sysctl.removeDevice(device.name)
  host.monitor.notify({ kind: 'link', interface: device, isRemoved: true })
}

/** Makes a device the port of a bridge, or frees it. */
export function setMaster(host: Host, device: Interface, master: Interface | undefined): Result {
  if (master !== undefined && (master.bridge === undefined || device.port === undefined)) return failure('EINVAL')
  const { port } = device
  if (port !== undefined && device.master !== undefined) {
    device.master.bridge!.removePort(port)
    connect(host, device, port)
    followPorts(host, device.master)
  }
  if (device.master === master) return OK
  device.master = master
  if (port !== undefined && master !== undefined) {
    master.bridge!.addPort(port)
    // The bridge takes the frames; the carrier concerns both.
    const flush = port.onCarrier
    port.onCarrier = () => {
      flush()
      changeCarrier(host, device)
      followPorts(host, master)
    }
    takeLowestMac(master)
    followPorts(host, master)
  }
  host.monitor.notify({ kind: 'link', interface: device, isRemoved: false })
  return OK
}

function connect(host: Host, device: Interface, port: Port): void {
  port.onReceive = frame => host.receiveFrame(device, frame)
  port.onCarrier = () => changeCarrier(host, device)
}

/** A bridge has carrier while one of its ports has. */
function followPorts(host: Host, master: Interface): void {
  if (master.hasCarrier === master.hadCarrier) return
  master.hadCarrier = master.hasCarrier
  changeCarrier(host, master)
}

/** br_stp_recalculate_bridge_id: the lowest MAC address of its ports unless one was set. */
function takeLowestMac(master: Interface): void {
  if (master.hasOwnMac) return
  const macs = master.bridge!.ports.map(port => port.mac)
  master.mac = Math.min(...macs) as MacAddress
}

/** A random unicast address, locally administered, the same for the same names. */
function drawnMac(host: Host, name: string): MacAddress {
  const random = host.random.fork(`mac ${name}`)
  const high = (random.uint32() & 0xfcff) | 0x0200
  return (high * 2 ** 32 + random.uint32()) as MacAddress
}
