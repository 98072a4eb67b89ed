import type { Command } from 'commander'
import type { Exit } from '../exit-code.ts'
import { parseSeed } from '../option-values.ts'

/** `drylab shell`: its arguments, options and help. */
export function addShell(program: Command, exit: Exit): void {
  program
    .command('shell')
    .description('deploy a lab and open a prompt on the machine that runs it; text from a pipe is run')
    .argument('<lab>', 'containerlab file or setup script')
    .option('--seed <number>', 'source of every random choice', parseSeed)
    .addHelpText(
      'after',
      '\nExamples:\n  drylab shell topologies/cilium-bgp/setup.sh\n  echo "kubectl get nodes" | drylab shell topologies/cilium-bgp/setup.sh',
    )
    .action(async (lab: string, options) => exit(await (await import('../actions/shell.ts')).shell(lab, options)))
}
