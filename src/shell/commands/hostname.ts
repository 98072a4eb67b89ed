import { formatIpv4 } from '../../wire/address.ts'
import { type Command, instantCommand } from '../command.ts'

/** Debian's `hostname`, for reading: -s, -f, -i, -I. Setting a name is not modelled. */
export const hostname: Command = instantCommand('hostname', 'everywhere', context => {
  const { hostName, host } = context.node
  const [word] = context.args
  if (word === undefined || word === '-f' || word === '--fqdn') context.out(`${hostName}\n`)
  else if (word === '-s' || word === '--short') context.out(`${hostName.split('.')[0]}\n`)
  else if (word === '-I' || word === '--all-ip-addresses') {
    const own = host.interfaces.all().flatMap(device => (device.isLoopback ? [] : device.addresses))
    context.out(`${own.map(address => `${formatIpv4(address.address)} `).join('')}\n`)
  } else if (word === '-i' || word === '--ip-address') {
    const address = host.names.get(hostName)
    if (address === undefined) {
      context.error('hostname: Name or service not known\n')
      return 1
    }
    context.out(`${formatIpv4(address)}\n`)
  } else {
    context.error(
      `hostname: ${word.startsWith('-') ? `option "${word}"` : 'setting the name'} is not modelled by drylab\n`,
    )
    return 1
  }
  return 0
})
