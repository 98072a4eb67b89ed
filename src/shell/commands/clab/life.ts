import { nodeUp, stopNodes } from '../../../lab/actions.ts'
import type { LabNode } from '../../../lab/node.ts'
import type { Coroutine } from '../../../sim/coroutine.ts'
import type { CommandContext } from '../../command.ts'
import { refuse } from './deploy.ts'
import { type FlagTable, parseFlags } from './flags.ts'
import { log } from './log.ts'

const FLAGS: FlagTable = [
  { long: 'node', short: 'n', takesValue: true },
  { long: 'topo', short: 't', takesValue: true },
  { long: 'name', takesValue: true },
]

/** `containerlab stop -n NODE[,NODE]`: the containers stop, their links are parked. */
export function* stopCommand(context: CommandContext, args: readonly string[]): Coroutine<number> {
  const nodes = namedNodes(context, args)
  if (typeof nodes === 'string') return refuse(context, nodes)
  yield* stopAll(context, nodes)
  return 0
}

/** `containerlab start -n NODE[,NODE]`. */
export function startCommand(context: CommandContext, args: readonly string[]): number {
  const nodes = namedNodes(context, args)
  if (typeof nodes === 'string') return refuse(context, nodes)
  startAll(context, nodes)
  return 0
}

/** `containerlab restart -n NODE[,NODE]`. */
export function* restartCommand(context: CommandContext, args: readonly string[]): Coroutine<number> {
  const nodes = namedNodes(context, args)
  if (typeof nodes === 'string') return refuse(context, nodes)
  yield* stopAll(context, nodes)
  startAll(context, nodes)
  return 0
}

function namedNodes(context: CommandContext, args: readonly string[]): readonly LabNode[] | string {
  const flags = parseFlags(args, FLAGS)
  if (flags.mistake !== undefined) return flags.mistake
  const names = (flags.values.get('node') ?? '').split(',').filter(name => name !== '')
  if (names.length === 0) return 'required flag(s) "node" not set'
  const missing = names.find(name => context.lab.node(name) === undefined)
  if (missing !== undefined) return `node "${missing}" is not present in the lab`
  return names.map(name => context.lab.node(name)!)
}

function* stopAll(context: CommandContext, nodes: readonly LabNode[]): Coroutine<void> {
  for (const node of nodes) log(context, 'Stopping node', { name: node.name })
  yield* stopNodes(context.lab, nodes)
}

function startAll(context: CommandContext, nodes: readonly LabNode[]): void {
  for (const node of nodes) {
    log(context, 'Starting node', { name: node.name })
    nodeUp(context.lab, node)
  }
}
