import { baseName, folderOf, resolvePath } from '../config/path.ts'

/** Files that can only be read: those of the real machine, handed in by the command line. */
export interface ReadOnlyFiles {
  /** Text of a file; undefined when it is not there or is not a file. */
  readText(path: string): string | undefined
  kindOf(path: string): 'file' | 'folder' | undefined
  /** Names in a folder, sorted. */
  list(path: string): readonly string[]
}

/** Files whose text comes from elsewhere at each reading: `/proc/sys`. */
export interface LiveFiles {
  /** Undefined when the path is no such file. */
  read(path: string): string | undefined
  /** `stored`: it is an ordinary file after all; `invalid`: what is behind it refuses the text. */
  write(path: string, text: string, isAppended: boolean): 'written' | 'invalid' | 'stored'
}

/**
 * A file tree whose writes stay in memory. Below it lie read-only files, which are never changed: what is deleted is only
 * hidden. All paths are absolute.
 */
export class Files {
  readonly #below: ReadOnlyFiles | undefined
  readonly #written: Map<string, string>
  readonly #folders = new Set<string>(['/'])
  readonly #hidden = new Set<string>()

  readonly #live: LiveFiles | undefined

  /** @param written where written files are kept: a node's files */
  constructor(below?: ReadOnlyFiles, written = new Map<string, string>(), live?: LiveFiles) {
    this.#below = below
    this.#written = written
    this.#live = live
  }

  readText(path: string): string | undefined {
    return (
      this.#live?.read(path) ??
      this.#written.get(path) ??
      (this.#isHidden(path) ? undefined : this.#below?.readText(path))
    )
  }

  kindOf(path: string): 'file' | 'folder' | undefined {
    if (this.#written.has(path) || this.#live?.read(path) !== undefined) return 'file'
    if (this.#folders.has(path) || this.#hasWrittenInside(path)) return 'folder'
    return this.#isHidden(path) ? undefined : this.#below?.kindOf(path)
  }

  list(path: string): readonly string[] | undefined {
    if (this.kindOf(path) !== 'folder') return undefined
    const names = new Set<string>()
    if (this.#below?.kindOf(path) === 'folder' && !this.#isHidden(path)) {
      for (const name of this.#below.list(path)) if (!this.#isHidden(resolvePath(path, name))) names.add(name)
    }
    const start = path === '/' ? '/' : `${path}/`
    for (const known of [...this.#written.keys(), ...this.#folders]) {
      if (known.startsWith(start) && known !== path) names.add(known.slice(start.length).split('/')[0]!)
    }
    names.delete('')
    return [...names].sort()
  }

  /** False when a live file refuses the text. */
  write(path: string, text: string): boolean {
    return this.#store(path, text, false)
  }

  /** Adds text at a file's end, making it if need be; false when a live file refuses the text. */
  append(path: string, text: string): boolean {
    return this.#store(path, text, true)
  }

  #store(path: string, text: string, isAppended: boolean): boolean {
    const outcome = this.#live?.write(path, text, isAppended) ?? 'stored'
    if (outcome !== 'stored') return outcome === 'written'
    this.#written.set(path, isAppended ? (this.readText(path) ?? '') + text : text)
    this.makeFolder(folderOf(path))
    return true
  }

  makeFolder(path: string): void {
    for (let folder = path; folder !== '/'; folder = folderOf(folder)) this.#folders.add(folder)
  }

  /** Removes a file, or a folder with everything in it. */
  remove(path: string): void {
    for (const known of [...this.#written.keys()])
      if (known === path || known.startsWith(`${path}/`)) this.#written.delete(known)
    for (const known of [...this.#folders])
      if (known === path || known.startsWith(`${path}/`)) this.#folders.delete(known)
    this.#hidden.add(path)
  }

  /** All paths that were written, for completion and globbing. */
  writtenPaths(): readonly string[] {
    return [...this.#written.keys()].sort()
  }

  #hasWrittenInside(path: string): boolean {
    const start = path === '/' ? '/' : `${path}/`
    for (const known of this.#written.keys()) if (known.startsWith(start)) return true
    return false
  }

  #isHidden(path: string): boolean {
    for (let folder = path; ; folder = folderOf(folder)) {
      if (this.#hidden.has(folder)) return true
      if (folder === '/' || baseName(folder) === '') return false
    }
  }
}
