import { type Command, instantCommand } from '../command.ts'
import { applyIproute } from './ip/apply.ts'

/** iproute2's `ip`, version 6.1. */
export const ip: Command = instantCommand('ip', 'everywhere', context =>
  applyIproute(
    {
      host: context.node.host,
      namespaces: context.lab.nodes().map(node => node.host),
      out: text => context.out(text),
      error: text => context.error(text),
    },
    context.args,
  ),
)
