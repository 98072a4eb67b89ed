import { impairDevice } from '../../../lab/actions.ts'
import type { LabNode } from '../../../lab/node.ts'
import { Netem, type NetemSettings, NO_IMPAIRMENT } from '../../../link/netem.ts'
import { parseDurationNs } from '../../../text/duration.ts'
import type { CommandContext } from '../../command.ts'
import { refuse } from './deploy.ts'
import { type FlagTable, parseFlags } from './flags.ts'
import { roundedTable } from './rounded-table.ts'

const FLAGS: FlagTable = [
  { long: 'node', short: 'n', takesValue: true },
  { long: 'interface', short: 'i', takesValue: true },
  { long: 'format', short: 'f', takesValue: true },
  { long: 'delay', takesValue: true },
  { long: 'jitter', takesValue: true },
  { long: 'loss', takesValue: true },
  { long: 'corruption', takesValue: true },
  { long: 'rate', takesValue: true },
]

/**
 * `containerlab tools netem set|show|reset`: the network emulator on a container's interface, outwards. `set` replaces all
 * values. Source: containerlab cmd/tools_netem.go. Not modelled: `--rate`.
 */
export function toolsCommand(context: CommandContext, args: readonly string[]): number {
  const [tool, verb, ...words] = args
  if (tool !== 'netem' || verb === undefined || !['set', 'show', 'reset'].includes(verb))
    return refuse(context, 'of "tools" only netem set, netem show and netem reset are modelled by drylab')
  const { values, mistake } = parseFlags(words, FLAGS)
  if (mistake !== undefined) return refuse(context, mistake)
  const name = values.get('node')
  const node = name === undefined ? undefined : context.lab.node(name)
  if (name === undefined) return refuse(context, 'required flag(s) "node" not set')
  if (node === undefined || !node.isRunning) return refuse(context, `container "${name}" is not running`)
  if (verb === 'show') return show(context, node, values.get('format') === 'json')
  const interfaceName = values.get('interface')
  if (interfaceName === undefined) return refuse(context, 'required flag(s) "interface" not set')
  const device = node.host.interfaces.get(interfaceName)
  if (device?.port === undefined) return refuse(context, `Link not found: ${interfaceName}`)
  if (verb === 'reset') {
    impairDevice(node.host, device, undefined)
    context.out(`Reset impairments on node "${node.containerName}", interface "${interfaceName}"\n`)
    return 0
  }
  const settings = readSettings(values)
  if (typeof settings === 'string') return refuse(context, settings)
  impairDevice(node.host, device, settings)
  context.out(table([[interfaceName, settings]]))
  return 0
}

function readSettings(values: ReadonlyMap<string, string>): NetemSettings | string {
  if (values.has('rate')) return '--rate is not modelled by drylab'
  const settings = { ...NO_IMPAIRMENT }
  for (const [flag, key] of [
    ['delay', 'delayNs'],
    ['jitter', 'jitterNs'],
  ] as const) {
    const text = values.get(flag)
    const value = text === undefined ? 0 : parseDurationNs(text)
    if (value === undefined) return `invalid argument "${text}" for "--${flag}" flag: time: invalid duration "${text}"`
    Object.assign(settings, { [key]: value })
  }
  for (const [flag, key] of [
    ['loss', 'lossPercent'],
    ['corruption', 'corruptPercent'],
  ] as const) {
    const value = Number(values.get(flag) ?? 0)
    if (Number.isNaN(value)) return `invalid argument "${values.get(flag)}" for "--${flag}" flag`
    if (value < 0 || value > 100)
      return flag === 'loss'
        ? 'packet loss must be in the range between 0 and 100'
        : 'corruption must be in the range between 0 and 100'
    Object.assign(settings, { [key]: value })
  }
  if (settings.jitterNs > 0 && settings.delayNs === 0) return 'jitter cannot be set without setting delay'
  return settings
}

function show(context: CommandContext, node: LabNode, isJson: boolean): number {
  const rows = node.host.interfaces.all().map(device => {
    const egress = device.port?.egress
    return [device.name, egress instanceof Netem ? egress.settings : undefined] as const
  })
  if (!isJson) {
    context.out(table(rows))
    return 0
  }
  const objects = rows.map(([name, settings]) => ({
    interface: name,
    delay: spanText(settings?.delayNs ?? 0, ''),
    jitter: spanText(settings?.jitterNs ?? 0, ''),
    packet_loss: settings?.lossPercent ?? 0,
    rate: 0,
    corruption: settings?.corruptPercent ?? 0,
  }))
  context.out(`${JSON.stringify({ [node.containerName]: objects }, null, 2)}\n`)
  return 0
}

function table(rows: readonly (readonly [name: string, settings: NetemSettings | undefined])[]): string {
  const cells = rows.map(([name, settings]) => [
    name,
    spanText(settings?.delayNs ?? 0, settings === undefined ? 'N/A' : '0s'),
    spanText(settings?.jitterNs ?? 0, settings === undefined ? 'N/A' : '0s'),
    settings === undefined ? 'N/A' : `${settings.lossPercent.toFixed(2)}%`,
    settings === undefined ? 'N/A' : '0',
    settings === undefined ? 'N/A' : `${settings.corruptPercent.toFixed(2)}%`,
  ])
  return roundedTable(['Interface', 'Delay', 'Jitter', 'Packet Loss', 'Rate (kbit)', 'Corruption'], cells)
}

/** Go's Duration.String for spans of whole microseconds. */
function spanText(ns: number, zero: string): string {
  if (ns === 0) return zero
  if (ns < 1e6) return `${ns / 1e3}µs`
  return ns < 1e9 ? `${ns / 1e6}ms` : `${ns / 1e9}s`
}
