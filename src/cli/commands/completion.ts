import type { Command } from 'commander'
import type { Exit } from '../exit-code.ts'

/** `drylab completion`: its arguments, options and help. */
export function addCompletion(program: Command, exit: Exit): void {
  program
    .command('completion')
    .description('print a script that makes a shell complete commands, options, files and node names')
    .argument('<shell>', 'bash, zsh or fish')
    .addHelpText(
      'after',
      '\nExamples:\n  eval "$(drylab completion bash)"\n  drylab completion zsh > ~/.zfunc/_drylab\n  drylab completion fish | source',
    )
    .action(async (shell: string) => exit((await import('../actions/completion.ts')).completion(shell)))
}
