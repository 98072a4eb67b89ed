import type { Host } from '../../host/host.ts'
import type { Interface } from '../../host/interface.ts'
import type { NeighborRow } from '../../host/neighbor/neighbor-table.ts'
import { left } from '../../text/table.ts'
import { formatIpv4, formatMac, type Ipv4Address, parseMac } from '../../wire/address.ts'
import { type Command, type CommandContext, instantCommand } from '../command.ts'
import { parseOptions } from '../options.ts'
import { errorText } from './ip/output.ts'
import { resolveHost } from './resolve-host.ts'
import { nameOf } from './route-table.ts'

/** net-tools `arp`: the table of /proc/net/arp in its two layouts, `-s` and `-d`. */
export const arp: Command = instantCommand('arp', 'everywhere', context => {
  const parsed = parseOptions('arp', context.args, {
    short: 'anevi:dsH:VD',
    long: {
      all: { argument: 'none', letter: 'a' },
      numeric: { argument: 'none', letter: 'n' },
      verbose: { argument: 'none', letter: 'v' },
      device: { argument: 'value', letter: 'i' },
      delete: { argument: 'none', letter: 'd' },
      set: { argument: 'none', letter: 's' },
      version: { argument: 'none', letter: 'V' },
    },
  })
  if (!parsed.ok) {
    context.error(`${parsed.message}\n${USAGE}`)
    return 4
  }
  const letters = new Set(parsed.options.map(option => option.name))
  const deviceName = parsed.options.find(option => option.name === 'i')?.value
  if (letters.has('V')) {
    context.out('net-tools 2.10\n')
    return 0
  }
  if (letters.has('D') || letters.has('H')) {
    context.error(`arp: option "-${letters.has('D') ? 'D' : 'H'}" is not modelled by drylab\n`)
    return 4
  }
  if (letters.has('d')) return remove(context, parsed.operands, deviceName)
  if (letters.has('s')) return set(context, parsed.operands, deviceName)
  return show(context, letters, parsed.operands[0], deviceName)
})

const USAGE = 'Usage: arp [-vn] [-i IF] [-a] [HOST] | arp [-i IF] -d HOST | arp [-i IF] -s HOST MAC\n'

/** Exit code of `return (-1)`, which arp uses for its own errors. */
const FAILED = 255

const TITLE = 'Address                  HWtype  HWaddress           Flags Mask            Iface\n'

function show(
  context: CommandContext,
  letters: ReadonlySet<string>,
  target: string | undefined,
  deviceName: string | undefined,
): number {
  const { host } = context.node
  const wanted = target === undefined ? undefined : resolveHost(host, target)
  if (target !== undefined && wanted === undefined) return unknownHost(context, target)
  const all = host.neighbors.snapshot().filter(row => row.state !== 'NOARP')
  const found = all.filter(row => isWanted(row, wanted, deviceName))
  const isBsd = letters.has('a') && !letters.has('e')
  if (found.length > 0 && !isBsd) context.out(TITLE)
  for (const row of found)
    context.out(isBsd ? bsdRow(host, row, letters.has('n')) : tableRow(host, row, letters.has('n')))
  if (letters.has('v'))
    context.out(`Entries: ${all.length}\tSkipped: ${all.length - found.length}\tFound: ${found.length}\n`)
  const isFiltered = target !== undefined || deviceName !== undefined
  if (found.length === 0 && isFiltered) {
    if (wanted !== undefined && !letters.has('a')) context.out(`${target} (${formatIpv4(wanted)}) -- no entry\n`)
    else context.out(`arp: in ${all.length} entries no match found.\n`)
  }
  return 0
}

function isWanted(row: NeighborRow, address: Ipv4Address | undefined, deviceName: string | undefined): boolean {
  if (address !== undefined && row.address !== address) return false
  return deviceName === undefined || row.interface.name === deviceName
}

/** `? (10.0.5.1) at 02:00:00:00:00:01 [ether] on eth1`; FAILED and INCOMPLETE look alike. */
function bsdRow(host: Host, row: NeighborRow, numeric: boolean): string {
  const name = (numeric ? undefined : nameOf(host, row.address)) ?? '?'
  const mac = isResolved(row) ? `${formatMac(row.mac!)} [ether] ` : '<incomplete> '
  const flags = row.state === 'PERMANENT' ? 'PERM ' : ''
  return `${name} (${formatIpv4(row.address)}) at ${mac}${flags}on ${row.interface.name}\n`
}

function tableRow(host: Host, row: NeighborRow, numeric: boolean): string {
  const name = (numeric ? undefined : nameOf(host, row.address)) ?? formatIpv4(row.address)
  const head = `${left(name.slice(0, 23), 23)}  `
  if (!isResolved(row))
    return `${head}${left('', 8)}${left('(incomplete)', 20)}${left('', 6)}${left('', 15)} ${row.interface.name}\n`
  const flags = row.state === 'PERMANENT' ? 'CM' : 'C'
  return `${head}${left('ether', 8)}${left(formatMac(row.mac!), 20)}${left(flags, 6)}${left('', 15)} ${row.interface.name}\n`
}

/** ATF_COM of /proc/net/arp: the states in which the address may be used. */
export function isResolved(row: NeighborRow): boolean {
  return row.mac !== undefined && row.state !== 'FAILED' && row.state !== 'INCOMPLETE'
}

function unknownHost(context: CommandContext, name: string): number {
  context.error(`${name}: Unknown host\n`)
  return FAILED
}

/** `arp -d HOST`: on every device that has the entry. */
function remove(context: CommandContext, operands: readonly string[], deviceName: string | undefined): number {
  const [target] = operands
  if (target === undefined) return complain(context, 'need host name')
  const { host } = context.node
  const address = resolveHost(host, target)
  if (address === undefined) return unknownHost(context, target)
  const rows = host.neighbors.snapshot().filter(row => isWanted(row, address, deviceName))
  for (const row of rows) host.neighbors.delete(row.interface, address)
  if (rows.length > 0) return 0
  context.out(`No ARP entry for ${target}\n`)
  return FAILED
}

/** `arp -s HOST MAC [temp]`: the device is the one that the route to the host leaves by. */
function set(context: CommandContext, operands: readonly string[], deviceName: string | undefined): number {
  const [target, macText, ...flags] = operands
  if (target === undefined) return complain(context, 'need host name')
  const { host } = context.node
  const address = resolveHost(host, target)
  if (address === undefined) return unknownHost(context, target)
  if (macText === undefined) return complain(context, 'need hardware address')
  const mac = parseMac(macText)
  if (mac === undefined) return complain(context, 'invalid hardware address')
  if (flags.includes('pub')) return complain(context, '"pub" is not modelled by drylab')
  const device = deviceName === undefined ? deviceTowards(host, address) : host.interfaces.get(deviceName)
  if (device === undefined) {
    context.error(`SIOCSARP: ${errorText(deviceName === undefined ? 'ENETUNREACH' : 'ENODEV')}\n`)
    return FAILED
  }
  host.neighbors.set(
    { interface: device, address, mac, state: flags.includes('temp') ? 'STALE' : 'PERMANENT' },
    'replace',
  )
  return 0
}

function deviceTowards(host: Host, address: Ipv4Address): Interface | undefined {
  const found = host.routeFor(address)
  return found.ok ? found.interface : undefined
}

function complain(context: CommandContext, text: string): number {
  context.error(`arp: ${text}\n`)
  return FAILED
}
