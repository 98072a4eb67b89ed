import type { Coroutine } from '../../sim/coroutine.ts'
import type { Command, CommandContext, Handover } from '../command.ts'
import { containerId } from './container-id.ts'
import { containers, findContainer } from './docker/containers.ts'
import { copy } from './docker/copy.ts'
import { inspect, ps } from './docker/inspect.ts'
import { kill, restart, start, stop } from './docker/life.ts'

/** `docker exec` options without and with a value. Source: docker exec --help, 28. */
const EXEC_SWITCHES = new Set(['-i', '-t', '-it', '-ti', '-d', '--interactive', '--tty', '--detach', '--privileged'])
const EXEC_VALUES = new Set(['-e', '--env', '-u', '--user', '-w', '--workdir'])

/** docker's verbs that exist here. Images are names: pulling and tagging them always works. */
const VERBS: Readonly<
  Record<string, (context: CommandContext, args: readonly string[]) => number | Handover | Coroutine<number>>
> = {
  exec,
  ps,
  kill,
  stop,
  start,
  restart,
  cp: copy,
  inspect,
  pull,
  tag: () => 0,
  info,
}

/** The parts of docker that people use on labs. */
export const docker: Command = { name: 'docker', where: 'machine', run }

function* run(context: CommandContext): Coroutine<number | Handover> {
  // `docker container exec` is `docker exec`
  const [verb, ...args] = context.args[0] === 'container' ? context.args.slice(1) : context.args
  const handler = verb === undefined || !Object.hasOwn(VERBS, verb) ? undefined : VERBS[verb]
  if (handler === undefined) {
    context.error(`docker: '${verb ?? ''}' is not modelled by drylab; modelled are ${Object.keys(VERBS).join(', ')}\n`)
    return 1
  }
  const result = handler(context, args)
  return typeof result === 'object' && 'next' in result ? yield* result : result
}

/** `docker info`: the lines that scripts look for. */
function info(context: CommandContext): number {
  const { length } = containers(context.lab)
  context.out(`Server:\n Containers: ${length}\n Cgroup Driver: systemd\n Cgroup Version: 2\n`)
  return 0
}

/** Differs from docker: an image that nobody ever made is "pulled" too. */
function pull(context: CommandContext, args: readonly string[]): number {
  const name = args.find(word => !word.startsWith('-'))
  if (name === undefined) {
    context.error('"docker pull" requires exactly 1 argument.\nSee \'docker pull --help\'.\n')
    return 1
  }
  const full = name.includes(':', name.lastIndexOf('/') + 1) || name.includes('@') ? name : `${name}:latest`
  context.out(`Status: Image is up to date for ${full}\n${full}\n`)
  return 0
}

/** Runs the words that follow in a container; `sh -c TEXT` there goes through the shell's language. */
function exec(context: CommandContext, args: readonly string[]): number | Handover {
  let index = 0
  while (args[index]?.startsWith('-')) {
    const word = args[index]!
    if (EXEC_SWITCHES.has(word)) index += 1
    else if (EXEC_VALUES.has(word)) index += 2
    else if (/^--(env|user|workdir|interactive|tty|detach|privileged)=/.test(word)) index += 1
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
  const node = findContainer(context, name)
  if (node === undefined) return 1
  if (!node.isRunning) {
    context.error(`Error response from daemon: container ${containerId(context.lab, node)} is not running\n`)
    return 1
  }
  return { node, words }
}
