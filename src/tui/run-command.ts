/* Commands of the lab's shell, run until they have ended. */
import type { ActOutcome, CommandView } from '../inspect/act.ts'
import type { Inspector } from './inspector.ts'

/** Runs a command and lets time pass until it has ended; what it prints is in the console. */
export async function runOnNode(inspector: Inspector, text: string, node: string): Promise<void> {
  const outcome = await inspector.act({ kind: 'command', text, ...(node === 'machine' ? {} : { node }) })
  if (outcome?.ok !== true) return
  const { lists } = inspector.state
  inspector.set({
    bottom: 'console',
    message: undefined,
    lists: { ...lists, console: { cursor: 0, top: 0, isAtEnd: true } },
  })
  await finish(inspector, text, outcome)
}

/** `kubectl apply -f` of a file, named as the user named it; tells what has become of it. @returns a complaint */
export async function applyManifest(inspector: Inspector, file: string): Promise<string | undefined> {
  if (file === '') return 'apply FILE'
  const outcome = await inspector.act({ kind: 'apply', file: inspector.options.resolvePath(file) })
  if (outcome?.ok !== true) return undefined
  const command = await finish(inspector, `kubectl apply -f ${file}`, outcome)
  if (command?.exitCode === undefined) return undefined
  if (command.exitCode !== 0) return firstLine(command.stderr) ?? `exit status ${command.exitCode}`
  inspector.say(command.stdout.trim().replaceAll('\n', '; '), 'good')
  return undefined
}

async function finish(
  inspector: Inspector,
  text: string,
  { dated }: ActOutcome & { readonly ok: true },
): Promise<CommandView | undefined> {
  await inspector.operate(text, limits => inspector.machine.finish(dated.number, limits))
  return inspector.machine.commands.find(({ number }) => number === dated.number)
}

function firstLine(text: string): string | undefined {
  return text.split('\n').find(line => line !== '')
}
