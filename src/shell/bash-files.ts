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
  const isProgram = (path: string): boolean => path.startsWith(PROGRAMS) && programs.has(path.slice(PROGRAMS.length))
  const isNull = (path: string): boolean => path === '/dev/null'
  const kindOf = (path: string): 'file' | 'folder' | undefined =>
    isProgram(path) || isNull(path) ? 'file' : `${path}/` === PROGRAMS ? 'folder' : files.kindOf(path)
  const text = (path: string): string => {
    const found = isProgram(path) || isNull(path) ? '' : files.readText(path)
    if (found !== undefined) return found
    throw new Error(
      kindOf(path) === 'folder'
        ? `EISDIR: illegal operation on a directory, read '${path}'`
        : `ENOENT: no such file or directory, open '${path}'`,
    )
  }
  const stat = async (path: string) => {
    const kind = kindOf(path)
    if (kind === undefined) throw new Error(`ENOENT: no such file or directory, stat '${path}'`)
    const content = kind === 'file' ? (files.readText(path) ?? '') : ''
    const isExecutable = kind === 'folder' || isProgram(path) || content.startsWith('#!')
    return {
      isFile: kind === 'file',
      isDirectory: kind === 'folder',
      isSymbolicLink: false,
      mode: isExecutable ? 0o755 : 0o644,
      size: kind === 'file' ? encoder.encode(content).length : 4096,
      mtime: FILE_TIME,
    }
  }
  const write = (path: string, content: string): void => {
    if (!isNull(path) && !files.write(path, content)) throw new Error(`EINVAL: invalid argument, write '${path}'`)
  }
  const toText = (content: string | Uint8Array): string =>
    typeof content === 'string' ? content : decoder.decode(content)
  const unsupported = async (): Promise<never> => {
    throw new Error('EPERM: operation not permitted: links are not supported')
  }
  return {
    readFile: async path => text(path),
    readFileBuffer: async path => encoder.encode(text(path)),
    writeFile: async (path, content) => {
      write(path, toText(content))
    },
    appendFile: async (path, content) => {
      const isTaken = isNull(path) || files.append(path, toText(content))
      if (!isTaken) throw new Error(`EINVAL: invalid argument, write '${path}'`)
    },
    exists: async path => kindOf(path) !== undefined,
    stat,
    lstat: stat,
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
    cp: async (from, to) => write(files.kindOf(to) === 'folder' ? resolvePath(to, baseName(from)) : to, text(from)),
    mv: async (from, to) => {
      write(files.kindOf(to) === 'folder' ? resolvePath(to, baseName(from)) : to, text(from))
      files.remove(from)
    },
    resolvePath: (base, path) => resolvePath(base, path),
    getAllPaths: () => [...files.writtenPaths(), ...[...programs].map(name => PROGRAMS + name)],
    chmod: async () => {},
    utimes: async () => {},
    symlink: unsupported,
    link: unsupported,
    readlink: unsupported,
    realpath: async path => path,
  }
}
