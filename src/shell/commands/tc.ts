import type { Interface } from '../../host/interface.ts'
import { impairDevice } from '../../lab/actions.ts'
import { Netem, type NetemSettings, NO_IMPAIRMENT } from '../../link/netem.ts'
import { type Command, type CommandContext, instantCommand } from '../command.ts'
import { parseNetem } from './tc/netem.ts'

/**
 * iproute2's `tc`: `qdisc show`, and `qdisc add|replace|change|del dev DEVICE root netem` with delay, jitter, loss, corruption, duplication and
 * reordering, as
 * `containerlab tools netem set` uses it. Other disciplines, classes and filters are not modelled.
 */
export const tc: Command = instantCommand('tc', 'everywhere', context => {
  const [object = '', command = 'show'] = context.args
  const isQdisc = object !== '' && 'qdisc'.startsWith(object)
  if (isQdisc && ('show'.startsWith(command) || 'list'.startsWith(command))) return show(context)
  if (isQdisc && /^(add|replace|change|del|delete)$/.test(command))
    return change(context, command, context.args.slice(2))
  context.error(`tc: "${context.args.join(' ')}" is not modelled by drylab\n`)
  return 2
})

/** The first handle that the kernel gives a discipline without one. */
const HANDLE = '8001:'

function show(context: CommandContext): number {
  const at = context.args.indexOf('dev')
  const name = at < 0 ? undefined : context.args[at + 1]
  const devices = context.node.host.interfaces.all()
  if (name !== undefined && !devices.some(device => device.name === name)) return noDevice(context, name)
  for (const device of devices) {
    if (!device.hasBeenUp || (name !== undefined && device.name !== name)) continue
    const [kind = '', ...rest] = (device.port?.egress?.describe() ?? 'noqueue').split(' ')
    const handle = kind === 'noqueue' ? '0:' : HANDLE
    const details = rest.length === 0 ? '' : `${rest.join(' ')}`
    context.out(`qdisc ${kind} ${handle} ${name === undefined ? `dev ${device.name} ` : ''}root refcnt 2 ${details}\n`)
  }
  return 0
}

function noDevice(context: CommandContext, name: string): number {
  context.error(`Cannot find device "${name}"\n`)
  return 1
}

function change(context: CommandContext, command: string, words: readonly string[]): number {
  const at = words.indexOf('dev')
  const name = at < 0 ? undefined : words[at + 1]
  const device = name === undefined ? undefined : context.node.host.interfaces.get(name)
  if (name === undefined) {
    context.error('Command line is not complete. Try option "help"\n')
    return 255
  }
  if (device === undefined) return noDevice(context, name)
  if (command.startsWith('del')) return remove(context, device)
  const netem = words.indexOf('netem')
  if (netem < 0 || !words.slice(0, netem).includes('root')) {
    context.error(`tc: "qdisc ${command} ${words.join(' ')}" is not modelled by drylab\n`)
    return 2
  }
  const settings = parseNetem(words.slice(netem + 1))
  if (typeof settings === 'string') {
    context.error(`${settings}\n`)
    return settings.startsWith('tc:') ? 2 : 1
  }
  return install(context, device, command, settings)
}

function remove(context: CommandContext, device: Interface): number {
  if (device.port?.egress === undefined) {
    context.error('Error: Cannot delete qdisc with handle of zero.\n')
    return 2
  }
  impairDevice(context.node.host, device, undefined)
  return 0
}

function install(
  context: CommandContext,
  device: Interface,
  command: string,
  settings: Partial<NetemSettings>,
): number {
  const { port } = device
  if (port === undefined) {
    context.error(`tc: netem on a device without a cable (${device.name}) is not modelled by drylab\n`)
    return 2
  }
  if (command === 'add' && port.egress !== undefined) {
    context.error('Error: Exclusivity flag on, cannot modify.\n')
    return 2
  }
  if (command === 'change' && port.egress === undefined) {
    context.error('Error: Qdisc not found. To create specify NLM_F_CREATE flag.\n')
    return 2
  }
  const old = port.egress instanceof Netem && command === 'change' ? port.egress.settings : NO_IMPAIRMENT
  impairDevice(context.node.host, device, { ...old, ...settings })
  return 0
}
