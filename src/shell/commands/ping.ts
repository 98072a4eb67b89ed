import type { Host } from '../../host/host.ts'
import type { Interface } from '../../host/interface.ts'
import type { Errno } from '../../host/result.ts'
import { routeFor } from '../../host/route-select.ts'
import type { Coroutine } from '../../sim/coroutine.ts'
import { type Ipv4Address, parseIpv4 } from '../../wire/address.ts'
import type { Command, CommandContext } from '../command.ts'
import { errorText } from './ip/output.ts'
import { type PingOptions, parsePingOptions } from './ping/options.ts'
import { PingRun, type PingTarget } from './ping/run.ts'
import { resolveHost } from './resolve-host.ts'

/** iputils' `ping` 20221126, as root runs it. Takes simulated time. */
export const ping: Command = {
  name: 'ping',
  where: 'everywhere',
  *run(context): Coroutine<number> {
    const options = parsePingOptions(context)
    if ('exitCode' in options) return options.exitCode
    const target = findTarget(context, options)
    if (target === undefined) return 2
    return yield* new PingRun(context, options, target).run()
  },
}

/** The checks before the first packet; undefined after a message. */
function findTarget(context: CommandContext, options: PingOptions): PingTarget | undefined {
  const { host } = context.node
  const { destination } = options
  const resolved = resolveHost(host, destination)
  // connect(2) to 0.0.0.0 means this host.
  const address = resolved === 0 ? parseIpv4('127.0.0.1') : resolved
  if (address === undefined) return complain(context, `ping: ${destination}: ${lookupError(destination)}\n`)
  const bound = findSource(context, host, options.source)
  if (bound === undefined) return undefined
  const route = routeFor(host, {
    destination: address,
    ...(bound.source === undefined ? {} : { source: bound.source }),
    ...(bound.device === undefined ? {} : { interface: bound.device }),
  })
  if (!route.ok) return complain(context, connectError(route.errno))
  if (route.type === 'broadcast') return complain(context, BROADCAST_QUESTION)
  const { device } = bound
  if (device !== undefined && !device.addresses.some(own => own.address === route.source)) {
    context.error(`ping: Warning: source address might be selected on device other than: ${device.name}\n`)
  }
  return {
    address,
    title: destination,
    source: bound.source ?? (bound.device === undefined ? undefined : route.source),
    device: bound.device,
    looksUpNames: parseIpv4(destination) === undefined && !options.isNumeric,
  }
}

const BROADCAST_QUESTION = 'ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules\n'

/** A container without DNS gives up at once on names with a dot and on others alike. Differs from Linux: no DNS servers. */
function lookupError(_name: string): string {
  return 'Temporary failure in name resolution'
}

/** What connect(2) of the probing socket says; a prohibit route looks like a broadcast address. */
function connectError(errno: Errno): string {
  return errno === 'EACCES' ? BROADCAST_QUESTION : `ping: connect: ${errorText(errno)}\n`
}

/** -I: an address of this host, or a device. */
function findSource(
  context: CommandContext,
  host: Host,
  word: string | undefined,
): { source?: Ipv4Address; device?: Interface } | undefined {
  if (word === undefined) return {}
  const source = parseIpv4(word)
  if (source !== undefined) {
    if (host.isLocalAddress(source)) return { source }
    return complain(context, 'ping: bind: Cannot assign requested address\n')
  }
  const device = host.interfaces.get(word)
  if (device === undefined) return complain(context, `ping: SO_BINDTODEVICE ${word}: No such device\n`)
  return { device }
}

function complain(context: CommandContext, message: string): undefined {
  context.error(message)
  return undefined
}
