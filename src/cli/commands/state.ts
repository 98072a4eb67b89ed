import { Argument, type Command, Option } from 'commander'
import { STATE_TABLE_NAMES } from '../../state/table-names.ts'
import type { Exit } from '../exit-code.ts'
import { addChangeOptions, addLabOptions } from '../lab-options.ts'

/** `drylab state`: its arguments, options and help. */
export function addState(program: Command, exit: Exit): void {
  const command = program
    .command('state')
    .description('print what a lab shows as tables or JSON: the rows of every view, for one node or for all')
    .argument('<lab>', 'containerlab file or setup script')
    .addArgument(
      new Argument('[table]', 'what to print; without it, which tables have how many rows').choices(STATE_TABLE_NAMES),
    )
    .argument('[node]', 'node name, container name, or "machine"')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['table', 'json']).default('table'))
    .option('--columns <names>', 'only these columns, with commas')
  addLabOptions(addChangeOptions(command, 'look'))
    .addHelpText('after', HELP)
    .action(async (lab: string, table: string | undefined, node: string | undefined, options) =>
      exit(await (await import('../actions/state.ts')).state(lab, table, node, options)),
    )
}

const HELP = `
The rows are those that the emulated commands print (route, arp, vtysh, kubectl, ...). JSON of all tables is one object with a
list of rows for each; columns have the same names and types in every run.

Examples:
  drylab state topologies/clos-2x4/lab.clab.yml
  drylab state topologies/clos-2x4/lab.clab.yml routes leaf1
  drylab state lab.clab.yml bgpPaths leaf1 --columns prefix,peer,status,reason
  drylab state setup.sh leases -o json | jq '.[] | select(.remainingSeconds < 5)'`
