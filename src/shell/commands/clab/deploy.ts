import { resolvePath } from '../../../config/path.ts'
import { renderDiagnostic } from '../../../config/render-diagnostic.ts'
import type { MachineFiles } from '../../../lab/bound-files.ts'
import { checkDeployment } from '../../../lab/check-deployment.ts'
import { deploy, destroy } from '../../../lab/deploy.ts'
import type { DeployedTopology } from '../../../lab/topology.ts'
import type { Coroutine } from '../../../sim/coroutine.ts'
import { splitWords } from '../../../text/tokenize.ts'
import type { CommandContext } from '../../command.ts'
import { loadTopology } from '../../load-topology.ts'
import { DEPLOY_FLAGS, DESTROY_FLAGS, parseFlags } from './flags.ts'
import { inspectJson, inspectTable } from './inspect.ts'
import { log } from './log.ts'

/** `containerlab deploy -t FILE`: checks everything, then builds; a file with a mistake changes nothing. */
export function* deployCommand(context: CommandContext, args: readonly string[]): Coroutine<number> {
  const flags = parseFlags(args, DEPLOY_FLAGS)
  if (flags.mistake !== undefined) return refuse(context, flags.mistake)
  const path = topologyPath(context, flags.values.get('topo') ?? flags.rest[0])
  if (path === undefined)
    return refuse(context, 'no topology file: give one with -t, or run in a folder that has one *.clab.yml')
  log(context, 'Parsing & checking topology', { file: path.slice(path.lastIndexOf('/') + 1) })
  const { model, diagnostics } = loadTopology(path, machineFiles(context), context.lab.routerReadings)
  for (const diagnostic of diagnostics) context.lab.say(diagnostic)
  if (model !== undefined && flags.values.has('reconfigure')) {
    const running = context.lab.topologies.get(model.name)
    if (running !== undefined) destroy(context.lab, running)
  }
  const problems =
    model === undefined
      ? diagnostics.filter(one => one.severity === 'error')
      : checkDeployment(context.lab, model, machineFiles(context))
  if (model === undefined || problems.length > 0) {
    for (const problem of problems) {
      context.lab.say(problem)
      context.error(`${renderDiagnostic(problem, context.readFile(problem.source.file))}\n`)
    }
    return 1
  }
  const deployed = deploy(context.lab, model, machineFiles(context))
  for (const node of model.nodes) if (node.kind === 'linux') log(context, 'Creating container', { name: node.name })
  for (const { ends } of deployed.links)
    log(context, `Created link: ${ends[0].node}:${ends[0].interface} ▪┄┄▪ ${ends[1].node}:${ends[1].interface}`, {})
  yield* runExecLines(context, deployed)
  context.out(
    flags.values.get('format') === 'json' ? inspectJson(context.lab, [deployed]) : inspectTable([deployed], false),
  )
  return 0
}

/**
 * The nodes' `exec` lines, node by node in name order (containerlab runs nodes side by side). No shell reads them: they are
 * split into words and run, as containerlab does. A failing line is logged and does not stop the others.
 */
function* runExecLines(context: CommandContext, deployed: DeployedTopology): Coroutine<void> {
  const byName = [...deployed.model.nodes].sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const model of byName) {
    const node = deployed.nodes.get(model.name)!
    let isIncomplete = false
    for (const { command, source } of model.exec) {
      const words = splitWords(command) ?? command.trim().split(/\s+/)
      const { stdout, stderr, exitCode } = yield* context.runCommand(node, words)
      if (exitCode === 0 && stderr === '') {
        log(context, 'Executed command', { node: model.name, command, stdout: stdout.trim() })
        continue
      }
      const said = (stderr || stdout).trim() || `exit status ${exitCode}`
      log(context, 'Failed to execute command', { node: model.name, command, rc: exitCode, stderr: said }, 'ERRO')
      const isUnmodelled = UNMODELLED.test(said) || exitCode === COMMAND_NOT_FOUND
      if (exitCode === 0 && !isUnmodelled) continue
      context.lab.say({
        code: 'containerlab/exec-failed',
        severity: isUnmodelled || isIncomplete ? 'unmodelled' : 'warning',
        message: `exec on ${model.name}: ${command}: ${said.split('\n')[0]}`,
        source,
      })
      // what fails from here on may only miss what this line would have made
      isIncomplete ||= isUnmodelled
    }
  }
}

/** Exit status of a shell for a program that the image may have, but the simulation has not. */
const COMMAND_NOT_FOUND = 127

/**
 * What a command says that the real one would not: it, or the kernel's switch that it asks for, is not simulated, or the
 * management network is not.
 */
const UNMODELLED =
  /Cannot find device "eth0"|\bmodelled by drylab\b|\bnot modelled\b|: command not found|cannot stat \/proc\/sys\//

/** `containerlab destroy -t FILE | --name NAME | --all`. */
export function destroyCommand(context: CommandContext, args: readonly string[]): number {
  const flags = parseFlags(args, DESTROY_FLAGS)
  if (flags.mistake !== undefined) return refuse(context, flags.mistake)
  const { lab } = context
  if (flags.values.has('all')) {
    for (const topology of [...lab.topologies.values()]) destroyOne(context, topology)
    return 0
  }
  const path = topologyPath(context, flags.values.get('topo') ?? flags.rest[0])
  const name =
    flags.values.get('name') ?? (path === undefined ? undefined : loadTopology(path, machineFiles(context)).model?.name)
  const topology = name === undefined ? undefined : lab.topologies.get(name)
  if (topology === undefined)
    return refuse(context, `no running lab ${name === undefined ? 'was named (use -t, --name or --all)' : `"${name}"`}`)
  destroyOne(context, topology)
  return 0
}

function destroyOne(context: CommandContext, topology: DeployedTopology): void {
  log(context, 'Destroying lab', { name: topology.model.name })
  for (const node of topology.nodes.values()) {
    if (node.labName === topology.model.name && node.kind === 'linux')
      log(context, 'Removed container', { name: node.containerName })
  }
  destroy(context.lab, topology)
}

/** The machine's files as the command sees them. */
export function machineFiles(context: CommandContext): MachineFiles {
  return { readText: path => context.readFile(path), list: path => context.listFolder(path) }
}

/** The file named, the one topology file of a folder named, or that of the working folder. */
export function topologyPath(context: CommandContext, named: string | undefined): string | undefined {
  const path = resolvePath(context.cwd, named ?? '.')
  const names = context.listFolder(path)
  if (names === undefined) return path
  const found = names.filter(name => /\.clab\.ya?ml$/.test(name))
  return found.length === 1 ? resolvePath(path, found[0]!) : undefined
}

export function refuse(context: CommandContext, message: string): number {
  context.error(`Error: ${message}\n`)
  return 1
}
