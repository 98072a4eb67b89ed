import type { IFileSystem } from 'just-bash'
import { baseName, resolvePath } from '../config/path.ts'
import type { Files } from './files.ts'

/** A fixed instant for file times: nothing may depend on when the files of the machine were touched. */
const FILE_TIME = new Date(Date.UTC(2025, 0, 1))

/** Where the shell looks for programs. */
const PROGRAMS = '/usr/bin/'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/**
 * Our file tree as just-bash's file system, so that the shell and the emulated commands see the same files. A file is
 * executable when it starts with `#!`, whatever the machine says: not every checkout keeps the bit.
 *
 * @param programs names that the shell finds in /usr/bin, as it runs only what lies on its path
 */
export function bashFiles(files: Files, programs: ReadonlySet<string>): IFileSystem {
  const tree = new ShellTree(files, programs)
  const targetOf = (from: string, to: string): string =>
    files.kindOf(to) === 'folder' ? resolvePath(to, baseName(from)) : to
  return {
    readFile: async path => tree.read(path),
    readFileBuffer: async path => encoder.encode(tree.read(path)),
    writeFile: async (path, content) => tree.write(path, toText(content)),
    appendFile: async (path, content) => tree.append(path, toText(content)),
    exists: async path => tree.kindOf(path) !== undefined,
    stat: async path => tree.stat(path),
    lstat: async path => tree.stat(path),
    mkdir: async (path, options) => {
      if (!options?.recursive && files.kindOf(path) !== undefined)
        throw new Error(`EEXIST: file already exists, mkdir '${path}'`)
      files.makeFolder(path)
    },
    readdir: async path => {
      const names = files.list(path)
      if (names === undefined) throw new Error(`ENOENT: no such file or directory, scandir '${path}'`)
      return [...names]
    },
    rm: async (path, options) => {
      if (files.kindOf(path) === undefined && !options?.force)
        throw new Error(`ENOENT: no such file or directory, rm '${path}'`)
      files.remove(path)
    },
    cp: async (from, to) => tree.write(targetOf(from, to), tree.read(from)),
    mv: async (from, to) => {
      tree.write(targetOf(from, to), tree.read(from))
      files.remove(from)
    },
    resolvePath: (base, path) => resolvePath(base, path),
    getAllPaths: () => [...files.writtenPaths(), ...[...programs].map(name => PROGRAMS + name)],
    chmod: async () => {},
    utimes: async () => {},
    symlink: refuseLinks,
    link: refuseLinks,
    readlink: refuseLinks,
    realpath: async path => path,
  }
}

/** The files with what only a shell looks for: its programs, and /dev/null. Throws what Node's fs would, as just-bash expects. */
class ShellTree {
  readonly #files: Files
  readonly #programs: ReadonlySet<string>

  constructor(files: Files, programs: ReadonlySet<string>) {
    this.#files = files
    this.#programs = programs
  }

  kindOf(path: string): 'file' | 'folder' | undefined {
    if (this.#isProgram(path) || isNull(path)) return 'file'
    return `${path}/` === PROGRAMS ? 'folder' : this.#files.kindOf(path)
  }

  read(path: string): string {
    const found = this.#isProgram(path) || isNull(path) ? '' : this.#files.readText(path)
    if (found !== undefined) return found
    throw new Error(
      this.kindOf(path) === 'folder'
        ? `EISDIR: illegal operation on a directory, read '${path}'`
        : `ENOENT: no such file or directory, open '${path}'`,
    )
  }

  stat(path: string) {
    const kind = this.kindOf(path)
    if (kind === undefined) throw new Error(`ENOENT: no such file or directory, stat '${path}'`)
    const isProgram = this.#isProgram(path)
    // a program is ours, even where the machine has one of that name, which would be read for nothing
    const content = kind === 'file' && !isProgram ? this.read(path) : ''
    const isExecutable = kind === 'folder' || isProgram || content.startsWith('#!')
    return {
      isFile: kind === 'file',
      isDirectory: kind === 'folder',
      isSymbolicLink: false,
      mode: isExecutable ? 0o755 : 0o644,
      // the shell looks at every program that it starts, seldom at its length
      get size() {
        return kind === 'file' ? encoder.encode(content).length : 4096
      },
      mtime: FILE_TIME,
    }
  }

  write(path: string, content: string): void {
    this.#check(path, isNull(path) || this.#files.write(path, content))
  }

  append(path: string, content: string): void {
    this.#check(path, isNull(path) || this.#files.append(path, content))
  }

  #check(path: string, isTaken: boolean): void {
    if (!isTaken) throw new Error(`EINVAL: invalid argument, write '${path}'`)
  }

  #isProgram(path: string): boolean {
    return path.startsWith(PROGRAMS) && this.#programs.has(path.slice(PROGRAMS.length))
  }
}

function isNull(path: string): boolean {
  return path === '/dev/null'
}

function toText(content: string | Uint8Array): string {
  return typeof content === 'string' ? content : decoder.decode(content)
}

async function refuseLinks(): Promise<never> {
  throw new Error('EPERM: operation not permitted: links are not supported')
}
