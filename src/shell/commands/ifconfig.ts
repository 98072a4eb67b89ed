import type { Interface } from '../../host/interface.ts'
import { left, right } from '../../text/table.ts'
import { formatIpv4, formatMac, netmask } from '../../wire/address.ts'
import { type Command, type CommandContext, instantCommand } from '../command.ts'

/** net-tools `ifconfig`, for reading. Differs from Linux: it changes nothing; use `ip`. */
export const ifconfig: Command = instantCommand('ifconfig', 'everywhere', context => {
  const words = context.args.filter(word => !/^-[asv]+$/.test(word))
  const letters = context.args.filter(word => /^-[asv]+$/.test(word)).join('')
  const option = words.find(word => word.startsWith('-'))
  if (option !== undefined || words.length > 1) {
    context.error(`ifconfig: "${option ?? words.slice(1).join(' ')}" is not modelled by drylab (use ip)\n`)
    return 1
  }
  const devices = select(context, words[0], letters.includes('a'))
  if (devices === undefined) {
    context.error(`${words[0]}: error fetching interface information: Device not found\n`)
    return 1
  }
  if (letters.includes('s')) {
    context.out('Iface      MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n')
    for (const device of devices) context.out(shortLine(device))
  } else for (const device of devices) for (const block of blocks(device)) context.out(block)
  return 0
})

/** Devices by name as net-tools sorts them (nstrcmp); only those that are up unless all or one is asked for. */
function select(context: CommandContext, name: string | undefined, all: boolean): readonly Interface[] | undefined {
  const { interfaces } = context.node.host
  if (name !== undefined) {
    const device = interfaces.get(name)
    return device === undefined ? undefined : [device]
  }
  return interfaces
    .all()
    .filter(device => all || device.isUp)
    .sort((a, b) => compareNames(a.name, b.name))
}

/** Names with numbers at their end are in numeric order: eth2 before eth10. */
function compareNames(a: string, b: string): number {
  const [, textA = '', numberA = ''] = /^(.*?)(\d*)$/.exec(a) ?? []
  const [, textB = '', numberB = ''] = /^(.*?)(\d*)$/.exec(b) ?? []
  if (textA !== textB) return textA < textB ? -1 : 1
  return Number(numberA || -1) - Number(numberB || -1)
}

/** Kernel values of the flags that ifconfig shows, in its order (lib/interface.c). */
const FLAGS = { UP: 1, BROADCAST: 2, LOOPBACK: 8, RUNNING: 64, NOARP: 128, MULTICAST: 4096 } as const

function flags(device: Interface): readonly (keyof typeof FLAGS)[] {
  const isRunning = device.isUp && device.hasCarrier
  return [
    ...(device.isUp ? (['UP'] as const) : []),
    ...(device.isLoopback ? [] : (['BROADCAST'] as const)),
    ...(device.isLoopback ? (['LOOPBACK'] as const) : []),
    ...(isRunning ? (['RUNNING'] as const) : []),
    ...(device.kind === 'dummy' ? (['NOARP'] as const) : device.isLoopback ? [] : (['MULTICAST'] as const)),
  ]
}

/** The device's block, then one for each labelled address (`eth0:1`). */
function blocks(device: Interface): readonly string[] {
  const names = flags(device)
  const value = names.reduce((sum, name) => sum + FLAGS[name], 0)
  const title = (label: string): string => `${label}: flags=${value}<${names.join(',')}>  mtu ${device.mtuBytes}\n`
  const main = device.addresses.find(own => own.label === device.name)
  const link = device.isLoopback
    ? `        loop  txqueuelen ${device.txQueueLength}  (Local Loopback)\n`
    : `        ether ${formatMac(device.mac)}  txqueuelen ${device.txQueueLength}  (Ethernet)\n`
  const first = `${title(device.name)}${main === undefined ? '' : addressLine(device, main)}${link}${counterLines(device)}\n`
  const labels = [...new Set(device.addresses.map(own => own.label))].filter(label => label !== device.name)
  return [
    first,
    ...labels.map(
      label => `${title(label)}${addressLine(device, device.addresses.find(own => own.label === label)!)}${link}\n`,
    ),
  ]
}

function addressLine(device: Interface, own: Interface['addresses'][number]): string {
  const broadcast = device.isLoopback ? '' : `  broadcast ${formatIpv4(own.broadcast ?? 0)}`
  return `        inet ${formatIpv4(own.address)}  netmask ${formatIpv4(netmask(own.length))}${broadcast}\n`
}

function counterLines(device: Interface): string {
  const { receivedPackets, receivedBytes, receiveDrops, transmittedPackets, transmittedBytes, transmitDrops } =
    device.counters
  return [
    `        RX packets ${receivedPackets}  bytes ${receivedBytes} (${humanBytes(receivedBytes)})\n`,
    `        RX errors 0  dropped ${receiveDrops}  overruns 0  frame 0\n`,
    `        TX packets ${transmittedPackets}  bytes ${transmittedBytes} (${humanBytes(transmittedBytes)})\n`,
    `        TX errors 0  dropped ${transmitDrops} overruns 0  carrier 0  collisions 0\n`,
  ].join('')
}

/** `1.2 KiB`: one decimal, cut. */
function humanBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let at = 0
  let value = bytes
  while (value >= 1024 && at < units.length - 1) {
    value /= 1024
    at += 1
  }
  return `${(Math.floor(value * 10) / 10).toFixed(1)} ${units[at]}`
}

function shortLine(device: Interface): string {
  const { receivedPackets, receiveDrops, transmittedPackets, transmitDrops } = device.counters
  const letters = [
    device.isLoopback ? 'L' : 'B',
    device.isLoopback || device.kind === 'dummy' ? '' : 'M',
    device.isUp && device.hasCarrier ? 'R' : '',
    device.isUp ? 'U' : '',
  ]
  const received = `${right(receivedPackets, 8)} ${right(0, 6)} ${right(receiveDrops, 6)} ${left(0, 6)}`
  const transmitted = `${right(transmittedPackets, 8)} ${right(0, 6)} ${right(transmitDrops, 6)} ${right(0, 6)}`
  return `${left(device.name, 15)} ${right(device.mtuBytes, 5)} ${received} ${transmitted} ${letters.join('')}\n`
}
