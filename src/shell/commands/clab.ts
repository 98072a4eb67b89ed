import { resolvePath } from '../../config/path.ts'
import { renderDiagnostic } from '../../config/render-diagnostic.ts'
import type { Coroutine } from '../../sim/coroutine.ts'
import type { Command, CommandContext } from '../command.ts'
import { loadTopology } from '../load-topology.ts'
import { plainWords } from '../plain-words.ts'
import { deployCommand, destroyCommand, machineFiles, refuse, topologyPath } from './clab/deploy.ts'
import { EXEC_FLAGS, INSPECT_FLAGS, parseFlags } from './clab/flags.ts'
import { inspectJson, inspectTable } from './clab/inspect.ts'
import { restartCommand, startCommand, stopCommand } from './clab/life.ts'
import { toolsCommand } from './clab/netem.ts'

/** containerlab's verbs that exist here, with their aliases. */
const VERBS: Readonly<
  Record<string, (context: CommandContext, args: readonly string[]) => Coroutine<number> | number>
> = {
  deploy: deployCommand,
  dep: deployCommand,
  destroy: destroyCommand,
  des: destroyCommand,
  inspect: inspectCommand,
  ins: inspectCommand,
  i: inspectCommand,
  exec: execCommand,
  validate: validateCommand,
  val: validateCommand,
  start: startCommand,
  stop: stopCommand,
  restart: restartCommand,
  tools: toolsCommand,
}

/** `containerlab`, also called `clab`. Source: containerlab cmd/. */
function* run(context: CommandContext): Coroutine<number> {
  const [verb, ...args] = context.args
  const handler = verb === undefined ? undefined : VERBS[verb]
  if (handler === undefined) {
    const known = 'deploy, destroy, inspect, exec, validate, start, stop, restart and tools netem'
    return refuse(
      context,
      verb === undefined
        ? `a verb is missing; modelled are ${known}`
        : `"${verb}" is not modelled by drylab; modelled are ${known}`,
    )
  }
  const result = handler(context, args)
  return typeof result === 'number' ? result : yield* result
}

function inspectCommand(context: CommandContext, args: readonly string[]): number {
  const flags = parseFlags(args, INSPECT_FLAGS)
  if (flags.mistake !== undefined) return refuse(context, flags.mistake)
  const { lab } = context
  const path = flags.values.has('topo') ? topologyPath(context, flags.values.get('topo')) : undefined
  const name =
    flags.values.get('name') ?? (path === undefined ? undefined : loadTopology(path, machineFiles(context)).model?.name)
  const topologies = [...lab.topologies.values()].filter(topology => name === undefined || topology.model.name === name)
  if (flags.values.get('format') === 'json')
    context.out(topologies.length === 0 ? '{}\n' : inspectJson(lab, topologies))
  else if (topologies.length === 0) context.error('INFO no containers found\n')
  else context.out(inspectTable(topologies, flags.values.has('all') || name === undefined))
  return 0
}

/** Differs from containerlab: nodes answer in name order, and a filter that matches no node fails. */
function* execCommand(context: CommandContext, args: readonly string[]): Coroutine<number> {
  const flags = parseFlags(args, EXEC_FLAGS)
  if (flags.mistake !== undefined) return refuse(context, flags.mistake)
  const words = plainWords(flags.values.get('cmd') ?? '')
  if (words === undefined) return refuse(context, '--cmd needs one plain command')
  const path = topologyPath(context, flags.values.get('topo'))
  const name = path === undefined ? undefined : loadTopology(path, machineFiles(context)).model?.name
  const topology = context.lab.topologies.get(name ?? '') ?? [...context.lab.topologies.values()][0]
  const nodes = [...(topology?.nodes.values() ?? [])]
    .filter(node => node.kind === 'linux')
    .sort((a, b) => (a.containerName < b.containerName ? -1 : 1))
  if (nodes.length === 0) return refuse(context, 'no node to run on')
  for (const node of nodes) {
    const { stdout, stderr } = yield* context.runCommand(node, words)
    context.error(`INFO Executed command node=${node.containerName} command=${JSON.stringify(words.join(' '))}\n`)
    context.out(stdout)
    context.error(stderr)
  }
  return 0
}

function validateCommand(context: CommandContext, args: readonly string[]): number {
  const flags = parseFlags(args, INSPECT_FLAGS)
  if (flags.mistake !== undefined) return refuse(context, flags.mistake)
  const path = topologyPath(context, flags.values.get('topo') ?? flags.rest[0])
  if (path === undefined) return refuse(context, 'no topology file')
  const { model, diagnostics } = loadTopology(resolvePath(context.cwd, path), machineFiles(context))
  for (const diagnostic of diagnostics)
    context.error(`${renderDiagnostic(diagnostic, context.readFile(diagnostic.source.file))}\n`)
  if (model === undefined) return 1
  context.error(`INFO Topology is valid name=${model.name} nodes=${model.nodes.length} links=${model.links.length}\n`)
  return 0
}

export const clab: Command = { name: 'clab', where: 'machine', run }
export const containerlab: Command = { name: 'containerlab', where: 'machine', run }
