import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Dialect } from '../../generate/clos-options.ts'
import { generateClos } from '../../generate/generate-clos.ts'
import { EXIT_CODE } from '../exit-code.ts'

export interface GenerateOptions {
  readonly spines: number
  readonly leaves: number
  readonly out: string
  readonly superSpines?: number
  readonly pods?: number
  readonly hostsPerLeaf?: number
  readonly prefixesPerLeaf?: number
  readonly dialect: Dialect
  readonly ibgpRr?: true
  readonly force?: true
}

/** `drylab generate clos …`: writes the files and says what they are. Exit status 2 when there is nothing to write. */
export function generate(shape: string, options: GenerateOptions): number {
  if (shape !== 'clos') return complain([`there is no shape "${shape}"; there is clos`])
  const { out, force, ibgpRr, ...counts } = options
  const lab = generateClos({ ...counts, ibgpRouteReflectors: ibgpRr === true })
  if ('problems' in lab) return complain(lab.problems)
  try {
    if (force !== true && isNotEmpty(out)) return complain([`${out} is not empty: choose another folder, or --force`])
    writeFiles(out, lab.files)
  } catch (thrown) {
    return complain([`${out} cannot be written: ${thrown instanceof Error ? thrown.message : String(thrown)}`])
  }
  const { routers, hosts, links } = lab.plan
  const prefixes = routers.reduce((sum, router) => sum + router.announced.length, 0)
  const file = join(out, 'lab.clab.yml')
  process.stdout.write(
    `${file}: ${routers.length} routers, ${hosts.length} hosts, ${links.length} links, ${prefixes} prefixes\n`,
  )
  return EXIT_CODE.ok
}

function complain(messages: readonly string[]): number {
  for (const message of messages) process.stderr.write(`error: ${message}\n`)
  return EXIT_CODE.usage
}

function isNotEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).length > 0
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw thrown
  }
}

function writeFiles(folder: string, files: ReadonlyMap<string, string>): void {
  mkdirSync(folder, { recursive: true })
  for (const [path, text] of files) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}
