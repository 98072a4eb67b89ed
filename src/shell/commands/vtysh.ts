import { releaseText } from '../../model/frr-version.ts'
import { type Command, type CommandContext, instantCommand } from '../command.ts'
import { VtyshSession } from './vtysh/session.ts'

interface VtyshOptions {
  readonly commands: readonly string[]
  readonly problem?: string
}

/**
 * FRR's shell. With `-c` the commands run in one session until the first that fails; without, lines are read from the
 * standard input. Exit code 1 for what vtysh itself refuses; what a daemon says, errors included, is 0.
 */
export const vtysh: Command = instantCommand('vtysh', 'node', run)

function run(context: CommandContext): number {
  const options = parseOptions(context.args)
  if (options.problem !== undefined) {
    context.error(`${options.problem}\n`)
    return 1
  }
  const { router } = context.node
  if (router === undefined) {
    context.error('Exiting: failed to connect to any daemons.\n')
    return 1
  }
  const session = new VtyshSession(context, router)
  if (options.commands.length === 0) return interact(context, session, router.model.version)
  for (const command of options.commands) {
    for (const line of command.split('\n')) {
      const code = session.run(line)
      if (code !== 0) return code
      if (session.hasLeft) return 0
    }
  }
  return 0
}

/** Each line is echoed behind the prompt, as readline does. */
function interact(context: CommandContext, session: VtyshSession, version: number): number {
  context.out(`\nHello, this is FRRouting (version ${releaseText(version)}).\n`)
  context.out('Copyright 1996-2005 Kunihiro Ishiguro, et al.\n\n')
  const lines = context.stdin.split('\n')
  if (lines.at(-1) === '') lines.pop()
  for (const line of lines) {
    context.out(`${session.prompt}${line}\n`)
    session.run(line)
    if (session.hasLeft) return 0
  }
  context.out(`${session.prompt}\n`)
  return 0
}

function parseOptions(args: readonly string[]): VtyshOptions {
  const commands: string[] = []
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? ''
    const value = /^(?:-c|--command=)(.+)$/s.exec(word)?.[1]
    if (value !== undefined) commands.push(value)
    else if (word === '-c' || word === '--command') {
      index += 1
      const next = args[index]
      if (next === undefined) return { commands, problem: "vtysh: option requires an argument -- 'c'" }
      commands.push(next)
    } else if (word !== '-E' && word !== '--echo') return { commands, problem: `drylab: vtysh ${word} is not modelled` }
  }
  return { commands }
}
