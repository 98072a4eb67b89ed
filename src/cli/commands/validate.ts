import type { Command } from 'commander'
import type { Exit } from '../exit-code.ts'

/** `drylab validate`: its arguments, options and help. */
export function addValidate(program: Command, exit: Exit): void {
  program
    .command('validate')
    .description('say what in a lab or scenario is wrong or not modelled, with file, line and column')
    .argument('<file...>', 'containerlab files, setup scripts or scenarios')
    .addHelpText('after', '\nExamples:\n  drylab validate lab.clab.yml\n  drylab validate scenarios/*.yaml')
    .action(async (paths: string[]) => exit(await (await import('../actions/validate.ts')).validate(paths)))
}
