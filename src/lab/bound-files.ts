import { resolvePath } from '../config/path.ts'
import type { NodeModel } from '../model/topology.ts'

/** Files of the machine, as far as a deployment reads them. */
export interface MachineFiles {
  /** Text of a file; undefined when it is not there or no file. */
  readText(path: string): string | undefined
  /** Names in a folder; undefined when it is none. */
  list(path: string): readonly string[] | undefined
}

/** A file inside a container and where its text comes from. */
export interface BoundFile {
  readonly text: string
  /** Path on the machine. */
  readonly from: string
}

/** How deep bound folders are read, and how many files of them at most: configuration, not whole systems. */
const MAX_DEPTH = 4
const MAX_FILES = 500

/**
 * The files that binds put into a container, by their path inside. A bound folder is read with what is in it when it lies in
 * the topology file's folder (`./r1:/etc/frr`); others, as `/lib/modules`, are the machine's own and stay empty.
 */
export function boundFiles(node: NodeModel, labFolder: string, files: MachineFiles): Map<string, BoundFile> {
  const found = new Map<string, BoundFile>()
  const add = (from: string, inside: string, depth: number): void => {
    const text = files.readText(from)
    if (text !== undefined) {
      found.set(inside, { text, from })
      return
    }
    if (depth > MAX_DEPTH || !from.startsWith(`${labFolder}/`)) return
    for (const name of files.list(from) ?? []) {
      if (found.size < MAX_FILES) add(resolvePath(from, name), resolvePath(inside, name), depth + 1)
    }
  }
  // folders first, so that a file bound into one of them wins
  const byLength = [...node.binds].sort((a, b) => a.to.length - b.to.length)
  for (const { from, to } of byLength) add(from, resolvePath('/', to), 0)
  return found
}
