import { nodeDown, nodeUp, stopNodes } from '../../../lab/actions.ts'
import type { LabNode } from '../../../lab/node.ts'
import type { Coroutine } from '../../../sim/coroutine.ts'
import type { CommandContext } from '../../command.ts'
import { containerId } from '../container-id.ts'
import { findContainer } from './containers.ts'

/** Options with a value. How long a program gets to end changes nothing here: all end at once. */
const TIME_OPTIONS = new Set(['-t', '--time', '--timeout'])
const SIGNAL_OPTIONS = new Set(['-s', '--signal'])
/** Signals that mean the end of a container's first program, as its verb does without one. */
const KILL_SIGNALS = new Set(['KILL', 'SIGKILL', '9'])
const STOP_SIGNALS = new Set(['TERM', 'SIGTERM', '15', ...KILL_SIGNALS])

/** `docker stop [-t SECONDS] NAME…`: the programs end, their peers see FINs, then the network goes. */
export function* stop(context: CommandContext, args: readonly string[]): Coroutine<number> {
  const named = readNames(context, 'stop', args, STOP_SIGNALS)
  if (named === undefined) return 1
  return yield* forEach(context, named, function* (node) {
    yield* stopNodes(context.lab, [node])
    return undefined
  })
}

/**
 * `docker kill [-s KILL] NAME…`: power loss; the namespace and its veths are gone at once, nobody is told.
 * Differs from docker: there the kernel closes the killed programs' sockets before it takes the namespace apart, so that
 * FINs or resets may still reach the peers.
 */
export function* kill(context: CommandContext, args: readonly string[]): Coroutine<number> {
  const named = readNames(context, 'kill', args, KILL_SIGNALS)
  if (named === undefined) return 1
  // biome-ignore lint/correctness/useYield: a kill takes no time
  return yield* forEach(context, named, function* (node, name) {
    if (!node.isRunning)
      return `cannot kill container: ${name}: container ${containerId(context.lab, node)} is not running`
    nodeDown(context.lab, node)
    return undefined
  })
}

/** `docker start NAME…`. */
export function* start(context: CommandContext, args: readonly string[]): Coroutine<number> {
  const named = readNames(context, 'start', args, new Set())
  if (named === undefined) return 1
  // biome-ignore lint/correctness/useYield: a start takes no time
  return yield* forEach(context, named, function* (node) {
    nodeUp(context.lab, node)
    return undefined
  })
}

/** `docker restart [-t SECONDS] NAME…`: stop and start. */
export function* restart(context: CommandContext, args: readonly string[]): Coroutine<number> {
  const named = readNames(context, 'restart', args, STOP_SIGNALS)
  if (named === undefined) return 1
  return yield* forEach(context, named, function* (node) {
    yield* stopNodes(context.lab, [node])
    nodeUp(context.lab, node)
    return undefined
  })
}

/** The containers' names behind a verb; undefined after an error was printed. */
function readNames(
  context: CommandContext,
  verb: string,
  args: readonly string[],
  signals: ReadonlySet<string>,
): readonly string[] | undefined {
  const names: string[] = []
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index]!
    const [option = '', inline] = word.startsWith('--') ? word.split('=', 2) : [word]
    if (TIME_OPTIONS.has(option) && (verb === 'stop' || verb === 'restart')) {
      if (inline === undefined) index += 1
    } else if (SIGNAL_OPTIONS.has(option) && signals.size > 0) {
      const signal = inline ?? args[++index] ?? ''
      if (!signals.has(signal)) return refuse(context, `docker ${verb}: signal "${signal}" is not modelled by drylab\n`)
    } else if (word.startsWith('-')) {
      return refuse(context, `docker ${verb}: ${word} is not modelled by drylab\n`)
    } else names.push(word)
  }
  if (names.length > 0) return names
  return refuse(context, `"docker ${verb}" requires at least 1 argument.\nSee 'docker ${verb} --help'.\n`)
}

function refuse(context: CommandContext, text: string): undefined {
  context.error(text)
  return undefined
}

/** Does something to each container in turn and prints its name, as docker does; a text is what the daemon says instead. */
function* forEach(
  context: CommandContext,
  names: readonly string[],
  action: (node: LabNode, name: string) => Coroutine<string | undefined>,
): Coroutine<number> {
  let exitCode = 0
  for (const name of names) {
    const node = findContainer(context, name)
    const mistake = node === undefined ? undefined : yield* action(node, name)
    if (typeof mistake === 'string') context.error(`Error response from daemon: ${mistake}\n`)
    if (node === undefined || typeof mistake === 'string') exitCode = 1
    else context.out(`${name}\n`)
  }
  return exitCode
}
