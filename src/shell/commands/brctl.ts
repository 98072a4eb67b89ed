import { formatMac } from '../../wire/address.ts'
import { type Command, type CommandContext, instantCommand } from '../command.ts'

/** bridge-utils' `brctl show` and `showmacs`; changes go through `ip link`. */
export const brctl: Command = instantCommand('brctl', 'everywhere', context => {
  const [command, name] = context.args
  if (command === 'show') return show(context, name)
  if (command === 'showmacs' && name !== undefined) return showAddresses(context, name)
  context.error(`brctl: "${context.args.join(' ')}" is not modelled by drylab (use ip link)\n`)
  return 1
})

function show(context: CommandContext, name: string | undefined): number {
  const devices = context.node.host.interfaces.all()
  if (name !== undefined && !devices.some(device => device.name === name && device.kind === 'bridge')) {
    context.error(`bridge ${name} does not exist!\n`)
    return 1
  }
  context.out('bridge name\tbridge id\t\tSTP enabled\tinterfaces\n')
  for (const bridge of devices) {
    if (bridge.kind !== 'bridge' || (name !== undefined && bridge.name !== name)) continue
    const ports = devices.filter(device => device.master === bridge).map(device => device.name)
    const id = `8000.${formatMac(bridge.mac).replaceAll(':', '')}`
    context.out(`${bridge.name}\t\t${id}\tno\t\t${ports.join('\n\t\t\t\t\t\t\t')}\n`)
  }
  return 0
}

/** Ageing timers count from the last frame; own addresses never age. */
function showAddresses(context: CommandContext, name: string): number {
  const { host } = context.node
  const bridge = host.interfaces.get(name)
  if (bridge?.bridge === undefined) {
    context.error(`read of forward table failed: No such device\n`)
    return 1
  }
  context.out('port no\tmac addr\t\tis local?\tageing timer\n')
  const ports = host.interfaces.all().filter(device => device.master === bridge)
  ports.forEach((port, at) => {
    const line = (mac: number, isLocal: boolean, seconds: number): void =>
      context.out(`  ${at + 1}\t${formatMac(mac)}\t${isLocal ? 'yes' : 'no'}\t\t${seconds.toFixed(2).padStart(7)}\n`)
    line(port.mac, true, 0)
    for (const entry of bridge.bridge!.snapshot()) {
      if (entry.port === port.port) line(entry.mac, false, (host.simulator.nowNs - entry.updatedAtNs) / 1e9)
    }
  })
  return 0
}
