import { releaseText } from '../../../model/frr-version.ts'
import { formatAddressWithLength } from '../../../wire/address.ts'
import type { VtyshContext } from './vtysh-context.ts'

/**
 * `show version`.
 *
 * Differs from FRR: the line of build options is left out.
 */
export function showVersion(context: VtyshContext): number {
  context.out(`FRRouting ${releaseText(context.version)} (${context.node.hostName}) on Linux.\n`)
  context.out('Copyright 1996-2005 Kunihiro Ishiguro, et al.\n')
  return 0
}

/** `show interface brief`: by name, further addresses on lines of their own (`if_show_brief`, zebra/interface.c). */
export function showInterfaceBrief(context: VtyshContext): number {
  context.out('Interface       Status  VRF             Addresses\n---------       ------  ---             ---------\n')
  const devices = [...context.node.host.interfaces.all()].sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const device of devices) {
    const addresses = device.addresses.filter(({ address }) => address >>> 24 !== 127)
    const status = device.isUp && device.hasCarrier ? 'up' : 'down'
    const head = `${device.name.padEnd(15)} ${status.padEnd(7)} ${'default'.padEnd(15)} `
    const texts = addresses.map(address => `${formatAddressWithLength(address)}${address.isSecondary ? ' +' : ''}\n`)
    context.out(`${head}${texts.length === 0 ? '\n' : texts.join(' '.repeat(40))}`)
  }
  context.out('\n')
  return 0
}

/**
 * `show running-config`, `write terminal`. The host name is always the system's; `end` closes the text.
 */
export function showRunningConfig(context: VtyshContext): number {
  const lines = [...context.router.model.runningConfig()]
  if (lines[0] !== '!') lines.unshift('!')
  const defaults = lines.findIndex(line => line.startsWith('frr defaults '))
  const hostname = `hostname ${context.node.hostName}`
  if (!lines.some(line => line.startsWith('hostname '))) lines.splice(defaults < 0 ? 1 : defaults + 1, 0, hostname)
  if (lines.at(-1) !== 'end') lines.push('end')
  context.out(`Building configuration...\n\nCurrent configuration:\n${lines.join('\n')}\n`)
  return 0
}
