import { parseDurationNs } from '../../text/duration.ts'
import { type Command, type CommandContext, instantCommand } from '../command.ts'

/**
 * iproute2's `tc`: `qdisc show`, and `qdisc add|replace|change|del … root netem` with delay, jitter, loss and nothing else.
 * Differs from Linux: the delay is put on the frames that the cable carries, behind the device's queue.
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

function show(context: CommandContext): number {
  const at = context.args.indexOf('dev')
  const name = at < 0 ? undefined : context.args[at + 1]
  const devices = context.node.host.interfaces.all()
  if (name !== undefined && !devices.some(device => device.name === name)) return noDevice(context, name)
  for (const device of devices) {
    if (device.hasBeenUp && (name === undefined || device.name === name)) {
      context.out(`qdisc noqueue 0: ${name === undefined ? `dev ${device.name} ` : ''}root refcnt 2 \n`)
    }
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
  if (name === undefined) {
    context.error('"dev" is required\n')
    return 1
  }
  if (context.node.host.interfaces.get(name) === undefined) return noDevice(context, name)
  const netem = words.indexOf('netem')
  const wish = netem < 0 ? words.slice(at + 2).join(' ') : `netem ${words.slice(netem + 1).join(' ')}`
  const delay = words[words.indexOf('delay') + 1]
  if (netem >= 0 && words.includes('delay') && parseDurationNs(delay ?? '') === undefined) {
    context.error(`Illegal "latency"\n`)
    return 1
  }
  context.error(`tc: "qdisc ${command} ${wish}" is not modelled by drylab\n`)
  return 2
}
