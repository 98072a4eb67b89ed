import { DEFAULT_OPTIONS } from '../../config/iproute/parse.ts'
import type { Host } from '../../host/host.ts'
import type { Interface } from '../../host/interface.ts'
import { formatMac, type MacAddress } from '../../wire/address.ts'
import { type Command, type CommandContext, instantCommand } from '../command.ts'
import { linkFlags, linkTitle } from './ip/link-fields.ts'

/** iproute2's `bridge`: `link` and `fdb show`. Differs from Linux: multicast `self` rows and VLANs are not modelled. */
export const bridge: Command = instantCommand('bridge', 'everywhere', context => {
  const words = context.args.filter(word => !/^-(s|statistics|c|color)$/.test(word))
  const option = words.find(word => word.startsWith('-'))
  const [object = '', command = 'show', ...rest] = words
  const isShow = 'show'.startsWith(command) || 'list'.startsWith(command) || command === 'lst'
  const isLink = object !== '' && 'link'.startsWith(object)
  const isFdb = object !== '' && 'fdb'.startsWith(object)
  if (option !== undefined || !isShow || !(isLink || isFdb)) {
    context.error(`bridge: "${context.args.join(' ')}" is not modelled by drylab\n`)
    return 1
  }
  const filter = readFilter(context.node.host, rest)
  if (typeof filter === 'string') {
    context.error(`Cannot find ${filter.startsWith('bridge ') ? '' : 'device '}"${filter.replace(/^bridge /, '')}"\n`)
    return 1
  }
  if (isLink) showLinks(context, filter)
  else
    showEntries(
      context,
      filter,
      context.args.some(word => word === '-s' || word === '-statistics'),
    )
  return 0
})

interface Filter {
  readonly device?: Interface
  readonly master?: Interface
}

/** `br BRIDGE`, `dev PORT`; the name that does not exist when there is one. */
function readFilter(host: Host, words: readonly string[]): Filter | string {
  let filter: Filter = {}
  for (let at = 0; at < words.length; at++) {
    const isKeyword = ['dev', 'brport', 'br', 'master'].includes(words[at]!)
    const name = isKeyword ? words[at + 1] : words[at]
    const device = name === undefined ? undefined : host.interfaces.get(name)
    if (device === undefined) return name ?? ''
    filter = words[at] === 'br' || words[at] === 'master' ? { ...filter, master: device } : { ...filter, device }
    if (isKeyword) at += 1
  }
  return filter
}

function ports(host: Host, filter: Filter): readonly Interface[] {
  return host.interfaces
    .all()
    .filter(
      device =>
        device.master !== undefined &&
        (filter.device === undefined || device === filter.device) &&
        (filter.master === undefined || device.master === filter.master),
    )
}

/** Path cost of a veth (10 Gbit/s) in the kernel's table. */
const PORT_COST = 2

function showLinks(context: CommandContext, filter: Filter): void {
  const { host } = context.node
  const view = {
    host,
    options: { ...DEFAULT_OPTIONS, family: 'bridge' },
    namespaces: [],
    out: () => {},
    error: () => {},
  } as const
  for (const port of ports(host, filter)) {
    const state = port.isUp && port.hasCarrier && port.master!.isUp ? 'forwarding' : 'disabled'
    const flags = linkFlags(host, port).join(',')
    context.out(
      `${port.index}: ${linkTitle(view, port)}: <${flags}> mtu ${port.mtuBytes} master ${port.master!.name} ` +
        `state ${state} priority 32 cost ${PORT_COST} \n`,
    )
  }
}

function showEntries(context: CommandContext, filter: Filter, hasAges: boolean): void {
  const { host } = context.node
  for (const { mac, port, updatedAtNs } of forwardingEntries(host, filter)) {
    const age = updatedAtNs === undefined ? undefined : Math.floor((host.simulator.nowNs - updatedAtNs) / 1e9)
    const used = hasAges && age !== undefined ? `used ${age}/${age} ` : ''
    const end = age === undefined ? 'permanent' : ''
    context.out(`${formatMac(mac)} dev ${port.name} ${used}master ${port.master!.name} ${end}\n`)
  }
}

/** An entry of a bridge's forwarding table. */
interface ForwardingEntry {
  readonly mac: MacAddress
  readonly port: Interface
  /** When a frame from it last came in, nanoseconds; undefined for the port's own address. */
  readonly updatedAtNs: number | undefined
}

/** The forwarding tables of a host's bridges: port by port what was learned there, then the port's own address. */
export function forwardingEntries(host: Host, filter: Filter): readonly ForwardingEntry[] {
  return ports(host, filter).flatMap((port): readonly ForwardingEntry[] => [
    ...(port.master!.bridge?.snapshot() ?? [])
      .filter(entry => entry.port === port.port)
      .map(({ mac, updatedAtNs }) => ({ mac, port, updatedAtNs })),
    { mac: port.mac, port, updatedAtNs: undefined },
  ])
}
