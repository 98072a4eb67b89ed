import { createInterface } from 'node:readline'
import { Server } from '../../serve/server.ts'
import { EXIT_CODE } from '../exit-code.ts'

/** `drylab serve --stdio`: JSON-RPC 2.0 on stdin and stdout until stdin ends. */
export async function serve(options: { readonly stdio?: boolean }): Promise<number> {
  if (options.stdio !== true) {
    process.stderr.write('error: say how to talk: --stdio is the only way there is\n')
    return EXIT_CODE.usage
  }
  const server = new Server({
    send: line => process.stdout.write(`${line}\n`),
    breathe: () => new Promise(resume => setImmediate(resume)),
  })
  const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })
  lines.on('line', line => server.receive(line))
  await new Promise<void>(resume => lines.once('close', resume))
  await server.drain()
  return EXIT_CODE.ok
}
