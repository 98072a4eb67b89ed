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
  const { terminal, settle, lab } = opened
  await settle(SETTLE_NS)
  const cwd = folderOf(resolve(path))
  const runText = async (text: string): Promise<number> => {
    const { stdout, stderr, exitCode } = await terminal.run(text, { cwd })
    process.stdout.write(stdout)
    process.stderr.write(stderr)
    return exitCode
  }
  if (!process.stdin.isTTY) return runText(await readAll())
  const prompt = createInterface({ input: process.stdin, output: process.stdout })
  process.stdout.write(
    `${lab.nodes().length} containers; "exit" or Ctrl-D leaves, time stands still between commands\n`,
  )
  prompt.on('SIGINT', () => process.stdout.write('\n') && prompt.prompt())
  prompt.setPrompt('root@server:~# ')
  prompt.prompt()
  let exitCode = 0
  for await (const line of prompt) {
    if (/^\s*(exit|quit|logout)\s*$/.test(line)) break
    if (line.trim() !== '') exitCode = await runText(line)
    prompt.prompt()
  }
  prompt.close()
  return exitCode
}

async function readAll(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
