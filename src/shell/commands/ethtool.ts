import { type Command, instantCommand } from '../command.ts'

/**
 * `ethtool -K DEVICE FEATURE on|off …`: containerlab's labs switch offloads off. The simulator has no offloads (frames never
 * exceed the MTU, checksums are right), so `off` is what it always does and `on` is refused.
 */
export const ethtool: Command = instantCommand('ethtool', 'everywhere', context => {
  const [option, device, ...features] = context.args
  if (option !== '-K' && option !== '--offload' && option !== '--features') {
    context.error(
      `ethtool: ${option === undefined ? 'reading without arguments' : `"${option}"`} is not modelled by drylab\n`,
    )
    return 1
  }
  if (device === undefined || context.node.host.interfaces.get(device) === undefined) {
    context.error('Cannot get device feature names: No such device\n')
    return 1
  }
  for (let at = 0; at + 1 < features.length; at += 2) {
    if (features[at + 1] === 'on')
      context.error(`ethtool: "${features[at]} on" is not modelled by drylab and has no effect\n`)
  }
  return 0
})
