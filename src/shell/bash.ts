import { Bash, type CommandName, decodeBytesToUtf8, defineCommand, getCommandNames } from 'just-bash'
import { bashFiles } from './bash-files.ts'
import type { CommandResult } from './command.ts'
import { COMMANDS } from './registry.ts'
import type { Place, Terminal } from './terminal.ts'

/** Generous for a lab's scripts, small enough to end a runaway loop within seconds. The shell's own words for one follow. */
const LIMITS = { maxLoopIterations: 10_000, maxCommandCount: 50_000, maxCallDepth: 200 }
const LOOP_LIMIT = /(for|while|until) loop: too many iterations \((\d+)\), increase \S+/
const COMMAND_LIMIT = /too many commands executed \(>?(\d+)\), increase \S+/

/** Programs of just-bash that are left out: they bring engines of their own, which are not part of drylab. */
const LEFT_OUT: ReadonlySet<string> = new Set(['sqlite3', 'html-to-markdown', 'xan', 'yq'])

/**
 * Runs text in the shell's language with the emulated commands registered. The shell has no network, starts no processes and
 * sees only the place's file tree.
 */
export async function runBash(terminal: Terminal, text: string, place: Place): Promise<CommandResult> {
  const atMachine = place.node === terminal.lab.machine
  const customCommands = COMMANDS.filter(
    ({ where }) => where === 'everywhere' || (where === 'machine') === atMachine,
  ).map(({ name }) =>
    defineCommand(name, (args, context) =>
      terminal.runWords([name, ...args], {
        ...place,
        cwd: context.cwd,
        stdin: decodeBytesToUtf8(context.stdin),
        environment: context.env,
      }),
    ),
  )
  const builtIn = getCommandNames().filter(name => !LEFT_OUT.has(name)) as CommandName[]
  const bash = new Bash({
    fs: bashFiles(terminal.filesOf(place.node), new Set([...builtIn, ...customCommands.map(({ name }) => name)])),
    commands: builtIn,
    cwd: place.cwd,
    env: { HOME: '/root', USER: 'root', HOSTNAME: place.node.hostName, ...Object.fromEntries(place.environment) },
    customCommands,
    executionLimits: LIMITS,
    defenseInDepth: false,
    processInfo: { pid: 1000, ppid: 1, uid: 0, gid: 0 },
  })
  const interruption = terminal.interruptionAt(place)
  try {
    const { stdout, stderr, exitCode, env } = await bash.exec(text, {
      rawScript: true,
      signal: interruption,
      ...(place.stdin === '' ? {} : { stdin: place.stdin }),
    })
    place.session?.keep(env)
    if (interruption.aborted) return { stdout, stderr: stderr.replace('bash: execution aborted\n', ''), exitCode: 130 }
    return { stdout, stderr: explainLimits(stderr), exitCode }
  } catch (thrown) {
    if (interruption.aborted) return { stdout: '', stderr: '', exitCode: 130 }
    // the shell passes errors of its file system on when they come from a redirection
    if (!(thrown instanceof Error && /^E[A-Z]+: /.test(thrown.message))) throw thrown
    return { stdout: '', stderr: `bash: ${thrown.message}\n`, exitCode: 1 }
  }
}

/** just-bash tells of its limits in terms of its settings; say what happened instead. */
function explainLimits(stderr: string): string {
  return stderr
    .replace(LOOP_LIMIT, 'stopped: the $1 loop went round $2 times without coming to an end')
    .replace(COMMAND_LIMIT, 'stopped: the script ran $1 commands without coming to an end')
}
