import { nodeDown } from '../../lab/actions.ts'
import { type Command, type CommandContext, type Handover, instantCommand } from '../command.ts'
import { containerId } from './container-id.ts'
import { fitTable } from './docker-table.ts'

/** `docker exec` options without and with a value. Source: docker exec --help, 28. */
const EXEC_SWITCHES = new Set(['-i', '-t', '-it', '-ti', '-d', '--interactive', '--tty', '--detach', '--privileged'])
const EXEC_VALUES = new Set(['-e', '--env', '-u', '--user', '-w', '--workdir'])

/** The parts of docker that people use on labs: exec, ps, kill, stop. */
export const docker: Command = instantCommand('docker', 'machine', context => {
  const [verb, ...args] = context.args
  switch (verb) {
    case 'exec':
      return exec(context, args)
    case 'ps':
      return ps(context, args)
    case 'kill':
    case 'stop':
      return stop(context, args)
    default:
      context.error(`docker: '${verb ?? ''}' is not modelled by drylab; modelled are exec, ps, kill and stop\n`)
      return 1
  }
})

/** Runs the words that follow in a container; `sh -c TEXT` there goes through the shell's language. */
function exec(context: CommandContext, args: readonly string[]): number | Handover {
  let index = 0
  while (args[index]?.startsWith('-')) {
    const word = args[index]!
    if (EXEC_SWITCHES.has(word)) index += 1
    else if (EXEC_VALUES.has(word)) index += 2
    else {
      context.error(`unknown flag: ${word}\nSee 'docker exec --help'.\n`)
      return 125
    }
  }
  const [name, ...words] = args.slice(index)
  if (name === undefined || words.length === 0) {
    context.error('"docker exec" requires at least 2 arguments.\nSee \'docker exec --help\'.\n')
    return 1
  }
  const node = context.lab
    .nodes()
    .find(candidate => candidate.containerName === name || containerId(context.lab, candidate).startsWith(name))
  if (node === undefined || node.kind === 'bridge' || node.kind === 'ovs-bridge') {
    context.error(`Error response from daemon: No such container: ${name}\n`)
    return 1
  }
  if (!node.isRunning) {
    context.error(`Error response from daemon: container ${containerId(context.lab, node)} is not running\n`)
    return 1
  }
  return { node, words }
}

function ps(context: CommandContext, args: readonly string[]): number {
  const { lab } = context
  const isKnown = args.every(word => ['-a', '-q', '--all', '--quiet', '-aq'].includes(word))
  if (!isKnown) {
    context.error(`docker ps: only -a and -q are modelled by drylab, not ${args.join(' ')}\n`)
    return 125
  }
  const all = args.some(word => word.includes('a'))
  const containers = lab
    .nodes()
    .filter(
      node =>
        (node.kind === 'linux' || node.kind === 'kind-node' || node.kind === 'k8s-kind') && (all || node.isRunning),
    )
  if (args.some(word => word === '-q' || word === '-aq' || word === '--quiet')) {
    for (const node of containers) context.out(`${containerId(lab, node).slice(0, 12)}\n`)
    return 0
  }
  const rows = containers.map(node => [
    containerId(lab, node).slice(0, 12),
    node.image,
    '""',
    'Less than a second ago',
    node.isRunning ? 'Up' : 'Exited (137)',
    '',
    node.containerName,
  ])
  context.out(fitTable(['CONTAINER ID', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'PORTS', 'NAMES'], rows))
  return 0
}

function stop(context: CommandContext, names: readonly string[]): number {
  let exitCode = 0
  for (const name of names) {
    const node = context.lab.nodes().find(candidate => candidate.containerName === name)
    if (node === undefined) {
      context.error(`Error response from daemon: No such container: ${name}\n`)
      exitCode = 1
      continue
    }
    nodeDown(context.lab, node)
    context.out(`${name}\n`)
  }
  return exitCode
}
