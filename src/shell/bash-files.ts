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
 * Our file tree as just-bash's file system, so that the shell and the emulated commands see the same files.
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
    const size = kind === 'file' ? encoder.encode(files.readText(path) ?? '').length : 4096
    return {
      isFile: kind === 'file',
      isDirectory: kind === 'folder',
      isSymbolicLink: false,
      mode: kind === 'file' && !isProgram(path) ? 0o644 : 0o755,
      size,
      mtime: FILE_TIME,
    }
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
      if (!isNull(path)) files.write(path, toText(content))
    },
    appendFile: async (path, content) => {
      if (!isNull(path)) files.write(path, (files.readText(path) ?? '') + toText(content))
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
    cp: async (from, to) =>
      files.write(files.kindOf(to) === 'folder' ? resolvePath(to, baseName(from)) : to, text(from)),
    mv: async (from, to) => {
      files.write(files.kindOf(to) === 'folder' ? resolvePath(to, baseName(from)) : to, text(from))
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
