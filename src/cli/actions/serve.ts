import { createInterface } from 'node:readline'
import { Server } from '../../serve/server.ts'
import { EXIT_CODE } from '../exit-code.ts'

/** How often a server without stdin looks whether its driver still lives, milliseconds. */
const ORPHAN_LOOK_MS = 500

/** `drylab serve --stdio`: JSON-RPC 2.0 on stdin and stdout until stdin ends. */
export async function serve(options: { readonly stdio?: boolean }): Promise<number> {
  if (options.stdio !== true) {
    process.stderr.write('error: say how to talk: --stdio is the only way there is\n')
    return EXIT_CODE.usage
  }
  const parent = process.ppid
  const server = new Server({
    send: line => process.stdout.write(`${line}\n`),
    breathe: () => new Promise(resume => setImmediate(resume)),
  })
  const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })
  lines.on('line', line => server.receive(line))
  await new Promise<void>(resume => lines.once('close', resume))
  // what was asked for before stdin ended is still answered, as long as whoever asked lives
  const orphaned = setInterval(() => {
    if (process.ppid !== parent) process.exit(EXIT_CODE.ok)
  }, ORPHAN_LOOK_MS)
  await server.drain()
  clearInterval(orphaned)
  return EXIT_CODE.ok
}
