import type { CommandContext } from '../../command.ts'
import { containers, findContainer, inspectFields, rowFields } from './containers.ts'
import { type Rendered, renderRows } from './template.ts'

/** `docker inspect --format TEMPLATE NAME…`. The whole JSON document is not modelled. */
export function inspect(context: CommandContext, args: readonly string[]): number {
  const { format, words } = takeFormat(args)
  if (format === undefined) {
    context.error('docker inspect: without --format it is not modelled by drylab\n')
    return 1
  }
  let exitCode = 0
  for (const name of words.filter(word => !word.startsWith('-'))) {
    const node = findContainer(context, name)
    if (node === undefined) {
      exitCode = 1
      continue
    }
    const fields = inspectFields(context.lab, node)
    exitCode = print(context, 'inspect', renderRows(format, [fields], Object.keys(fields))) || exitCode
  }
  return exitCode
}

/** `docker ps`: `-a`, `-q`, `--filter name=`, `--filter status=`, `--format`, `--no-trunc` without effect. */
export function ps(context: CommandContext, args: readonly string[]): number {
  const { format, words } = takeFormat(args)
  const filters: [string, string][] = []
  let isAll = false
  let isQuiet = false
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index]!
    if (/^-[aqn]+$/.test(word) || word === '--all' || word === '--quiet') {
      isAll ||= word.includes('a')
      isQuiet ||= word.includes('q')
    } else if (word === '-f' || word === '--filter' || word.startsWith('--filter=')) {
      const text = word.startsWith('--filter=') ? word.slice('--filter='.length) : (words[++index] ?? '')
      filters.push([text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)])
    } else if (word !== '--no-trunc') {
      context.error(`docker ps: ${word} is not modelled by drylab\n`)
      return 125
    }
  }
  const unknown = filters.find(([key]) => key !== 'name' && key !== 'status')
  if (unknown !== undefined) {
    context.error(`docker ps: filter "${unknown[0]}" is not modelled by drylab\n`)
    return 125
  }
  const status = filters.filter(([key]) => key === 'status').map(([, value]) => value)
  const names = filters.filter(([key]) => key === 'name').map(([, value]) => value)
  const rows = containers(context.lab)
    .filter(node => isAll || node.isRunning || status.includes('exited'))
    .filter(
      node => names.length === 0 || names.some(name => node.containerName.includes(name.replace(/^[\^/]+|\$$/g, ''))),
    )
    .map(node => rowFields(context.lab, node))
    .filter(row => status.length === 0 || status.includes(row['.State']!))
  const template = isQuiet ? '{{.ID}}' : (format ?? DEFAULT_FORMAT)
  return print(context, 'ps', renderRows(template, rows, ROW_FIELDS))
}

const DEFAULT_FORMAT =
  'table {{.ID}}\\t{{.Image}}\\t{{.Command}}\\t{{.RunningFor}}\\t{{.Status}}\\t{{.Ports}}\\t{{.Names}}'
const ROW_FIELDS = ['.ID', '.Image', '.Command', '.RunningFor', '.Status', '.State', '.Ports', '.Names']

function takeFormat(args: readonly string[]): { format: string | undefined; words: readonly string[] } {
  const words: string[] = []
  let format: string | undefined
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index]!
    if (word === '--format') format = args[++index]
    else if (word.startsWith('--format=')) format = word.slice('--format='.length)
    else words.push(word)
  }
  return { format, words }
}

function print(context: CommandContext, verb: string, rendered: Rendered): number {
  if ('text' in rendered) {
    context.out(rendered.text)
    return 0
  }
  context.error(`docker ${verb}: ${rendered.mistake}\n`)
  return 1
}
