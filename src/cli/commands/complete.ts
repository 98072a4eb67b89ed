import type { Command } from 'commander'
import { EXIT_CODE, type Exit } from '../exit-code.ts'

/** What the completion scripts call: prints the words that may come next. */
export function addComplete(program: Command, exit: Exit): void {
  program
    .command('complete', { hidden: true })
    .argument('[word...]')
    .action(async (words: string[]) => {
      const { complete } = await import('../actions/complete.ts')
      process.stdout.write(
        complete(program, words)
          .map(word => `${word}\n`)
          .join(''),
      )
      exit(EXIT_CODE.ok)
    })
}
