import type { Command } from 'commander'
import type { Exit } from '../exit-code.ts'
import { addChangeOptions, addLabOptions } from '../lab-options.ts'

/** `drylab graph`: its arguments, options and help. */
export function addGraph(program: Command, exit: Exit): void {
  const command = program
    .command('graph')
    .description('deploy a lab, let it settle and draw it: addresses, AS numbers, BGP sessions, the way of a packet')
    .argument('<lab>', 'containerlab file or setup script')
    .option('--mermaid', 'a flowchart for Markdown on GitHub and GitLab (default)')
    .option('--dot', 'for Graphviz')
    .option('--svg', 'a picture')
    .option('--html', 'one page that stands alone')
    .option('--json', 'the nodes, links and sessions that the pictures show')
    .option('--path <from> <to...>', 'draw the way of a packet from a node to an address, URL or name, and back')
    .option('-w, --write <file>', 'write a file instead of stdout')
  addLabOptions(addChangeOptions(command, 'draw'))
    .addHelpText(
      'after',
      `
Rows follow containerlab's label graph-level, else the words of names (spine, leaf, …), else the links.

Examples:
  drylab graph topologies/clos-2x4/lab.clab.yml >> README.md
  drylab graph --html -w fabric.html lab.clab.yml
  drylab graph topologies/clos-2x4/lab.clab.yml --svg -w way.svg --path host1 10.100.4.10
  drylab graph lab.clab.yml --svg -w broken.svg --fail node=spine1
Exit status: 0 drawn, 1 drawn but the packet of --path is not answered, 2 a file or an argument is wrong.`,
    )
    .action(async (lab: string, options) => exit(await (await import('../actions/graph.ts')).graph(lab, options)))
}
