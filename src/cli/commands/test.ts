import type { Command } from 'commander'
import type { Exit } from '../exit-code.ts'
import { parseCount, parseSeed, parseSeeds } from '../option-values.ts'

/** `drylab test`: its arguments, options and help. */
export function addTest(program: Command, exit: Exit): void {
  program
    .command('test')
    .description('find scenarios (*.yaml with a claim), run them in parallel and report which claims hold')
    .argument('[path...]', 'scenario files, or folders to look in; this folder when there is none')
    .option('-j, --jobs <number>', 'threads; default: as many as the machine has processors', parseCount)
    .option('--filter <pattern>', 'only claims or paths that fit this regular expression')
    .option('--bail [number]', 'stop after so many runs that do not hold (default 1)', parseCount)
    .option('--seed <number>', 'override the seed of the files', parseSeed)
    .option('--seeds <range>', 'run each scenario once with each seed of A..B, and say which break it', parseSeeds)
    .option(
      '--repeat <number>',
      "run each scenario so often, from its file's seed on (with --seeds: at most so often)",
      parseCount,
    )
    .option('--update', 'write golden files anew instead of comparing with them')
    .option('--watch', 'run again whenever a file of the scenarios or their labs changes')
    .option(
      '--reporter <name[=file]>',
      'spec (default), junit, tap, json or github; several with files, the option repeated',
      (text: string, list: readonly string[] = []) => [...list, text],
    )
    .addHelpText(
      'after',
      `
Examples:
  drylab test
  drylab test scenarios --reporter spec --reporter junit=report.xml
  drylab test --filter 'spine' --bail
  drylab test scenarios/article-1-bgp.yaml --seeds 1..20
Exit status: 0 all claims hold, 1 one does not, 2 a file is wrong or nothing was found.`,
    )
    .action(async (paths: string[], options) => exit(await (await import('../actions/test.ts')).test(paths, options)))
}
