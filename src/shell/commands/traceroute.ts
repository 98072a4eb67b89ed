import type { Coroutine } from '../../sim/coroutine.ts'
import type { Command, CommandContext } from '../command.ts'
import { resolveHost } from './resolve-host.ts'
import { parseTracerouteOptions, type TracerouteOptions } from './traceroute/options.ts'
import { TracerouteRun, type TracerouteTarget } from './traceroute/run.ts'

/** Butskoy's `traceroute` 2.1.2 with UDP (default) or ICMP (-I) probes. Takes simulated time. */
export const traceroute: Command = {
  name: 'traceroute',
  where: 'everywhere',
  *run(context): Coroutine<number> {
    const options = parseTracerouteOptions(context)
    if ('exitCode' in options) return options.exitCode
    const target = findTarget(context, options)
    if (target === undefined) return 2
    return yield* new TracerouteRun(context, options, target).run()
  },
}

function findTarget(context: CommandContext, options: TracerouteOptions): TracerouteTarget | undefined {
  const { host } = context.node
  const address = resolveHost(host, options.destination)
  if (address === undefined) {
    context.error(`${options.destination}: Temporary failure in name resolution\n`)
    context.error(
      `Cannot handle "host" cmdline arg \`${options.destination}' on position 1 (argc ${context.args.length})\n`,
    )
    return undefined
  }
  const source = options.source === undefined ? undefined : resolveHost(host, options.source)
  const device = options.device === undefined ? undefined : host.interfaces.get(options.device)
  if (options.source !== undefined && (source === undefined || !host.isLocalAddress(source))) {
    context.error('\nbind: Cannot assign requested address\n')
    return undefined
  }
  if (options.device !== undefined && device === undefined) {
    context.error('\nsetsockopt SO_BINDTODEVICE: No such device\n')
    return undefined
  }
  return { address, source, device }
}
