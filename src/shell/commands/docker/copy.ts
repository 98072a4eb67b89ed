import { baseName, resolvePath } from '../../../config/path.ts'
import type { LabNode } from '../../../lab/node.ts'
import type { CommandContext } from '../../command.ts'
import { findContainer } from './containers.ts'

/** `docker cp FILE NAME:PATH` and back; one file at a time. */
export function copy(context: CommandContext, args: readonly string[]): number {
  const [from, to, ...more] = args.filter(word => !/^-[aLq]+$|^--(archive|follow-link|quiet)$/.test(word))
  if (from === undefined || to === undefined || more.length > 0) {
    context.error('"docker cp" requires exactly 2 arguments.\nSee \'docker cp --help\'.\n')
    return 1
  }
  const source = place(context, from)
  const target = place(context, to)
  if (source === undefined || target === undefined) return 1
  const text = source.node === undefined ? context.readFile(source.path) : source.node.files.get(source.path)
  if (text === undefined) {
    context.error(
      source.node === undefined
        ? `lstat ${resolvePath(context.cwd, from)}: no such file or directory\n`
        : `Error response from daemon: Could not find the file ${source.path} in container ${source.node.containerName}\n`,
    )
    return 1
  }
  const isFolder =
    target.path.endsWith('/') || (target.node === undefined && context.listFolder(target.path) !== undefined)
  const path = isFolder ? `${target.path.replace(/\/$/, '')}/${baseName(source.path)}` : target.path
  if (target.node === undefined) context.writeFile(path, text)
  else target.node.files.set(path, text)
  context.error(`Successfully copied ${text.length}B to ${target.node === undefined ? path : `${to}`}\n`)
  return 0
}

/** `NAME:PATH`, or a path of the machine. */
function place(context: CommandContext, word: string): { node?: LabNode; path: string } | undefined {
  const colon = word.indexOf(':')
  if (colon <= 0 || word.startsWith('/') || word.startsWith('.')) return { path: word }
  const node = findContainer(context, word.slice(0, colon))
  const path = word.slice(colon + 1)
  return node === undefined
    ? undefined
    : { node, path: path.endsWith('/') ? `${resolvePath('/', path)}/` : resolvePath('/', path) }
}
