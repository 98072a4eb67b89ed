import { readFileSync, writeFileSync } from 'node:fs'
import { readAndPrint } from '../../capture/read-and-print.ts'
import { TCPDUMP_OPTIONS, tcpdumpOptions } from '../../capture/tcpdump-options.ts'
import { parseOptions } from '../../shell/options.ts'
import { EXIT_CODE } from '../exit-code.ts'

/** `drylab tcpdump -r FILE …`: prints a capture file of any program as tcpdump 4.99.3 does. Returns its exit status. */
export function tcpdump(args: readonly string[]): number {
  const parsed = parseOptions('tcpdump', args, TCPDUMP_OPTIONS)
  const options = parsed.ok ? tcpdumpOptions(parsed.options, parsed.operands) : parsed.message.replace(/^tcpdump: /, '')
  if (typeof options === 'string') return complain(`tcpdump: ${options}`)
  if (options.readFrom === undefined) {
    return complain('tcpdump: only files are read here (-r FILE): "drylab capture" captures in a lab')
  }
  return readAndPrint(options, {
    readBytes: path => {
      try {
        return readFileSync(path === '-' ? 0 : path)
      } catch {
        return undefined
      }
    },
    writeBytes: (path, bytes) => {
      if (path === '-') process.stdout.write(bytes)
      else writeFileSync(path, bytes)
    },
    out: text => process.stdout.write(text),
    error: text => process.stderr.write(text),
  })
}

function complain(message: string): number {
  process.stderr.write(`${message}\n`)
  return EXIT_CODE.usage
}
