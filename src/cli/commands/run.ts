import type { Command } from 'commander'
import type { Exit } from '../exit-code.ts'
import { parseSeed } from '../option-values.ts'

/** `drylab run`: its arguments, options and help. */
export function addRun(program: Command, exit: Exit): void {
  program
    .command('run')
    .description('run scenario files: print each command with its output, then the checks')
    .argument('<scenario...>', 'scenario files')
    .option('--seed <number>', 'override the seed of the files', parseSeed)
    .option('--pcap <folder>', 'capture every link of the run: one pcapng file each')
    .addHelpText(
      'after',
      '\nExamples:\n  drylab run scenarios/article-1-bgp.yaml\n  drylab run --seed 7 --pcap captures scenarios/*.yaml',
    )
    .action(async (paths: string[], options) => exit(await (await import('../actions/run.ts')).run(paths, options)))
}
