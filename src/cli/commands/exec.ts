import type { Command } from 'commander'
import type { Exit } from '../exit-code.ts'
import { addLabOptions } from '../lab-options.ts'

/** `drylab exec`: its arguments, options and help. */
export function addExec(program: Command, exit: Exit): void {
  const command = program
    .command('exec')
    .description('deploy a lab, let it settle, run one command on a node and print its output')
    .argument('<lab>', 'containerlab file or setup script')
    .argument('<node>', 'node name, container name, or "machine"')
    .argument('<command...>', 'the command, quoted or as words')
  addLabOptions(command)
    .passThroughOptions()
    .addHelpText(
      'after',
      `\nExamples:\n  drylab exec topologies/clos-2x4/lab.clab.yml leaf1 "route -n"\n  drylab exec lab.clab.yml spine1 "vtysh -c 'show ip bgp summary'"\nThe exit status is that of the command, or 1 when that is 0 and the lab has not settled.`,
    )
    .action(async (lab: string, node: string, words: string[], options) =>
      exit(await (await import('../actions/exec.ts')).exec(lab, node, words, options)),
    )
}
