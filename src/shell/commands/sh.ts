import { type Command, type CommandContext, type Handover, instantCommand } from '../command.ts'

/** `sh -c TEXT`, `sh FILE`: hands the text to the shell's language. */
function run(context: CommandContext): number | Handover {
  const [first, second] = context.args
  if (first !== undefined && /^-[a-z]*c$/.test(first)) {
    if (second !== undefined) return { node: context.node, script: second }
    context.error('bash: -c: option requires an argument\n')
    return 2
  }
  const file = context.args.find(word => !word.startsWith('-'))
  if (file === undefined) return { node: context.node, script: context.stdin }
  const script = context.readFile(file)
  if (script !== undefined) return { node: context.node, script }
  context.error(`bash: ${file}: No such file or directory\n`)
  return 127
}

export const sh: Command = instantCommand('sh', 'everywhere', run)
export const bash: Command = instantCommand('bash', 'everywhere', run)
