import { resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { folderOf } from '../../config/path.ts'
import { EXIT_CODE } from '../exit-code.ts'
import { openForCommand } from '../open-for-command.ts'

/** How long a lab may take to settle before the prompt comes, simulated. */
const SETTLE_NS = 900e9

export interface ShellOptions {
  readonly seed?: number
}

/** `drylab shell LAB`: a prompt on the machine that runs the lab; with input from a pipe it runs the text. */
export async function shell(path: string, options: ShellOptions): Promise<number> {
  const opened = await openForCommand(path, options)
  if (opened === undefined) return EXIT_CODE.usage
  const { terminal, settle, lab, clearProgress } = opened
  await settle(SETTLE_NS)
  const session = { cwd: folderOf(resolve(path)), environment: new Map<string, string>() }
  const runText = async (text: string): Promise<number> => {
    const { stdout, stderr, exitCode } = await terminal.runTyped(text, {
      ...session,
      session: {
        keep(environment) {
          session.environment = new Map(Object.entries(environment))
          session.cwd = environment.PWD ?? session.cwd
        },
      },
    })
    clearProgress()
    process.stdout.write(stdout)
    process.stderr.write(stderr)
    return exitCode
  }
  if (!process.stdin.isTTY) return runText(await readAll())
  process.stdout.write(
    `${lab.nodes().length} containers; "exit" or Ctrl-D leaves, time stands still between commands\n`,
  )
  return prompt(runText, () => {
    clearProgress()
    terminal.interrupt()
  })
}

/** Reads lines and runs them one after the other, until `exit` or Ctrl-D. Returns the last exit status. */
async function prompt(runText: (text: string) => Promise<number>, interrupt: () => void): Promise<number> {
  const lines = createInterface({
    input: process.stdin,
    output: process.stdout,
    historySize: 1000,
    completer: (line: string): [string[], string] => [[], line],
  })
  let isRunning = false
  lines.on('SIGINT', () => {
    if (isRunning) interrupt()
    process.stdout.write('^C\n')
    if (!isRunning) {
      // as bash does: the line begun is dropped
      lines.write(null, { ctrl: true, name: 'e' })
      lines.write(null, { ctrl: true, name: 'u' })
      lines.prompt()
    }
  })
  lines.setPrompt('root@server:~# ')
  lines.prompt()
  let exitCode = 0
  for await (const line of lines) {
    if (/^\s*(exit|quit|logout)\s*$/.test(line)) break
    if (line.trim() !== '') {
      isRunning = true
      exitCode = await runText(line)
      isRunning = false
    }
    lines.prompt()
  }
  lines.close()
  return exitCode
}

async function readAll(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
